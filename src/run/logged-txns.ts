import { decode } from '../wire/jute-codec.ts';
import type { LogReader } from '../wire/log-file.ts';
import { type LoggedTxn, loggedTxn } from '../wire/txn-record.ts';
import { WireError } from '../wire/wire-error.ts';

/** A record of a log, with what can be said of it. */
export interface LogLine {
  /** Where in the file. */
  readonly offset: number;
  /** The bytes of the transaction, lent until the next record is read. */
  readonly payload: Uint8Array;
  readonly stored: bigint;
  readonly computed: number;
  /** Undefined: the bytes make no transaction. */
  readonly txn: LoggedTxn | undefined;
  /** What is wrong with it: a server does not start. Empty for a sound record. */
  readonly problem: string;
}

/**
 * The records behind the header of a log, unsound ones too as long as their lengths lead on. A record that
 * ends early under a right checksum is an end of the file, as it is for ZooKeeper. Source:
 * FileTxnLog.FileTxnIterator.next.
 */
export function* loggedTxns(reader: LogReader): Generator<LogLine> {
  for (let entry = reader.next(); entry !== undefined; entry = reader.next()) {
    const { offset, payload, stored, computed } = entry;
    const sound = stored === BigInt(computed);
    let txn: LoggedTxn | undefined;
    let problem = sound ? '' : `the checksum says ${hex(stored)}, the bytes have ${hex(BigInt(computed))}`;
    try {
      txn = decode(loggedTxn, payload);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      if (sound && error.problem === 'truncated') {
        reader.stopAt(offset, 'torn', `the record ends early: ${error.message}`);
        return;
      }
      if (sound) problem = `the record makes no sense: ${error.message}`;
    }
    yield { offset, payload, stored, computed, txn, problem };
  }
}

function hex(value: bigint): string {
  return `0x${BigInt.asUintN(64, value).toString(16)}`;
}
