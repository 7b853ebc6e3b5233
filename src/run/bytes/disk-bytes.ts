import type { Zxid } from '../../core/zxid.ts';
import type { FileFormat } from '../../node/disk-format.ts';
import type { Damaged, FileName } from '../../node/env.ts';
import type {
  ChunkRecord,
  DiskRecord,
  EpochRecord,
  SealRecord,
  TxnRecord,
} from '../../protocols/zab/messages.ts';
import { decodeEpoch, encodeEpoch } from '../../wire/epoch-file.ts';
import { decode, encode } from '../../wire/jute-codec.ts';
import { encodeLogHeader, encodeLogRecord, LOG_RECORD_EXTRA, LogReader } from '../../wire/log-file.ts';
import { encodeSnapshot, SNAPSHOT_HEADER, SnapshotReader } from '../../wire/snapshot-file.ts';
import { loggedTxn } from '../../wire/txn-record.ts';
import { WireError } from '../../wire/wire-error.ts';
import { brokenRecord } from '../broken-record.ts';
import { loggedTxns } from '../logged-txns.ts';
import { zxidIn } from '../stored-disk.ts';
import type { ServiceBytes } from './service-bytes.ts';

type Kept = DiskRecord | Damaged;

/** What every log is ahead of its records here: enough to end the reading where records end. */
const PADDING = new Uint8Array(512);

const LOG_HEADER = Object.freeze({ version: 2, dbid: 0n });

/** Behind the nodes of a snapshot: the path that ends them, and the seal. */
const END_BYTES = 18;

/** How a server's files lie in ZooKeeper's bytes. Damage turns a bit of them over, or cuts them. */
export function diskBytes(service: ServiceBytes): FileFormat<DiskRecord> {
  const txnBytes = (record: TxnRecord): Uint8Array =>
    encodeLogRecord(encode(loggedTxn, service.loggedTxn(record, undefined)));
  const writeLog = (records: readonly Kept[]): Uint8Array => {
    const pieces = records.map((record) => {
      if (record.kind !== 'damaged') return txnBytes(record as TxnRecord);
      return record.hit === undefined
        ? brokenRecord(record)
        : damagedTxn(txnBytes(record.hit.record as TxnRecord), record.how, record.hit.at);
    });
    return joined([encodeLogHeader(LOG_HEADER), ...pieces, PADDING]);
  };
  const readLog = (file: FileName, pieces: Iterable<Uint8Array>): readonly Kept[] => {
    const records: Kept[] = [];
    const broken = (how: Damaged['how']): readonly Kept[] => {
      const position = (records.at(-1)?.position ?? zxidIn(file) - 1) + 1;
      return [...records, { kind: 'damaged', how, position, digest: 0 }];
    };
    const reader = new LogReader(pieces);
    if (reader.header() === undefined) return broken('flipped');
    for (const { txn, problem } of loggedTxns(reader)) {
      if (txn === undefined || problem !== '') return broken('flipped');
      records.push(service.txnRecord(txn));
    }
    if (reader.end?.kind === 'torn') return broken('torn');
    return reader.end?.kind === 'damaged' ? broken('flipped') : records;
  };
  const writeSnapshot = (records: readonly Kept[]): Uint8Array => {
    const originals = records.map((record) =>
      record.kind === 'damaged' ? ((record.hit?.record ?? record) as Kept) : record,
    );
    const chunks = originals.filter((record): record is ChunkRecord => record.kind === 'chunk');
    const state = service.snapshot(chunks.map(({ chunk }) => chunk));
    const content = { header: SNAPSHOT_HEADER, ...state, digest: undefined, lastProcessedZxid: undefined };
    const bytes = joined(encodeSnapshot(content));
    const hit = records.find((record): record is Damaged => record.kind === 'damaged');
    if (hit !== undefined) return damagedSnapshot(bytes, hit.how, hit.hit?.at ?? 0);
    return originals.at(-1)?.kind === 'seal' ? bytes : bytes.subarray(0, bytes.length - END_BYTES);
  };
  const readSnapshot = (file: FileName, pieces: Iterable<Uint8Array>): readonly Kept[] => {
    const position = zxidIn(file) as Zxid;
    const reader = new SnapshotReader(pieces);
    try {
      reader.header();
      const sessions = [...reader.sessions()];
      const acls = [...reader.acls()];
      const nodes = [...reader.nodes()];
      reader.trailer();
      const records: Kept[] = [];
      let sum = 0;
      for (const chunk of service.chunks({ sessions, acls, nodes })) {
        const record: ChunkRecord = { kind: 'chunk', position, digest: chunk.digest, chunk };
        records.push(record);
        sum = (sum + chunk.digest) >>> 0;
      }
      const seal: SealRecord = { kind: 'seal', position, digest: sum };
      return [...records, seal];
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return [{ kind: 'damaged', how: 'torn', position, digest: 0 }];
    }
  };
  return {
    grows: isLog,
    head: encodeLogHeader(LOG_HEADER),
    record: (record) => txnBytes(record as TxnRecord),
    ends: (pieces) => {
      const ends: number[] = [];
      const reader = new LogReader(pieces);
      if (reader.header() === undefined) return ends;
      for (const { txn, problem, offset, payload } of loggedTxns(reader)) {
        if (txn === undefined || problem !== '') break;
        ends.push(offset + LOG_RECORD_EXTRA + payload.length);
      }
      return ends;
    },
    again: (_file, record) => {
      if (record.kind === 'txn') {
        const payload = encode(loggedTxn, service.loggedTxn(record, undefined));
        return service.txnRecord(decode(loggedTxn, payload));
      }
      return record.kind === 'epoch' ? epochRecord(encodeEpoch(record.position), record) : record;
    },
    write: (file, records) => {
      if (isLog(file)) return writeLog(records);
      return isSnapshot(file) ? writeSnapshot(records) : writeEpoch(records);
    },
    read: (file, pieces) => {
      if (isLog(file)) return readLog(file, pieces);
      return isSnapshot(file) ? readSnapshot(file, pieces) : readEpoch(pieces);
    },
  };
}

