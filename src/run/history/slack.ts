import type { Distribution } from '../../core/distribution.ts';
import type { TraceEvent } from '../../node/facts.ts';
import type { NodeId } from '../../node/ids.ts';
import { busyUs } from '../labour-profile.ts';
import type { Plan } from '../plan.ts';
import { isLongTail } from '../spread.ts';

/** The kinds of events that the slack is read from. */
export const SLACK_KINDS: readonly TraceEvent['kind'][] = [
  'paused',
  'resumed',
  'crashed',
  'fault-fired',
  'fault-ended',
];

/** Faults that make messages, disks or clocks late while they are in force. */
const STRAINS: ReadonlySet<string> = new Set(['slow', 'loss', 'bandwidth', 'slowDisk', 'drift']);

/**
 * How much later than the rules of ZooKeeper have it things may happen in a run, because it was so injected:
 * the longest pause of a server, the longest strain, and what the world's own delays and drift add. Who is
 * paused again before he could do anything has paused for the whole time. Cuts add nothing: whoever hears
 * nothing for syncLimit ticks gives up by himself.
 */
export class Slack {
  readonly #baseUs: number;
  readonly #pausedUs = new Map<NodeId, number>();
  /** The last pause of each server. */
  readonly #pauses = new Map<NodeId, { readonly fromUs: number; readonly untilUs: number }>();
  readonly #strainedUs = new Map<string, number>();
  #longestPauseUs = 0;
  #longestStrainUs = 0;

  /** `baseUs`: what a run without faults needs. */
  constructor(baseUs: number) {
    this.#baseUs = baseUs;
  }

  observe(event: TraceEvent, atUs: number): void {
    switch (event.kind) {
      case 'paused':
        this.#pause(event.server, atUs);
        return;
      case 'resumed':
      case 'crashed':
        this.#resume(event.server, atUs);
        return;
      case 'fault-fired':
        if (event.effect && STRAINS.has(event.verb)) this.#strainedUs.set(event.name, atUs);
        return;
      case 'fault-ended':
        this.#relax(event.name, atUs);
        return;
      default:
    }
  }

  #pause(server: NodeId, atUs: number): void {
    if (this.#pausedUs.has(server)) return;
    const last = this.#pauses.get(server);
    const goesOn = last !== undefined && atUs - last.untilUs <= this.#baseUs;
    this.#pausedUs.set(server, goesOn ? last.fromUs : atUs);
  }

  #resume(server: NodeId, atUs: number): void {
    const fromUs = this.#pausedUs.get(server);
    if (fromUs === undefined) return;
    this.#pausedUs.delete(server);
    this.#pauses.set(server, { fromUs, untilUs: atUs });
    this.#longestPauseUs = Math.max(this.#longestPauseUs, atUs - fromUs);
  }

  #relax(name: string, atUs: number): void {
    const fromUs = this.#strainedUs.get(name) ?? atUs;
    this.#strainedUs.delete(name);
    this.#longestStrainUs = Math.max(this.#longestStrainUs, atUs - fromUs);
  }

  /** The slack of a run that ends at `endUs`, in µs. */
  us(endUs: number): number {
    const paused = longest([...this.#pausedUs.values()], this.#longestPauseUs, endUs);
    const strained = longest([...this.#strainedUs.values()], this.#longestStrainUs, endUs);
    return this.#baseUs + paused + strained;
  }
}

/** What a run without faults needs: a few of its longest delays, and the drift in its longest wait. */
export function baseSlackUs(plan: Plan): number {
  const { network, stages, disk, clock, ensemble, buggify } = plan;
  const latencyUs = Math.max(network.latency.maxUs, ...network.links.map((link) => link.latency.maxUs));
  const ppm = Math.max(
    clock.driftPpm.maxUs,
    ...plan.faults.map(({ action }) => (action.verb === 'drift' ? Math.abs(action.ppm) : 0)),
  );
  const { tickTimeUs, syncLimit } = ensemble.settings;
  const waitUs = Math.max(40 * tickTimeUs, 2 * (syncLimit + 1) * tickTimeUs);
  const lateUs = buggify?.delay.maxUs ?? 0;
  return (
    6 * (latencyUs + stages.maxUs + busyUs(plan) + lateUs) +
    2 * disk.sync.maxUs +
    slowSyncUs(plan) +
    Math.ceil((2 * waitUs * ppm) / 1_000_000)
  );
}

/**
 * How long an answer may take to come though all is well: what is asked for goes to the leader and to a
 * quorum's disks, and what comes behind it waits. One message and one sync are as slow as any can be; that
 * two of them are is not to be expected.
 */
export function answerUs(plan: Plan): number {
  const { network, stages, disk } = plan;
  const ways = [network.latency, ...network.links.map(({ latency }) => latency)];
  const hopUs = Math.max(...ways.map(({ maxUs }) => maxUs));
  const usualUs = Math.max(...ways.map(typicalUs));
  return hopUs + 5 * usualUs + disk.sync.maxUs + stages.maxUs + busyUs(plan);
}

/** Half of the values of a distribution, about, are below it, µs. */
export function typicalUs(distribution: Distribution): number {
  if (isLongTail(distribution)) return distribution.medianUs;
  return Math.ceil((distribution.minUs + distribution.maxUs) / 2);
}

/** How long a sync takes at most that a fault slows. It may have begun just before the fault was over. */
export function slowSyncUs({ faults }: Plan): number {
  return Math.max(0, ...faults.map(({ action }) => (action.verb === 'slowDisk' ? action.sync.maxUs : 0)));
}

/** The furthest that faults of the plan may set a wall clock at once, ms; from where it was set before. */
export function wallJumpMs({ faults, clock }: Plan): number {
  const jumps = faults.flatMap(({ action }) =>
    action.verb === 'jump' || action.verb === 'skew' ? [Math.abs(action.byMs)] : [],
  );
  return jumps.reduce((sum, ms) => sum + ms, jumps.length > 0 ? Math.ceil(clock.skew.maxUs / 1000) : 0);
}

function longest(since: readonly number[], known: number, endUs: number): number {
  return since.reduce((most, from) => Math.max(most, endUs - from), known);
}
