import type { Moment, TraceEvent } from '../node/facts.ts';
import type { NodeId } from '../node/ids.ts';
import type { QuorumSystem } from '../node/quorum.ts';
import type { Configurations } from './configurations.ts';
import { LateMessages } from './late-messages.ts';
import type { Accuse, EnsembleFacts, Monitor } from './monitor.ts';
import { Presence } from './presence.ts';

/** A leader that serves and has not resigned. */
interface Term {
  readonly leader: NodeId;
  readonly epoch: number;
  /**
   * Since when it has no quorum; −1 while it has one, or is paused. Who supported it last counts up to then:
   * a leader may take those together that it has heard within its patience, though not at the same time.
   */
  alone: number;
  /** By when it must have resigned. */
  deadlineUs: number;
  /** The voters that support it now, and by voter, until when each did. */
  supporters: readonly NodeId[];
  readonly supportedUs: Map<NodeId, number>;
}

/**
 * L-3 `quorumless-leader-resigns`: a leader without a quorum of voters that follow it, run unpaused and
 * reach it resigns within syncLimit + 1 ticks. Always judged. Whom it does not reach goes on to send to
 * it, requests of clients for one, until it gives the leader up: all that is a sign of life. It counts a
 * learner that is still being synced for initLimit ticks more (LearnerHandler's first deadline), and
 * cannot resign while it is paused itself. What followers have sent may arrive late where links lose or
 * slow it: the allowance begins when such a fault has been over for as long as it was in force, since
 * TCP's pauses double. Half a tick of the leader's loop, its shutdown and a slow clock are the slack: one
 * tick and a fifth, and what is late on purpose. Source: Leader.lead, §6.6.
 */
export class LeaderSupport implements Monitor {
  readonly invariants: readonly string[] = ['quorumless-leader-resigns'];
  readonly source = 'Leader.lead; ZOOKEEPER-1294';
  readonly observes: readonly TraceEvent['kind'][] = [
    'restarted',
    'crashed',
    'paused',
    'resumed',
    'reachable',
    'looking',
    'leader-followed',
    'follower-synced',
    'leader-left',
    'leader-resigned',
    'leader-established',
    'config-adopted',
    'fault-fired',
    'fault-ended',
  ];
  readonly #ensemble: EnsembleFacts;
  readonly #accuse: Accuse;
  readonly #configurations: Configurations;
  readonly #presence = new Presence();
  readonly #terms: Term[] = [];
  /** By voter: whom it follows. */
  readonly #follows = new Map<NodeId, NodeId>();
  readonly #synced = new Set<NodeId>();
  /** By leader: until when a learner that left before it was synced may still count. */
  readonly #lingers = new Map<NodeId, number>();
  /** Since when a server is paused, or was last. */
  readonly #pausedUs = new Map<NodeId, number>();
  readonly #late: LateMessages;
  #nextUs = Infinity;

  constructor(ensemble: EnsembleFacts, accuse: Accuse, configurations: Configurations) {
    this.#ensemble = ensemble;
    this.#late = new LateMessages(ensemble.slowUs);
    this.#accuse = accuse;
    this.#configurations = configurations;
  }

  observe(event: TraceEvent, moment: Moment): void {
    if (moment.atUs > this.#nextUs) this.#judge(moment.atUs);
    if (this.#presence.observe(event)) {
      if (event.kind === 'crashed') this.#leave(event.server, moment.atUs);
      else if (event.kind === 'paused') this.#pausedUs.set(event.server, moment.atUs);
      else if (event.kind === 'resumed') this.#onResumed(event.server, moment.atUs);
      else if (event.kind === 'reachable' && event.reachable) this.#heardAgain(event.from, moment.atUs);
    } else if (event.kind === 'fault-fired' || event.kind === 'fault-ended') {
      if (!this.#late.observe(event, moment.atUs)) return;
      for (const term of this.#terms) term.alone = -1;
    } else this.#onRole(event, moment.atUs);
    this.#recount(moment.atUs);
  }

  finish(atUs: number): void {
    this.#judge(atUs);
  }

  #onRole(event: TraceEvent, atUs: number): void {
    switch (event.kind) {
      case 'leader-followed':
        this.#leave(event.server, atUs);
        this.#follows.set(event.server, event.leader);
        return;
      case 'follower-synced':
        this.#follows.set(event.server, event.leader);
        this.#synced.add(event.server);
        return;
      case 'leader-established':
        this.#leave(event.server, atUs);
        this.#terms.push({
          leader: event.server,
          epoch: event.epoch,
          alone: -1,
          deadlineUs: Infinity,
          supporters: [],
          supportedUs: new Map(this.#quorumsOf(event.server).voters.map((sid) => [sid, atUs])),
        });
        return;
      case 'config-adopted':
        this.#onAdopted(event.server, atUs);
        return;
      case 'looking':
      case 'leader-left':
      case 'leader-resigned':
        this.#leave(event.server, atUs);
        return;
      default:
    }
  }

  #quorumsOf(leader: NodeId): QuorumSystem {
    return this.#configurations.of(leader).quorums;
  }

