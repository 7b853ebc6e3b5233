import { byUnits } from '../core/order.ts';
import { LogReader } from '../wire/log-file.ts';
import type { LoggedTxn } from '../wire/txn-record.ts';
import { aclKey } from '../znode/acl.ts';
import { childPath, ROOT } from '../znode/path.ts';
import type { Tree } from '../znode/tree.ts';
import type { TreeNode } from '../znode/tree-node.ts';
import { type DataDirectory, filesOf } from './data-directory.ts';
import { type LogLine, loggedTxns } from './logged-txns.ts';
import type { Recovery } from './recovery.ts';

/** Where two histories part. */
export interface Parting {
  readonly zxid: bigint;
  /** The transaction of this zxid here; undefined: there is none. */
  readonly left: LoggedTxn | undefined;
  readonly right: LoggedTxn | undefined;
}

/** How the logs of two servers compare, zxid by zxid. */
export interface HistoryDiff {
  /** Equal transactions from the first zxid that both logs reach on. */
  readonly equal: number;
  readonly from: bigint | undefined;
  readonly to: bigint | undefined;
  /** The first zxid where they are not equal, though both logs go that far. */
  readonly parting: Parting | undefined;
  /** Transactions of the left log behind all of that. */
  readonly leftMore: number;
  readonly rightMore: number;
}

/** A node that is not the same on both. */
export interface NodeDiff {
  readonly path: string;
  readonly kind: 'left only' | 'right only' | 'differs';
  /** What differs: `data`, `acl`, or fields of the stat. */
  readonly fields: readonly string[];
}

/** Two data directories against each other. */
export interface DataDiff {
  readonly left: Recovery;
  readonly right: Recovery;
  readonly history: HistoryDiff;
  /** Outside of `/zookeeper/`, where each server has things of its own; by path. */
  readonly nodes: readonly NodeDiff[];
  /** Sessions that only one of them has, or with another timeout. */
  readonly sessions: readonly string[];
}

/** Compares the logs of two servers, and what each of them makes of its disk at a start. */
export function diffData(left: Recovery, right: Recovery): DataDiff {
  return {
    left,
    right,
    history: diffHistories(left.directory, right.directory),
    nodes: diffTrees(left.store.tree, right.store.tree),
    sessions: diffSessions(left, right),
  };
}

function diffHistories(left: DataDirectory, right: DataDirectory): HistoryDiff {
  const [a, b] = [new History(left), new History(right)];
  const nothing = { equal: 0, from: undefined, to: undefined, parting: undefined };
  if (a.zxid === undefined || b.zxid === undefined) {
    return { ...nothing, leftMore: a.rest(), rightMore: b.rest() };
  }
  const [aFirst, bFirst] = [a.zxid, b.zxid];
  a.skipTo(bFirst);
  b.skipTo(aFirst);
  const from = a.zxid;
  let equal = 0;
  let to: bigint | undefined;
  while (a.zxid !== undefined && a.zxid === b.zxid && a.sameAs(b)) {
    equal++;
    to = a.zxid;
    a.advance();
    b.advance();
  }
  const parting = partingOf(a, b);
  const more = { leftMore: a.rest(), rightMore: b.rest() };
  return equal === 0 ? { ...nothing, parting, ...more } : { equal, from, to, parting, ...more };
}

/** Undefined when one log has ended: the other only goes on. */
function partingOf(a: History, b: History): Parting | undefined {
  if (a.zxid === undefined || b.zxid === undefined) return undefined;
  if (a.zxid < b.zxid) return { zxid: a.zxid, left: a.txn, right: undefined };
  return { zxid: b.zxid, left: a.zxid === b.zxid ? a.txn : undefined, right: b.txn };
}

/** The transactions of a directory's logs, by ascending zxid. */
class History {
  readonly #lines: Iterator<LogLine>;
  #line: LogLine | undefined;

  constructor(directory: DataDirectory) {
    this.#lines = linesOf(directory);
    this.advance();
  }

  get txn(): LoggedTxn | undefined {
    return this.#line?.txn;
  }

  get zxid(): bigint | undefined {
    return this.#line?.txn?.header.zxid;
  }

  sameAs(other: History): boolean {
    const [a, b] = [this.#line?.payload, other.#line?.payload];
    return a !== undefined && b?.length === a.length && a.every((byte, i) => byte === b[i]);
  }

  advance(): void {
    const before = this.zxid;
    do {
      const next = this.#lines.next();
      this.#line = next.done === true ? undefined : next.value;
    } while (this.#line !== undefined && !this.#isNew(before));
  }

  skipTo(zxid: bigint): void {
    while (this.zxid !== undefined && this.zxid < zxid) this.advance();
  }

  /** Takes all that is left, and counts it. */
  rest(): number {
    let count = 0;
    for (; this.zxid !== undefined; count++) this.advance();
    return count;
  }

  #isNew(before: bigint | undefined): boolean {
    const { zxid } = this;
    return zxid !== undefined && this.#line?.problem === '' && (before === undefined || zxid > before);
  }
}

function* linesOf(directory: DataDirectory): Generator<LogLine> {
  for (const { name } of filesOf(directory, 'log')) {
    const reader = new LogReader(directory.open(name));
    if (reader.header() !== undefined) yield* loggedTxns(reader);
  }
}

function diffTrees(left: Tree, right: Tree): NodeDiff[] {
  const found: NodeDiff[] = [];
  const waiting = [ROOT];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const [a, b] = [left.get(path), right.get(path)];
    if (!path.startsWith('/zookeeper/')) {
      if (a === undefined || b === undefined) {
        found.push({ path, kind: a === undefined ? 'right only' : 'left only', fields: [] });
      } else {
        const fields = differences(left, a, right, b);
        if (fields.length > 0) found.push({ path, kind: 'differs', fields });
      }
    }
    const names = new Set([...(a?.children ?? []), ...(b?.children ?? [])]);
    for (const name of [...names].sort(byUnits).reverse()) waiting.push(childPath(path, name));
  }
  return found;
}

function differences(left: Tree, a: TreeNode, right: Tree, b: TreeNode): string[] {
  const fields: string[] = [];
  if (!sameData(a.data, b.data)) fields.push('data');
  if (aclKey(left.aclOf(a)) !== aclKey(right.aclOf(b))) fields.push('acl');
  for (const [name, value] of Object.entries(a.stat)) {
    if (value !== b.stat[name as keyof typeof b.stat]) fields.push(name.replace(/Ms$/, ''));
  }
  return fields;
}

function sameData(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function diffSessions(left: Recovery, right: Recovery): string[] {
  const text = ([id, timeout]: readonly [string, number]): string =>
    `0x${id.replace(/^0+(?=.)/, '')} ${timeout} ms`;
  const [a, b] = [left.store.sessions.map(text), right.store.sessions.map(text)];
  const only = (own: string[], other: string[], side: string): string[] =>
    own.filter((session) => !other.includes(session)).map((session) => `${session}, ${side} only`);
  return [...only(a, b, 'left'), ...only(b, a, 'right')];
}
