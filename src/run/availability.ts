import type { Moment, TraceEvent } from '../node/facts.ts';
import type { NodeId } from '../node/ids.ts';
import type { Electorates } from './electorates.ts';

/** The kinds of events that availability is read from. */
export const AVAILABILITY_KINDS: readonly TraceEvent['kind'][] = [
  'leader-established',
  'handing-over',
  'hand-over-ended',
  'leader-resigned',
  'leader-left',
  'looking',
  'new-leader-acked',
  'crashed',
  'paused',
  'resumed',
  'restarted',
  'reachable',
  'config-adopted',
];

/**
 * When a write could commit: an established leader that takes requests and a quorum that it has synced run,
 * unpaused and connected both ways. A follower is synced from its ACK of NEWLEADER on, as the leader counts
 * it, until it leaves. What only holds for an instant is no span: the state is read when time moves on.
 */
export class Availability {
  readonly #electorates: Electorates;
  /** Epoch of each established leader. */
  readonly #leaders = new Map<NodeId, number>();
  /** Whom each server has acked NEWLEADER of, and its epoch. */
  readonly #acked = new Map<NodeId, { readonly leader: NodeId; readonly epoch: number }>();
  readonly #handingOver = new Set<NodeId>();
  readonly #paused = new Set<NodeId>();
  readonly #cut = new Set<number>();
  #changedAtUs = -1;
  #firstAtUs = -1;
  /** Since when no write can commit; −1 while one can. */
  #downSinceUs = -1;
  #longestUs = 0;

  /** @param electorates shown each event after this is: the past is judged by who decided then */
  constructor(electorates: Electorates) {
    this.#electorates = electorates;
  }

  observe(event: TraceEvent, moment: Moment): void {
    if (this.#changedAtUs >= 0 && moment.atUs > this.#changedAtUs) this.#settle();
    if (this.#take(event, moment.atUs)) this.#changedAtUs = moment.atUs;
  }

  /**
   * The longest span without a possible commit, from the first establishment to `endUs`; all of it when no
   * leader was established.
   */
  unavailableUs(endUs: number): number {
    if (this.#changedAtUs >= 0) this.#settle();
    if (this.#firstAtUs < 0) return endUs;
    const open = this.#downSinceUs < 0 ? 0 : endUs - this.#downSinceUs;
    return Math.max(this.#longestUs, open);
  }

  /** Takes in an event. Whether it may have changed the answer. */
  #take(event: TraceEvent, atUs: number): boolean {
    switch (event.kind) {
      case 'leader-established':
        this.#leaders.set(event.server, event.epoch);
        if (this.#firstAtUs < 0) this.#firstAtUs = atUs;
        return true;
      case 'new-leader-acked':
        this.#acked.set(event.server, { leader: event.leader, epoch: event.epoch });
        return true;
      case 'handing-over':
        this.#handingOver.add(event.server);
        return true;
      case 'hand-over-ended':
        this.#handingOver.delete(event.server);
        return true;
      case 'leader-resigned':
      case 'leader-left':
      case 'looking':
        this.#drop(event.server);
        return true;
      case 'crashed':
      case 'restarted':
        this.#drop(event.server);
        this.#paused.delete(event.server);
        return true;
      case 'paused':
        this.#paused.add(event.server);
        return true;
      case 'resumed':
        this.#paused.delete(event.server);
        return true;
      case 'config-adopted':
        return true;
      case 'reachable':
        if (event.reachable) this.#cut.delete(pair(event.from, event.to));
        else this.#cut.add(pair(event.from, event.to));
        return true;
      default:
        return false;
    }
  }

  #drop(server: NodeId): void {
    this.#leaders.delete(server);
    this.#handingOver.delete(server);
    this.#acked.delete(server);
  }

  #settle(): void {
    const atUs = this.#changedAtUs;
    this.#changedAtUs = -1;
    if (this.#firstAtUs < 0) return;
    const up = this.#canCommit();
    if (up && this.#downSinceUs >= 0) {
      this.#longestUs = Math.max(this.#longestUs, atUs - this.#downSinceUs);
      this.#downSinceUs = -1;
    } else if (!up && this.#downSinceUs < 0) {
      this.#downSinceUs = atUs;
    }
  }

  #canCommit(): boolean {
    for (const [leader, epoch] of this.#leaders) {
      const serves = !this.#paused.has(leader) && !this.#handingOver.has(leader);
      if (serves && this.#hasQuorum(leader, epoch)) return true;
    }
    return false;
  }

  #hasQuorum(leader: NodeId, epoch: number): boolean {
    const quorums = this.#electorates.quorumsOf(leader);
    const tally = quorums.tally();
    for (const voter of quorums.voters) {
      const acked = this.#acked.get(voter);
      if (voter !== leader && (acked?.leader !== leader || acked.epoch !== epoch)) continue;
      if (this.#paused.has(voter)) continue;
      if (voter !== leader && (this.#cut.has(pair(leader, voter)) || this.#cut.has(pair(voter, leader))))
        continue;
      tally.add(voter);
    }
    return tally.hasQuorum();
  }
}

function pair(from: NodeId, to: NodeId): number {
  return from * 65536 + to;
}
