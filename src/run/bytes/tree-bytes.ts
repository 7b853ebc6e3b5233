import type { Sync, WriteOperation, ZnodeRequest } from '../../znode/requests.ts';
import { nodeChunks, snapshotContent } from '../snapshot-chunks.ts';
import { loggedTxnOf, txnRecordOf } from '../txn-records.ts';
import type { ServiceBytes } from './service-bytes.ts';
import { treeClient } from './tree-client.ts';
import { forwardedOperation, realRequest } from './tree-requests.ts';

/** ZooKeeper's tree in ZooKeeper's records. */
export const treeBytes: ServiceBytes = {
  loggedTxn: loggedTxnOf,
  txnRecord: txnRecordOf,
  request: (body) => {
    const { ids, ...operation } = body as ZnodeRequest;
    // Whoever has proven nothing, not even an address, is a server: it has no list (QuorumPacket).
    const authinfo = ids.length === 0 ? null : ids;
    return { ...realRequest(operation as WriteOperation | Sync), authinfo };
  },
  requestBody: ({ body, authinfo }) => {
    const operation = forwardedOperation(body);
    const ids = (authinfo ?? []).map(({ scheme, id }) => ({ scheme: scheme ?? '', id: id ?? '' }));
    return { ...(operation as WriteOperation | Sync), ids } as ZnodeRequest;
  },
  snapshot: (chunks) => snapshotContent(chunks, undefined),
  chunks: nodeChunks,
  client: treeClient,
};
