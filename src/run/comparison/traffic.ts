import type { Moment, TraceEvent } from '../../node/facts.ts';
import { MAX_SID, type NodeId } from '../../node/ids.ts';
import type { Witness } from '../../sim/profile.ts';
import { quantilesOf } from '../timing/quantiles.ts';

/** How long the last messages about the last write may take, µs. */
const DRAIN_US = 1_000_000;
/** How long the signs of life alone are counted, µs. */
const IDLE_US = 5_000_000;

const KINDS: ReadonlySet<TraceEvent['kind']> = new Set([
  'sent',
  'synced',
  'txn-committed',
  'invoked',
  'returned',
  'leader-established',
]);

/** What a calm run under load came to. */
export interface TrafficFigures {
  /** Messages between servers, and fsyncs, for each write; signs of life are left out. */
  readonly messagesPerWrite: number;
  readonly syncsPerWrite: number;
  /** Median latencies in µs; −1: nobody wrote there. */
  readonly latencyUs: number;
  readonly atLeaderUs: number;
  readonly elsewhereUs: number;
  readonly writesPerSecond: number;
}

/** Counts messages between servers, fsyncs and answers while clients write, and for a while afterwards. */
export class Traffic implements Witness {
  readonly #operations: number;
  #leader = 0 as NodeId;
  /** When the first leader was established, µs; −1: never. */
  startedUs = -1;
  #messages = 0;
  #idleMessages = 0;
  #syncs = 0;
  #idleSyncs = 0;
  readonly #commits = new Set<number>();
  #firstUs = -1;
  #lastUs = -1;
  #answered = 0;
  readonly #since = new Map<string, { readonly atUs: number; readonly atLeader: boolean }>();
  readonly #atLeader: number[] = [];
  readonly #elsewhere: number[] = [];

  /** @param operations how many writes the clients do */
  constructor(operations: number) {
    this.#operations = operations;
  }

  wants(kind: TraceEvent['kind']): boolean {
    return KINDS.has(kind);
  }

  observe(event: TraceEvent, { atUs }: Moment): void {
    switch (event.kind) {
      case 'sent':
        if (event.from > MAX_SID || event.to > MAX_SID) return;
        if (this.#isLoaded(atUs)) this.#messages++;
        else if (this.#isIdle(atUs)) this.#idleMessages++;
        return;
      case 'synced':
        if (this.#isLoaded(atUs)) this.#syncs++;
        else if (this.#isIdle(atUs)) this.#idleSyncs++;
        return;
      case 'txn-committed':
        if (this.#isLoaded(atUs)) this.#commits.add(event.zxid);
        return;
      case 'leader-established':
        this.#leader = event.server;
        if (this.startedUs < 0) this.startedUs = atUs;
        return;
      case 'invoked':
        if (this.#firstUs < 0) this.#firstUs = atUs;
        this.#since.set(`${event.server}/${event.cxid}`, { atUs, atLeader: event.via === this.#leader });
        return;
      case 'returned':
        this.#returned(`${event.server}/${event.cxid}`, atUs);
        return;
      default:
    }
  }

  #returned(key: string, atUs: number): void {
    const began = this.#since.get(key);
    if (began === undefined) return;
    (began.atLeader ? this.#atLeader : this.#elsewhere).push(atUs - began.atUs);
    if (++this.#answered === this.#operations) this.#lastUs = atUs;
  }

  #isLoaded(atUs: number): boolean {
    return this.#firstUs >= 0 && (this.#lastUs < 0 || atUs <= this.#lastUs + DRAIN_US);
  }

  #isIdle(atUs: number): boolean {
    return this.#lastUs >= 0 && atUs <= this.#lastUs + DRAIN_US + IDLE_US;
  }

  /** What it came to; undefined when not every write was answered. */
  get figures(): TrafficFigures | undefined {
    if (this.#lastUs < 0) return undefined;
    const writes = this.#commits.size;
    const share = (this.#lastUs + DRAIN_US - this.#firstUs) / IDLE_US;
    return {
      messagesPerWrite: (this.#messages - this.#idleMessages * share) / writes,
      syncsPerWrite: (this.#syncs - this.#idleSyncs * share) / writes,
      latencyUs: quantilesOf([...this.#atLeader, ...this.#elsewhere]).p50,
      atLeaderUs: quantilesOf(this.#atLeader).p50,
      elsewhereUs: quantilesOf(this.#elsewhere).p50,
      writesPerSecond: (writes * 1e6) / (this.#lastUs - this.#firstUs),
    };
  }
}
