import { assert } from '../core/assert.ts';
import { type Codec, type Decoded, int, long, record } from './jute-codec.ts';
import { readTxnBody, type TxnBody, txnType, writeTxnBody } from './txn-bodies.ts';

/** Who asked, and when the leader prepared it, ms of its wall clock. Source: TxnHeader. */
export const txnHeader = record({ clientId: long, cxid: int, zxid: long, time: long, type: int });

/** The header of a transaction; its `type` is that of the body. */
export type TxnHeaderRecord = Decoded<typeof txnHeader>;

/** The sum over the tree after the transaction. Source: TxnDigest. */
export const txnDigest = record({ version: int, treeDigest: long });

/** The digest behind a transaction. */
export type TxnDigestRecord = Decoded<typeof txnDigest>;

/** A transaction as it is logged and proposed: header, body, and maybe the digest of the tree after it. */
export interface LoggedTxn {
  readonly header: TxnHeaderRecord;
  readonly body: TxnBody;
  /** Undefined: none was written, as with a request that failed. */
  readonly digest: TxnDigestRecord | undefined;
}

/** A transaction, up to the end of the bytes that hold it. Source: SerializeUtils.deserializeTxn. */
export const loggedTxn: Pick<Codec<LoggedTxn>, 'read' | 'write'> = {
  read: (from) => {
    const header = txnHeader.read(from);
    const body = readTxnBody(from, header.type);
    const digest = from.left === 0 ? undefined : txnDigest.read(from);
    from.finish();
    return { header, body, digest };
  },
  write: (to, { header, body, digest }) => {
    assert(header.type === txnType(body), "the header's type is that of the body");
    txnHeader.write(to, header);
    writeTxnBody(to, body);
    if (digest !== undefined) txnDigest.write(to, digest);
  },
};
