import { formatZxid } from '../../core/zxid.ts';
import { ReaperCheck } from './check-reaper.ts';
import { isServerOwned, WriteCheck } from './check-write.ts';
import type { EventEntry, LogEntry, OpEntry } from './client-history.ts';
import type { IndexedHistory } from './indexed-history.ts';
import { codeOf } from './logged-code.ts';
import { type Difference, resultDifference } from './model/difference.ts';
import { ModelTree } from './model/model-tree.ts';
import { answerRead } from './model/read-answer.ts';
import type { WatchCall } from './model/watch-call.ts';
import { isOfTheTree, isRead } from './op-kind.ts';
import type { ReadRequest, SetWatchesRequest } from './request.ts';
import { SessionTable } from './session-table.ts';
import { UnappliedCloses } from './unapplied-closes.ts';
import type { Verdicts } from './verdicts.ts';

/** What setWatches must do in the state of its reply: events made up at once, and watches armed. */
export interface WatchesSet {
  readonly events: readonly Pick<EventEntry, 'type' | 'path'>[];
  readonly data: readonly string[];
  readonly child: readonly string[];
}

/** What a replay of the log leaves behind for the checkers of watches and of staleness. */
export interface ReplayTrace {
  /** In the order of the log. */
  readonly calls: readonly WatchCall[];
  /** By path: the zxids, ascending, that changed its znode or its Stat. */
  readonly touched: ReadonlyMap<string, readonly number[]>;
  /** By op. */
  readonly watchesSet: ReadonlyMap<number, WatchesSet>;
}

/** How often a failed read is compared with a half-done multi, which costs a replay. */
const SECOND_LOOKS = 5;

/**
 * One sweep over the log and the reads, both by zxid: K5, K6, K7 and K13. A read at z is compared when the
 * model stands at z, so no state is ever kept. O(n log n) and the size of what the reads answered.
 */
export class Replay {
  readonly #history: IndexedHistory;
  readonly #verdicts: Verdicts;
  readonly #tree = new ModelTree();
  readonly #calls: WatchCall[] = [];
  readonly #touched = new Map<string, number[]>();
  readonly #watchesSet = new Map<number, WatchesSet>();
  readonly #reads: readonly { readonly zxid: number; readonly op: OpEntry }[];
  #next = 0;
  #looks = SECOND_LOOKS;

  constructor(history: IndexedHistory, verdicts: Verdicts) {
    this.#history = history;
    this.#verdicts = verdicts;
    this.#reads = history.ops
      .filter((op) => isOfTheTree(op) && (isRead(op.request) || op.request.op === 'setWatches'))
      .filter((op) => history.isCommitted(op) || history.isExact(op))
      .map((op) => ({ zxid: history.observed.normal(op.zxid), op }))
      .sort((a, b) => a.zxid - b.zxid);
  }

