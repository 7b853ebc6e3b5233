import type { Moment, TraceEvent } from '../node/facts.ts';
import type { NodeId } from '../node/ids.ts';
import { FaultsInForce } from './faults-in-force.ts';
import { LateMessages } from './late-messages.ts';
import type { Accuse, EnsembleFacts, Monitor } from './monitor.ts';
import { perServer } from './per-server.ts';

/** Messages to and fro within initLimit, and within syncLimit: with less time than that nobody stays. */
const HOPS = 4;

/** So often a server may fail to join a leader that serves, or leave it, while nothing disturbs it. */
const TRIES = 5;

/**
 * L-6 `joins-settle`: in a time without faults a server is not thrown back again and again by a leader that
 * serves, and does not leave it again and again once it is in sync: three tries of an election, a discovery
 * and a synchronization are what liveness allows for, and the ends of a disturbance may cost some more. A try
 * counts from ACKEPOCH on: whose acceptedEpoch is ahead of the leader's epoch is locked out, as in ZooKeeper.
 * An observer whose leader has its hands full with others is sent away as often as it comes.
 * Not judged where things are late on purpose, or servers too far apart, or too slow, for their limits: a
 * leader closes the connection of who acks too late (SyncLimitCheck). Source:
 * LearnerHandler.syncFollower; ZOOKEEPER-4394, -4685.
 */
export class JoinTries implements Monitor {
  readonly invariants: readonly string[] = ['joins-settle'];
  readonly source = 'LearnerHandler.syncFollower; ZOOKEEPER-4394';
  readonly observes: readonly TraceEvent['kind'][] = [
    'restarted',
    'crashed',
    'leader-established',
    'leader-resigned',
    'epoch-acked',
    'sync-refused',
    'follower-synced',
    'leader-left',
    'fault-fired',
    'fault-ended',
  ];
  readonly #accuse: Accuse;
  readonly #judged: boolean;
  readonly #late: LateMessages;
  readonly #faults = new FaultsInForce();
  /** Servers that serve as leaders. */
  readonly #leaders = new Set<NodeId>();
  /** By server: how often it was thrown back since the last disturbance. */
  readonly #tries: Float64Array;
  /** By server: how often it left the leader that it was in sync with since the last disturbance. */
  readonly #leaves: Float64Array;
  /** By server: the leader that it is in sync with; 0: none. */
  readonly #follows: Float64Array;
  /** By server: the leader whose epoch it has acked, and with which it is not in sync yet; 0: none. */
  readonly #joins: Float64Array;

  constructor(ensemble: EnsembleFacts, accuse: Accuse) {
    const { latenessUs = 0, slowUs, hopUs = 0, flushUs = 0, tickTimeUs } = ensemble;
    const limitUs = Math.min(ensemble.initLimit, ensemble.syncLimit) * tickTimeUs;
    this.#late = new LateMessages(slowUs, true);
    this.#accuse = accuse;
    this.#tries = perServer(ensemble.servers);
    this.#leaves = perServer(ensemble.servers);
    this.#follows = perServer(ensemble.servers);
    this.#joins = perServer(ensemble.servers);
    this.#judged = latenessUs === 0 && limitUs >= HOPS * hopUs + flushUs;
  }

  observe(event: TraceEvent, { atUs }: Moment): void {
    switch (event.kind) {
      case 'leader-left':
        this.#onLeft(event.server, event.leader, atUs);
        return;
      case 'epoch-acked':
        this.#joins[event.server] = event.leader;
        return;
      case 'sync-refused':
        this.#joins[event.learner] = 0;
        return;
      case 'follower-synced':
        this.#joins[event.server] = 0;
        this.#tries[event.server] = 0;
        this.#follows[event.server] = event.leader;
        return;
      case 'leader-established':
        this.#leaders.add(event.server);
        break;
      case 'leader-resigned':
        this.#leaders.delete(event.server);
        break;
      case 'crashed':
        this.#leaders.delete(event.server);
        this.#joins[event.server] = 0;
        this.#follows[event.server] = 0;
        break;
      case 'fault-fired':
      case 'fault-ended':
        this.#late.observe(event, atUs);
        this.#faults.observe(event);
        break;
      default:
    }
    this.#tries.fill(0);
    this.#leaves.fill(0);
  }

  #onLeft(server: NodeId, leader: NodeId, atUs: number): void {
    if (this.#joins[server] === leader) {
      this.#count(
        this.#tries,
        server,
        leader,
        atUs,
        'a server is thrown back again and again while it is synced',
      );
    } else if (this.#follows[server] === leader) {
      this.#count(this.#leaves, server, leader, atUs, 'a server in sync leaves its leader again and again');
    }
    this.#joins[server] = 0;
    this.#follows[server] = 0;
  }

  #count(counts: Float64Array, server: NodeId, leader: NodeId, atUs: number, rule: string): void {
    if (!this.#judged || this.#faults.any || atUs < this.#late.overUs) return;
    if (!this.#leaders.has(leader)) return;
    const count = (counts[server] ?? 0) + 1;
    counts[server] = count;
    if (count !== TRIES + 1) return;
    this.#accuse({
      invariant: 'joins-settle',
      tier: 2,
      servers: [server],
      rule,
      message: `${server} left ${leader}, which serves, for the ${count}th time since the last disturbance`,
    });
  }
}
