import type { LoggedTxn, TreeTxn } from '../../check/history/logged-txn.ts';
import type { CreateTtlTxn, CreateTxn, SetAclTxn, SubTxn, TxnBody } from '../../znode/txns.ts';
import { recordedAcl, recordedBytes } from './recorded-values.ts';

/** A transaction, as a history has it. */
export function recordedTxn(txn: TxnBody): LoggedTxn {
  switch (txn.kind) {
    case 'createSession':
      return { type: 'createSession', timeoutMs: txn.timeoutMs };
    case 'closeSession':
      return { type: 'closeSession', paths: txn.paths };
    case 'multi':
      return { type: 'multi', parts: txn.parts.map(recordedChange) };
    default:
      return recordedChange(txn);
  }
}

function recordedChange(txn: SubTxn | SetAclTxn): TreeTxn {
  switch (txn.kind) {
    case 'delete':
    case 'deleteContainer':
      return { type: 'delete', path: txn.path };
    case 'setData': {
      const { path, data, version } = txn;
      return { type: 'setData', path, data: recordedBytes(data), version };
    }
    case 'setACL':
      return { type: 'setACL', path: txn.path, acl: recordedAcl(txn.acl), version: txn.version };
    case 'check':
      return { type: 'check', path: txn.path, version: txn.version };
    case 'error':
      return { type: 'error', code: txn.err };
    default:
      return recordedCreate(txn);
  }
}

function recordedCreate(txn: CreateTxn | CreateTtlTxn): TreeTxn {
  const { path, data, acl, parentCversion } = txn;
  const ttl = txn.kind === 'createTTL' ? txn.ttlMs : -1;
  const made = { path, data: recordedBytes(data), acl: recordedAcl(acl) };
  return { type: 'create', ...made, life: lifeOf(txn), ttl, parentCversion };
}

function lifeOf(txn: CreateTxn | CreateTtlTxn): Extract<TreeTxn, { type: 'create' }>['life'] {
  if (txn.kind === 'createTTL') return 'ttl';
  if (txn.kind === 'createContainer') return 'container';
  return txn.ephemeral ? 'ephemeral' : 'persistent';
}
