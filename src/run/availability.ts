import type { Moment, TraceEvent } from '../node/facts.ts';
import type { NodeId } from '../node/ids.ts';
import type { QuorumSystem } from '../node/quorum.ts';
import type { Electorates } from './electorates.ts';
import { Standstill } from './standstill.ts';
import { WaitingWrites, type Writer } from './waiting-writes.ts';

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
  'client-connecting',
  'client-disconnected',
];

/**
 * When a write could commit: an established leader that takes requests and a quorum that it has synced run,
 * unpaused and connected both ways. A follower is synced from its ACK of NEWLEADER on, as the leader counts
 * it, until it leaves. What only holds for an instant is no span: the state is read when time moves on.
 *
 * That says nothing of lost segments, slow links and slow disks. Hence what was seen counts as well: nothing
 * was committed although a write waited where it could have been served. Where nobody leads, as with Paxos
 * without a president, a write can commit at a server that runs and is connected to a quorum of others.
 */
export class Availability {
  readonly #electorates: Electorates;
  /** Epoch of each established leader. */
  readonly #leaders = new Map<NodeId, number>();
  /** Whom each server has acked NEWLEADER of, and its epoch. */
  readonly #acked = new Map<NodeId, { readonly leader: NodeId; readonly epoch: number }>();
  readonly #handingOver = new Set<NodeId>();
  readonly #running = new Set<NodeId>();
  readonly #paused = new Set<NodeId>();
  readonly #cut = new Set<number>();
  #changedAtUs = -1;
  #firstAtUs = -1;
  /** Since when no write can commit; −1 while one can. */
  #downSinceUs = -1;
  #longestUs = 0;
  /** Whether something was committed before anybody led. */
  #leaderless = false;
  /** The leaders that could commit when that was last looked at. */
  readonly #serving = new Set<NodeId>();
  readonly #writes = new WaitingWrites((client, writer) => this.#isServed(client, writer));
  readonly #standstill: Standstill;

  /** @param electorates shown each event after this is: the past is judged by who decided then */
  constructor(electorates: Electorates, tickTimeUs: number) {
    this.#electorates = electorates;
    this.#standstill = new Standstill(tickTimeUs);
  }

  observe(event: TraceEvent, moment: Moment): void {
    this.#moveTo(moment.atUs);
    if (this.#take(event, moment.atUs)) this.#changedAtUs = moment.atUs;
  }

  /** A client asks for a write. */
  asked(client: NodeId, via: NodeId, cxid: number, atUs: number): void {
    this.#moveTo(atUs);
    this.#writes.asked(client, via, cxid);
    this.#look(atUs);
  }

  /** An operation of a client is over; `answered`: with the zxid of what it brought about. */
  over(client: NodeId, cxid: number, answered: boolean, atUs: number): void {
    this.#moveTo(atUs);
    if (!this.#writes.over(client, cxid)) return;
    if (answered) this.#standstill.answered(atUs);
    this.#look(atUs);
  }

  /** Something was committed that had not been before. */
  committed(atUs: number): void {
    this.#moveTo(atUs);
    if (this.#firstAtUs < 0) {
      this.#leaderless = true;
      this.#firstAtUs = atUs;
      this.#changedAtUs = atUs;
    }
    this.#standstill.committed(atUs);
  }

  /**
   * The longest span without a possible commit, from the first establishment to `endUs`; all of it when no
   * leader was established, and nothing committed.
   */
  unavailableUs(endUs: number): number {
    if (this.#changedAtUs >= 0) this.#settle();
    if (this.#firstAtUs < 0) return endUs;
    const open = this.#downSinceUs < 0 ? 0 : endUs - this.#downSinceUs;
    return Math.max(this.#longestUs, open, this.#standstill.longestUs(endUs));
  }

  /** Takes in an event. Whether it may have changed the answer. */
  #take(event: TraceEvent, atUs: number): boolean {
    switch (event.kind) {
      case 'leader-established':
        this.#leaders.set(event.server, event.epoch);
        if (this.#firstAtUs < 0) this.#firstAtUs = atUs;
        this.#leaderless = false;
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
        this.#writes.died(event.server);
        if (event.kind === 'restarted') this.#running.add(event.server);
        else this.#running.delete(event.server);
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
      case 'client-connecting':
        this.#writes.connecting(event.server, event.via);
        return true;
      case 'client-disconnected':
        this.#writes.disconnected(event.server);
        return true;
      default:
        return false;
    }
  }

  #moveTo(atUs: number): void {
    if (this.#changedAtUs >= 0 && atUs > this.#changedAtUs) this.#settle();
  }

  #look(atUs: number): void {
    if (this.#firstAtUs >= 0 && this.#changedAtUs < 0)
      this.#standstill.is(this.#downSinceUs >= 0, this.#writes.any, atUs);
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
    this.#writes.look();
    this.#look(atUs);
  }

  #canCommit(): boolean {
    this.#serving.clear();
    if (this.#leaderless) return [...this.#running].some((server) => this.#hasPeers(server));
    for (const [leader, epoch] of this.#leaders) {
      const serves = !this.#paused.has(leader) && !this.#handingOver.has(leader);
      if (serves && this.#hasQuorum(leader, epoch)) this.#serving.add(leader);
    }
    return this.#serving.size > 0;
  }

  #hasQuorum(leader: NodeId, epoch: number): boolean {
    return this.#isQuorum(this.#electorates.quorumsOf(leader), leader, (voter) => {
      const acked = this.#acked.get(voter);
      return voter === leader || (acked?.leader === leader && acked.epoch === epoch);
    });
  }

  /** Whether the server, of an ensemble in which nobody leads, reaches a quorum. */
  #hasPeers(server: NodeId): boolean {
    if (!this.#running.has(server) || this.#paused.has(server)) return false;
    return this.#isQuorum(this.#electorates.quorumsOf(server), server, (voter) => this.#running.has(voter));
  }

  #isQuorum(quorums: QuorumSystem, centre: NodeId, isIn: (voter: NodeId) => boolean): boolean {
    const tally = quorums.tally();
    for (const voter of quorums.voters) {
      if (isIn(voter) && !this.#paused.has(voter) && this.#areJoined(centre, voter)) tally.add(voter);
    }
    return tally.hasQuorum();
  }

  /** Whether a write of the client could commit at its server: else that it waits shows nothing. */
  #isServed(client: NodeId, { via, away }: Writer): boolean {
    if (away || this.#paused.has(client) || this.#paused.has(via) || !this.#areJoined(client, via))
      return false;
    if (this.#leaderless) return this.#hasPeers(via);
    const leader = this.#leaders.has(via) ? via : this.#acked.get(via)?.leader;
    return leader !== undefined && this.#serving.has(leader) && this.#areJoined(leader, via);
  }

  /** Whether nothing cuts them from each other; one and the same is joined. */
  #areJoined(a: NodeId, b: NodeId): boolean {
    return !this.#cut.has(pair(a, b)) && !this.#cut.has(pair(b, a));
  }
}

function pair(from: NodeId, to: NodeId): number {
  return from * 65536 + to;
}
