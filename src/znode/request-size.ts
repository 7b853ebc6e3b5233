import { unreachable } from '../core/assert.ts';
import { utf8Length } from '../core/utf8.ts';
import type { Acl } from './acl.ts';
import type { Data, MultiOperation, Operation } from './requests.ts';

/**
 * The longest frame that a server takes, bytes (`jute.maxbuffer`): it closes the connection on a longer one.
 * Replies have no limit.
 */
export const MAX_BUFFER = 1048575;

/** RequestHeader: xid and type. */
const HEADER = 8;

/** MultiHeader: type, done, err. */
const MULTI_HEADER = 9;

/** The length of the frame that a client sends for an operation, bytes, without the length field itself. */
export function frameLength(operation: Operation): number {
  return HEADER + bodyLength(operation);
}

/** Whether a server closes the connection on this request. */
export function isTooLarge(operation: Operation, maxBuffer: number = MAX_BUFFER): boolean {
  return frameLength(operation) > maxBuffer;
}

/** The length of what an operation says, bytes, without any header. */
export function bodyLength(operation: Operation | MultiOperation): number {
  switch (operation.kind) {
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL': {
      const length =
        ustringLength(operation.path) + bufferLength(operation.data) + aclLength(operation.acl) + 4;
      return operation.kind === 'createTTL' ? length + 8 : length;
    }
    case 'delete':
    case 'check':
    case 'addWatch':
    case 'checkWatches':
    case 'removeWatches':
      return ustringLength(operation.path) + 4;
    case 'setData':
      return ustringLength(operation.path) + bufferLength(operation.data) + 4;
    case 'setACL':
      return ustringLength(operation.path) + aclLength(operation.acl) + 4;
    case 'exists':
    case 'getData':
    case 'getChildren':
    case 'getChildren2':
      return ustringLength(operation.path) + 1;
    case 'deleteContainer':
    case 'getACL':
    case 'getAllChildrenNumber':
    case 'sync':
      return ustringLength(operation.path);
    case 'getEphemerals':
      return ustringLength(operation.prefix);
    case 'multi':
      return operation.operations.reduce((sum, part) => sum + MULTI_HEADER + bodyLength(part), MULTI_HEADER);
    case 'multiRead':
      return operation.operations.reduce(
        (sum, { path }) => sum + MULTI_HEADER + ustringLength(path) + 1,
        MULTI_HEADER,
      );
    case 'setWatches': {
      const { data, exist, child, persistent, recursive } = operation;
      const extended =
        persistent.length + recursive.length > 0 ? ustringsLength(persistent) + ustringsLength(recursive) : 0;
      return 8 + ustringsLength(data) + ustringsLength(exist) + ustringsLength(child) + extended;
    }
    case 'createSession':
      return 4;
    case 'closeSession':
    case 'whoAmI':
    case 'reconfig':
    case 'undecodable':
      return 0;
    default:
      return unreachable(operation);
  }
}

/** The length of a ustring, bytes. */
export function ustringLength(value: string): number {
  return 4 + utf8Length(value);
}

/** The length of a vector of ustrings, bytes. */
export function ustringsLength(values: readonly string[]): number {
  return values.reduce((sum, value) => sum + ustringLength(value), 4);
}

/** The length of a buffer, bytes. */
export function bufferLength(data: Data): number {
  return 4 + (data?.length ?? 0);
}

/** The length of an access list, bytes. */
export function aclLength(entries: Acl | null): number {
  return (entries ?? []).reduce(
    (sum, { scheme, id }) => sum + 4 + ustringLength(scheme) + ustringLength(id),
    4,
  );
}
