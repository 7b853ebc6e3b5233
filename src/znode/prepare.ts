import { unreachable } from '../core/assert.ts';
import { ERRORS } from './errors.ts';
import type { Preparation } from './preparation.ts';
import { prepareDelete, prepareDeleteContainer, prepareSetAcl, prepareSetData } from './prepare-change.ts';
import { prepareCreate } from './prepare-create.ts';
import { prepareMulti } from './prepare-multi.ts';
import { prepareCloseSession, prepareCreateSession } from './prepare-session.ts';
import type { WriteOperation } from './requests.ts';
import { errorTxn, type TxnBody } from './txns.ts';

/**
 * Turns a write into what its transaction changes, judged against all that was prepared before it. A write
 * that fails becomes an error. Source: PrepRequestProcessor.pRequest2Txn.
 */
export function prepareWrite(at: Preparation, request: WriteOperation): TxnBody {
  switch (request.kind) {
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL':
      return prepareCreate(at, request);
    case 'delete':
      return prepareDelete(at, request);
    case 'deleteContainer':
      return prepareDeleteContainer(at, request);
    case 'setData':
      return prepareSetData(at, request);
    case 'setACL':
      return prepareSetAcl(at, request);
    case 'multi':
      return prepareMulti(at, request);
    case 'createSession':
      return prepareCreateSession(at, request);
    case 'closeSession':
      return prepareCloseSession(at);
    case 'reconfig':
      return errorTxn(ERRORS.RECONFIGDISABLED);
    case 'undecodable':
      return errorTxn(ERRORS.MARSHALLINGERROR);
    default:
      return unreachable(request);
  }
}
