import type { CreateRequest, Identity, PartRequest, WriteRequest } from '../request.ts';
import { parentOf } from './path-parts.ts';
import { ADMIN, CREATE, DELETE, fixedAcl, permits, READ, WRITE } from './permits.ts';
import { exceedsQuota, type QuotaView, sizeOf, type Usage } from './quota.ts';
import { sequenceSuffix } from './sequence-name.ts';
import { isValidPath } from './valid-path.ts';
import type { Life, ZnodeFacts } from './znode.ts';

/** What a write must answer: of a multi also each part's code; `path` of a create. */
export interface WriteVerdict {
  readonly error: number;
  readonly path: string;
  readonly parts: readonly { readonly error: number; readonly path: string }[];
}

/** Where a verdict looks znodes up. */
export interface TreeView extends QuotaView {
  get(path: string): ZnodeFacts | undefined;
}

/** Who writes, and under which settings. */
export interface Writer {
  readonly identities: readonly Identity[];
  readonly ttlNodes: boolean;
  /** Whether hard quotas refuse. */
  readonly quotas: boolean;
}

/** Paths that nobody may delete. */
const KEPT = new Set(['/', '/zookeeper', '/zookeeper/quota', '/zookeeper/config']);
const MAX_TTL = 1099511627775;
const INT_MAX = 2147483647;

/**
 * What a write must answer in the state before it, sessions aside: error codes in the order in which
 * ZooKeeper checks. Source: PrepRequestProcessor.pRequest2Txn.
 */
export function judgeWrite(tree: TreeView, request: WriteRequest, writer: Writer): WriteVerdict {
  if (request.op === 'multi') return judgeMulti(tree, request.parts, writer);
  if (request.op === 'setACL') {
    const error = judgeSetAcl(tree, request, writer);
    return { error, path: '', parts: [] };
  }
  return { ...judgePart(tree, request, writer), parts: [] };
}

function judgeMulti(tree: TreeView, parts: readonly PartRequest[], writer: Writer): WriteVerdict {
  const pending = new PendingView(tree);
  const answers: { error: number; path: string }[] = [];
  for (const part of parts) {
    const answer = judgePart(pending, part, writer);
    answers.push(answer);
    if (answer.error !== 0) {
      while (answers.length < parts.length) answers.push({ error: -2, path: '' });
      for (let i = 0; i < answers.length; i++) {
        if (answers[i]?.error === 0) answers[i] = { error: 0, path: '' };
      }
      return { error: answer.error, path: '', parts: answers };
    }
    pending.take(part, answer.path);
  }
  return { error: 0, path: '', parts: answers };
}

function judgePart(tree: TreeView, part: PartRequest, writer: Writer): { error: number; path: string } {
  switch (part.op) {
    case 'create':
      return judgeCreate(tree, part, writer);
    case 'delete':
      return { error: judgeDelete(tree, part.path, part.version, writer), path: '' };
    default: {
      if (!isValidPath(part.path)) return { error: -8, path: '' };
      const node = tree.get(part.path);
      const needed = part.op === 'setData' ? WRITE : READ;
      const error = node === undefined ? -101 : permits(node.acl, needed, writer.identities) ? 0 : -102;
      if (error !== 0 || node === undefined) return { error, path: '' };
      const more = part.op === 'setData' ? sizeOf(part.data) - sizeOf(node.data) : 0;
      if (writer.quotas && exceedsQuota(tree, part.path, { count: 0, bytes: more }))
        return { error: -125, path: '' };
      return { error: isVersion(part.version, node.version) ? 0 : -103, path: '' };
    }
  }
}

function judgeCreate(
  tree: TreeView,
  request: CreateRequest,
  writer: Writer,
): { error: number; path: string } {
  const fail = (error: number) => ({ error, path: '' });
  const timed = request.mode.endsWith('-with-ttl');
  if (timed && !writer.ttlNodes) return fail(-6);
  if (timed ? !(request.ttl > 0 && request.ttl <= MAX_TTL) : request.ttl >= 0) return fail(-8);
  if (!request.path.includes('/') || request.path.includes('\u0000')) return fail(-8);
  if (fixedAcl(request.acl, writer.identities) === -114) return fail(-114);
  const parent = tree.get(parentOf(request.path));
  if (parent === undefined) return fail(-101);
  if (!permits(parent.acl, CREATE, writer.identities)) return fail(-102);
  const sequential = request.mode.includes('sequential');
  const path = sequential ? request.path + sequenceSuffix(parent.cversion) : request.path;
  if (!isValidPath(path)) return fail(-8);
  if (tree.get(path) !== undefined) return fail(-110);
  if (parent.life === 'ephemeral') return fail(-108);
  if (writer.quotas && exceedsQuota(tree, path, { count: 1, bytes: sizeOf(request.data) })) return fail(-125);
  return { error: 0, path };
}

