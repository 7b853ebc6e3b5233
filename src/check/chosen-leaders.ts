import type { Zxid } from '../core/zxid.ts';
import type { Moment, TraceEvent } from '../node/facts.ts';
import type { NodeId } from '../node/ids.ts';
import type { Configurations } from './configurations.ts';
import { FaultsInForce } from './faults-in-force.ts';
import { LateMessages } from './late-messages.ts';
import type { Accuse, EnsembleFacts, Monitor } from './monitor.ts';
import { Presence } from './presence.ts';

type Vote = Extract<TraceEvent, { kind: 'looking' | 'vote-changed' }>;

/** What a follower tells who asks it. */
interface Choice {
  readonly sid: NodeId;
  readonly round: number;
  readonly leader: NodeId;
  readonly zxid: Zxid;
  /** The leader's when it was chosen; that in which the follower serves when it does. */
  readonly peerEpoch: number;
}

/** A server that looks for a leader and votes for itself. */
interface Candidacy {
  readonly vote: Vote;
  /** When it began to look: it asks again at intervals that double. */
  readonly lookingUs: number;
  /** Since when a quorum has chosen it, runs, and is in touch with it; −1 while there is none. */
  sinceUs: number;
  /** Whether a fault may have lost what it asked first. */
  isDisturbed: boolean;
}

/** How long it may wait for better votes before it decides, and when it first asks again. */
const FINALIZE_WAIT_US = 200_000;

/** Two connections are made, one by whoever has the higher id; then it asks, and they answer. */
const HOPS = 12;

/** A hop when nothing is known of the world. */
const HOP_US = 50_000;

/** It may find a connection gone when it asks, and a second time an answer that had no connection. */
const QUESTIONS = 3;

/**
 * For how long others may still be connecting to who had no power, and then say all again: this, or two
 * cnxTimeouts.
 */
const CONNECTING_US = 10_000_000;

/**
 * L-1 `chosen-leader-leads`: a server that looks for a leader and votes for itself leads soon after a quorum
 * has decided for it, in its round: it need but ask them, and they answer with what they decided. They wait
 * for less than a second (Learner.connectToLeader), so the bound has to be tight. Who goes, pauses or is cut
 * off does not count, nothing counts while a fault is in force, and the bound begins anew with each fault and
 * when messages that were late on purpose are in time again. Source: FastLeaderElection.lookForLeader,
 * checkLeader; ZOOKEEPER-480.
 */
export class ChosenLeaders implements Monitor {
  readonly invariants: readonly string[] = ['chosen-leader-leads'];
  readonly source = 'FastLeaderElection.lookForLeader; ZOOKEEPER-480';
  readonly observes: readonly TraceEvent['kind'][] = [
    'restarted',
    'crashed',
    'paused',
    'resumed',
    'reachable',
    'looking',
    'vote-changed',
    'leader-elected',
    'leader-followed',
    'follower-synced',
    'leader-left',
    'fault-fired',
    'fault-ended',
  ];
  readonly #configurations: Configurations;
  readonly #accuse: Accuse;
  readonly #patienceUs: number;
  readonly #connectingUs: number;
  readonly #presence = new Presence();
  readonly #late: LateMessages;
  readonly #faults = new FaultsInForce();
  readonly #candidacies = new Map<NodeId, Candidacy>();
  /** Voters that look for a leader: who does not vote asks, too, but is not heard in an election. */
  readonly #looking = new Set<NodeId>();
  readonly #choices = new Map<NodeId, Choice>();
  /** Who leads, or believes it does. */
  readonly #leading = new Set<NodeId>();
  /** Who lost power last: others close its old connections only later, and then say again what they said. */
  readonly #halfOpen = new Set<NodeId>();
  /** When those came back who had lost power. */
  readonly #poweredUs = new Map<NodeId, number>();
  #nextUs = Infinity;

  constructor(ensemble: EnsembleFacts, accuse: Accuse, configurations: Configurations) {
    const { hopUs = HOP_US, slowUs, cnxTimeoutUs = 0 } = ensemble;
    this.#late = new LateMessages(slowUs, true);
    this.#configurations = configurations;
    this.#accuse = accuse;
    this.#patienceUs = FINALIZE_WAIT_US + HOPS * hopUs;
    this.#connectingUs = Math.max(CONNECTING_US, 2 * cnxTimeoutUs);
  }

