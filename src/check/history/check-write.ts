import { formatZxid } from '../../core/zxid.ts';
import type { LogEntry, OpEntry } from './client-history.ts';
import type { IndexedHistory } from './indexed-history.ts';
import { codeOf } from './logged-code.ts';
import type { LoggedTxn, TreeTxn } from './logged-txn.ts';
import { type Difference, partsDifference, resultDifference } from './model/difference.ts';
import type { ModelTree } from './model/model-tree.ts';
import { parentOf } from './model/path-parts.ts';
import { fixedAcl, sameEntries } from './model/permits.ts';
import { quotaAbove } from './model/quota.ts';
import { judgeWrite, lifeOf, nextVersion, type WriteVerdict } from './model/write-verdict.ts';
import { isOfTheTree, isWrite } from './op-kind.ts';
import type { Predicate, Waiver } from './predicate.ts';
import type { Identity, PartRequest, PartResult, WriteRequest } from './request.ts';
import type { UnappliedCloses } from './unapplied-closes.ts';
import type { Verdicts } from './verdicts.ts';

const INT_MAX = 2147483647;
const QUOTA_EXCEEDED = -125;

/**
 * K6: what a write answers, and what the log holds for it, is what the state before its zxid demands; the
 * Stats it answers are those right after it.
 */
export class WriteCheck {
  readonly #history: IndexedHistory;
  readonly #verdicts: Verdicts;
  readonly #tree: ModelTree;
  readonly #closes: UnappliedCloses;
  readonly #windowMs: number;
  #rootAclMs = Number.NEGATIVE_INFINITY;

  constructor(
    history: IndexedHistory,
    verdicts: Verdicts,
    tree: ModelTree,
    closes: UnappliedCloses,
    windowMs: number,
  ) {
    this.#history = history;
    this.#verdicts = verdicts;
    this.#tree = tree;
    this.#closes = closes;
    this.#windowMs = windowMs;
  }

  /** The next entry of the log, in the state before it. */
  before(entry: LogEntry): void {
    const op = this.#history.issued(entry.session, entry.cxid);
    if (op === undefined || !isWrite(op.request) || (op.outcome !== 'unknown' && !isOfTheTree(op))) return;
    this.#verdicts.checked('K6');
    const code = codeOf(entry.txn);
    if (op.outcome !== 'unknown' && op.zxid === entry.zxid && op.error !== code) {
      this.#accuse(entry, op, 'a write was answered otherwise than the log has it', code, op.error);
    }
    if (code === -112 || code === -118 || code === -120) return;
    const identities = this.#history.identitiesOf(op);
    const { ttlNodes, enforceQuota = false, ownClients } = this.#history.header;
    // Our own clients send no garbage.
    if (code === -5 && ownClients !== true) return;
    const writer = { identities, ttlNodes, quotas: enforceQuota };
    const verdict = judgeWrite(this.#tree, op.request, writer);
    if (verdict.error !== code) this.#onOther(entry, op, op.request, verdict.error, code);
    else if (code === 0) this.#checkContent(entry, op, op.request, verdict, identities);
  }

  /** The same entry, in the state after it; `parts`: what it did. */
  after(entry: LogEntry, parts: readonly PartResult[]): void {
    const impossible = parts.find((part) => part.error !== 0);
    if (impossible !== undefined) {
      this.#accuse(entry, undefined, 'the log holds a change that cannot apply', 0, impossible.error);
    }
    if (entry.txn.type === 'setACL' && entry.txn.path === '/') this.#rootAclMs = entry.timeMs;
    const op = this.#history.issued(entry.session, entry.cxid);
    if (op === undefined || op.zxid !== entry.zxid || !isWrite(op.request)) return;
    const difference = op.request.op === 'multi' ? multiDifference(op, parts) : singleDifference(op, parts);
    if (difference === undefined) return;
    const { field, expected, seen } = difference;
    const accusation = this.#accusation(
      entry,
      op,
      'a write answered what is not so after it',
      `${field} ${expected}`,
      seen,
    );
    if (pathsOf(op.request).some(isServerOwned)) this.#verdicts.excuse('W5', accusation);
    else this.#verdicts.accuse(accusation);
  }

