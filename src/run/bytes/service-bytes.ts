import type { Body, ClientMessage } from '../../node/content.ts';
import type { Chunk } from '../../node/service.ts';
import type { Exchange } from '../../node/wire-format.ts';
import type { TxnRecord } from '../../protocols/zab/messages.ts';
import type { RequestBody } from '../../wire/client-requests.ts';
import type { IdRecord } from '../../wire/jute-records.ts';
import type { LoggedTxn, TxnDigestRecord } from '../../wire/txn-record.ts';
import type { SnapshotState } from '../snapshot-chunks.ts';

/** A request as a learner forwards it. */
export interface ForwardedBody {
  readonly type: number;
  readonly body: RequestBody;
  readonly authinfo: readonly IdRecord[] | null;
}

/** How what a service keeps and exchanges lies in ZooKeeper's records. */
export interface ServiceBytes {
  /** A transaction, with the digest of the state behind it where that is known. */
  loggedTxn(record: TxnRecord, digest: TxnDigestRecord | undefined): LoggedTxn;
  txnRecord(txn: LoggedTxn): TxnRecord;
  request(body: Body): ForwardedBody;
  requestBody(forwarded: ForwardedBody): Body;
  snapshot(chunks: readonly Chunk[]): SnapshotState;
  chunks(state: SnapshotState): Iterable<Chunk>;
  /** A connection of a client that calls from this address, where the socket tells it; else it is empty. */
  client(address: string): Exchange<ClientMessage>;
}
