import { NO_SESSION, type OpEntry } from '../client-history.ts';
import type { IndexedHistory } from '../indexed-history.ts';
import { codeOf } from '../logged-code.ts';
import { parentOf } from '../model/path-parts.ts';
import { isValidPath } from '../model/valid-path.ts';
import { isRead, isWrite, ownsTxn } from '../op-kind.ts';
import type { PartRequest, PartResult, PathRead, WriteRequest } from '../request.ts';
import type { Operation } from './operation.ts';
import { ParentPaths } from './parent-paths.ts';
import { pathsOf } from './partition-by-path.ts';
import type { TreeChange, TreeInput, TreeOutput } from './tree-operation.ts';
import { UnknownNames } from './unknown-names.ts';

type TreeOp = Operation<TreeInput, TreeOutput>;

/** Codes whose reasons the model knows. */
const KNOWN_CODES: ReadonlySet<number> = new Set([0, -101, -103, -110]);

/** What the search is given of a history, and the paths whose existence changes. */
export interface TreeOperations {
  readonly operations: readonly TreeOp[];
  readonly volatile: ReadonlySet<string>;
}

/**
 * The writes of a history, and the reads behind a barrier: sent on a connection after a write of its own that
 * was answered, or after a sync, with the barrier's sending as their own. Not those behind a sync in
 * `noBarrier`. What is left out because the search cannot know it: znodes that the reaper may take, names of
 * sequential creates that were not answered, and what is in a multi with such.
 */
export function treeOperationsOf(history: IndexedHistory, noBarrier: ReadonlySet<number>): TreeOperations {
  const operations: TreeOp[] = [];
  const hints = hintsFor(history);
  for (const ops of history.sentOn.values()) {
    let barrier: OpEntry | undefined;
    for (const op of ops) {
      if (isWrite(op.request)) {
        const made = writeOf(op, op.request, hints.get(op.id) ?? Number.POSITIVE_INFINITY);
        if (made !== undefined) operations.push(made);
      } else if (isRead(op.request) && barrier !== undefined && history.isCommitted(op)) {
        const made = readOf(op, barrier.invokedUs);
        if (made !== undefined) operations.push(made);
      }
      if (isBarrier(op, noBarrier)) barrier = op;
    }
  }
  // What is no path is never there, and must not be taken for the child of anything.
  const possible = operations.filter(({ input }) => pathsOf(input).every(isValidPath));
  const known = withoutUnknown(possible, new UnknownNames(history));
  const parents = new ParentPaths(known);
  const judged = known.filter((operation) => parents.knows(operation));
  return { operations: judged.concat(vanishings(history, judged)), volatile: parents.volatile };
}

function isBarrier(op: OpEntry, noBarrier: ReadonlySet<number>): boolean {
  if (op.outcome === 'unknown') return false;
  if (op.request.op === 'sync') return op.outcome === 'ok' && !noBarrier.has(op.id);
  return isWrite(op.request) && ownsTxn(op);
}

/** By op: the zxid at which it is said to have taken effect. */
function hintsFor(history: IndexedHistory): Map<number, number> {
  const hints = new Map<number, number>();
  for (const { zxid, session, cxid, txn } of history.log) {
    if (codeOf(txn) !== 0) continue;
    const op = history.issued(session, cxid);
    if (op !== undefined) hints.set(op.id, zxid);
  }
  for (const op of history.ops) if (ownsTxn(op)) hints.set(op.id, op.zxid);
  return hints;
}

function writeOf(op: OpEntry, request: WriteRequest, hint: number): TreeOp | undefined {
  if (request.op === 'setACL' || request.op === 'check') return undefined;
  if (op.outcome === 'failed' && !(ownsTxn(op) && KNOWN_CODES.has(op.error))) return undefined;
  const parts = request.op === 'multi' ? request.parts : [request];
  const results = request.op === 'multi' ? (op.result.parts ?? []) : [op.result];
  const changes = parts.map((part, i) => changeOf(part, op.session, results[i]?.path));
  const [first] = changes;
  if (first === undefined) return undefined;
  const input: TreeInput = request.op === 'multi' ? { op: 'multi', parts: changes } : first;
  const returned = op.outcome === 'unknown' ? Number.POSITIVE_INFINITY : op.returnedUs;
  if (op.outcome === 'unknown')
    return { id: op.id, input, output: undefined, invoked: op.invokedUs, returned, hint };
  const version = op.result.stat?.version;
  const output = version === undefined ? { error: op.error } : { error: op.error, version };
  return { id: op.id, input, output, invoked: op.invokedUs, returned, hint };
}

function changeOf(part: PartRequest, session: string, created: string | undefined): TreeChange {
  switch (part.op) {
    case 'create': {
      const owner = part.mode.startsWith('ephemeral') ? session : NO_SESSION;
      return { op: 'create', path: created ?? part.path, data: part.data, owner };
    }
    case 'setData':
      return { op: 'setData', path: part.path, data: part.data, version: part.version };
    default:
      return { op: part.op, path: part.path, version: part.version };
  }
}