function isLog(file: FileName): boolean {
  return file.startsWith('log.');
}

function isSnapshot(file: FileName): boolean {
  return /^(snapshot|install)[.]/.test(file);
}

/** A bit of the checksum or of the transaction is turned over, or the record ends behind its length. */
function damagedTxn(bytes: Uint8Array, how: Damaged['how'], at: number): Uint8Array {
  if (how === 'torn') return bytes.fill(0, 12 + (at % (bytes.length - 12)));
  // The high half of the checksum's long is read as well; the length and the end marker are left alone.
  const place = at % (bytes.length - 5);
  return turned(bytes, place < 8 ? place : place + 4, at);
}

function damagedSnapshot(bytes: Uint8Array, how: Damaged['how'], at: number): Uint8Array {
  if (how === 'torn') return bytes.subarray(0, at % bytes.length);
  return turned(bytes, at % bytes.length, at);
}

/** The byte at `place` with one of its bits turned over. */
function turned(bytes: Uint8Array, place: number, at: number): Uint8Array {
  bytes[place] = (bytes[place] as number) ^ (1 << (Math.floor(at / 65536) % 8));
  return bytes;
}

function writeEpoch([record]: readonly Kept[]): Uint8Array {
  if (record === undefined) return new Uint8Array(0);
  const original = record.kind === 'damaged' ? (record.hit?.record ?? record) : record;
  const bytes = encodeEpoch(Math.max(0, original.position));
  if (record.kind !== 'damaged') return bytes;
  if (record.how === 'torn') return bytes.subarray(0, 0);
  // A digit may become another one, and nobody would notice: this bit makes it none.
  const place = (record.hit?.at ?? 0) % bytes.length;
  bytes[place] = (bytes[place] as number) ^ 0x80;
  return bytes;
}

function readEpoch(pieces: Iterable<Uint8Array>): readonly Kept[] {
  const bytes = joined(pieces);
  if (bytes.length === 0) return [{ kind: 'damaged', how: 'torn', position: 0, digest: 0 }];
  try {
    return [epochRecord(bytes, undefined)];
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return [{ kind: 'damaged', how: 'flipped', position: 0, digest: 0 }];
  }
}

/** The digest of an epoch is in no file: a record that was written keeps its own. */
function epochRecord(bytes: Uint8Array, written: EpochRecord | undefined): EpochRecord {
  const position = decodeEpoch(bytes);
  return { kind: 'epoch', position, digest: written?.digest ?? position };
}

function joined(pieces: Iterable<Uint8Array>): Uint8Array {
  const all = [...pieces];
  const bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of all) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
