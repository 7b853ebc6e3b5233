import type { Violation } from '../../src/check/monitor.ts';
import { Panel } from '../../src/check/panel.ts';
import { seeded } from '../../src/core/decisions.ts';
import { uniform } from '../../src/core/distribution.ts';
import type { Moment, TraceEvent } from '../../src/node/facts.ts';
import { FIRST_CLIENT, type NodeId, nodeId } from '../../src/node/ids.ts';
import { majority } from '../../src/node/quorum.ts';
import { DEFAULT_SETTINGS, type ZabConfig, type ZabSettings } from '../../src/protocols/zab/config.ts';
import { zabLanguage } from '../../src/protocols/zab/language.ts';
import type { DiskRecord, WireMessage } from '../../src/protocols/zab/messages.ts';
import { FIXED_RULES } from '../../src/protocols/zab/rules.ts';
import { zab } from '../../src/protocols/zab/zab.ts';
import { fanOut } from '../../src/run/fan-out.ts';
import { Figures } from '../../src/run/figures.ts';
import { judgeLiveness } from '../../src/run/judge.ts';
import { SimulatedWorld } from '../../src/run/simulated-world.ts';
import type { Fault } from '../../src/sim/fault.ts';
import type { ParticipantSetup, Witness } from '../../src/sim/profile.ts';
import { counterService } from '../../src/znode/counter.ts';
import { CounterClient } from '../../src/znode/counter-client.ts';
import { counterLanguage } from '../../src/znode/counter-messages.ts';
import type { LoadedMutant } from './mutation.ts';

/** All that a run depends on, but for the code of the servers. */
export interface MutantPlan {
  readonly seed: number | string;
  readonly voters: number;
  /** They come after the voters. */
  readonly observers: number;
  readonly clients: number;
  /** Of each client; undefined: as many as fit. */
  readonly operations: number | undefined;
  /** Between two operations of a client; 0: one after the other. */
  readonly periodUs: number;
  /** How long a client waits for a sign of life, and half as long again. */
  readonly sessionTimeoutUs: number;
  readonly settings: Partial<ZabSettings>;
  /** How long a thread may be kept waiting. */
  readonly slowestStageUs: number;
  /** By server, in virtual µs; 0 if absent. */
  readonly startUs: ReadonlyMap<number, number>;
  readonly faults: readonly Fault[];
  readonly durationUs: number;
}

/** What the judges said of a run. */
export interface Judgement {
  /** The invariants that were broken or stalled, each once. */
  readonly broken: readonly string[];
  readonly violations: readonly Violation[];
  readonly stalls: readonly Violation[];
  /** Why liveness was not judged; empty when it was. */
  readonly unjudged: string;
  readonly commits: number;
  /** Faults that never fired and are not optional. */
  readonly unfired: readonly string[];
}

type Participant = ParticipantSetup<WireMessage, DiskRecord>;

/** Runs the plan to its end, with the mistake of a mutant in every server, or with none. */
export function judged(
  plan: MutantPlan,
  loaded?: LoadedMutant,
  trace?: (event: TraceEvent, moment: Moment) => void,
): Judgement {
  const ids = Array.from({ length: plan.voters + plan.observers }, (_, i) => nodeId(i + 1));
  const voters = ids.slice(0, plan.voters);
  const observers = ids.slice(plan.voters);
  const settings: ZabSettings = { ...DEFAULT_SETTINGS, tickTimeUs: 200_000, ...plan.settings };
  const { tickTimeUs, initLimit, syncLimit, snapCount, snapRetainCount } = settings;
  const latency = uniform(500, 1500);
  const hopUs = latency.maxUs + plan.slowestStageUs;
  const quorums = majority(voters);
  const limits = { tickTimeUs, initLimit, syncLimit, hopUs, snapCount, snapRetainCount };
  const facts = { quorums, servers: ids, observers, ...limits };
  const panel = new Panel(facts);
  const figures = new Figures(facts.quorums, facts.tickTimeUs);
  const witnesses: Witness[] = [panel, figures];
  if (trace !== undefined) witnesses.push({ wants: () => true, observe: trace });
  const config: ZabConfig = {
    quorums: loaded?.mutant.quorums?.(facts.quorums) ?? facts.quorums,
    observers,
    settings,
    rules: { ...FIXED_RULES, ...loaded?.rules },
  };
  const world = new SimulatedWorld<WireMessage, DiskRecord>(
    {
      decisions: seeded(plan.seed),
      language: zabLanguage(counterLanguage),
      participants: [...ids.map((id) => server(plan, config, id, loaded)), ...clients(plan, ids)],
      network: { latency, links: [], bufferBytes: 1 << 20 },
      disk: { sync: uniform(2000, 6000) },
      clock: { skew: uniform(0, 0), driftPpm: uniform(0, 0) },
      stages: { delay: uniform(10, plan.slowestStageUs), by: new Map() },
      faults: plan.faults,
      witness: fanOut(witnesses),
    },
    () => ({ acceptedEpoch: 0, currentEpoch: 0, lastZxid: 0, lastCommitted: 0 }),
  );
  world.run(plan.durationUs);
  panel.finish(plan.durationUs);
  const lastStartUs = Math.max(0, ...plan.startUs.values());
  const { judged, reason, stalls } = judgeLiveness(panel, world, figures, facts, lastStartUs);
  const { violations } = panel;
  return {
    broken: [...new Set([...violations, ...stalls].map((found) => found.invariant))],
    violations,
    stalls,
    unjudged: judged ? '' : reason,
    commits: figures.commits,
    unfired: world.unfired().map(({ name }) => name),
  };
}

function server(plan: MutantPlan, config: ZabConfig, id: NodeId, loaded?: LoadedMutant): Participant {
  const createNode = loaded?.createNode ?? zab.createNode;
  const wrap = loaded?.mutant.env;
  return {
    id,
    role: id > plan.voters ? 'observer' : 'voter',
    startAtUs: plan.startUs.get(id) ?? 0,
    files: new Map(),
    create: (env) => createNode(config, wrap === undefined ? env : wrap(env), counterService()),
  };
}

function clients(plan: MutantPlan, servers: readonly NodeId[]): Participant[] {
  const { operations, periodUs, sessionTimeoutUs } = plan;
  const workload = { servers, operations, periodUs, sessionTimeoutUs };
  return Array.from({ length: plan.clients }, (_, i): Participant => {
    const id = nodeId(FIRST_CLIENT + 1 + i);
    const create: Participant['create'] = (env) => new CounterClient(env, workload);
    return { id, role: 'client', startAtUs: 0, files: new Map(), create };
  });
}
