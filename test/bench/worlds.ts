import { countedQuorums } from '../../src/check/counted-quorums.ts';
import type { EnsembleFacts } from '../../src/check/monitor.ts';
import { Panel } from '../../src/check/panel.ts';
import { seeded } from '../../src/core/decisions.ts';
import { fanOut } from '../../src/run/fan-out.ts';
import { Figures } from '../../src/run/figures.ts';
import type { Plan } from '../../src/run/plan.ts';
import { protocolNamed } from '../../src/run/registry/protocols.ts';
import type { RunningWorld } from '../../src/run/running-world.ts';
import { parseScenario } from '../../src/run/scenario.ts';

/** A world under way, put together as `simulate` does it, to be stopped and measured at will. */
export interface Watched {
  readonly world: RunningWorld;
  readonly figures: Figures;
  readonly panel: Panel | undefined;
}

/** Puts a plan's world together; nothing has happened yet. */
export function watch(plan: Plan, monitors = true, seed = plan.seed): Watched {
  const { voters, observers, settings } = plan.ensemble;
  const facts: EnsembleFacts = {
    quorums: countedQuorums(voters),
    servers: voters,
    observers,
    tickTimeUs: settings.tickTimeUs,
    initLimit: settings.initLimit,
    syncLimit: settings.syncLimit,
  };
  const figures = new Figures(facts.quorums, facts.tickTimeUs);
  const panel = monitors ? new Panel(facts) : undefined;
  const witness = fanOut(panel === undefined ? [figures] : [panel, figures]);
  return { world: protocolNamed(plan.protocol).start(plan, seeded(seed), witness), figures, panel };
}

/** Servers under the load of closed-loop clients, with settings that keep memory flat; 0 clients: idle. */
export function steadyPlan(servers: number, clients: number): Plan {
  return parseScenario(`
title: Steady broadcast
duration: 720h
ensemble: { voters: ${servers}, tickTime: 2000ms, snapCount: 20000, autopurge.snapRetainCount: 3 }
clients: { count: ${clients} }
`);
}

/** A short run as a fuzzer makes them: cold start, 20 writes, a leader crash, a partition and its healing. */
export function shortPlan(): Plan {
  return parseScenario(`
title: A short run
duration: 20s
ensemble: { voters: 5 }
clients: { count: 4, operations: 20, rate: 1.25/s }
faults:
  - { at: 6s, crash: leader }
  - { at: 8s, restart: crashed }
  - { at: 11s, partition: [[1, 2], [3, 4, 5]], for: 4s }
`);
}

/** Runs that many events, by slices of virtual time. */
export function runEvents(
  world: Pick<RunningWorld, 'events' | 'nowUs' | 'run'>,
  events: number,
  sliceUs: number,
): void {
  const end = world.events + events;
  while (world.events < end) world.run(world.nowUs + sliceUs);
}

/** Runs until a leader serves, and a second more. */
export function runElection({ world, figures }: Watched): void {
  while (figures.terms.established === 0) {
    if (world.nowUs > 600_000_000) throw new Error('no leader within ten minutes');
    world.run(world.nowUs + 100_000);
  }
  world.run(world.nowUs + 1_000_000);
}