  observe(event: TraceEvent, { atUs }: Moment): void {
    if (atUs > this.#nextUs) this.#judge(atUs);
    if (this.#presence.observe(event)) this.#onProcess(event, atUs);
    else if (event.kind === 'fault-fired' || event.kind === 'fault-ended') {
      this.#late.observe(event, atUs);
      this.#faults.observe(event);
      // Who was down does not go down, but nobody can connect to it any more.
      if (event.kind === 'fault-fired' && event.verb === 'powerCut')
        for (const server of event.servers) this.#halfOpen.add(server);
      this.#restart();
    } else this.#onElection(event, atUs);
    if (this.#candidacies.size > 0) this.#recount(atUs);
  }

  finish(atUs: number): void {
    this.#judge(atUs);
  }

  #onProcess(event: TraceEvent, atUs: number): void {
    // Who comes or goes may have asked just before, and what it said is still on its way.
    if (event.kind === 'crashed' || event.kind === 'restarted') this.#candidacies.clear();
    if (event.kind === 'crashed') {
      this.#forget(event.server);
      if (event.how === 'power-cut') this.#halfOpen.add(event.server);
      else this.#halfOpen.delete(event.server);
    } else if (event.kind === 'restarted') {
      if (this.#halfOpen.has(event.server)) this.#poweredUs.set(event.server, atUs);
    } else if (event.kind !== 'paused') {
      // What could not be sent before comes now.
      this.#restart();
    }
  }

  #onElection(event: TraceEvent, atUs: number): void {
    switch (event.kind) {
      case 'looking':
        this.#forget(event.server);
        if (this.#configurations.everVotes(event.server)) this.#looking.add(event.server);
        this.#vote(event, atUs);
        return;
      case 'vote-changed':
        this.#changeVote(event);
        return;
      case 'leader-followed':
        this.#forget(event.server);
        this.#choices.set(event.server, {
          sid: event.server,
          round: event.electionEpoch,
          leader: event.leader,
          zxid: event.zxid,
          peerEpoch: event.peerEpoch,
        });
        return;
      case 'follower-synced': {
        const choice = this.#choices.get(event.server);
        if (choice !== undefined) this.#choices.set(event.server, { ...choice, peerEpoch: event.epoch });
        return;
      }
      case 'leader-elected':
        this.#forget(event.server);
        this.#leading.add(event.server);
        return;
      case 'leader-left':
        this.#forget(event.server);
        return;
      default:
    }
  }

  #changeVote(vote: Vote): void {
    const before = this.#candidacies.get(vote.server);
    if (before !== undefined) this.#vote(vote, before.lookingUs);
  }

  #vote(vote: Vote, lookingUs: number): void {
    const { server, leader } = vote;
    if (leader === server)
      this.#candidacies.set(server, { vote, lookingUs, sinceUs: -1, isDisturbed: false });
    else this.#candidacies.delete(server);
  }

  #forget(server: NodeId): void {
    this.#looking.delete(server);
    this.#candidacies.delete(server);
    this.#choices.delete(server);
    this.#leading.delete(server);
  }

  #restart(): void {
    for (const candidacy of this.#candidacies.values()) {
      candidacy.sinceUs = -1;
      candidacy.isDisturbed = true;
    }
  }

  #recount(atUs: number): void {
    this.#nextUs = Infinity;
    for (const candidacy of this.#candidacies.values()) {
      if (!this.#isChosen(candidacy, atUs)) candidacy.sinceUs = -1;
      else if (candidacy.sinceUs < 0) candidacy.sinceUs = Math.max(atUs, this.#late.overUs);
      if (candidacy.sinceUs >= 0) this.#nextUs = Math.min(this.#nextUs, this.#deadlineUs(candidacy));
    }
  }

  #deadlineUs({ lookingUs, sinceUs, isDisturbed }: Candidacy): number {
    const intervalUs = Math.max(sinceUs - lookingUs, isDisturbed ? FINALIZE_WAIT_US : 0);
    return sinceUs + QUESTIONS * intervalUs + this.#patienceUs;
  }

  /**
   * Its own vote counts with the decisions of the others only if it is the same to the last zxid. As long as
   * anybody else looks, too, and asks, it may have to wait anew for better votes; or whenever somebody
   * answers that leads, or follows, elsewhere: an old leader that nobody follows may have a better one.
   */
  #isChosen({ vote }: Candidacy, atUs: number): boolean {
    const { server, electionEpoch } = vote;
    for (const other of this.#leading) if (this.#presence.connected(other, server)) return false;
    if (this.#halfOpen.has(server)) return false;
    if (atUs - (this.#poweredUs.get(server) ?? -Infinity) < this.#connectingUs) return false;
    if (!this.#presence.isUp(server) || this.#looking.size > 1 || this.#faults.any) return false;
    const tally = this.#configurations.of(server).quorums.tally();
    let ownCounts = true;
    let epoch: number | undefined;
    for (const { sid, round, leader, peerEpoch, zxid } of this.#choices.values()) {
      if (!this.#presence.isUp(sid) || !this.#presence.connected(sid, server)) continue;
      if (leader !== server) return false;
      if (round !== electionEpoch) continue;
      epoch ??= peerEpoch;
      if (peerEpoch !== epoch) return false;
      ownCounts &&= zxid === vote.zxid && peerEpoch === vote.peerEpoch;
      tally.add(sid);
    }
    if (ownCounts) tally.add(server);
    // Whose vote is a quorum by itself may still have to wait for better ones.
    return epoch !== undefined && tally.hasQuorum();
  }

  #judge(atUs: number): void {
    for (const candidacy of this.#candidacies.values()) {
      const { vote, sinceUs } = candidacy;
      const { server, electionEpoch } = vote;
      if (sinceUs < 0 || atUs <= this.#deadlineUs(candidacy)) continue;
      this.#candidacies.delete(server);
      this.#accuse({
        invariant: 'chosen-leader-leads',
        tier: 2,
        servers: [server],
        rule: 'a server looks for a leader though a quorum has chosen it',
        message: `${server} does not lead at ${atUs} µs: round ${electionEpoch} had chosen it at ${sinceUs}`,
      });
    }
    this.#nextUs = Infinity;
  }
}
