import type { Moment, TraceEvent } from '../../node/facts.ts';
import { MAX_SID, type NodeId } from '../../node/ids.ts';
import type { Witness } from '../../sim/profile.ts';
import { demandOf } from '../timing/operation-text.ts';
import { quantilesOf } from '../timing/quantiles.ts';

/** How long the signs of life alone are counted, µs. */
const IDLE_US = 5_000_000;
/** How long after the last answer they are not: sessions are still told of. */
const DRAIN_US = 1_000_000;

const KINDS: ReadonlySet<TraceEvent['kind']> = new Set(['sent', 'invoked', 'returned', 'leader-established']);

/** A read, or a write, under way. */
interface Asked {
  readonly demand: 'read' | 'write';
  /** Whether a sync goes before it, with which it was asked for. */
  readonly current: boolean;
  readonly client: NodeId;
  readonly via: NodeId;
  readonly atUs: number;
  readonly atLeader: boolean;
  /** The acknowledged writes of others that it is the first to be able to see, by their zxids. */
  readonly mayShow: readonly number[];
}

/** An acknowledged write that nobody else has asked for since. */
interface Acked {
  readonly client: NodeId;
  readonly via: NodeId;
  readonly zxid: number;
}

/** What reads came to: medians in µs, −1 where there are none. */
export interface ReadFigures {
  readonly messagesPerRead: number;
  readonly latencyUs: number;
  readonly plainUs: number;
  readonly currentAtLeaderUs: number;
  readonly currentElsewhereUs: number;
  /** Of the reads that came right after the acknowledgment of a write, the part that did not show it. */
  readonly oldShare: number;
}

/**
 * Measures reads: how long they take, what servers say to each other for them, and whether the first one that
 * another client sends to another member, after a write was acknowledged, shows that write.
 */
export class ReadTraffic implements Witness {
  readonly #clients: number;
  readonly #reads: number;
  #leader = 0 as NodeId;
  #messages = 0;
  #idleMessages = 0;
  /** When all clients had been answered once: what it took to open their sessions is over. */
  #firstUs = -1;
  readonly #served = new Set<NodeId>();
  #lastUs = -1;
  #answered = 0;
  /** Those since `#firstUs`. */
  #counted = 0;
  readonly #waiting = new Map<string, Asked>();
  /** By client: when it sent a sync, if a read may follow. */
  readonly #syncs = new Map<NodeId, number>();
  #acked: Acked[] = [];
  readonly #plain: number[] = [];
  readonly #currentAtLeader: number[] = [];
  readonly #currentElsewhere: number[] = [];
  #shown = 0;
  #old = 0;

  /** @param reads how many reads the clients do; 0: as many as they can */
  constructor(clients: number, reads: number) {
    this.#clients = clients;
    this.#reads = reads;
  }

  wants(kind: TraceEvent['kind']): boolean {
    return KINDS.has(kind);
  }

  observe(event: TraceEvent, { atUs }: Moment): void {
    switch (event.kind) {
      case 'sent':
        if (event.from > MAX_SID || event.to > MAX_SID) return;
        if (this.#firstUs >= 0 && this.#lastUs < 0) this.#messages++;
        else if (this.#isIdle(atUs)) this.#idleMessages++;
        return;
      case 'leader-established':
        this.#leader = event.server;
        return;
      case 'invoked':
        this.#invoked(event, atUs);
        return;
      case 'returned':
        this.#returned(event, atUs);
        return;
      default:
    }
  }

  #isIdle(atUs: number): boolean {
    return this.#lastUs >= 0 && atUs > this.#lastUs + DRAIN_US && atUs <= this.#lastUs + DRAIN_US + IDLE_US;
  }

  #invoked(event: Extract<TraceEvent, { kind: 'invoked' }>, atUs: number): void {
    const { server: client, cxid, via, operation } = event;
    const syncUs = this.#syncs.get(client);
    this.#syncs.delete(client);
    if (operation.startsWith('sync')) this.#syncs.set(client, atUs);
    const demand = demandOf(operation);
    if (demand === undefined) return;
    const current = demand === 'read' && syncUs === atUs;
    const atLeader = via === this.#leader;
    const mayShow = demand === 'read' ? this.#toShow(client, via) : [];
    this.#waiting.set(`${client}/${cxid}`, { demand, current, client, via, atUs, atLeader, mayShow });
  }

  /** The writes that this read is the first to be able to show. */
  #toShow(client: NodeId, via: NodeId): readonly number[] {
    const shown: number[] = [];
    this.#acked = this.#acked.filter((write) => {
      const another = write.client !== client && write.via !== via;
      if (another) shown.push(write.zxid);
      return !another;
    });
    return shown;
  }

  #returned(event: Extract<TraceEvent, { kind: 'returned' }>, atUs: number): void {
    const { server, cxid, outcome, zxid } = event;
    const key = `${server}/${cxid}`;
    const asked = this.#waiting.get(key);
    this.#waiting.delete(key);
    if (asked === undefined || outcome === 'unknown') return;
    const { demand, client, via } = asked;
    this.#served.add(client);
    if (demand === 'read') this.#read(asked, zxid, atUs);
    else if (outcome === 'ok') this.#acked.push({ client, via, zxid });
  }

  #read({ current, atLeader, mayShow, atUs: sinceUs }: Asked, zxid: number, atUs: number): void {
    const latencies = current ? (atLeader ? this.#currentAtLeader : this.#currentElsewhere) : this.#plain;
    latencies.push(atUs - sinceUs);
    this.#shown += mayShow.length;
    for (const write of mayShow) if (zxid < write) this.#old++;
    if (this.#firstUs >= 0) this.#counted++;
    else if (this.#served.size === this.#clients) this.#firstUs = atUs;
    if (++this.#answered === this.#reads) this.#lastUs = atUs;
  }

  /** What it came to. */
  get figures(): ReadFigures {
    const share = (this.#lastUs - this.#firstUs) / IDLE_US;
    const messages = this.#messages - this.#idleMessages * share;
    const current = [...this.#currentAtLeader, ...this.#currentElsewhere];
    return {
      messagesPerRead: this.#lastUs < 0 ? -1 : Math.max(0, messages / this.#counted),
      latencyUs: quantilesOf([...this.#plain, ...current]).p50,
      plainUs: quantilesOf(this.#plain).p50,
      currentAtLeaderUs: quantilesOf(this.#currentAtLeader).p50,
      currentElsewhereUs: quantilesOf(this.#currentElsewhere).p50,
      oldShare: this.#shown === 0 ? -1 : this.#old / this.#shown,
    };
  }
}
