import type { ClientRequest } from './client-messages.ts';
import type { Multi, Operation, ReadOperation, WriteOperation } from './requests.ts';
import type { WatchOperation } from './watch-requests.ts';

/** What a client sends on an open connection, by the way that it goes. */
export type ClientOperation = ClientRequest['operation'];

const WRITES: ReadonlySet<string> = new Set<WriteOperation['kind']>([
  'create',
  'create2',
  'createContainer',
  'createTTL',
  'delete',
  'deleteContainer',
  'setData',
  'setACL',
  'multi',
  'createSession',
  'closeSession',
  'reconfig',
  'undecodable',
]);

const WATCHING: ReadonlySet<string> = new Set<WatchOperation['kind']>([
  'addWatch',
  'checkWatches',
  'removeWatches',
  'setWatches',
]);

const OTHERS: ReadonlySet<string> = new Set(['ping', 'auth', 'unsupported', 'malformed']);

/** Whether it needs a transaction. Source: CommitProcessor.needCommit. */
export function isWrite(operation: { readonly kind: string }): operation is WriteOperation {
  return WRITES.has(operation.kind);
}

/** The numbers of sync and of a check that stands alone. */
const LEADERS: ReadonlySet<number> = new Set([9, 13]);

/**
 * Whether a leader is needed though it is no write, or none that anybody can read. Source:
 * ReadOnlyRequestProcessor.
 */
export function needsLeader(operation: ClientOperation): boolean {
  return operation.kind === 'sync' || ('opcode' in operation && LEADERS.has(operation.opcode));
}

/** Whether it concerns the watches of its connection alone. */
export function isWatching(operation: { readonly kind: string }): operation is WatchOperation {
  return WATCHING.has(operation.kind);
}

/** Whether it is answered from the tree. */
export function isRead(operation: ClientOperation): operation is ReadOperation {
  return !isWrite(operation) && !isWatching(operation) && !OTHERS.has(operation.kind);
}

/** Whether it makes an ephemeral node, which only a global session can own. */
export function makesEphemeral(operation: Operation | Multi['operations'][number]): boolean {
  switch (operation.kind) {
    case 'create':
    case 'create2':
      return operation.flags === 1 || operation.flags === 3;
    case 'multi':
      return operation.operations.some(makesEphemeral);
    default:
      return false;
  }
}