  run(): ReplayTrace {
    const { header, log } = this.#history;
    const windowMs = (header.syncLimit * header.tickTimeUs + header.slackUs) / 1000;
    const closes = new UnappliedCloses(windowMs);
    const sessions = new SessionTable(this.#verdicts, header.localSessions);
    const writes = new WriteCheck(this.#history, this.#verdicts, this.#tree, closes, windowMs);
    const reaper = new ReaperCheck(header, this.#tree, this.#verdicts, windowMs);
    const touched: string[] = [];
    this.#readUpTo(log[0]?.zxid ?? Number.POSITIVE_INFINITY, undefined, undefined);
    for (const [i, entry] of log.entries()) {
      sessions.before(entry, this.#tree);
      writes.before(entry);
      reaper.before(entry);
      const gone = entry.txn.type === 'closeSession' ? [...this.#tree.ephemeralsOf(entry.session)] : [];
      const end = log[i + 1]?.zxid ?? Number.POSITIVE_INFINITY;
      const before = entry.txn.type === 'multi' ? this.#rightBefore(end) : undefined;
      touched.length = 0;
      const parts = this.#tree.apply(entry, entry.txn, this.#calls, touched);
      for (const path of touched) this.#touch(path, entry.zxid);
      closes.note(entry, gone);
      reaper.after(entry, touched);
      writes.after(entry, parts);
      sessions.after(entry, this.#tree);
      this.#readUpTo(end, i, before);
    }
    return { calls: this.#calls, touched: this.#touched, watchesSet: this.#watchesSet };
  }

  #touch(path: string, zxid: number): void {
    const zxids = this.#touched.get(path);
    if (zxids === undefined) this.#touched.set(path, [zxid]);
    else if (zxids[zxids.length - 1] !== zxid) zxids.push(zxid);
  }

  /** Compares the reads below `end` with the present state. */
  #readUpTo(end: number, index: number | undefined, before: ReadonlySet<OpEntry> | undefined): void {
    for (; this.#next < this.#reads.length; this.#next++) {
      const { zxid, op } = this.#reads[this.#next] as { zxid: number; op: OpEntry };
      if (zxid >= end) return;
      if (op.request.op === 'setWatches') this.#watchesSet.set(op.id, this.#setWatches(op.request));
      else if (isRead(op.request)) this.#read(op, op.request, index, before?.has(op) ?? false);
    }
  }

  /** Those of the next reads that are right in the state before a multi. */
  #rightBefore(end: number): Set<OpEntry> {
    const right = new Set<OpEntry>();
    for (let i = this.#next; i < this.#reads.length; i++) {
      const { zxid, op } = this.#reads[i] as { zxid: number; op: OpEntry };
      if (zxid >= end) break;
      if (isRead(op.request) && this.#difference(this.#tree, op, op.request) === undefined) right.add(op);
    }
    return right;
  }

  #read(op: OpEntry, request: ReadRequest, index: number | undefined, rightBefore: boolean): void {
    this.#verdicts.checked('K5');
    const difference = this.#difference(this.#tree, op, request);
    if (difference === undefined) return;
    const entry = index === undefined ? undefined : this.#history.log[index];
    const halfDone =
      rightBefore || (entry?.txn.type === 'multi' && this.#isHalfDone(index ?? 0, entry, op, request));
    const accusation = {
      predicate: halfDone ? 'K7' : 'K5',
      rule: halfDone
        ? 'a read saw a multi undone or half done at its zxid'
        : 'a read did not answer from the state of its zxid',
      ops: [op.id],
      zxid: op.zxid,
      expected: `${difference.field} ${difference.expected} at ${formatZxid(op.zxid)}`,
      seen: difference.seen,
    } as const;
    if (pathsRead(request).some(isServerOwned)) this.#verdicts.excuse('W5', accusation);
    else this.#verdicts.accuse(accusation);
  }

  #difference(tree: ModelTree, op: OpEntry, request: ReadRequest): Difference | undefined {
    const identities = this.#history.identitiesOf(op);
    const { error, result } = answerRead(tree, request, { session: op.session, identities });
    if (error === op.error) return error === 0 ? resultDifference(result, op.result) : undefined;
    return { field: 'error', expected: String(error), seen: String(op.error) };
  }

  /** Whether the answer fits a state with some first parts of the multi applied and the others not. */
  #isHalfDone(index: number, entry: LogEntry, op: OpEntry, request: ReadRequest): boolean {
    if (entry.txn.type !== 'multi' || this.#looks === 0) return false;
    this.#looks--;
    const tree = new ModelTree();
    for (let i = 0; i < index; i++) {
      const earlier = this.#history.log[i] as LogEntry;
      tree.apply(earlier, earlier.txn);
    }
    const failed = codeOf(entry.txn) !== 0;
    const last = failed ? entry.txn.parts.length : entry.txn.parts.length - 1;
    for (const part of entry.txn.parts.slice(0, last)) {
      if (part.type === 'error') break;
      tree.applyPart(entry, part);
      if (this.#difference(tree, op, request) === undefined) return true;
    }
    return false;
  }

  #setWatches(request: SetWatchesRequest): WatchesSet {
    const events: Pick<EventEntry, 'type' | 'path'>[] = [];
    const data: string[] = [];
    const child: string[] = [];
    for (const path of request.data) {
      const node = this.#tree.get(path);
      if (node === undefined) events.push({ type: 'deleted', path });
      else if (node.mzxid > request.relativeZxid) events.push({ type: 'data-changed', path });
      else data.push(path);
    }
    for (const path of request.exist) {
      if (this.#tree.get(path) === undefined) data.push(path);
      else events.push({ type: 'created', path });
    }
    for (const path of request.child) {
      const node = this.#tree.get(path);
      if (node === undefined) events.push({ type: 'deleted', path });
      else if (node.pzxid > request.relativeZxid) events.push({ type: 'children-changed', path });
      else child.push(path);
    }
    return { events, data, child };
  }
}

/** The paths that a read asks for. */
export function pathsRead(request: ReadRequest): string[] {
  if (request.op === 'multiRead') return request.parts.map((part) => part.path);
  return request.op === 'getEphemerals' ? [] : [request.path];
}
