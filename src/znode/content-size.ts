import { aclLength, bufferLength, ustringLength, ustringsLength } from './request-size.ts';
import type { ZnodeChunk } from './snapshot.ts';
import type { SubTxn, TxnBody } from './txns.ts';

/** MultiTxn: how many parts; each with its type and the length of its body. */
const MULTI = 4;
const PART = 8;

/** The number of children; whether the node is ephemeral; its time to live. */
const REST = { create: 5, create2: 5, createContainer: 4, createTTL: 12 } as const;

/** StatPersisted, and the node's place in the table of access lists. */
const NODE = 60 + 8;

/** The length of the body of a transaction, bytes, as it is logged and proposed. Source: zookeeper.jute. */
export function txnLength(txn: TxnBody): number {
  switch (txn.kind) {
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL':
      return ustringLength(txn.path) + bufferLength(txn.data) + aclLength(txn.acl) + REST[txn.kind];
    case 'delete':
    case 'deleteContainer':
      return ustringLength(txn.path);
    case 'setData':
      return ustringLength(txn.path) + bufferLength(txn.data) + 4;
    case 'setACL':
      return ustringLength(txn.path) + aclLength(txn.acl) + 4;
    case 'check':
      return ustringLength(txn.path) + 4;
    case 'multi':
      return txn.parts.reduce((sum, part: SubTxn) => sum + PART + txnLength(part), MULTI);
    case 'closeSession':
      return txn.paths === null ? 0 : ustringsLength(txn.paths);
    default:
      // A timeout, an error, or what the protocol proposed for itself.
      return 4;
  }
}

/** The length of a piece of a snapshot, bytes. Source: SerializeUtils.serializeSnapshot. */
export function chunkLength(chunk: ZnodeChunk): number {
  switch (chunk.kind) {
    case 'sessions':
      return 12 * chunk.sessions.length;
    case 'acls':
      return chunk.acls.reduce((sum, [, acl]) => sum + 8 + aclLength(acl), 0);
    default:
      return chunk.nodes.reduce(
        (sum, { path, data }) => sum + ustringLength(path) + bufferLength(data) + NODE,
        0,
      );
  }
}