  #onOther(entry: LogEntry, op: OpEntry, request: WriteRequest, expected: number, code: number): void {
    const accusation = this.#accusation(
      entry,
      op,
      'a write was judged otherwise than the state before it demands',
      `${request.op} ${expected === 0 ? 'succeeds' : `fails with ${expected}`}`,
      `${code === 0 ? 'it succeeded' : `it failed with ${code}`}`,
    );
    const waiver = this.#waiverFor(entry, request, expected, code);
    if (waiver === undefined) this.#verdicts.accuse(accusation);
    else this.#verdicts.excuse(waiver, accusation);
  }

  #waiverFor(entry: LogEntry, request: WriteRequest, expected: number, code: number): Waiver | undefined {
    const parts: readonly (PartRequest | WriteRequest)[] = request.op === 'multi' ? request.parts : [request];
    const paths = pathsOf(request);
    const limited = code === QUOTA_EXCEEDED || expected === QUOTA_EXCEEDED;
    if (limited && paths.some((path) => quotaAbove(this.#tree, path) !== undefined)) return 'W3';
    if (paths.some(isServerOwned)) return 'W5';
    const deletes = parts.filter((part) => part.op === 'delete');
    if (code === -111 && deletes.some((part) => this.#closes.covers(part.path, entry.timeMs))) return 'W1';
    const creates = parts.filter((part) => part.op === 'create');
    if (creates.some((part) => isOverrun(this.#tree.get(parentOf(part.path))?.cversion ?? 0))) return 'W2';
    const underRoot = creates.some((part) => parentOf(part.path) === '/');
    if (underRoot && (code === -102 || expected === -102) && entry.timeMs - this.#rootAclMs <= this.#windowMs)
      return 'W4';
    return undefined;
  }

  #checkContent(
    entry: LogEntry,
    op: OpEntry,
    request: WriteRequest,
    verdict: WriteVerdict,
    identities: readonly Identity[],
  ): void {
    const wrong =
      request.op === 'multi'
        ? this.#multiContent(entry.txn, request.parts, verdict, identities)
        : this.#content(entry.txn, request, verdict.path, identities);
    if (wrong === undefined) return;
    const waived =
      request.op === 'create' && isOverrun(this.#tree.get(parentOf(request.path))?.cversion ?? 0);
    const rule = 'the log holds another change than was asked for';
    const accusation = this.#accusation(entry, op, rule, wrong, JSON.stringify(entry.txn));
    if (waived) this.#verdicts.excuse('W2', accusation);
    else this.#verdicts.accuse(accusation);
  }

  #multiContent(
    txn: LoggedTxn,
    parts: readonly PartRequest[],
    verdict: WriteVerdict,
    identities: readonly Identity[],
  ): string | undefined {
    if (txn.type !== 'multi' || txn.parts.length !== parts.length) return `${parts.length} parts`;
    for (const [i, part] of parts.entries()) {
      const logged = txn.parts[i] as TreeTxn;
      // The version depends on the parts before it: that of a part is left to the Stats.
      const wrong = this.#content(logged, part, verdict.parts[i]?.path ?? '', identities, true);
      if (wrong !== undefined) return `part ${i}: ${wrong}`;
    }
    return undefined;
  }

  #content(
    txn: LoggedTxn,
    request: Exclude<WriteRequest, { op: 'multi' }>,
    path: string,
    identities: readonly Identity[],
    isPart = false,
  ): string | undefined {
    if (txn.type !== request.op) return request.op;
    if (txn.type === 'create' && request.op === 'create') {
      const acl = fixedAcl(request.acl, identities);
      if (txn.path !== path) return `path ${path}`;
      if (txn.data !== request.data) return `data ${request.data}`;
      if (txn.life !== lifeOf(request.mode)) return lifeOf(request.mode);
      return acl !== -114 && sameEntries(acl, txn.acl) ? undefined : `acl ${JSON.stringify(acl)}`;
    }
    if (!('path' in txn) || txn.path !== request.path) return `path ${request.path}`;
    if (txn.type === 'setData' && request.op === 'setData') {
      if (txn.data !== request.data) return `data ${request.data}`;
      const version = nextVersion(this.#tree.get(request.path)?.version ?? 0);
      return isPart || txn.version === version ? undefined : `version ${version}`;
    }
    if (txn.type === 'setACL' && request.op === 'setACL') {
      const acl = fixedAcl(request.acl, identities);
      const version = nextVersion(this.#tree.get(request.path)?.aversion ?? 0);
      if (txn.version !== version) return `version ${version}`;
      return acl !== -114 && sameEntries(acl, txn.acl) ? undefined : `acl ${JSON.stringify(acl)}`;
    }
    return undefined;
  }

  #accuse(entry: LogEntry, op: OpEntry | undefined, rule: string, expected: number, seen: number): void {
    this.#verdicts.accuse(this.#accusation(entry, op, rule, `code ${expected}`, `code ${seen}`));
  }

  #accusation(entry: LogEntry, op: OpEntry | undefined, rule: string, expected: string, seen: string) {
    const predicate: Predicate = 'K6';
    const ops = op === undefined ? [] : [op.id];
    return { predicate, rule, ops, zxid: entry.zxid, expected, seen: `${seen} at ${formatZxid(entry.zxid)}` };
  }
}

/** Whether a server writes that znode, or its Stat, on its own. */
export function isServerOwned(path: string): boolean {
  return path === '/zookeeper/config' || (path.startsWith('/zookeeper/quota') && path.endsWith('_stats'));
}

function isOverrun(cversion: number): boolean {
  return cversion === INT_MAX || cversion < 0;
}

function pathsOf(request: WriteRequest): string[] {
  return request.op === 'multi' ? request.parts.map((part) => part.path) : [request.path];
}

function singleDifference(op: OpEntry, parts: readonly PartResult[]): Difference | undefined {
  return op.outcome === 'ok' && parts[0] !== undefined ? resultDifference(parts[0], op.result) : undefined;
}

function multiDifference(op: OpEntry, parts: readonly PartResult[]): Difference | undefined {
  const seen = op.result.parts;
  if (seen === undefined || op.request.op !== 'multi') return undefined;
  if (op.outcome === 'ok') return partsDifference(parts, seen);
  const culprit = seen.findIndex((part) => part.error !== 0);
  const wanted = seen.map((_, i) => ({ error: i < culprit ? 0 : i === culprit ? op.error : -2 }));
  return partsDifference(wanted, seen);
}
