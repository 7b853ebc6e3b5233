import { assert } from '../core/assert.ts';
import { type Codec, type Decoded, int, long, record } from './jute-codec.ts';
import { readTxnBody, type TxnBody, txnType, writeTxnBody } from './txn-bodies.ts';

const header = record({ clientId: long, cxid: int, zxid: long, time: long, type: int });

/**
 * Who asked, and when the leader prepared it, ms of its wall clock. Field by field by hand, for every
 * transaction has one. Source: TxnHeader.
 */
export const txnHeader: typeof header = {
  shape: header.shape,
  least: header.least,
  read: (from) => ({
    clientId: from.long(),
    cxid: from.int(),
    zxid: from.long(),
    time: from.long(),
    type: from.int(),
  }),
  write: (to, { clientId, cxid, zxid, time, type }) => {
    to.long(clientId);
    to.int(cxid);
    to.long(zxid);
    to.long(time);
    to.int(type);
  },
};

/** The header of a transaction; its `type` is that of the body. */
export type TxnHeaderRecord = Decoded<typeof txnHeader>;

const digest = record({ version: int, treeDigest: long });

/** The sum over the tree after the transaction; by hand like the header. Source: TxnDigest. */
export const txnDigest: typeof digest = {
  shape: digest.shape,
  least: digest.least,
  read: (from) => ({ version: from.int(), treeDigest: from.long() }),
  write: (to, { version, treeDigest }) => {
    to.int(version);
    to.long(treeDigest);
  },
};

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
    const head = txnHeader.read(from);
    const body = readTxnBody(from, head.type);
    const sum = from.left === 0 ? undefined : txnDigest.read(from);
    from.finish();
    return { header: head, body, digest: sum };
  },
  write: (to, txn) => {
    assert(txn.header.type === txnType(txn.body), "the header's type is that of the body");
    txnHeader.write(to, txn.header);
    writeTxnBody(to, txn.body);
    if (txn.digest !== undefined) txnDigest.write(to, txn.digest);
  },
};
