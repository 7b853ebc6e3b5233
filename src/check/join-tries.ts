import type { Moment, TraceEvent } from '../node/facts.ts';
import { MAX_SID, type NodeId } from '../node/ids.ts';
import { FaultsInForce } from './faults-in-force.ts';
import { LateMessages } from './late-messages.ts';
import type { Accuse, EnsembleFacts, Monitor } from './monitor.ts';

/** So often a server may fail to join a leader that serves, though nothing disturbs it. */
const TRIES = 5;

/**
 * L-6 `joins-settle`: a server is not thrown back again and again by a leader that serves, in a time without
 * faults: three tries of an election, a discovery and a synchronization are what liveness allows for, and the
 * ends of a disturbance may cost some more. A try counts from ACKEPOCH on: whose acceptedEpoch is ahead of
 * the leader's epoch is locked out, as in ZooKeeper. Not judged where things are late on purpose. Source:
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
  readonly #tries = new Int32Array(MAX_SID + 1);
  /** By server: the leader whose epoch it has acked, and with which it is not in sync yet; 0: none. */
  readonly #joins = new Uint16Array(MAX_SID + 1);

  constructor({ latenessUs = 0, slowUs }: EnsembleFacts, accuse: Accuse) {
    this.#late = new LateMessages(slowUs, true);
    this.#accuse = accuse;
    this.#judged = latenessUs === 0;
  }

  observe(event: TraceEvent, { atUs }: Moment): void {
    switch (event.kind) {
      case 'leader-left':
        if (this.#joins[event.server] === event.leader) this.#onThrownBack(event.server, event.leader, atUs);
        this.#joins[event.server] = 0;
        return;
      case 'epoch-acked':
        this.#joins[event.server] = event.leader;
        return;
      case 'follower-synced':
        this.#joins[event.server] = 0;
        this.#tries[event.server] = 0;
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
        break;
      case 'fault-fired':
      case 'fault-ended':
        this.#late.observe(event, atUs);
        this.#faults.observe(event);
        break;
      default:
    }
    this.#tries.fill(0);
  }

  #onThrownBack(server: NodeId, leader: NodeId, atUs: number): void {
    if (!this.#judged || this.#faults.any || atUs < this.#late.overUs) return;
    if (!this.#leaders.has(leader)) return;
    const tries = (this.#tries[server] ?? 0) + 1;
    this.#tries[server] = tries;
    if (tries !== TRIES + 1) return;
    this.#accuse({
      invariant: 'joins-settle',
      tier: 2,
      servers: [server],
      rule: 'a server is thrown back again and again while it is synced',
      message: `${server} left ${leader}, which serves, for the ${tries}th time since the last disturbance`,
    });
  }
}
