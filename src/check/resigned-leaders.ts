import type { Moment, TraceEvent } from '../node/facts.ts';
import type { NodeId } from '../node/ids.ts';
import { FaultsInForce } from './faults-in-force.ts';
import { LateMessages } from './late-messages.ts';
import type { Accuse, EnsembleFacts, Monitor } from './monitor.ts';
import { Presence } from './presence.ts';

/** A learner that has to hear that its leader has resigned. */
interface Waiting {
  readonly leader: NodeId;
  readonly deadlineUs: number;
}

/** Faults that break no connection in silence, and keep nobody from hearing that one is closed. */
const HARMLESS: ReadonlySet<string> = new Set('crash stop start restart failSync ask'.split(' '));

/** The connection is closed, the learner hears of it, and its threads end. */
const HOPS = 6;
/** A hop when nothing is known of the world. */
const HOP_US = 50_000;
/** How often it syncs what it was still logging. */
const FLUSHES = 2;
/** The same where its log is rolled every few records: it syncs file by file. */
const FLUSHES_OF_ROLLS = 6;
/** What few are, in transactions between two snapshots. */
const FEW = 100;
/** What a sync takes when nothing is known of its disk. */
const FLUSH_US = 100_000;

/**
 * `resigned-leader-lets-go`: a leader that resigns closes the connections of its learners as soon as what it
 * was still logging is on its disk, and whoever followed it leaves, and does not wait in vain for syncLimit.
 * Nothing is asked while a fault may be in the way, or as long after one as a connection may be broken that
 * nobody has missed, or messages be late; nor of who is down or out of reach. Source: Leader.shutdown,
 * LearnerHandler.shutdown.
 */
export class ResignedLeaders implements Monitor {
  readonly invariants: readonly string[] = ['resigned-leader-lets-go'];
  readonly source = 'Leader.shutdown';
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
    'fault-fired',
    'fault-ended',
  ];
  readonly #accuse: Accuse;
  readonly #boundUs: number;
  readonly #presence = new Presence();
  readonly #late: LateMessages;
  readonly #silenceUs: number;
  readonly #faults = new FaultsInForce();
  /** When a fault began or ended last that may be in the way. */
  #faultUs = -Infinity;
  /** By learner in sync: whom it follows. */
  readonly #follows = new Map<NodeId, NodeId>();
  readonly #waiting = new Map<NodeId, Waiting>();

  constructor(ensemble: EnsembleFacts, accuse: Accuse) {
    const { hopUs = HOP_US, flushUs = FLUSH_US, latenessUs = 0, busyUs = 0, slowSyncUs = 0 } = ensemble;
    const flushes = (ensemble.snapCount ?? Infinity) < FEW ? FLUSHES_OF_ROLLS : FLUSHES;
    this.#accuse = accuse;
    this.#late = new LateMessages(ensemble.slowUs, true);
    this.#silenceUs = (ensemble.syncLimit + 1) * ensemble.tickTimeUs + slowSyncUs;
    this.#boundUs = HOPS * hopUs + flushes * flushUs + 2 * (latenessUs + busyUs);
  }

  observe(event: TraceEvent, { atUs }: Moment): void {
    if (this.#waiting.size > 0) this.#judge(atUs);
    if (this.#presence.observe(event)) {
      if (event.kind === 'crashed' || event.kind === 'restarted') this.#leave(event.server);
      else this.#waiting.clear();
      return;
    }
    switch (event.kind) {
      case 'follower-synced':
        this.#follows.set(event.server, event.leader);
        return;
      case 'looking':
      case 'leader-followed':
      case 'leader-left':
        this.#leave(event.server);
        return;
      case 'leader-resigned':
        this.#onResigned(event.server, atUs);
        return;
      case 'fault-fired':
      case 'fault-ended':
        if (HARMLESS.has(event.verb)) return;
        this.#late.observe(event, atUs);
        this.#faults.observe(event);
        this.#faultUs = atUs;
        this.#waiting.clear();
        return;
      default:
    }
  }

  finish(atUs: number): void {
    this.#judge(atUs);
  }

  #leave(server: NodeId): void {
    this.#follows.delete(server);
    this.#waiting.delete(server);
  }

  #onResigned(leader: NodeId, atUs: number): void {
    if (this.#faults.any || atUs < this.#late.overUs || atUs - this.#faultUs < this.#silenceUs) return;
    const deadlineUs = atUs + this.#boundUs;
    for (const [sid, follows] of this.#follows) {
      if (follows === leader && this.#presence.isUp(sid) && this.#presence.connected(sid, leader))
        this.#waiting.set(sid, { leader, deadlineUs });
    }
  }

  #judge(atUs: number): void {
    for (const [sid, { leader, deadlineUs }] of this.#waiting) {
      if (atUs <= deadlineUs) continue;
      this.#waiting.delete(sid);
      this.#accuse({
        invariant: 'resigned-leader-lets-go',
        tier: 2,
        servers: [leader, sid],
        rule: 'a learner still follows a leader that has resigned',
        message: `${sid} follows ${leader}, which resigned ${this.#boundUs} µs and more ago`,
      });
    }
  }
}
