import { decodeEpoch } from '../wire/epoch-file.ts';
import { type LogEnd, type LogHeader, LogReader } from '../wire/log-file.ts';
import { SnapshotReader, type SnapshotTrailer } from '../wire/snapshot-file.ts';
import { WireError } from '../wire/wire-error.ts';
import { DEFAULT_ZNODE_OPTIONS } from '../znode/options.ts';
import { parentOf, ROOT } from '../znode/path.ts';
import type { ZnodeChunk } from '../znode/snapshot.ts';
import { ZnodeStore } from '../znode/store.ts';
import { type DataDirectory, type DataFile, filesOf } from './data-directory.ts';
import { type LogLine, loggedTxns } from './logged-txns.ts';
import { snapshotChunks } from './snapshot-chunks.ts';
import { txnRecordOf } from './txn-records.ts';

/** How many of the newest snapshots a server tries. Source: FileSnap.deserialize. */
const CANDIDATES = 100;

/** Something that a restart does not pass over in silence, or should not have. */
export interface Finding {
  readonly file: string;
  /** In the file; undefined when it is about all of it. */
  readonly offset: number | undefined;
  readonly message: string;
}

/** A log, read to its end. */
export interface LogReport {
  readonly file: DataFile;
  readonly size: number;
  readonly header: LogHeader | undefined;
  readonly records: number;
  readonly first: bigint | undefined;
  readonly last: bigint | undefined;
  readonly end: LogEnd;
  /** The first record that a server refuses. */
  readonly damage: Finding | undefined;
  /** Whether a restart reads it. */
  readonly needed: boolean;
  /** How many of its transactions a restart replays. */
  readonly replayed: number;
}

/** A snapshot, read to its end. */
export interface SnapshotReport {
  readonly file: DataFile;
  readonly size: number;
  readonly sessions: number;
  readonly nodes: number;
  readonly trailer: SnapshotTrailer | undefined;
  /** Why a server does not load it; empty for a whole one. */
  readonly problem: string;
  /** Whether a restart loads it. */
  readonly used: boolean;
}

/** An epoch file: its number, or what is wrong with it; neither where it is missing. */
export interface EpochReport {
  readonly epoch: number | undefined;
  readonly problem: string;
}

/** What a data directory holds, and what a server makes of it when it starts. */
export interface Recovery {
  readonly directory: DataDirectory;
  readonly snapshots: readonly SnapshotReport[];
  readonly logs: readonly LogReport[];
  readonly acceptedEpoch: EpochReport;
  readonly currentEpoch: EpochReport;
  /** The tree and the sessions after the replay, or as far as that came. */
  readonly store: ZnodeStore;
  /** The zxid that the server's vote carries. */
  readonly lastZxid: bigint;
  /** The transactions whose digest is not that of the tree after them. */
  readonly mismatches: readonly bigint[];
  readonly compared: number;
  /** Why a server does not start; empty when it does. */
  readonly refusal: string;
  /** What is worth a look, though a server starts. */
  readonly notes: readonly Finding[];
}

/**
 * Reads a whole data directory as ZooKeeper does at a start: the newest snapshot that can be loaded, the log
 * behind it, the epochs. Sources: FileTxnSnapLog.restore, QuorumPeer.loadDataBase.
 */
export function recover(directory: DataDirectory): Recovery {
  return new Recoverer(directory).recover();
}

class Recoverer {
  readonly #directory: DataDirectory;
  readonly #store = new ZnodeStore({ ...DEFAULT_ZNODE_OPTIONS, extendedTypes: true });
  readonly #notes: Finding[] = [];
  readonly #mismatches: bigint[] = [];
  #compared = 0;
  #refusal = '';
  #last = 0n;
  /** A number came up that our tree cannot hold: the replay ends there. */
  #beyondUs = false;

  constructor(directory: DataDirectory) {
    this.#directory = directory;
  }

  recover(): Recovery {
    const snapshots = this.#snapshots();
    const logs = this.#logs(snapshots.find(({ used }) => used)?.file.zxid);
    const acceptedEpoch = this.#epoch('acceptedEpoch');
    const currentEpoch = this.#epoch('currentEpoch');
    this.#checkEpochs(acceptedEpoch, currentEpoch);
    return {
      directory: this.#directory,
      snapshots,
      logs,
      acceptedEpoch,
      currentEpoch,
      store: this.#store,
      lastZxid: this.#last,
      mismatches: this.#mismatches,
      compared: this.#compared,
      refusal: this.#refusal,
      notes: this.#notes,
    };
  }

