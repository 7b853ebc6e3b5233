import { Fifo } from '../../core/fifo.ts';
import { counterOf, makeZxid, type Zxid } from '../../core/zxid.ts';
import { type ConfigTxn, NO_OP } from '../../node/content.ts';
import { NO_SESSION, type NodeId } from '../../node/ids.ts';
import type { Request } from '../../node/service.ts';
import { Changes } from './changes.ts';
import { electionTimeoutUs } from './config.ts';
import { HandOver } from './hand-over.ts';
import type { RaftHost } from './host.ts';
import type { Appended, ForwardedRequest, ReadIndex, Revalidate, TxnRecord } from './messages.ts';
import type { Caller } from './peers.ts';
import { beginAnew, isNearer, newProgress, type Progress } from './progress.ts';

/** A read, or a barrier, that waits for a quorum to confirm the term. */
interface Read {
  readonly caller: Caller | undefined;
  readonly round: number;
  readonly index: number;
}

/**
 * The leader of a term (§5.3): it appends to its log, sends it to all, and commits what a quorum holds
 * durably, counting replicas of entries of its own term only (§5.4.2). Its first entry is a no-op, since only
 * an entry of its own commits what it inherited (§8); it serves from when that is committed. It steps down
 * when it has not heard from a quorum for an election timeout (thesis §6.2).
 */
export class Leader {
  readonly #host: RaftHost;
  readonly #progress: Progress[];
  #round = 0;
  /** The index of the no-op. */
  readonly #first: number;
  #established = false;
  #joined = false;
  /** The last own ack. */
  #acked = 0;
  readonly #reads = new Fifo<Read>();
  /** Reads whose index is confirmed and not applied: those of the leader's own clients. */
  readonly #own = new Fifo<number>();
  readonly #handOver: HandOver;
  readonly #changes: Changes;

  constructor(host: RaftHost) {
    this.#host = host;
    const { env, store } = host;
    const nowUs = env.now();
    this.#first = store.log.lastIndex + 1;
    this.#handOver = new HandOver(host, (request, owner) => this.propose(request, owner));
    this.#changes = new Changes(host, this);
    this.#progress = host.others.map((peer) => newProgress(peer, this.#first, nowUs));
  }

  /** Whether an entry of the term is committed. */
  get established(): boolean {
    return this.#established;
  }

  /** The term begins. */
  start(): void {
    const { env, store } = this.#host;
    env.report({ kind: 'leader-synchronizing', server: env.self, epoch: store.term, zxid: store.log.last });
    this.#round++;
    this.#append({ session: NO_SESSION, cxid: 0 }, () => NO_OP);
    this.#armHeartbeat();
  }

  /** The role ends: what waits gets no answer. */
  end(): void {
    const { env } = this.#host;
    env.cancelTimer('heartbeat');
    env.cancelTimer('hand-over');
  }

  // --- Proposals ---

  /** What a follower asks for. */
  asked(caller: Caller, message: ForwardedRequest | ReadIndex | Revalidate): void {
    if (message.kind === 'request') this.propose(message.request, caller.number);
    else if (message.kind === 'read-index') this.read(caller);
    else this.#revalidate(caller, message);
  }

