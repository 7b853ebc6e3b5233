import { makeZxid, type Zxid } from '../../core/zxid.ts';
import type { ServingRole } from '../../node/content.ts';
import type { NodeId } from '../../node/ids.ts';
import { OWN_PORT, type Request, type Touch } from '../../node/service.ts';
import { Barriers } from './barriers.ts';
import { Courier } from './courier.ts';
import { Desk, type DeskHost } from './desk.ts';
import type { Government, GovernmentHost } from './government.ts';
import { slotZxid } from './ledger.ts';
import type { Errand, Forward, PaxosMessage, Present, PresentToo, Source, Value } from './messages.ts';
import { ownerOf } from './notes.ts';
import { Touches } from './touches.ts';
import { Transactions } from './transactions.ts';
import { barrier, prepared } from './values.ts';

/**
 * One presides. A server that hears of no president begins a ballot, and presides until it hears of a higher
 * one, or of no majority. He prepares a transaction for each request, in the order in which he gets them, and
 * proposes it in the next slot; the others forward to him what their clients ask for. Whoever loses his
 * president, or is none any more, ends his clients' connections: what they wait for is decreed or not, and
 * only the ledger of the next president tells.
 */
export class Presidency implements Government, DeskHost {
  readonly #host: GovernmentHost;
  readonly #transactions: Transactions;
  /** The ballot of the president that is followed, or the own one; −1: none. */
  #president = -1;
  #serving = false;
  /** Ballots begun since there was a president. */
  #defeats = 0;
  /** Local µs when a server last answered in the own ballot: that it says other things proves nothing. */
  readonly #heardUs = new Map<NodeId, number>();
  /** To the president that is followed. */
  #courier: Courier | undefined;
  /** By member, while this server presides. */
  readonly #desks = new Map<NodeId, Desk>();
  /** The last round of touches that was heard of each. */
  readonly #rounds = new Map<NodeId, number>();
  readonly #touches = new Touches();
  #owners = OWN_PORT;
  #barriers: Barriers;
  /** Barriers that this server asked itself for. */
  #asked = 0;
  /** What was proposed last, as president. */
  #last: Zxid = slotZxid(0);
  /** The last time that was taken for a beginning: no two are alike. */
  #beganUs = -1;

  constructor(host: GovernmentHost) {
    const { env, config, machine } = host;
    this.#host = host;
    this.#transactions = new Transactions(env, config.rules, machine, () => host.frontend);
    this.#barriers = new Barriers(env.self, 0);
  }

  get config(): GovernmentHost['config'] {
    return this.#host.config;
  }

  lastApplied(): Zxid {
    return this.#transactions.lastApplied;
  }