  #snapshots(): SnapshotReport[] {
    const files = filesOf(this.#directory, 'snapshot').reverse();
    const reports: SnapshotReport[] = [];
    let used = false;
    for (const file of files) {
      const report = this.#snapshot(file, !used);
      used ||= report.problem === '';
      reports.push(report);
    }
    if (!used) this.#store.clear();
    const logs = filesOf(this.#directory, 'log').length;
    if (files.length > 0 && !used) this.#refuse('none of its snapshots can be loaded');
    else if (files.length === 0 && logs > 0) {
      this.#refuse('there are logs and no snapshot: "No snapshot found, but there are log entries"');
    }
    if (used && reports.findIndex((report) => report.used) >= CANDIDATES) {
      this.#refuse(`the newest ${CANDIDATES} snapshots cannot be loaded, and older ones are not tried`);
    }
    return reports.reverse();
  }

  /** Reads a snapshot, into the tree unless a newer one is there already. */
  #snapshot(file: DataFile, wanted: boolean): SnapshotReport {
    const { name } = file;
    let sessions = 0;
    let nodes = 0;
    let trailer: SnapshotTrailer | undefined;
    let problem = '';
    if (wanted) this.#store.clear();
    try {
      const reader = new SnapshotReader(this.#directory.open(name));
      reader.header();
      for (const chunk of snapshotChunks(reader)) {
        if (chunk.kind === 'sessions') sessions += chunk.sessions.length;
        if (chunk.kind === 'nodes') nodes += chunk.nodes.length;
        if (wanted) this.#restore(chunk);
      }
      trailer = reader.trailer();
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      problem = error.message;
    }
    const used = wanted && problem === '';
    if (problem !== '') this.#note(name, undefined, `a start passes it over: ${problem}`);
    else if (trailer !== undefined && trailer.unread > 0) {
      this.#note(name, undefined, `${trailer.unread} bytes behind its end, which nobody reads`);
    }
    if (used) this.#compareSnapshot(name, file.zxid, trailer);
    return { file, size: this.#directory.sizeOf(name), sessions, nodes, trailer, problem, used };
  }

  #restore(chunk: ZnodeChunk): void {
    const before = new Set<string>();
    for (const { path } of chunk.kind === 'nodes' ? chunk.nodes : []) {
      const parent = path === ROOT ? ROOT : parentOf(path);
      const found =
        parent !== undefined && (before.has(parent) || this.#store.tree.get(parent) !== undefined);
      if (!found) throw new WireError('range', 0, `a node without its parent, ${path}`);
      before.add(path);
    }
    this.#store.restore(chunk);
  }

  /** Only a snapshot that took in nothing beyond its name has the digest that stands behind it. */
  #compareSnapshot(name: string, zxid: bigint, trailer: SnapshotTrailer | undefined): void {
    const digest = trailer?.digest;
    if (typeof digest?.digest !== 'bigint' || digest.zxid === 0n) return;
    if (digest.zxid > zxid) {
      this.#note(name, undefined, `fuzzy: it holds changes up to ${hex(digest.zxid)}`);
      return;
    }
    this.#compared++;
    if (this.#digestIs(digest.digest)) return;
    this.#mismatches.push(zxid);
    this.#note(name, undefined, 'the digest behind it is not that of its tree');
  }

  #digestIs(digest: bigint): boolean {
    return this.#store.treeDigest() === BigInt.asUintN(64, digest).toString(16).padStart(16, '0');
  }

  #logs(snapshot: bigint | undefined): LogReport[] {
    this.#last = snapshot ?? 0n;
    const files = filesOf(this.#directory, 'log');
    const behind = (snapshot ?? 0n) + 1n;
    const firstNeeded = files.findLastIndex((file) => file.zxid < behind);
    const replaying = this.#refusal === '';
    const reports: LogReport[] = [];
    for (const [i, file] of files.entries()) {
      reports.push(this.#log(file, replaying && i >= firstNeeded, behind, i === files.length - 1));
    }
    return reports;
  }

  #log(file: DataFile, needed: boolean, behind: bigint, newest: boolean): LogReport {
    const { name } = file;
    const reader = new LogReader(this.#directory.open(name));
    const header = reader.header();
    let records = 0;
    let replayed = 0;
    let first: bigint | undefined;
    let last: bigint | undefined;
    let damage: Finding | undefined;
    for (const line of header === undefined ? [] : loggedTxns(reader)) {
      records++;
      const zxid = line.txn?.header.zxid;
      first ??= zxid;
      last = zxid ?? last;
      if (line.problem !== '') damage ??= { file: name, offset: line.offset, message: line.problem };
      if (records === 1 && zxid !== undefined && zxid !== file.zxid) {
        this.#note(name, line.offset, `its first transaction is ${hex(zxid)}`);
      }
      if (needed && damage === undefined && this.#replay(name, line, behind)) replayed++;
    }
    const end = reader.end ?? { kind: 'whole', offset: 0, reason: '', unread: 0, remains: false };
    if (end.kind === 'damaged') damage ??= { file: name, offset: end.offset, message: end.reason };
    this.#judgeEnd(name, end, needed, newest);
    if (damage !== undefined) this.#judgeDamage(damage, needed, newest);
    const size = this.#directory.sizeOf(name);
    return { file, size, header, records, first, last, end, damage, needed, replayed };
  }

  /** Applies a transaction that the snapshot does not cover. */
  #replay(name: string, { txn, offset }: LogLine, behind: bigint): boolean {
    if (txn === undefined || this.#refusal !== '' || this.#beyondUs) return false;
    const { zxid } = txn.header;
    if (zxid < behind && this.#last < behind) return false;
    if (zxid <= this.#last) this.#note(name, offset, `${hex(zxid)} comes behind ${hex(this.#last)}`);
    else if (!follows(this.#last, zxid)) {
      const hole = `nothing between ${hex(this.#last)} and ${hex(zxid)}`;
      // ZKDatabase.addCommittedProposal compares a transaction with the one before it, not with the snapshot.
      const starts =
        this.#last < behind
          ? 'ZooKeeper starts all the same, and lacks what was there; a server of zabsim does not'
          : 'since 3.9.4 a server does not start with such a hole';
      this.#note(name, offset, `${hole}: ${starts}`);
    }
    try {
      const record = txnRecordOf(txn);
      this.#store.apply(record.txn, record.position);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#note(name, offset, `this program cannot replay it: ${error.message}`);
      this.#beyondUs = true;
      return false;
    }
    if (zxid > this.#last) this.#last = zxid;
    if (txn.digest === undefined || txn.digest.version !== 2) return true;
    this.#compared++;
    if (!this.#digestIs(txn.digest.treeDigest)) {
      if (this.#mismatches.length === 0) {
        this.#note(name, offset, `the tree after ${hex(zxid)} has not the digest that the leader wrote`);
      }
      this.#mismatches.push(zxid);
    }
    return true;
  }

  #judgeEnd(name: string, end: LogEnd, needed: boolean, newest: boolean): void {
    if (end.kind === 'torn') {
      const later = newest ? '' : '; the logs behind it are still replayed';
      const what = needed
        ? `a start takes this for the end and drops it${later}`
        : 'a start does not read it';
      this.#note(name, end.offset, `torn: ${end.reason}; ${what}`);
    } else if (end.remains && end.kind === 'padding') {
      this.#note(name, end.offset, `the end, though ${end.unread} bytes follow that are not all zeros`);
    }
  }

  #judgeDamage(damage: Finding, needed: boolean, newest: boolean): void {
    const { file, offset, message } = damage;
    if (!needed) {
      this.#note(file, offset, `damaged: ${message}; a start does not read this file`);
      return;
    }
    this.#note(file, offset, `damaged: ${message}`);
    const empty = message === 'the file is empty' && newest ? ' (since 3.9.3 it is removed instead)' : '';
    this.#refuse(`${file} is damaged at byte ${offset}${empty}`);
  }

  #epoch(name: string): EpochReport {
    if (!this.#directory.names.includes(name)) return { epoch: undefined, problem: '' };
    try {
      return { epoch: decodeEpoch(firstBytes(this.#directory.open(name))), problem: '' };
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#note(name, undefined, error.message);
      this.#refuse(`${name} holds no epoch`);
      return { epoch: undefined, problem: error.message };
    }
  }

  #checkEpochs(accepted: EpochReport, current: EpochReport): void {
    const last = Number(this.#last >> 32n);
    const empty = this.#directory.names.length === 0;
    for (const [name, { epoch, problem }] of [
      ['currentEpoch', current],
      ['acceptedEpoch', accepted],
    ] as const) {
      if (epoch === undefined && problem === '' && !empty) {
        this.#note(name, undefined, `missing: a start writes ${last}`);
      }
    }
    if (current.epoch !== undefined && last > current.epoch) {
      if (this.#directory.names.includes('currentEpoch.tmp')) {
        this.#note(
          'currentEpoch',
          undefined,
          `${current.epoch}, below the log: a start takes currentEpoch.tmp`,
        );
      } else {
        this.#refuse(`the current epoch, ${current.epoch}, is older than the last zxid, ${hex(this.#last)}`);
      }
    }
    const [a, c] = [accepted.epoch ?? last, current.epoch ?? last];
    if (a < c) this.#refuse(`the accepted epoch, ${a}, is less than the current epoch, ${c}`);
  }

  #refuse(reason: string): void {
    if (this.#refusal === '') this.#refusal = reason;
  }

  #note(file: string, offset: number | undefined, message: string): void {
    this.#notes.push({ file, offset, message });
  }
}

/** Whether one transaction comes right behind the other. A new leader's first one may be any of its epoch. */
function follows(before: bigint, after: bigint): boolean {
  return after === before + 1n || after >> 32n > before >> 32n;
}

/** Enough of a file for a number. */
function firstBytes(pieces: Iterable<Uint8Array>): Uint8Array {
  for (const piece of pieces) return piece;
  return new Uint8Array(0);
}

function hex(zxid: bigint): string {
  return `0x${BigInt.asUintN(64, zxid).toString(16)}`;
}
