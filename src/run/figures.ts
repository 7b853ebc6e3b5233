import type { Asked } from '../check/liveness.ts';
import { epochOf, type Zxid } from '../core/zxid.ts';
import { ENDED_ITSELF, MOVED } from '../node/client-facts.ts';
import type { Moment, TraceEvent } from '../node/facts.ts';
import type { NodeId } from '../node/ids.ts';
import type { QuorumSystem } from '../node/quorum.ts';
import { ASSUMPTION_KINDS, Assumptions } from './assumptions.ts';
import { AVAILABILITY_KINDS, Availability } from './availability.ts';
import { ELECTORATE_KINDS, Electorates } from './electorates.ts';
import { LeaderTerms, TERM_KINDS } from './leader-terms.ts';
import type { FaultStep } from './outcome.ts';
import { demandOf } from './timing/operation-text.ts';

const OWN_KINDS: readonly TraceEvent['kind'][] = [
  'txn-committed',
  'invoked',
  'returned',
  'client-disconnected',
  'client-connected',
  'crashed',
  'fault-fired',
  'fault-ended',
];

/** Longer than a client takes to come to another server, and less than most wait for an answer. */
const LONG_US = 1_500_000;
const UNANSWERED_KEPT = 64;

/**
 * The figures of a run, read from its testimony as it goes: leaders, commits, clients, unavailability,
 * faults.
 */
export class Figures {
  readonly terms = new LeaderTerms();
  readonly electorates: Electorates;
  readonly #availability: Availability;
  readonly #assumptions: Assumptions;
  readonly #readers = new Map<TraceEvent['kind'], ((event: TraceEvent, moment: Moment) => void)[]>();
  /** By epoch: the last zxid committed in it. */
  readonly #committed = new Map<number, Zxid>();
  #commits = 0;
  readonly #clients = { ok: 0, failed: 0, unknown: 0 };
  readonly #timeline: FaultStep[] = [];
  /** By client that runs: what it waits for. */
  readonly #pending = new Map<NodeId, Waiting>();
  /** When the last of those began whom nobody answered, though they waited long. */
  readonly #unansweredUs: number[] = [];
  /** By client: when it last left a server of its own accord, and whether another has let it in since. */
  readonly #moved = new Map<NodeId, { readonly atUs: number; back: boolean }>();
  /** When the last operation began that was answered. */
  #answeredUs = -1;

  constructor(quorums: QuorumSystem, tickTimeUs: number) {
    this.electorates = new Electorates(quorums);
    this.#availability = new Availability(this.electorates, tickTimeUs);
    this.#assumptions = new Assumptions(this.electorates);
    this.#read(TERM_KINDS, (event, moment) => this.terms.observe(event, moment));
    this.#read(AVAILABILITY_KINDS, (event, moment) => this.#availability.observe(event, moment));
    this.#read(ELECTORATE_KINDS, (event) => this.electorates.observe(event));
    this.#read(ASSUMPTION_KINDS, (event) => this.#assumptions.observe(event));
    this.#read(OWN_KINDS, (event, moment) => this.#count(event, moment));
  }

  wants(kind: TraceEvent['kind']): boolean {
    return this.#readers.has(kind);
  }

  observe(event: TraceEvent, moment: Moment): void {
    for (const read of this.handlers(event.kind)) read(event, moment);
  }

  /** What `observe` hands events of this kind to, in order. */
  handlers(kind: TraceEvent['kind']): readonly ((event: TraceEvent, moment: Moment) => void)[] {
    return this.#readers.get(kind) ?? [];
  }

  /** How many distinct zxids were committed. */
  get commits(): number {
    return this.#commits;
  }

