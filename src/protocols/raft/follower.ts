import { counterOf, epochOf, type Zxid } from '../../core/zxid.ts';
import type { NodeId } from '../../node/ids.ts';
import { type Chunk, NO_TOUCHES } from '../../node/service.ts';
import type { RaftHost } from './host.ts';
import type { Append, SnapshotBegin, SnapshotPiece } from './messages.ts';
import type { Caller } from './peers.ts';
import type { ReceivedSnapshot } from './store.ts';

/** An answer that waits until the entries up to `index` are durable. */
interface Waiting {
  readonly caller: Caller;
  readonly index: number;
  readonly round: number;
}

/** A barrier that waits until the entries up to `index` are applied. */
interface Barrier {
  readonly index: number;
}

/**
 * A server that follows the leader of its term: it takes over the leader's log (§5.3), says so once it is
 * durable, and applies what the leader has committed. It serves clients from when an entry of the term is
 * committed: then it has applied all that the leader began with.
 */
export class Follower {
  readonly #host: RaftHost;
  readonly leader: NodeId;
  /** Whether its log ends, durably, with an entry of the term: it then is a copy of the leader's. */
  #joined = false;
  #serving = false;
  #acked: Zxid = 0 as Zxid;
  #waiting: Waiting[] = [];
  #barriers: Barrier[] = [];
  #snapshot: (ReceivedSnapshot & { readonly chunks: Chunk[] }) | undefined;

  constructor(host: RaftHost, leader: NodeId) {
    this.#host = host;
    this.leader = leader;
  }

  get serving(): boolean {
    return this.#serving;
  }

  // --- The log ---

  onAppend(caller: Caller, message: Append): void {
    const { store, config } = this.#host;
    const { log } = store;
    const at = counterOf(message.prev);
    if (at < this.#host.commitIndex) {
      // What is committed is in the leader's log: it may go on from there (leader completeness, §5.4.3).
      const known = config.rules.matched(this.#host.commitIndex, log.durable);
      this.#answer(caller, true, known, message.round);
      return;
    }
    if (!config.rules.follows(log.positionAt(at), message.prev)) {
      this.#refuse(caller, at, message.round);
      return;
    }
    const matched = this.#takeOver(at, message);
    this.#host.commitTo(config.rules.followerCommit(message.commit, matched));
    if (message.entries.length === 0) {
      // A heartbeat is answered at once: the answer does not wait for the disk.
      this.#answer(caller, true, config.rules.matched(matched, log.durable), message.round);
    } else {
      this.#waiting.push({ caller, index: matched, round: message.round });
      log.flush();
      this.answerDurable();
    }
    this.#tryServe();
  }

  /** Appends what is not there, over what conflicts with it. Returns the last index known to match. */
  #takeOver(at: number, { entries }: Append): number {
    const { env, store, config } = this.#host;
    const { log } = store;
    let index = at;
    for (const entry of entries) {
      index++;
      const held = log.positionAt(index);
      if (held !== undefined && index <= log.lastIndex) {
        if (!config.rules.conflicts(held, entry.position)) continue;
        log.cut(index - 1);
        env.report({ kind: 'log-truncated', server: env.self, zxid: log.last });
      }
      log.append(entry);
    }
    return index;
  }

  /** Tells where the leader may go on: before all entries of the term that conflicts (end of §5.3). */
  #refuse(caller: Caller, at: number, round: number): void {
    const { store, peers } = this.#host;
    const { log } = store;
    const held = at > log.lastIndex ? -1 : log.termAt(at);
    const index = held < 0 ? Math.min(at, log.lastIndex + 1) : log.firstOfTerm(at);
    const touches = NO_TOUCHES;
    peers.answer(caller, {
      kind: 'appended',
      term: store.term,
      ok: false,
      index,
      conflictTerm: held,
      round,
      touches,
    });
  }

  /** Entries became durable: whoever waits for that is answered. */
  answerDurable(): void {
    const { log } = this.#host.store;
    const { rules } = this.#host.config;
    while (this.#waiting[0] !== undefined) {
      const [first] = this.#waiting;
      if (rules.matched(first.index, log.durable) < first.index) return;
      this.#waiting.shift();
      this.#answer(first.caller, false, first.index, first.round);
    }
    this.#tryServe();
  }

  #answer(caller: Caller, heartbeat: boolean, index: number, round: number): void {
    const { store, peers, frontend } = this.#host;
    this.#reportAck(index);
    const touches = heartbeat && this.#serving ? frontend.touches() : NO_TOUCHES;
    peers.answer(caller, {
      kind: 'appended',
      term: store.term,
      ok: true,
      index,
      conflictTerm: -1,
      round,
      touches,
    });
  }

  #reportAck(index: number): void {
    const { env, store } = this.#host;
    const zxid = store.log.positionAt(index);
    if (zxid === undefined || epochOf(zxid) !== store.term || zxid <= this.#acked) return;
    this.#acked = zxid;
    if (!this.#joined) {
      this.#joined = true;
      env.report({ kind: 'new-leader-acked', server: env.self, leader: this.leader, epoch: store.term });
    }
    if (!store.members.isVoter(env.self)) return;
    env.report({ kind: 'txn-acked', server: env.self, leader: this.leader, zxid });
  }

  // --- Snapshots (§7) ---

  onSnapshotBegin({ zxid, members }: SnapshotBegin): void {
    this.#snapshot = { zxid, members, chunks: [] };
  }

  onSnapshotPiece({ chunk }: SnapshotPiece): void {
    this.#snapshot?.chunks.push(chunk);
  }

  /** What is to be installed now; undefined when the log holds it already, which is then answered. */
  onSnapshotEnd(caller: Caller): ReceivedSnapshot | undefined {
    const snapshot = this.#snapshot;
    this.#snapshot = undefined;
    if (snapshot === undefined) return undefined;
    const at = counterOf(snapshot.zxid);
    const { commitIndex, store, config } = this.#host;
    if (at <= commitIndex) {
      this.#answer(caller, false, config.rules.matched(commitIndex, store.log.durable), 0);
      return undefined;
    }
    if (store.log.positionAt(at) === snapshot.zxid && store.log.durable >= at) {
      this.#host.commitTo(at);
      this.#answer(caller, false, at, 0);
      return undefined;
    }
    return snapshot;
  }

  installed(caller: Caller, zxid: Zxid): void {
    this.#answer(caller, false, counterOf(zxid), 0);
  }

  // --- Clients ---

  #tryServe(): void {
    const { env, store, commitIndex, peers } = this.#host;
    if (this.#serving || !this.#joined || !peers.isOpen(this.leader)) return;
    if (store.log.termAt(commitIndex) !== store.term || store.appliedIndex < commitIndex) return;
    this.#serving = true;
    const { term: epoch, lastApplied: zxid } = store;
    env.report({ kind: 'follower-synced', server: env.self, leader: this.leader, epoch, zxid });
    this.#host.serve(store.members.isVoter(env.self) ? 'following' : 'observing');
  }

  /** The leader said how far a read has to have applied. */
  onReadIndexed(index: number): void {
    this.#barriers.push({ index });
    this.applied();
  }

  /** More was applied. */
  applied(): void {
    while (this.#barriers[0] !== undefined && this.#barriers[0].index <= this.#host.store.appliedIndex) {
      this.#barriers.shift();
      this.#host.frontend.synced();
    }
  }
}