  /** A client's write, of the owner's connection. */
  propose(request: Request, owner: number): void {
    const { store } = this.#host;
    if (!this.#established || this.#handOver.withholds(request, owner)) return;
    this.#append(request.origin, (zxid, timeMs) => store.machine.prepare(request, owner, zxid, timeMs));
  }

  #append(origin: Request['origin'], prepare: (zxid: Zxid, timeMs: number) => TxnRecord['txn']): void {
    const { env, store } = this.#host;
    const position = makeZxid(store.term, store.log.lastIndex + 1);
    const timeMs = env.wallMs();
    const txn = prepare(position, timeMs);
    const { session, cxid } = origin;
    const record: TxnRecord = { kind: 'txn', position, digest: txn.digest, session, cxid, timeMs, txn };
    env.report({ kind: 'txn-proposed', server: env.self, zxid: position, digest: txn.digest, record });
    store.log.append(record);
    store.log.flush();
    for (const progress of this.#progress) this.#send(progress, false);
  }

  // --- Replication ---

  /** Sends what the follower lacks; `always`: a heartbeat, if there is nothing. */
  #send(progress: Progress, always: boolean): void {
    const { store, peers, config, commitIndex } = this.#host;
    const { log, term } = store;
    if (!this.#reaches(progress.peer)) return;
    if (progress.mode === 'snapshot') {
      this.#sendPieces(progress);
      return;
    }
    if (progress.mode === 'probe' && progress.asked && !always) return;
    const held = progress.mode === 'probe' && progress.asked;
    // A heartbeat finds out whether the answer was lost; where the log begins is as good a place to ask for.
    const prev = log.positionAt(progress.next - 1) ?? (held ? log.base : undefined);
    if (prev === undefined) {
      this.#beginSnapshot(progress);
      return;
    }
    const count = held ? 0 : config.settings.maxBatchSize;
    const entries = log.slice(progress.next, count);
    if (entries.length === 0 && !always && progress.told >= commitIndex) return;
    const message = { kind: 'append', term, prev, entries, commit: commitIndex, round: this.#round } as const;
    if (!peers.ask(progress.peer, message)) return;
    progress.told = commitIndex;
    if (progress.mode === 'stream') progress.next += entries.length;
    else progress.asked = true;
  }

  /** Whether the log goes to the peer: whoever was removed is told nothing any more (thesis §4.2.3). */
  #reaches(peer: NodeId): boolean {
    return this.#host.store.members.has(peer) || peer === this.#changes.member;
  }

  onAppended(peer: NodeId, message: Appended): void {
    const progress = this.#progress.find((one) => one.peer === peer);
    if (progress === undefined) return;
    const { env, frontend } = this.#host;
    progress.heardUs = env.now();
    progress.round = Math.max(progress.round, message.round);
    if (message.touches.length > 0 && this.#established) frontend.touched(message.touches);
    if (message.ok) this.#onMatch(progress, message.index);
    else this.#onConflict(progress, message);
    this.#tryRead();
    this.#goIfRemoved();
  }

  #onMatch(progress: Progress, index: number): void {
    const advanced = index > progress.match;
    if (advanced) progress.match = index;
    progress.next = Math.max(progress.next, progress.match + 1);
    progress.asked = false;
    progress.mode = 'stream';
    progress.pieces = [];
    if (advanced) this.#tryCommit();
    this.#send(progress, false);
    if (advanced) this.#proceed(progress);
  }

  /** The conflict names a term: if this log has it, the two may agree on its start (end of §5.3). */
  #onConflict(progress: Progress, { index, conflictTerm }: Appended): void {
    // It answers what was sent before the snapshot, of which there may be much.
    if (progress.mode === 'snapshot') return;
    const { log } = this.#host.store;
    const shared = conflictTerm < 0 ? -1 : log.lastOfTerm(conflictTerm);
    const next = shared >= 0 ? Math.min(shared + 1, progress.next - 1) : index;
    // A follower that lacks what it said was durable has lost its disk: it is brought up anew.
    progress.match = Math.min(progress.match, index - 1);
    progress.next = Math.max(progress.match + 1, Math.min(next, progress.next));
    progress.mode = 'probe';
    progress.asked = false;
    this.#send(progress, false);
  }

