import { formatZxid } from '../../core/zxid.ts';
import type { OpEntry } from './client-history.ts';
import type { IndexedHistory } from './indexed-history.ts';
import { isOfTheTree, ownsTxn } from './op-kind.ts';
import type { Bytes, Stat } from './request.ts';
import type { Verdicts } from './verdicts.ts';

/** A reader saw a value that had been there since `from`, and was there at `until`. */
interface Sighting {
  readonly from: number;
  until: number;
  readonly op: OpEntry;
  readonly data: Bytes | undefined;
  readonly stat: Stat;
}

/**
 * K5 without the log: a read says that its path had one state over the whole interval [mzxid, z]. Equal
 * mzxid means equal content, intervals of different values do not overlap, no acknowledged change of that
 * path falls within one, and versions rise by one a change. O(n log n). Catches lost updates, forks and
 * stale mixtures.
 */
export function checkBlackBox(history: IndexedHistory, verdicts: Verdicts): void {
  const sightings = new Map<string, Sighting[]>();
  const writes = new Map<string, OpEntry[]>();
  for (const op of history.ops) {
    if (op.outcome !== 'ok' || !isOfTheTree(op) || !history.isCommitted(op)) continue;
    noteReads(sightings, op);
    if (ownsTxn(op)) noteWrites(writes, op);
  }
  for (const [path, list] of sightings) {
    verdicts.checked('K5', list.length);
    checkPath(path, list, writes.get(path) ?? [], verdicts);
  }
}

function noteReads(sightings: Map<string, Sighting[]>, op: OpEntry): void {
  const { request, result } = op;
  const note = (path: string, data: Bytes | undefined, stat: Stat | undefined) => {
    if (stat === undefined) return;
    const sighting = { from: stat.mzxid, until: op.zxid, op, data, stat };
    push(sightings, path, sighting);
  };
  if (request.op === 'getData' || request.op === 'exists') note(request.path, result.data, result.stat);
  if (request.op !== 'multiRead') return;
  for (const [i, part] of request.parts.entries()) {
    const answer = result.parts?.[i];
    if (part.op === 'getData' && answer?.error === 0) note(part.path, answer.data, answer.stat);
  }
}

function noteWrites(writes: Map<string, OpEntry[]>, op: OpEntry): void {
  const { request, result } = op;
  const parts = request.op === 'multi' ? request.parts : [request];
  for (const [i, part] of parts.entries()) {
    if (part.op === 'setData' || part.op === 'delete') push(writes, part.path, op);
    if (part.op !== 'create') continue;
    const path = request.op === 'multi' ? result.parts?.[i]?.path : result.path;
    if (path !== undefined) push(writes, path, op);
  }
}

function checkPath(path: string, list: Sighting[], writes: readonly OpEntry[], verdicts: Verdicts): void {
  list.sort((a, b) => a.from - b.from || a.until - b.until);
  const accuse = (rule: string, ops: number[], zxid: number, expected: string, seen: string) =>
    verdicts.accuse({ predicate: 'K5', rule, ops, zxid, expected, seen: `${seen} at ${path}` });
  const spans: Sighting[] = [];
  for (const next of list) {
    const last = spans[spans.length - 1];
    if (last === undefined || last.from !== next.from) {
      spans.push({ ...next });
      continue;
    }
    last.until = Math.max(last.until, next.until);
    const same =
      last.stat.version === next.stat.version &&
      last.stat.czxid === next.stat.czxid &&
      (last.data === undefined || next.data === undefined || last.data === next.data);
    if (same) continue;
    const rule = 'one mzxid stands for two values';
    accuse(rule, [last.op.id, next.op.id], next.from, brief(last), brief(next));
  }
  for (const [i, next] of spans.entries()) {
    const last = spans[i - 1];
    if (last === undefined) continue;
    if (next.from <= last.until) {
      const rule = 'a value was seen after the one that replaced it';
      const expected = `nothing of ${formatZxid(last.from)} from ${formatZxid(next.from)} on`;
      accuse(rule, [last.op.id, next.op.id], last.until, expected, brief(last));
    }
    if (next.stat.czxid === last.stat.czxid && next.stat.version <= last.stat.version) {
      const rule = 'a version did not rise';
      accuse(rule, [last.op.id, next.op.id], next.from, `above ${last.stat.version}`, brief(next));
    }
  }
  checkWithin(spans, writes, accuse);
}

function checkWithin(
  spans: readonly Sighting[],
  writes: readonly OpEntry[],
  accuse: (rule: string, ops: number[], zxid: number, expected: string, seen: string) => void,
): void {
  const sorted = [...writes].sort((a, b) => a.zxid - b.zxid);
  let at = 0;
  for (const span of spans) {
    while (at < sorted.length && (sorted[at] as OpEntry).zxid <= span.from) at++;
    const write = sorted[at];
    if (write === undefined || write.zxid > span.until) continue;
    const rule = 'an acknowledged change was not seen';
    accuse(rule, [write.id, span.op.id], write.zxid, formatZxid(write.zxid), brief(span));
  }
}

function brief({ stat, until }: Sighting): string {
  return `version ${stat.version} of ${formatZxid(stat.mzxid)} until ${formatZxid(until)}`;
}

function push<T>(lists: Map<string, T[]>, path: string, item: T): void {
  const list = lists.get(path);
  if (list === undefined) lists.set(path, [item]);
  else list.push(item);
}
