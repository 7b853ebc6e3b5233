import { LOST_QUORUM, type Moment, type TraceEvent } from '../node/facts.ts';
import type { NodeId } from '../node/ids.ts';
import type { Configurations } from './configurations.ts';
import { FaultsInForce } from './faults-in-force.ts';
import type { Accuse, EnsembleFacts, Monitor } from './monitor.ts';
import { Presence } from './presence.ts';

/** A learner in sync with its leader. */
interface Heard {
  readonly leader: NodeId;
  /** When its ack of UPTODATE has come: that of NEWLEADER does not count (LearnerHandler.run). */
  readonly heardUs: number;
  /** Since when it cannot be heard; ∞: it can. */
  silentUs: number;
}

/** Faults of which the world tells whom nobody hears any more, and since when; they delay nothing else. */
const SILENCING: ReadonlySet<string> = new Set(['pause', 'partition', 'isolate', 'cut']);

/** Faults that only end or begin processes: whoever ends is known to have ended. */
const OF_PROCESSES: ReadonlySet<string> = new Set(['crash', 'restart', 'start', 'stop']);

/** The leader's clock may be fast. */
const SLACK = 0.9;

/**
 * `supported-leader-stays`, of a leader whose learners have fallen silent: each of them counts for syncLimit
 * ticks from when it was heard last, which was half a tick before or later. A leader that counts them for
 * less gives up at every short pause. Where anything else may have broken or delayed a connection, its
 * learner counts for nothing. Source: LearnerHandler.tickOfNextAckDeadline, Leader.lead.
 */
export class PatientLeaders implements Monitor {
  readonly invariants: readonly string[] = [];
  readonly source = 'LearnerHandler.tickOfNextAckDeadline';
  readonly observes: readonly TraceEvent['kind'][] = [
    'restarted',
    'crashed',
    'paused',
    'resumed',
    'reachable',
    'looking',
    'follower-synced',
    'leader-left',
    'leader-resigned',
    'fault-fired',
    'fault-ended',
  ];
  readonly #configurations: Configurations;
  readonly #accuse: Accuse;
  readonly #countsForUs: number;
  /** From one server to what another does with it, at most. */
  readonly #wayUs: number;
  readonly #presence = new Presence();
  /** But for those that silence somebody. */
  readonly #faults = new FaultsInForce();
  /** By learner. */
  readonly #heard = new Map<NodeId, Heard>();

  constructor(ensemble: EnsembleFacts, accuse: Accuse, configurations: Configurations) {
    const { tickTimeUs, syncLimit, hopUs = 0, latenessUs = 0, busyUs = 0 } = ensemble;
    this.#configurations = configurations;
    this.#accuse = accuse;
    this.#wayUs = hopUs + latenessUs + busyUs;
    this.#countsForUs = SLACK * (syncLimit - 0.5) * tickTimeUs - 2 * this.#wayUs;
  }

  observe(event: TraceEvent, { atUs }: Moment): void {
    this.#presence.observe(event);
    switch (event.kind) {
      case 'follower-synced':
        this.#onSynced(event.server, event.leader, atUs);
        return;
      case 'paused':
        this.#silence(event.server, atUs);
        this.#forgetLearnersOf(event.server);
        return;
      case 'resumed':
      case 'restarted':
      case 'crashed':
      case 'looking':
      case 'leader-left':
        this.#heard.delete(event.server);
        return;
      case 'reachable':
        this.#onReachable(event.from, event.to, event.reachable, atUs);
        return;
      case 'leader-resigned':
        if (event.because === LOST_QUORUM) this.#onResigned(event.server, event.epoch, atUs);
        return;
      case 'fault-fired':
      case 'fault-ended':
        if (SILENCING.has(event.verb)) return;
        this.#faults.observe(event);
        if (!OF_PROCESSES.has(event.verb)) this.#heard.clear();
        return;
      default:
    }
  }

  /** One that is cut off by now was heard before, and nobody knows when. */
  #onSynced(learner: NodeId, leader: NodeId, atUs: number): void {
    if (this.#faults.any || !this.#presence.connected(learner, leader)) return;
    this.#heard.set(learner, { leader, heardUs: atUs + this.#wayUs, silentUs: Infinity });
  }

  #silence(learner: NodeId, atUs: number): void {
    const heard = this.#heard.get(learner);
    if (heard !== undefined) heard.silentUs = Math.min(heard.silentUs, atUs);
  }

  #forgetLearnersOf(leader: NodeId): void {
    for (const [learner, heard] of this.#heard) if (heard.leader === leader) this.#heard.delete(learner);
  }

  /** What was held up comes later: nobody knows when. Who hears no PING answers none. */
  #onReachable(from: NodeId, to: NodeId, reachable: boolean, atUs: number): void {
    for (const [learner, leader] of [
      [from, to],
      [to, from],
    ] as const) {
      if (this.#heard.get(learner)?.leader !== leader) continue;
      if (reachable) this.#heard.delete(learner);
      else this.#silence(learner, atUs);
    }
  }

  #onResigned(leader: NodeId, epoch: number, atUs: number): void {
    if (this.#faults.any || this.#countsForUs <= 0) return;
    const tally = this.#configurations.of(leader).quorums.tally();
    tally.add(leader);
    for (const [learner, heard] of this.#heard) {
      if (heard.leader !== leader || atUs < heard.heardUs) continue;
      if (atUs - heard.silentUs < this.#countsForUs) tally.add(learner);
    }
    if (!tally.hasQuorum()) return;
    this.#accuse({
      invariant: 'supported-leader-stays',
      tier: 2,
      servers: [leader],
      rule: 'a leader gave up that had heard a quorum within syncLimit',
      message: `${leader} resigned from epoch ${epoch}; it had heard a quorum within ${this.#countsForUs} µs`,
    });
  }
}