function readOf(op: OpEntry, invoked: number): TreeOp | undefined {
  if (op.outcome === 'unknown' || (op.error !== 0 && op.error !== -101)) return undefined;
  const { request } = op;
  const make = (input: TreeInput, output: TreeOutput): TreeOp => ({
    id: op.id,
    input,
    output,
    invoked,
    returned: op.returnedUs,
    // After the write of that zxid.
    hint: op.zxid + 0.5,
  });
  switch (request.op) {
    case 'getData':
    case 'exists':
      return make({ op: 'get', path: request.path }, outputOf({ error: op.error, ...op.result }));
    case 'getChildren':
      return make(
        { op: 'list', path: request.path },
        { error: op.error, children: new Set(op.result.children) },
      );
    case 'multiRead':
      return manyOf(request.parts, op.result.parts ?? [], make);
    default:
      return undefined;
  }
}

function manyOf(
  parts: readonly PathRead[],
  results: readonly PartResult[],
  make: (input: TreeInput, output: TreeOutput) => TreeOp,
): TreeOp | undefined {
  const usable = parts.every((part, i) => {
    const error = results[i]?.error;
    return part.op !== 'getChildren' && (error === 0 || error === -101);
  });
  if (!usable || parts.length === 0) return undefined;
  const paths = parts.map((part) => part.path);
  return make({ op: 'getMany', paths }, { error: 0, many: results.map(outputOf) });
}

function outputOf(result: PartResult): TreeOutput {
  return {
    error: result.error,
    ...(result.data === undefined ? {} : { data: result.data }),
    ...(result.stat === undefined ? {} : { version: result.stat.version }),
  };
}

/** Without what touches a path that the search cannot know; such a multi takes its other paths along. */
function withoutUnknown(operations: readonly TreeOp[], unknown: UnknownNames): TreeOp[] {
  let rest = operations;
  for (;;) {
    const kept: TreeOp[] = [];
    for (const operation of rest) {
      const paths = isListOfRoot(operation) ? [] : pathsOf(operation.input);
      if (!paths.some((path) => unknown.has(path))) kept.push(operation);
      else if (operation.input.op === 'multi') for (const path of paths) unknown.add(path);
    }
    if (kept.length === rest.length) return kept.map((operation) => listed(operation, unknown));
    rest = kept;
  }
}

/** A list without the names that nobody knows. */
function listed(operation: TreeOp, unknown: UnknownNames): TreeOp {
  const { input, output } = operation;
  if (input.op !== 'list' || output?.children === undefined) return operation;
  const prefix = input.path === '/' ? '/' : `${input.path}/`;
  const children = [...output.children].filter(
    (name) => !unknown.has(prefix + name) && prefix + name !== '/zookeeper',
  );
  return { ...operation, output: { ...output, children: new Set(children) } };
}

function isListOfRoot({ input }: TreeOp): boolean {
  return input.op === 'list' && input.path === '/';
}

/**
 * Ephemerals may go at any time after their creation was asked for, and must go with an acknowledged close:
 * those of one session together where somebody lists their parent, else each for itself.
 */
function vanishings(history: IndexedHistory, known: readonly TreeOp[]): TreeOp[] {
  const listed = new Set<string>();
  for (const { input } of known) if (input.op === 'list') listed.add(input.path);
  const groups = new Map<string, { readonly owner: string; readonly paths: string[]; first: TreeOp }>();
  for (const operation of known) {
    const { input, output, invoked } = operation;
    if (output !== undefined && output.error !== 0) continue;
    for (const part of input.op === 'multi' ? input.parts : [input]) {
      if (part.op !== 'create' || part.owner === NO_SESSION) continue;
      const parent = parentOf(part.path);
      const key = `${part.owner} ${listed.has(parent) ? parent : part.path}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { owner: part.owner, paths: [part.path], first: operation });
      else {
        group.paths.push(part.path);
        if (invoked < group.first.invoked) group.first = operation;
      }
    }
  }
  const closes = new Map<string, OpEntry>();
  for (const op of history.ops) {
    if (op.request.op === 'closeSession' && op.outcome === 'ok') closes.set(op.session, op);
  }
  const made: TreeOp[] = [];
  for (const { owner, paths, first } of groups.values()) {
    const input = { op: 'vanish', paths, owner } as const;
    const { id, invoked } = first;
    const hint = history.closedAt.get(owner) ?? Number.POSITIVE_INFINITY;
    made.push({ id, input, output: undefined, invoked, returned: Number.POSITIVE_INFINITY, hint });
    const close = closes.get(owner);
    if (close === undefined) continue;
    made.push({
      id: close.id,
      input,
      output: undefined,
      invoked: close.invokedUs,
      returned: close.returnedUs,
      hint,
    });
  }
  return made;
}
