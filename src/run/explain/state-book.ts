import type { Zxid } from '../../core/zxid.ts';
import type { TraceEvent } from '../../node/facts.ts';
import type { NodeId } from '../../node/ids.ts';

/** What is known of a server at some time, from its testimony; −1 for what is not known. */
export interface ServerView {
  readonly server: NodeId;
  readonly role: string;
  readonly acceptedEpoch: number;
  readonly currentEpoch: number;
  /** The last transaction in its log that is durable. */
  readonly logged: Zxid | -1;
  readonly committed: Zxid | -1;
  readonly applied: Zxid | -1;
}

const UNKNOWN = {
  role: 'off',
  acceptedEpoch: -1,
  currentEpoch: -1,
  logged: -1,
  committed: -1,
  applied: -1,
} as const;

/** Keeps account of what servers say of themselves. */
export class StateBook {
  readonly #views = new Map<NodeId, ServerView>();

  observe(event: TraceEvent): void {
    if (!('server' in event)) return;
    const change = changeOf(event);
    if (change === undefined) return;
    const view = this.#views.get(event.server) ?? { server: event.server, ...UNKNOWN };
    this.#views.set(event.server, { ...view, ...change });
  }

  view(server: NodeId): ServerView {
    return this.#views.get(server) ?? { server, ...UNKNOWN };
  }
}

function changeOf(event: TraceEvent): Partial<ServerView> | undefined {
  switch (event.kind) {
    case 'restarted':
      return { role: 'starting', committed: -1, applied: -1 };
    case 'crashed':
      return { role: 'down' };
    case 'paused':
      return { role: 'paused' };
    case 'wiped':
      return { acceptedEpoch: -1, currentEpoch: -1, logged: -1 };
    case 'looking':
      return { role: 'looking' };
    case 'leader-elected':
      return { role: 'elected' };
    case 'leader-followed':
      return { role: `joining ${event.leader}` };
    case 'leader-established':
      return { role: `leading ${event.epoch}` };
    case 'follower-synced':
      return { role: `with ${event.leader}` };
    case 'epoch-accepted':
      return { acceptedEpoch: event.epoch };
    case 'epoch-adopted':
      return { currentEpoch: event.epoch };
    case 'recovered':
      return { logged: event.zxid, applied: event.zxid };
    case 'txn-logged':
    case 'log-truncated':
      return { logged: event.zxid };
    case 'snapshot-installed':
      return { logged: event.zxid, applied: event.zxid };
    case 'txn-committed':
      return { committed: event.zxid };
    case 'txn-applied':
      return { applied: event.zxid };
    case 'fast-forwarded':
      return { applied: event.zxid };
    default:
      return undefined;
  }
}