  view(): ReturnType<Government['view']> {
    const { proposer, notes, votes } = this.#host;
    const following = votes ? 'following' : 'observing';
    const { lastApplied } = this.#transactions;
    const vote = notes.voteOn(notes.lastSlot);
    const lastVote = vote === undefined ? 0 : makeZxid(vote.ballot, vote.slot);
    return {
      state: proposer.presides ? 'leading' : this.#president >= 0 ? following : 'looking',
      currentEpoch: Math.max(0, proposer.presides ? proposer.ballot : this.#president),
      lastZxid: Math.max(lastVote, lastApplied) as Zxid,
      lastCommitted: lastApplied,
    };
  }

  start(): void {
    this.#awaitPresident();
  }

  // --- Decrees ---

  counted(): void {
    // Whether it is carried out, what stands before it says: others are told when that is known.
  }

  apply(slot: number, value: Value, counted: boolean): void {
    const { proposer, frontend } = this.#host;
    if (counted) this.#host.tell(slot, value);
    this.#transactions.apply(slot, value, counted);
    if (!counted) proposer.learned(slot);
    if (value.kind === 'txn' || value.kind === 'barrier') this.#onDecree(value.source);
    if (this.#barriers.reached(value)) frontend.synced();
  }

  #onDecree(source: Source | undefined): void {
    const { self } = this.#host.env;
    const courier = this.#courier;
    if (source?.member === self && source.since === courier?.errands.since) courier.decreed(source.number);
  }

  told(slot: number, value: Value): void {
    const { proposer } = this.#host;
    if (proposer.isContradicted(slot, value)) proposer.onReject(proposer.ballot);
  }

  settled(): void {
    // A ballot lasts.
  }

  // --- Ballots ---

  heardOf(): void {
    this.#awaitPresident();
  }

  answered(from: NodeId): void {
    this.#heardUs.set(from, this.#host.env.now());
  }

  elected(ballot: number): void {
    const { env } = this.#host;
    const vote = { leader: env.self, electionEpoch: ballot, zxid: slotZxid(0), peerEpoch: 0, settled: false };
    env.report({ kind: 'leader-elected', server: env.self, ...vote });
    env.report({ kind: 'leader-synchronizing', server: env.self, epoch: ballot, zxid: slotZxid(0) });
  }

  established(ballot: number): void {
    const { env, proposer, config } = this.#host;
    env.report({ kind: 'new-leader-acked', server: env.self, leader: env.self, epoch: ballot });
    env.report({ kind: 'leader-established', server: env.self, epoch: ballot });
    [this.#president, this.#defeats, this.#last] = [ballot, 0, proposer.opening];
    this.#serve('leading', config.settings.leaderServes);
    this.#greet();
  }

  overtaken(presided: boolean): void {
    if (presided) this.#resign('a higher ballot was begun');
    this.#awaitPresident();
  }

  /** At random, and longer after each ballot that came to nothing: else two may duel for ever. */
  #awaitPresident(): void {
    const { env, config } = this.#host;
    const { syncLimit, tickTimeUs } = config.settings;
    const timeoutUs = syncLimit * tickTimeUs;
    env.setTimer('election', timeoutUs + env.draw(timeoutUs * (1 + Math.min(7, this.#defeats))));
  }

  #resign(because: string): void {
    const { env, proposer } = this.#host;
    env.report({ kind: 'leader-resigned', server: env.self, epoch: proposer.ballot, because });
    this.#president = -1;
    this.#unserve();
  }

  // --- Who follows ---

  posted(from: NodeId, message: PaxosMessage): void {
    switch (message.kind) {
      case 'present':
        this.#onPresent(from, message);
        return;
      case 'present-too':
        this.#onPresentToo(from, message);
        return;
      case 'forward':
        this.#onForward(from, message);
        return;
      case 'heard':
        if (this.#courier?.isMine(message)) this.#courier.heard(message.number);
        return;
      case 'revalidated': {
        const { number, session, valid } = message;
        const courier = this.#courier;
        if (!courier?.isMine(message) || !courier.answered(number)) return;
        this.#host.frontend.revalidated(session, valid);
        return;
      }
      default:
    }
  }

  #onPresent(from: NodeId, { ballot, applied, round }: Present): void {
    const host = this.#host;
    const { notes, ledger } = host;
    if (applied > ledger.applied) host.ask(from);
    if (ballot < 0 || ballot < notes.promised) {
      // A president that was overtaken learns of it.
      if (ballot >= 0) host.post(from, { kind: 'reject', ballot, promised: notes.promised });
      return;
    }
    host.heardOf(ballot);
    if (this.#president !== ballot) this.#follow(from, ballot);
    if (!this.#serving && ledger.applied >= applied) this.#join(from, ballot);
    this.#touches.heard(round);
    const touched = this.#touches.tell(host.frontend.touches(), host.env.now());
    host.post(from, { kind: 'present-too', ballot, applied: ledger.applied, ...touched });
  }

  #follow(leader: NodeId, ballot: number): void {
    this.#leave('another presides');
    const { env, voter } = this.#host;
    [this.#president, this.#defeats] = [ballot, 0];
    voter.known(ballot);
    const vote = { leader, electionEpoch: ballot, zxid: slotZxid(0), peerEpoch: 0, settled: true };
    env.report({ kind: 'leader-followed', server: env.self, ...vote });
    env.report({ kind: 'new-leader-acked', server: env.self, leader, epoch: ballot });
  }

  /** It has applied all that the president began with, his own first decree included. */
  #join(leader: NodeId, ballot: number): void {
    const host = this.#host;
    const { env, votes } = host;
    const zxid = this.lastApplied();
    env.report({ kind: 'follower-synced', server: env.self, leader, epoch: ballot, zxid });
    this.#serve(votes ? 'following' : 'observing');
    const since = this.#beganUs;
    this.#courier = new Courier(leader, { ballot, since }, (to, message) => host.post(to, message));
  }

  #leave(because: string): void {
    const { env, members } = this.#host;
    if (this.#president < 0) return;
    const leader = ownerOf(this.#president, members);
    this.#president = -1;
    if (leader === env.self) return;
    env.report({ kind: 'leader-left', server: env.self, leader, because });
    this.#unserve();
  }

  // --- Serving ---

  #serve(role: ServingRole, letsIn = true): void {
    const { env, port } = this.#host;
    this.#beganUs = Math.max(env.now(), this.#beganUs + 1);
    this.#barriers = new Barriers(env.self, this.#beganUs);
    this.#serving = true;
    port.open(role, letsIn);
  }

  #unserve(): void {
    const { config, machine, port } = this.#host;
    this.#courier = undefined;
    this.#desks.clear();
    this.#rounds.clear();
    this.#touches.clear();
    if (!this.#serving) return;
    this.#serving = false;
    port.close();
    // What was prepared and is not decided was never so: the next president may decide otherwise.
    if (config.rules.dropsUndecided()) machine.forget();
  }

  submit(request: Request): void {
    if (this.presides()) this.#propose(request, OWN_PORT, undefined);
    else this.#courier?.send({ kind: 'request', request });
  }

  /** A read that must not be old waits for a decree. */
  barrier(): void {
    const { config, frontend } = this.#host;
    if (this.presides() && !config.rules.awaitsDecree()) frontend.synced();
    else if (this.presides()) this.#proposeBarrier(this.#barriers.add(++this.#asked));
    else if (this.#courier !== undefined) this.#barriers.add(this.#courier.send({ kind: 'barrier' }));
  }

  consult({ session, timeoutMs }: Touch): void {
    this.#courier?.send({ kind: 'revalidate', session, timeoutMs });
  }

  // --- The president ---

  presides(): boolean {
    return this.#host.proposer.established;
  }

  /** The owner is the connection that the request came over: that of a member, or the own clients'. */
  #propose(request: Request, owner: number, source: Source | undefined): void {
    const { env, proposer, machine } = this.#host;
    proposer.propose((zxid) => {
      const timeMs = env.wallMs();
      const txn = machine.prepare(request, owner, zxid, timeMs);
      const value = prepared(request.origin, timeMs, txn, { zxid, after: this.#last, source });
      this.#last = zxid;
      env.report({ kind: 'txn-proposed', server: env.self, zxid, digest: value.digest, record: value });
      return value;
    });
  }

  #proposeBarrier(source: Source): void {
    this.#host.proposer.propose((zxid) => barrier(source, zxid));
  }

  #onForward(from: NodeId, forward: Forward): void {
    // What was for an earlier president may be late, and its client have gone on elsewhere meanwhile.
    if (!this.presides() || forward.ballot !== this.#host.proposer.ballot) return;
    let desk = this.#desks.get(from);
    if (desk === undefined || desk.errands.since < forward.since) {
      desk = new Desk(this, from, forward, ++this.#owners);
      this.#desks.set(from, desk);
    }
    // What an earlier process of the member asked for, or this one when it followed before, comes too late.
    if (desk.errands.since === forward.since) desk.take(forward);
  }

  post(to: NodeId, message: PaxosMessage): void {
    this.#host.post(to, message);
  }

  seeTo(source: Source, owner: number, errand: Errand): boolean | undefined {
    const { frontend } = this.#host;
    switch (errand.kind) {
      case 'request':
        this.#propose(errand.request, owner, source);
        return undefined;
      case 'barrier':
        this.#proposeBarrier(source);
        return undefined;
      default:
        return frontend.revalidate(errand, owner);
    }
  }

  // --- Time ---

  tick(): void {
    this.#resignAlone();
    this.#courier?.remind();
    if (!this.presides()) return;
    for (const desk of this.#desks.values()) desk.confirm();
    this.#greet();
  }

  #greet(): void {
    this.#host.greet(this.#host.proposer.ballot, (member) => this.#rounds.get(member) ?? 0);
  }

  #onPresentToo(from: NodeId, { ballot, round, touches }: PresentToo): void {
    if (!this.presides() || ballot !== this.#host.proposer.ballot) return;
    this.#rounds.set(from, Math.max(round, this.#rounds.get(from) ?? 0));
    if (touches.length > 0) this.#host.frontend.touched(touches);
  }

  #resignAlone(): void {
    const { env, config, proposer } = this.#host;
    if (!proposer.presides) return;
    const limitUs = config.settings.syncLimit * config.settings.tickTimeUs;
    const tally = config.quorums.tally();
    tally.add(env.self);
    for (const [sid, heardUs] of this.#heardUs) if (env.now() - heardUs < limitUs) tally.add(sid);
    if (tally.hasQuorum()) return;
    proposer.end();
    this.#resign('no quorum was heard for an election timeout');
    this.#host.reportVote('looking', env.self, proposer.ballot);
    this.#awaitPresident();
  }

  timer(timer: string): void {
    if (timer === 'election') this.#onSilence();
  }

  #onSilence(): void {
    const { proposer, votes, highest } = this.#host;
    this.#awaitPresident();
    if (proposer.presides) return;
    this.#leave('nothing was heard from the president');
    this.#defeats++;
    if (votes) proposer.begin(highest);
  }
}
