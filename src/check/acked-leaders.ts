import type { Moment, TraceEvent } from '../node/facts.ts';
import type { NodeId } from '../node/ids.ts';
import type { Configurations } from './configurations.ts';
import { LateMessages } from './late-messages.ts';
import type { Accuse, EnsembleFacts, Monitor } from './monitor.ts';
import { Presence } from './presence.ts';

/** A leader that synchronizes its learners, and does not serve yet. */
interface Candidacy {
  readonly leader: NodeId;
  readonly epoch: number;
  /** Who acked NEWLEADER, and has not gone since. */
  readonly acked: Set<NodeId>;
  /** Since when those who acked, run and reach it are a quorum; −1 while they are not. */
  sinceUs: number;
}

/** The part of its time for which a learner has waited then for a leader that says nothing. */
const PATIENCE = 0.8;

/**
 * L-5 `acked-leader-serves`: a leader serves soon after it and a quorum with it have acked its NEWLEADER: it
 * has nothing else to wait for. It gives up after initLimit, and its learners after syncLimit: the bound is
 * half of the one, or most of the other. The acks must have been able to reach it: whoever goes, pauses or is
 * cut off does not count, and the bound begins anew when messages that were late on purpose are in time
 * again. Source: Leader.waitForNewLeaderAck; ZOOKEEPER-1144.
 */
export class AckedLeaders implements Monitor {
  readonly invariants: readonly string[] = ['acked-leader-serves'];
  readonly source = 'Leader.waitForNewLeaderAck; ZOOKEEPER-1144';
  readonly observes: readonly TraceEvent['kind'][] = [
    'restarted',
    'crashed',
    'paused',
    'resumed',
    'reachable',
    'looking',
    'leader-synchronizing',
    'new-leader-acked',
    'leader-established',
    'leader-left',
    'leader-resigned',
    'fault-fired',
    'fault-ended',
  ];
  readonly #configurations: Configurations;
  readonly #accuse: Accuse;
  readonly #boundUs: number;
  readonly #presence = new Presence();
  readonly #late: LateMessages;
  /** By leader. */
  readonly #candidacies = new Map<NodeId, Candidacy>();
  #nextUs = Infinity;

  constructor(ensemble: EnsembleFacts, accuse: Accuse, configurations: Configurations) {
    const { tickTimeUs, initLimit, syncLimit, latenessUs = 0, busyUs = 0, slowUs } = ensemble;
    this.#late = new LateMessages(slowUs, true);
    this.#configurations = configurations;
    this.#accuse = accuse;
    this.#boundUs = Math.min(initLimit / 2, PATIENCE * syncLimit) * tickTimeUs + 2 * (latenessUs + busyUs);
  }

  observe(event: TraceEvent, { atUs }: Moment): void {
    if (atUs > this.#nextUs) this.#judge(atUs);
    if (this.#presence.observe(event)) {
      if (event.kind === 'crashed') this.#leave(event.server);
      // What could not be sent before comes now.
      else if (event.kind === 'reachable' || event.kind === 'resumed') this.#restart();
    } else if (event.kind === 'fault-fired' || event.kind === 'fault-ended') {
      if (this.#late.observe(event, atUs)) this.#restart();
    } else this.#onRole(event);
    if (this.#candidacies.size > 0) this.#recount(atUs);
  }

  finish(atUs: number): void {
    this.#judge(atUs);
  }

  #onRole(event: TraceEvent): void {
    switch (event.kind) {
      case 'leader-synchronizing':
        this.#candidacies.set(event.server, {
          leader: event.server,
          epoch: event.epoch,
          acked: new Set(),
          sinceUs: -1,
        });
        return;
      case 'new-leader-acked': {
        const candidacy = this.#candidacies.get(event.leader);
        if (candidacy?.epoch === event.epoch) candidacy.acked.add(event.server);
        return;
      }
      case 'leader-established':
      case 'leader-resigned':
        this.#candidacies.delete(event.server);
        return;
      case 'looking':
      case 'leader-left':
        this.#leave(event.server);
        return;
      default:
    }
  }

  #leave(server: NodeId): void {
    this.#candidacies.delete(server);
    for (const { acked } of this.#candidacies.values()) acked.delete(server);
  }

  #restart(): void {
    for (const candidacy of this.#candidacies.values()) candidacy.sinceUs = -1;
  }

  #recount(atUs: number): void {
    this.#nextUs = Infinity;
    for (const candidacy of this.#candidacies.values()) {
      if (!this.#isAcked(candidacy)) candidacy.sinceUs = -1;
      else if (candidacy.sinceUs < 0) candidacy.sinceUs = Math.max(atUs, this.#late.overUs);
      if (candidacy.sinceUs >= 0) this.#nextUs = Math.min(this.#nextUs, candidacy.sinceUs + this.#boundUs);
    }
  }

  #isAcked({ leader, acked }: Candidacy): boolean {
    // Its own disk may be slow; it does not serve before its own currentEpoch is there.
    if (!acked.has(leader) || !this.#presence.isUp(leader)) return false;
    const tally = this.#configurations.of(leader).quorums.tally();
    for (const sid of acked) {
      if (this.#presence.isUp(sid) && this.#presence.reaches(sid, leader)) tally.add(sid);
    }
    return tally.hasQuorum();
  }

  #judge(atUs: number): void {
    for (const candidacy of this.#candidacies.values()) {
      const { leader, epoch, sinceUs } = candidacy;
      if (sinceUs < 0 || atUs <= sinceUs + this.#boundUs) continue;
      this.#candidacies.delete(leader);
      this.#accuse({
        invariant: 'acked-leader-serves',
        tier: 2,
        servers: [leader],
        rule: 'a leader that a quorum has acked did not begin to serve',
        message: `${leader} does not lead epoch ${epoch} at ${atUs} µs, though acked at ${sinceUs} µs`,
      });
    }
    this.#nextUs = Infinity;
  }
}