function judgeDelete(tree: TreeView, path: string, version: number, writer: Writer): number {
  if (!path.includes('/') || path.includes('\u0000') || KEPT.has(path)) return -8;
  const parent = tree.get(parentOf(path));
  if (parent === undefined) return -101;
  if (!permits(parent.acl, DELETE, writer.identities)) return -102;
  const node = tree.get(path);
  if (node === undefined) return -101;
  if (!isVersion(version, node.version)) return -103;
  return node.numChildren > 0 ? -111 : 0;
}

function judgeSetAcl(
  tree: TreeView,
  request: Extract<WriteRequest, { op: 'setACL' }>,
  writer: Writer,
): number {
  if (!isValidPath(request.path)) return -8;
  if (fixedAcl(request.acl, writer.identities) === -114) return -114;
  const node = tree.get(request.path);
  if (node === undefined) return -101;
  if (!permits(node.acl, ADMIN, writer.identities)) return -102;
  return isVersion(request.version, node.aversion) ? 0 : -103;
}

function isVersion(expected: number, actual: number): boolean {
  return expected === -1 || expected === actual;
}

/** The version after one more change: −1 is left out. Source: PrepRequestProcessor.checkAndIncVersion. */
export function nextVersion(version: number): number {
  const next = (version + 1) | 0;
  return next === -1 ? 0 : next;
}

/** How long a znode lives that is created in this mode. */
export function lifeOf(mode: CreateRequest['mode']): Life {
  if (mode.startsWith('ephemeral')) return 'ephemeral';
  if (mode === 'container') return 'container';
  return mode.endsWith('-with-ttl') ? 'ttl' : 'persistent';
}

/** The tree, as the parts of a multi that were taken so far would make it. */
class PendingView implements TreeView {
  readonly #base: TreeView;
  /** `undefined` for what is gone. */
  readonly #changed = new Map<string, ZnodeFacts | undefined>();

  constructor(base: TreeView) {
    this.#base = base;
  }

  get(path: string): ZnodeFacts | undefined {
    return this.#changed.has(path) ? this.#changed.get(path) : this.#base.get(path);
  }

  usage(path: string): Usage {
    let { count, bytes } = this.#base.usage(path);
    for (const [changed, now] of this.#changed) {
      if (changed !== path && !changed.startsWith(`${path}/`)) continue;
      const before = this.#base.get(changed);
      count += (now === undefined ? 0 : 1) - (before === undefined ? 0 : 1);
      bytes += sizeOf(now?.data ?? null) - sizeOf(before?.data ?? null);
    }
    return { count, bytes };
  }

  take(part: PartRequest, created: string): void {
    switch (part.op) {
      case 'create': {
        const { mode, acl, data } = part;
        const life = lifeOf(mode);
        const fresh = { numChildren: 0, cversion: 0, version: 0, aversion: 0, life, acl, data };
        this.#changed.set(created, fresh);
        const parent = this.get(parentOf(created));
        const cversion = parent?.cversion === INT_MAX ? INT_MAX : (parent?.cversion ?? 0) + 1;
        this.#change(parentOf(created), 1, { cversion });
        return;
      }
      case 'delete':
        this.#changed.set(part.path, undefined);
        this.#change(parentOf(part.path), -1, {});
        return;
      case 'setData':
        this.#change(part.path, 0, {
          version: nextVersion(this.get(part.path)?.version ?? 0),
          data: part.data,
        });
        return;
      default:
    }
  }

  #change(path: string, children: number, change: Partial<ZnodeFacts>): void {
    const old = this.get(path);
    if (old === undefined) return;
    const { cversion, version, aversion, life, acl, data } = old;
    const numChildren = old.numChildren + children;
    this.#changed.set(path, { cversion, version, aversion, life, acl, data, ...change, numChildren });
  }
}
