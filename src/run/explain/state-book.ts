import type { Zxid } from '../../core/zxid.ts';
import type { TraceEvent } from '../../node/facts.ts';
import type { NodeId } from '../../node/ids.ts';

/** What is known of a server at some time, from its testimony; −1 for what is not known. */
export interface ServerView {
  readonly server: NodeId;
  readonly role: string;
  /** What it says. */
  readonly acceptedEpoch: number;
  readonly currentEpoch: number;
  /** What is durable of that. */
  readonly acceptedOnDisk: number;
  readonly currentOnDisk: number;
  /** The last transaction that is durable, in its log or in a snapshot. */
  readonly logged: Zxid | -1;
  readonly committed: Zxid | -1;
  readonly applied: Zxid | -1;
}

const UNKNOWN = {
  role: 'off',
  acceptedEpoch: -1,
  currentEpoch: -1,
  acceptedOnDisk: -1,
  currentOnDisk: -1,
  logged: -1,
  committed: -1,
  applied: -1,
} as const;

/** Keeps account of what servers say of themselves, and of what the world says that is durable of it. */
export class StateBook {
  readonly #views = new Map<NodeId, ServerView>();
  /** By server and file: the position of the last record in it, durable or not. */
  readonly #written = new Map<string, number>();

  observe(event: TraceEvent): void {
    if (!('server' in event)) return;
    const before = this.view(event.server);
    const change = this.#onDisk(event, before) ?? changeOf(event, before);
    if (change !== undefined) this.#views.set(event.server, { ...before, ...change });
  }

  view(server: NodeId): ServerView {
    return this.#views.get(server) ?? { server, ...UNKNOWN };
  }

  #onDisk(event: TraceEvent, { logged }: ServerView): Partial<ServerView> | undefined {
    switch (event.kind) {
      case 'found':
      case 'appended':
      case 'replaced':
        this.#written.set(`${event.server} ${event.file}`, event.position);
        return {};
      case 'synced': {
        const position = this.#written.get(`${event.server} ${event.file}`) ?? -1;
        if (event.file === 'acceptedEpoch') return { acceptedOnDisk: position };
        if (event.file === 'currentEpoch') return { currentOnDisk: position };
        return event.file.startsWith('snapshot.') && position > logged ? { logged: position as Zxid } : {};
      }
      default:
        return undefined;
    }
  }
}

function changeOf(event: TraceEvent, before: ServerView): Partial<ServerView> | undefined {
  switch (event.kind) {
    case 'restarted':
      return {
        role: 'starting',
        acceptedEpoch: before.acceptedOnDisk,
        currentEpoch: before.currentOnDisk,
        committed: -1,
        applied: -1,
      };
    case 'crashed':
      return { role: 'down' };
    case 'paused':
      return { role: 'paused' };
    case 'wiped':
      return { acceptedEpoch: -1, currentEpoch: -1, acceptedOnDisk: -1, currentOnDisk: -1, logged: -1 };
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
      return { applied: event.zxid };
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
