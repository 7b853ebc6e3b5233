import { LOST_QUORUM, type Moment, SUPPORTER_LOOKS, type TraceEvent } from '../node/facts.ts';
import type { NodeId } from '../node/ids.ts';
import type { Configurations } from './configurations.ts';
import { FaultsInForce } from './faults-in-force.ts';
import type { Accuse, EnsembleFacts, Monitor } from './monitor.ts';

/** A learner on its way to its leader. */
interface Join {
  readonly leader: NodeId;
  /** When it decided to follow: it connects later. */
  readonly sinceUs: number;
  /** Whether the leader has begun to bring it up to date. */
  chosen: boolean;
}

/** Faults that only end or begin processes: whom a leader hears, it goes on to hear. */
const OF_PROCESSES: ReadonlySet<string> = new Set(['crash', 'restart', 'start', 'stop']);

/** The leader's clock may be fast, and its loop looks every tick. */
const SLACK = 0.9;

/**
 * `supported-leader-stays`: a leader does not give up for want of followers while it brings a quorum up to
 * date. A learner counts from its connection on, for initLimit and syncLimit together, and once it was heard,
 * for syncLimit from then on: who decided to follow less than syncLimit − 1 ticks ago counts in any case.
 * Links that a fault may have broken count for nothing: the leader may know before the learner does. And
 * one that is established does not give up since a server looks that once voted for it: every restart of a
 * follower would cost an election. Source: LearnerHandler.synced, tickOfNextAckDeadline; ZOOKEEPER-1697,
 * -3109.
 */
export class SupportedLeaders implements Monitor {
  readonly invariants: readonly string[] = ['supported-leader-stays'];
  readonly source = 'LearnerHandler.synced; ZOOKEEPER-1697, -3109';
  readonly observes: readonly TraceEvent['kind'][] = [
    'restarted',
    'crashed',
    'looking',
    'leader-followed',
    'sync-chosen',
    'leader-left',
    'leader-established',
    'leader-resigned',
    'fault-fired',
    'fault-ended',
  ];
  readonly #configurations: Configurations;
  readonly #accuse: Accuse;
  readonly #countsForUs: number;
  readonly #faults = new FaultsInForce();
  /** By learner. */
  readonly #joins = new Map<NodeId, Join>();
  /** By leader: the last epoch that it was established in. */
  readonly #terms = new Map<NodeId, number>();

  constructor({ tickTimeUs, syncLimit }: EnsembleFacts, accuse: Accuse, configurations: Configurations) {
    this.#configurations = configurations;
    this.#accuse = accuse;
    this.#countsForUs = SLACK * (syncLimit - 1) * tickTimeUs;
  }

  observe(event: TraceEvent, { atUs }: Moment): void {
    switch (event.kind) {
      case 'leader-followed':
        this.#joins.set(event.server, { leader: event.leader, sinceUs: atUs, chosen: false });
        return;
      case 'sync-chosen': {
        const join = this.#joins.get(event.learner);
        if (join?.leader === event.server) join.chosen = true;
        return;
      }
      case 'restarted':
      case 'crashed':
      case 'looking':
      case 'leader-left':
        this.#joins.delete(event.server);
        return;
      case 'leader-resigned':
        if (event.because === LOST_QUORUM) this.#onResigned(event.server, event.epoch, atUs);
        if (event.because === SUPPORTER_LOOKS) this.#onLooking(event.server, event.epoch);
        return;
      case 'leader-established':
        this.#terms.set(event.server, event.epoch);
        return;
      case 'fault-fired':
      case 'fault-ended':
        this.#faults.observe(event);
        if (event.kind === 'fault-ended' || !OF_PROCESSES.has(event.verb)) this.#joins.clear();
        return;
      default:
    }
  }

  #onLooking(leader: NodeId, epoch: number): void {
    if (this.#terms.get(leader) !== epoch) return;
    this.#accuse({
      invariant: 'supported-leader-stays',
      tier: 2,
      servers: [leader],
      rule: 'a leader that was established gave up since a supporter looked',
      message: `${leader} resigned from epoch ${epoch}, which it was established in`,
    });
  }

  #onResigned(leader: NodeId, epoch: number, atUs: number): void {
    if (this.#faults.any) return;
    const tally = this.#configurations.of(leader).quorums.tally();
    tally.add(leader);
    const joining: NodeId[] = [];
    for (const [sid, join] of this.#joins) {
      if (join.leader !== leader || !join.chosen || atUs - join.sinceUs > this.#countsForUs) continue;
      tally.add(sid);
      joining.push(sid);
    }
    if (!tally.hasQuorum()) return;
    this.#accuse({
      invariant: 'supported-leader-stays',
      tier: 2,
      servers: [leader],
      rule: 'a leader gave up that was bringing a quorum up to date',
      message: `${leader} resigned from epoch ${epoch}; ${joining.join(', ')} had just come to it`,
    });
  }
}
