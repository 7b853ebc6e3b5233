import { epochOf, formatZxid, type Zxid } from '../core/zxid.ts';
import type { Moment, TraceEvent } from '../node/facts.ts';
import { MAX_SID, type NodeId } from '../node/ids.ts';
import type { Accuse, Handlers, Monitor } from './monitor.ts';

/** A leader on its way out of its own will. */
interface HandOver {
  readonly epoch: number;
  readonly heir: NodeId;
}

/**
 * What a leader that hands over owes its heir. `heir-has-all`: the heir has acked all that the leader has
 * proposed when it is asked to stand; it could not be elected otherwise, and the ensemble would be without a
 * leader for nothing. `hands-over-in-peace`: the leader proposes nothing from when it said so until it gave
 * it up, for the heir would not have it; what it withheld it proposes then. Source: Ongaro's thesis (2014),
 * §3.10.
 */
export class HandOvers implements Monitor {
  readonly invariants: readonly string[] = ['heir-has-all', 'hands-over-in-peace'];
  readonly source = 'Ongaro 2014, §3.10';
  readonly observes: readonly TraceEvent['kind'][] = [
    'txn-proposed',
    'txn-acked',
    'handing-over',
    'handed-over',
    'hand-over-ended',
    'leader-resigned',
    'crashed',
  ];
  readonly frequent: Handlers = {
    'txn-proposed': ({ server, zxid }, { event }) => {
      this.#proposed[server] = zxid;
      if (this.#owed > 0) this.#pay(server, event);
      if (this.#handOvers.size > 0) this.#checkPeace(server, zxid);
    },
    'txn-acked': ({ server, zxid }) => {
      this.#acked[server] = zxid;
    },
  };
  readonly #accuse: Accuse;
  /** By server: the last that it proposed, and that it acked. */
  readonly #proposed = new Float64Array(MAX_SID + 1);
  readonly #acked = new Float64Array(MAX_SID + 1);
  readonly #handOvers = new Map<NodeId, HandOver>();
  /** Who has just given one up, in which event, and how many withheld writes it has not proposed yet. */
  #debtor = 0 as NodeId;
  #owedSince = 0;
  #owed = 0;

  constructor(accuse: Accuse) {
    this.#accuse = accuse;
  }

  observe(event: TraceEvent, { event: number }: Moment): void {
    if (this.#owed > 0) this.#pay(0 as NodeId, number);
    switch (event.kind) {
      case 'handing-over':
        this.#handOvers.set(event.server, { epoch: event.epoch, heir: event.heir });
        return;
      case 'handed-over':
        this.#checkHeir(event.server, event.heir);
        return;
      case 'hand-over-ended':
        this.#handOvers.delete(event.server);
        [this.#debtor, this.#owed, this.#owedSince] = [event.server, event.withheld, number];
        return;
      case 'leader-resigned':
      case 'crashed':
        this.#handOvers.delete(event.server);
        return;
      default:
    }
  }

  #checkHeir(leader: NodeId, heir: NodeId): void {
    const proposed = this.#proposed[leader] ?? 0;
    const acked = this.#acked[heir] ?? 0;
    if (acked >= proposed) return;
    this.#accuse({
      invariant: 'heir-has-all',
      tier: 2,
      servers: [leader, heir].sort((a, b) => a - b),
      rule: 'a leader hands over to a server that lacks what it has proposed',
      message: `${leader} proposed up to ${formatZxid(proposed)}, ${heir} has acked ${formatZxid(acked)}`,
    });
  }

  /** What a leader has withheld it proposes in the step in which it gives up. */
  #pay(server: NodeId, event: number): void {
    if (event === this.#owedSince) {
      if (server === this.#debtor) this.#owed--;
      return;
    }
    this.#accuse({
      invariant: 'hands-over-in-peace',
      tier: 2,
      servers: [this.#debtor],
      rule: 'a leader that gives a hand-over up forgets what it has withheld',
      message: `${this.#debtor} owes ${this.#owed} writes their proposals`,
    });
    this.#owed = 0;
  }

  #checkPeace(leader: NodeId, zxid: Zxid): void {
    const handOver = this.#handOvers.get(leader);
    if (handOver === undefined || epochOf(zxid) !== handOver.epoch) return;
    this.#accuse({
      invariant: 'hands-over-in-peace',
      tier: 2,
      servers: [leader],
      rule: 'a leader that hands over goes on proposing',
      message: `${leader} proposes ${formatZxid(zxid)} while it hands over to ${handOver.heir}`,
    });
  }
}
