import { mix32 } from '../core/digest.ts';
import type { Zxid } from '../core/zxid.ts';
import type { Txn } from '../node/content.ts';
import type { Chunk, Cursor, Request, StateMachine } from '../node/service.ts';
import type { Acl } from './acl.ts';
import { type Applied, applyTxn } from './apply.ts';
import { DEFAULT_ZNODE_OPTIONS, type ZnodeOptions } from './options.ts';
import { PendingChanges } from './pending-changes.ts';
import { prepareWrite } from './prepare.ts';
import { readTree } from './read.ts';
import type { Caller, ReadOperation, WriteOperation, ZnodeRequest } from './requests.ts';
import type { ReadResult, ZnodeResult } from './results.ts';
import { SessionBook } from './session-book.ts';
import { Sessions } from './sessions.ts';
import { captureState, restoreChunk, type ZnodeChunk } from './snapshot.ts';
import { Tree } from './tree.ts';
import { makeTxn, type ZnodeTxn } from './txns.ts';

/**
 * ZooKeeper's replicated state: the tree and the table of global sessions, and at a leader what it has
 * prepared of them. Source: ZKDatabase, PrepRequestProcessor.
 */
export class ZnodeStore implements StateMachine {
  /** The applied tree. Changed by this store only. */
  readonly tree: Tree;
  /** The leader's view of the sessions: who is closing, and who speaks for whom. */
  readonly sessionBook: SessionBook;
  readonly #options: ZnodeOptions;
  readonly #sessions = new Sessions();
  readonly #pending: PendingChanges;
  readonly #applied: Applied;
  /** While a snapshot is restored: its access lists. */
  readonly #lists = new Map<number, Acl>();

  constructor(options: ZnodeOptions = DEFAULT_ZNODE_OPTIONS) {
    this.#options = options;
    this.tree = new Tree(options);
    this.#pending = new PendingChanges(this.tree, options.rules);
    this.sessionBook = new SessionBook(this.#sessions.table, options);
    this.#applied = { tree: this.tree, sessions: this.#sessions, rules: options.rules };
  }

  /** The applied global sessions with their timeouts, ms, ascending. */
  get sessions(): readonly (readonly [string, number])[] {
    return this.#sessions.entries();
  }

  /** How many change records wait for their transactions to be applied. */
  get pendingChanges(): number {
    return this.#pending.size;
  }

  prepare({ origin, body }: Request, owner: number, zxid: Zxid, timeMs: number): ZnodeTxn {
    const operation = body as WriteOperation & ZnodeRequest;
    const change = prepareWrite(
      {
        tree: this.tree,
        pending: this.#pending,
        sessions: this.sessionBook,
        options: this.#options,
        caller: { session: origin.session, owner, ids: operation.ids },
        zxid,
        timeMs,
      },
      operation,
    );
    if (!this.#options.rules.sessionsAwaitCommit && change.kind === 'createSession')
      this.#sessions.open(origin.session, change.timeoutMs);
    return makeTxn(change, { session: origin.session, cxid: origin.cxid, timeMs });
  }

  apply(txn: Txn, zxid: Zxid): ZnodeResult {
    const change = txn as ZnodeTxn;
    if (this.#lists.size > 0) this.#lists.clear();
    const result = applyTxn(this.#applied, change, zxid);
    if (change.kind === 'createSession') this.sessionBook.created(change.session);
    if (change.kind === 'closeSession') this.sessionBook.closed(change.session);
    if (this.#pending.size > 0) this.#pending.applied(zxid);
    return result;
  }

  /** Answers a read from what is applied. Changes nothing. */
  read(operation: ReadOperation, caller: Caller): ReadResult {
    return readTree({ tree: this.tree, skipAcl: this.#options.skipAcl }, operation, caller);
  }

  forget(): void {
    this.#pending.clear();
    this.sessionBook.forget();
  }

  clear(): void {
    this.forget();
    this.#lists.clear();
    this.tree.clear();
    this.#sessions.clear();
  }

  capture(): Cursor {
    return captureState(this.#applied, this.#options.rules);
  }

  restore(chunk: Chunk): void {
    restoreChunk(this.#applied, chunk as ZnodeChunk, this.#lists);
  }

  /**
   * A digest of all that is replicated, 31 bits: the tree without `/zookeeper/**`, its access lists, and the
   * sessions.
   */
  digest(): number {
    const { sum, aclSum } = this.tree;
    const tree = mix32(sum.low) ^ mix32(sum.high + 0x9e3779b9);
    return (tree ^ mix32(aclSum) ^ mix32(this.#sessions.digest())) >>> 1;
  }

  /** The digest as ZooKeeper writes it behind transactions and snapshots: 64 bits as 16 hex digits. */
  treeDigest(): string {
    return this.tree.sum.hex();
  }
}