  /** Who decides is another from now on: the allowance starts anew. */
  #onAdopted(server: NodeId, atUs: number): void {
    const term = this.#terms.find(({ leader }) => leader === server);
    if (term === undefined) return;
    for (const voter of this.#quorumsOf(server).voters) term.supportedUs.set(voter, atUs);
    term.alone = -1;
  }

  /**
   * What a follower had still to send reaches its leader now, and counts as a sign of life: the allowance
   * starts anew.
   */
  #heardAgain(follower: NodeId, atUs: number): void {
    const leader = this.#follows.get(follower);
    for (const term of this.#terms) {
      if (term.leader !== leader) continue;
      for (const sid of term.supportedUs.keys()) term.supportedUs.set(sid, atUs);
      term.alone = -1;
    }
  }

  /** What waited for a leader while it was paused, it hears now; a follower is heard by its leader. */
  #onResumed(server: NodeId, atUs: number): void {
    // A leader counts in ticks of its own, which stood still: so does the time of who left it unsynced.
    const left = this.#lingers.get(server);
    const pausedUs = this.#pausedUs.get(server) ?? atUs;
    if (left !== undefined) this.#lingers.set(server, atUs - Math.max(0, pausedUs - left));
    for (const { leader, supportedUs } of this.#terms) {
      if (leader === server) for (const sid of supportedUs.keys()) supportedUs.set(sid, atUs);
    }
    this.#heardAgain(server, atUs);
  }

  #leave(server: NodeId, atUs: number): void {
    const index = this.#terms.findIndex((term) => term.leader === server);
    if (index >= 0) this.#terms.splice(index, 1);
    const leader = this.#follows.get(server);
    if (leader !== undefined && !this.#synced.has(server)) this.#lingers.set(leader, atUs);
    this.#follows.delete(server);
    this.#synced.delete(server);
  }

  #recount(atUs: number): void {
    this.#nextUs = Infinity;
    for (const term of this.#terms) {
      for (const sid of term.supporters) term.supportedUs.set(sid, atUs);
      term.supporters = this.#supportersOf(term.leader);
      const alone = this.#aloneSince(term, atUs);
      if (alone < 0) {
        term.deadlineUs = Infinity;
      } else if (alone !== term.alone) {
        term.deadlineUs = Math.max(alone, this.#late.overUs) + this.#allowanceUs(term.leader, atUs);
      }
      term.alone = alone;
      this.#nextUs = Math.min(this.#nextUs, term.deadlineUs);
    }
  }

  #supportersOf(leader: NodeId): readonly NodeId[] {
    return this.#quorumsOf(leader).voters.filter(
      (sid) =>
        (sid === leader || this.#follows.get(sid) === leader) &&
        this.#presence.isUp(sid) &&
        this.#presence.reaches(sid, leader),
    );
  }

  /** Until when a quorum supported the leader, each of it up to then or later; −1: it still does. */
  #aloneSince({ leader, supporters, supportedUs }: Term, atUs: number): number {
    if (!this.#presence.isUp(leader)) return -1;
    const tally = this.#quorumsOf(leader).tally();
    for (const sid of supporters) tally.add(sid);
    if (tally.hasQuorum()) return -1;
    for (const [sid, untilUs] of [...supportedUs].sort(([, a], [, b]) => b - a)) {
      tally.add(sid);
      if (tally.hasQuorum()) return untilUs;
    }
    return atUs;
  }

  #allowanceUs(leader: NodeId, atUs: number): number {
    const { tickTimeUs, initLimit, syncLimit, latenessUs = 0, busyUs = 0 } = this.#ensemble;
    const joining = (initLimit + syncLimit) * tickTimeUs;
    let ticks = syncLimit + 1;
    const left = this.#lingers.get(leader) ?? -Infinity;
    let unsynced = atUs - left < joining;
    for (const [sid, follows] of this.#follows) {
      if (follows === leader && !this.#synced.has(sid)) unsynced = true;
    }
    if (unsynced) ticks += initLimit;
    // The last sign of life, and the timer of the leader's loop.
    return Math.round(ticks * tickTimeUs * 1.2) + tickTimeUs + 2 * (latenessUs + busyUs);
  }

  #judge(atUs: number): void {
    for (const term of this.#terms) {
      if (atUs <= term.deadlineUs) continue;
      term.deadlineUs = Infinity;
      this.#accuse({
        invariant: 'quorumless-leader-resigns',
        tier: 2,
        servers: [term.leader],
        rule: 'a leader without a quorum did not resign',
        message: `${term.leader} leads epoch ${term.epoch}, no quorum from ${term.alone} µs to ${atUs} µs`,
      });
    }
    this.#nextUs = Infinity;
    for (const term of this.#terms) this.#nextUs = Math.min(this.#nextUs, term.deadlineUs);
  }
}