  /** How the clients' operations ended. */
  get clients(): { readonly ok: number; readonly failed: number; readonly unknown: number } {
    return { ...this.#clients };
  }

  /** How long the longest waiting client has waited at `nowUs`; 0 when nobody waits. */
  oldestPendingUs(nowUs: number): number {
    let longestUs = 0;
    for (const { sinceUs } of this.#pending.values()) {
      for (const beganUs of sinceUs) longestUs = Math.max(longestUs, nowUs - beganUs);
    }
    return longestUs;
  }

  /** What became of the operations that began at `fromUs` or later. */
  askedSince(fromUs: number): Asked {
    const unanswered = this.#unansweredUs.filter((sinceUs) => sinceUs >= fromUs).length;
    return { unanswered, answered: this.#answeredUs >= fromUs };
  }

  /** The faults as they fired and ended. */
  get timeline(): readonly FaultStep[] {
    return this.#timeline;
  }

  /** What the faults broke that the protocol relies on. */
  get assumptions(): readonly string[] {
    return this.#assumptions.broken;
  }

  /** The longest span in which no write could commit, in µs, for a run that ended at `endUs`. */
  unavailableUs(endUs: number): number {
    return this.#availability.unavailableUs(endUs);
  }

  #read(kinds: readonly TraceEvent['kind'][], reader: (event: TraceEvent, moment: Moment) => void): void {
    for (const kind of kinds) {
      const readers = this.#readers.get(kind);
      if (readers === undefined) this.#readers.set(kind, [reader]);
      else readers.push(reader);
    }
  }

  /** A leader commits in zxid order: what is not newer than its epoch's last was counted. */
  #countCommit(zxid: Zxid, nowUs: number): void {
    const epoch = epochOf(zxid);
    const last = this.#committed.get(epoch);
    if (last !== undefined && zxid <= last) return;
    this.#committed.set(epoch, zxid);
    this.#commits++;
    this.#availability.committed(nowUs);
  }

  #waitingOf(client: NodeId): Waiting {
    let waiting = this.#pending.get(client);
    if (waiting === undefined) {
      waiting = { cxids: [], sinceUs: [] };
      this.#pending.set(client, waiting);
    }
    return waiting;
  }

  #invoked(client: NodeId, cxid: number, nowUs: number): void {
    const { cxids, sinceUs } = this.#waitingOf(client);
    cxids.push(cxid);
    sinceUs.push(nowUs);
  }

  #returned(client: NodeId, cxid: number, answered: boolean, nowUs: number): void {
    const { cxids, sinceUs } = this.#waitingOf(client);
    const at = cxids.indexOf(cxid);
    if (at < 0) return;
    const beganUs = sinceUs[at] ?? nowUs;
    if (answered) this.#answeredUs = Math.max(this.#answeredUs, beganUs);
    else if (nowUs - beganUs >= LONG_US && !this.#wasAway(client, beganUs)) {
      if (this.#unansweredUs.length === UNANSWERED_KEPT) this.#unansweredUs.shift();
      this.#unansweredUs.push(beganUs);
    }
    // The last one takes its place.
    const cxidOfLast = cxids.pop() as number;
    const sinceOfLast = sinceUs.pop() as number;
    if (at === cxids.length) return;
    cxids[at] = cxidOfLast;
    sinceUs[at] = sinceOfLast;
  }

  /**
   * Whether the client has left since then, or ended its session, or had, and is not back: so nobody could
   * answer it.
   */
  #wasAway(client: NodeId, sinceUs: number): boolean {
    const moved = this.#moved.get(client);
    return moved !== undefined && (moved.atUs >= sinceUs || !moved.back);
  }

  #count(event: TraceEvent, moment: Moment): void {
    switch (event.kind) {
      case 'txn-committed':
        this.#countCommit(event.zxid, moment.atUs);
        return;
      case 'invoked':
        this.#invoked(event.server, event.cxid, moment.atUs);
        if (demandOf(event.operation) === 'write')
          this.#availability.asked(event.server, event.via, event.cxid, moment.atUs);
        return;
      case 'returned':
        this.#returned(event.server, event.cxid, event.outcome !== 'unknown', moment.atUs);
        this.#availability.over(event.server, event.cxid, event.zxid > 0, moment.atUs);
        this.#clients[event.outcome]++;
        return;
      case 'client-disconnected':
        if (event.because === MOVED || event.because === ENDED_ITSELF)
          this.#moved.set(event.server, { atUs: moment.atUs, back: false });
        return;
      case 'client-connected': {
        const moved = this.#moved.get(event.server);
        if (moved !== undefined && event.outcome === 'accepted') moved.back = true;
        return;
      }
      case 'crashed':
        // What a client that died waited for, nobody waits for any more.
        this.#pending.delete(event.server);
        return;
      case 'fault-fired': {
        const { kind: _, ...fault } = event;
        this.#timeline.push({ atUs: moment.atUs, phase: 'fired', ...fault });
        return;
      }
      case 'fault-ended': {
        const { name, verb } = event;
        this.#timeline.push({ atUs: moment.atUs, name, verb, phase: 'ended', servers: [], effect: true });
        return;
      }
      default:
        return;
    }
  }
}

/** The operations that a client waits for: their numbers, and since when. They are few. */
interface Waiting {
  readonly cxids: number[];
  readonly sinceUs: number[];
}
