import type { TraceEvent } from '../../node/facts.ts';
import type { NodeId } from '../../node/ids.ts';
import type { Plan } from '../plan.ts';

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
 * the longest pause of a server, the longest strain, and what the world's own delays and drift add. Cuts add
 * nothing: whoever hears nothing for syncLimit ticks gives up by himself.
 */
export class Slack {
  readonly #baseUs: number;
  readonly #pausedUs = new Map<NodeId, number>();
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
        if (!this.#pausedUs.has(event.server)) this.#pausedUs.set(event.server, atUs);
        return;
      case 'resumed':
      case 'crashed':
        this.#longestPauseUs = Math.max(this.#longestPauseUs, taken(this.#pausedUs, event.server, atUs));
        return;
      case 'fault-fired':
        if (event.effect && STRAINS.has(event.verb)) this.#strainedUs.set(event.name, atUs);
        return;
      case 'fault-ended':
        this.#longestStrainUs = Math.max(this.#longestStrainUs, taken(this.#strainedUs, event.name, atUs));
        return;
      default:
    }
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
    6 * (latencyUs + stages.maxUs + lateUs) + 2 * disk.sync.maxUs + Math.ceil((2 * waitUs * ppm) / 1_000_000)
  );
}

/** The furthest that faults of the plan may set a wall clock at once, ms; from where it was set before. */
export function wallJumpMs({ faults, clock }: Plan): number {
  const jumps = faults.flatMap(({ action }) =>
    action.verb === 'jump' || action.verb === 'skew' ? [Math.abs(action.byMs)] : [],
  );
  return jumps.reduce((sum, ms) => sum + ms, jumps.length > 0 ? Math.ceil(clock.skew.maxUs / 1000) : 0);
}

function taken<K>(since: Map<K, number>, key: K, atUs: number): number {
  const from = since.get(key);
  since.delete(key);
  return from === undefined ? 0 : atUs - from;
}

function longest(since: readonly number[], known: number, endUs: number): number {
  return since.reduce((most, from) => Math.max(most, endUs - from), known);
}