  #beginSnapshot(progress: Progress): void {
    const { store, peers, config } = this.#host;
    const { term } = store;
    const [newest] = store.snapshots.whole();
    if (newest === undefined) return;
    const { initLimit, syncLimit, tickTimeUs } = config.settings;
    const patienceUs = (initLimit + syncLimit) * tickTimeUs;
    const { zxid } = newest;
    const members = store.snapshots.members(newest);
    if (!peers.ask(progress.peer, { kind: 'snapshot', term, zxid, members }, patienceUs)) return;
    progress.mode = 'snapshot';
    progress.pieces = store.snapshots.chunks(newest);
    progress.sent = 0;
    progress.next = counterOf(zxid) + 1;
    this.#sendPieces(progress);
  }

  /** Sends pieces until the connection takes no more; then its end. */
  #sendPieces(progress: Progress): void {
    const { peers, store } = this.#host;
    const { pieces, peer } = progress;
    for (let chunk = pieces[progress.sent]; chunk !== undefined; chunk = pieces[progress.sent]) {
      if (!peers.tell(peer, { kind: 'snapshot-piece', term: store.term, chunk })) return;
      progress.sent++;
    }
    if (progress.sent > pieces.length) return;
    if (peers.tell(peer, { kind: 'snapshot-end', term: store.term })) progress.sent = pieces.length + 1;
  }

  /** The index that a follower goes on from, which is given a snapshot: the log has to be kept after it. */
  get needed(): number {
    let needed = Infinity;
    for (const { mode, next, peer } of this.#progress) {
      if (mode === 'snapshot' && this.#reaches(peer)) needed = Math.min(needed, next - 1);
    }
    return needed;
  }

  /** A connection is there, or takes more again. */
  reachable(peer: NodeId): void {
    const progress = this.#progress.find((one) => one.peer === peer);
    if (progress === undefined) return;
    this.#send(progress, true);
    this.#proceed(progress);
  }

  /** A connection ended: what was sent on it may be lost. */
  unreachable(peer: NodeId): void {
    const progress = this.#progress.find((one) => one.peer === peer);
    if (progress === undefined) return;
    beginAnew(progress);
    if (peer === this.#handOver.heir) this.#handOver.giveUp('the connection to it ended');
    if (peer === this.#changes.member) this.#changes.giveUp('the connection to it ended');
  }

  // --- What operators ask for ---

  /** An operator wants something of the leader, about a server, or, by 0, none in particular. */
  wanted(request: string, subject: NodeId): boolean {
    switch (request) {
      case 'hand-over':
        return this.#beginHandOver(subject);
      case 'add-voter':
        return this.#beginAdding(subject);
      case 'remove-voter':
        return this.#handOver.heir === 0 && this.#changes.remove(subject);
      default:
        return false;
    }
  }

  #beginAdding(member: NodeId): boolean {
    const progress = this.#progress.find((one) => one.peer === member);
    if (progress === undefined || this.#handOver.heir !== 0 || !this.#host.peers.isOpen(member)) return false;
    const isNew = !this.#host.store.members.has(member);
    if (!this.#changes.add(member)) return false;
    if (isNew) beginAnew(progress);
    this.#send(progress, true);
    this.#proceed(progress);
    return true;
  }

  /** The entry goes into the log like any other, and is in force from then on. */
  change(txn: ConfigTxn): void {
    this.#append({ session: NO_SESSION, cxid: 0 }, () => txn);
  }

  /** Its own removal is committed: it goes, and whoever is nearest to its log stands at once (§4.2.2). */
  #goIfRemoved(): void {
    const { env, store, peers } = this.#host;
    const { members } = store;
    if (members.isVoter(env.self) || !members.settled) return;
    const heir = this.#nearestVoter();
    if (heir !== undefined) peers.tell(heir.peer, { kind: 'timeout-now', term: store.term });
    this.#host.stepDown('it is no voter any more');
  }

  // --- Leadership transfer (thesis §3.10) ---

  /**
   * An operator wants a voter to lead, or, by 0, whichever is nearest to the own log. Whether that is begun:
   * it needs a connection, and no other under way.
   */
  #beginHandOver(wanted: NodeId): boolean {
    if (!this.#established || this.#handOver.heir !== 0) return false;
    const heir = this.#nearestVoter(wanted);
    if (heir === undefined) return false;
    this.#changes.giveUp('the leader hands over');
    this.#handOver.begin(heir.peer);
    this.#proceed(heir);
    return true;
  }

  /** Of the voters that can be reached, or of this one alone, whoever has most of the own log. */
  #nearestVoter(only: NodeId = 0 as NodeId): Progress | undefined {
    const { store, peers } = this.#host;
    let nearest: Progress | undefined;
    for (const one of this.#progress) {
      if (!store.members.isVoter(one.peer) || !peers.isOpen(one.peer)) continue;
      if (only === one.peer || (only === 0 && isNearer(one, nearest))) nearest = one;
    }
    return nearest;
  }

  /** The heir, or the new server, may be up to date. */
  #proceed({ peer, match }: Progress): void {
    if (peer === this.#handOver.heir) this.#handOver.proceed(match);
    else if (peer === this.#changes.member) this.#changes.proceed(match);
  }

  // --- Commits ---

  /** Entries of the own log became durable. */
  logged(): void {
    const { env, store } = this.#host;
    const { durable } = store.log;
    if (durable <= this.#acked || durable < this.#first) return;
    if (!this.#joined) {
      this.#joined = true;
      env.report({ kind: 'new-leader-acked', server: env.self, leader: env.self, epoch: store.term });
    }
    this.#acked = durable;
    const zxid = store.log.positionAt(durable);
    if (zxid !== undefined) env.report({ kind: 'txn-acked', server: env.self, leader: env.self, zxid });
    this.#tryCommit();
    this.#goIfRemoved();
  }

  /** The highest index that a quorum holds durably, if its entry may be committed by that. */
  #tryCommit(): void {
    const { config, store, commitIndex } = this.#host;
    const index = this.#agreedIndex();
    if (index <= commitIndex) return;
    if (!config.rules.commitsByCounting(store.log.termAt(index), store.term)) return;
    this.#commit(index);
    for (const progress of this.#progress) {
      this.#send(progress, false);
      this.#proceed(progress);
    }
  }

  #agreedIndex(): number {
    const { config, env, store } = this.#host;
    const held = this.#progress.map(({ peer, match }) => ({ peer, match }));
    held.push({ peer: env.self, match: config.rules.matched(store.log.lastIndex, store.log.durable) });
    held.sort((a, b) => b.match - a.match);
    const tally = store.members.quorums.tally();
    for (const { peer, match } of held) {
      config.rules.count(tally, peer);
      if (tally.hasQuorum()) return match;
    }
    return 0;
  }

  #commit(upTo: number): void {
    const host = this.#host;
    const { env, store } = host;
    if (!this.#established && upTo >= this.#first) {
      // The no-op is committed, and with it all that this leader began with.
      host.commitTo(this.#first - 1);
      env.report({ kind: 'leader-established', server: env.self, epoch: store.term });
    }
    for (let index = host.commitIndex + 1; index <= upTo; index++) {
      const zxid = store.log.positionAt(index);
      if (zxid === undefined) return;
      env.report({ kind: 'txn-committed', server: env.self, zxid });
      host.commitTo(index);
    }
    if (!this.#established && upTo >= this.#first) {
      this.#established = true;
      host.serve('leading');
    }
    this.#tryRead();
  }

  // --- Reads ---

  /** A barrier: all that was committed when it was asked for has to be applied (thesis §6.4). */
  read(caller: Caller | undefined): void {
    if (!this.#established) return;
    this.#reads.push({ caller, round: ++this.#round, index: this.#host.commitIndex });
    for (const progress of this.#progress) this.#send(progress, true);
    this.#tryRead();
  }

  #tryRead(): void {
    const { config, peers } = this.#host;
    for (let first = this.#reads.first(); first !== undefined; first = this.#reads.first()) {
      if (!config.rules.mayRead(this.#established, this.#isConfirmed(first.round))) return;
      this.#reads.shift();
      if (first.caller === undefined) this.#own.push(first.index);
      else peers.answer(first.caller, { kind: 'read-indexed', index: first.index });
    }
    for (let index = this.#own.first(); index !== undefined; index = this.#own.first()) {
      if (index > this.#host.store.appliedIndex) return;
      this.#own.shift();
      this.#host.frontend.synced();
    }
  }

  /** Whether a quorum has answered a heartbeat of this round, or a later one. */
  #isConfirmed(round: number): boolean {
    const { config, env, store } = this.#host;
    const tally = store.members.quorums.tally();
    tally.add(env.self);
    for (const progress of this.#progress)
      if (progress.round >= round) config.rules.count(tally, progress.peer);
    return tally.hasQuorum();
  }

  /** Whether a session lives, whose client came to a follower. */
  #revalidate(caller: Caller, { session, timeoutMs }: Revalidate): void {
    if (!this.#established) return;
    const { frontend, peers } = this.#host;
    const valid = frontend.revalidate({ session, timeoutMs }, caller.number);
    peers.answer(caller, { kind: 'revalidated', session, valid });
  }

  // --- Time ---

  timer(timer: 'heartbeat' | 'hand-over'): void {
    if (timer === 'heartbeat') this.#onHeartbeat();
    else this.#handOver.giveUp('an election timeout is over');
  }

  /** Every half tick. */
  #onHeartbeat(): void {
    const { config, env, store } = this.#host;
    const limitUs = electionTimeoutUs(config.settings);
    const nowUs = env.now();
    const tally = store.members.quorums.tally();
    tally.add(env.self);
    for (const { peer, heardUs } of this.#progress) if (nowUs - heardUs < limitUs) tally.add(peer);
    if (tally.hasQuorum()) this.#heartbeat();
    else this.#host.stepDown('no quorum was heard for an election timeout');
  }

  #heartbeat(): void {
    this.#round++;
    for (const progress of this.#progress) this.#send(progress, true);
    this.#armHeartbeat();
  }

  #armHeartbeat(): void {
    const { env, config } = this.#host;
    env.setTimer('heartbeat', Math.max(1, Math.floor(config.settings.tickTimeUs / 2)));
  }
}
