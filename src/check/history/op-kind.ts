import type { OpEntry } from './client-history.ts';
import type { ReadRequest, Request, WriteRequest } from './request.ts';

/** Codes of replies that no transaction stands behind: throttled, read-only, timeout, no SASL. */
const WITHOUT_TXN: ReadonlySet<number> = new Set([-127, -119, -122, -124, -4]);
/** Codes that tell of the session or the server, not of the tree. */
const NOT_OF_THE_TREE: ReadonlySet<number> = new Set([...WITHOUT_TXN, -112, -118, -120, -5]);

/** Whether it changes the tree. */
export function isWrite(request: Request): request is WriteRequest {
  switch (request.op) {
    case 'create':
    case 'delete':
    case 'setData':
    case 'setACL':
    case 'multi':
    case 'check':
      return true;
    default:
      return false;
  }
}

/**
 * Whether it makes an ephemeral node, which only a global session can own. Source:
 * QuorumZooKeeperServer.checkUpgradeSession.
 */
export function makesEphemeral(request: Request): boolean {
  if (request.op === 'multi') return request.parts.some(makesEphemeral);
  if (request.op !== 'create' || request.ttl >= 0) return false;
  return request.mode === 'ephemeral' || request.mode === 'ephemeral-sequential';
}

/** Whether no transaction stands behind a reply with that code. */
export function hasNoTxn(error: number): boolean {
  return WITHOUT_TXN.has(error);
}

/** Whether it answers from the tree. */
export function isRead(request: Request): request is ReadRequest {
  switch (request.op) {
    case 'getData':
    case 'exists':
    case 'getChildren':
    case 'getACL':
    case 'getAllChildrenNumber':
    case 'getEphemerals':
    case 'multiRead':
      return true;
    default:
      return false;
  }
}

/** Whether it was answered, and a transaction of its own stands behind the answer. */
export function ownsTxn(op: OpEntry): boolean {
  if (op.outcome === 'unknown' || op.zxid <= 0 || WITHOUT_TXN.has(op.error)) return false;
  if (op.request.op === 'check') return op.error !== -6;
  return isWrite(op.request) || op.request.op === 'closeSession';
}

/** Whether the answer, good or bad, was found in the tree. */
export function isOfTheTree(op: OpEntry): boolean {
  return op.outcome !== 'unknown' && op.zxid >= 0 && !NOT_OF_THE_TREE.has(op.error);
}
