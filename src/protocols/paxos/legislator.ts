import { chain32, chainText } from '../../core/digest.ts';
import type { Body, Origin } from '../../node/content.ts';
import type { NodeEvent } from '../../node/events.ts';
import { NO_SESSION, type NodeId } from '../../node/ids.ts';
import type { NodeView, Participant } from '../../node/protocol.ts';
import type { Frontend, Gateway, Service } from '../../node/service.ts';
import { ClientPort } from './client-port.ts';
import type { PaxosConfig } from './config.ts';
import { everybody, keyOf, Ledger, slotZxid } from './ledger.ts';
import type { PaxosEnv, PaxosMessage, Present, Value, WireMessage } from './messages.ts';
import { Notes, ownerOf } from './notes.ts';
import { Proposer, type ProposerHost } from './proposer.ts';
import { Voter, type VoterHost } from './voter.ts';

/** Decrees in one answer to who lacks some. */
const DECREES = 64;

/**
 * One legislator, for one incarnation: voter, proposer and learner in one. With a president, a server that
 * hears of none begins a ballot, and presides until it hears of a higher one, or of no majority; the others
 * hand their clients' requests to it. Without one, each server proposes what its own clients ask for.
 */
export class Legislator implements Participant<WireMessage>, ProposerHost, VoterHost {
  readonly env: PaxosEnv;
  readonly config: PaxosConfig;
  readonly notes: Notes;
  readonly ledger: Ledger;
  readonly members: readonly NodeId[];
  readonly #frontend: Frontend;
  readonly #proposer: Proposer;
  readonly #voter: Voter;
  readonly #votes: boolean;
  readonly #port: ClientPort;
  /** Requests of the own clients, until they are decreed. */
  readonly #queue = new Map<string, Value>();
  /** The ballot of the president that is followed; −1: none. */
  #president = -1;
  #served = false;
  /** The highest ballot heard of. */
  #highest = 0;
  /** Local µs when a server last answered in the own ballot: that it says other things proves nothing. */
  readonly #heardUs = new Map<NodeId, number>();
  /** How long the next back-off may take, at random; 0: nothing was overtaken since the last decree. */
  #spreadUs = 0;
  #retrying = false;
  /** Ballots begun since there was a president. */
  #defeats = 0;
  #barriers = 0;
  #ready = false;
  #exited = false;

  constructor(config: PaxosConfig, env: PaxosEnv, service: Service) {
    this.env = env;
    this.config = config;
    this.#votes = config.quorums.isVoter(env.self);
    this.members = everybody(config.quorums.voters, config.observers);
    this.notes = new Notes(env, config.rules);
    this.ledger = new Ledger(env, service.machine, () => this.#frontend);
    this.#frontend = service.frontend(this.#gateway());
    this.#port = new ClientPort(env, this.#frontend);
    this.#proposer = new Proposer(this);
    this.#voter = new Voter(this);
  }

  handle(event: NodeEvent<WireMessage>): void {
    if (this.#exited) return;
    switch (event.kind) {
      case 'posted':
        if (this.#ready) this.#onPosted(event.from, event.message as PaxosMessage);
        return;
      case 'synced':
        this.notes.synced(event.ticket);
        return;
      case 'timer':
        this.#onTimer(event.timer);
        return;
      case 'turn':
        this.#frontend.turn();
        return;
      case 'failed':
        this.#exit(`the disk cannot be written: ${event.error}`);
        return;
      case 'started':
        this.#start();
        return;
      default:
        this.#port.handle(event);
    }
  }

  inspect(): NodeView {
    const leading = this.#proposer.presides && this.config.mode === 'president';
    const follows = this.#president >= 0 || this.config.mode === 'leaderless';
    const following = this.#votes ? 'following' : 'observing';
    return {
      state: leading ? 'leading' : follows ? following : 'looking',
      acceptedEpoch: this.notes.promised,
      currentEpoch: Math.max(0, leading ? this.#proposer.ballot : this.#president),
      lastZxid: slotZxid(Math.max(this.notes.lastSlot, this.ledger.applied)),
      lastCommitted: this.ledger.lastApplied,
    };
  }

  // --- Start ---

  #start(): void {
    const { env } = this;
    env.listen('client');
    const [zxid, state] = [slotZxid(0), 0];
    env.report({ kind: 'recovered', server: env.self, snapshot: zxid, zxid, records: 0, state });
    const problem = this.notes.recover(() => {
      this.#ready = true;
      this.#highest = this.notes.promised;
      this.#look(this.notes.promised);
      this.#tick();
      if (this.config.mode === 'leaderless') this.#serve();
      else this.#awaitPresident();
    });
    if (problem !== undefined) this.#exit(`recovery: ${problem}`);
  }

  #look(ballot: number): void {
    this.reportVote('looking', this.env.self, ballot);
  }

  reportVote(kind: 'looking' | 'vote-changed', leader: NodeId, electionEpoch: number): void {
    const { env } = this;
    env.report({ kind, server: env.self, leader, electionEpoch, zxid: slotZxid(0), peerEpoch: 0 });
  }

  // --- Messages ---

  post(to: NodeId, message: PaxosMessage): void {
    if (to === this.env.self) this.#onPosted(to, message);
    else this.env.post(to, message);
  }

  #onPosted(from: NodeId, message: PaxosMessage): void {
    switch (message.kind) {
      case 'prepare':
        if (this.#votes) this.#voter.prepare(from, message);
        return;
      case 'promise':
        this.#answered(from, message.ballot);
        if (message.applied > this.ledger.applied) this.#ask(from);
        this.#proposer.onPromise(from, message);
        return;
      case 'accept':
        if (this.#votes) this.#voter.accept(from, message);
        return;
      case 'accepted':
        this.#answered(from, message.ballot);
        this.#proposer.onAccepted(from, message.ballot, message.slot);
        this.#tryRetire();
        return;
      case 'reject':
        this.#highest = Math.max(this.#highest, message.promised);
        this.#proposer.onReject(message.ballot);
        return;
      case 'decrees':
        for (const [i, value] of message.values.entries()) this.#learn(message.from + i, value);
        this.#tryRetire();
        return;
      case 'present':
        this.#onPresent(from, message);
        return;
      case 'present-too':
        this.#answered(from, message.ballot);
        if (message.applied > this.ledger.applied) this.#ask(from);
        return;
      case 'ask': {
        const values = this.ledger.from(message.from, DECREES);
        if (values.length > 0) this.post(from, { kind: 'decrees', from: message.from, values });
        return;
      }
      case 'forward':
        if (this.#proposer.established) this.#proposer.propose(message.value);
        return;
      default:
    }
  }

  #answered(from: NodeId, ballot: number): void {
    if (ballot === this.#proposer.ballot) this.#heardUs.set(from, this.env.now());
  }

  #ask(from: NodeId): void {
    this.post(from, { kind: 'ask', from: this.ledger.applied + 1 });
  }

  // --- Ballots ---

  /** A ballot is about: whoever holds it is given time before this server begins one of its own. */
  heardOf(ballot: number): void {
    this.#highest = Math.max(this.#highest, ballot);
    if (this.config.mode === 'president') this.#awaitPresident();
    if (this.#proposer.active && ballot > this.#proposer.ballot) {
      this.#proposer.onReject(this.#proposer.ballot);
    }
  }

  // --- The learner ---

  decide(slot: number, value: Value): void {
    const { env, ledger } = this;
    ledger.decide(slot, value, (at, decreed) => {
      env.report({ kind: 'txn-committed', server: env.self, zxid: slotZxid(at) });
      this.#decreed(decreed);
    });
  }

  #learn(slot: number, value: Value): void {
    this.ledger.decide(slot, value, (at, decreed) => {
      this.#proposer.learned(at);
      this.#decreed(decreed);
    });
  }

  #decreed(value: Value): void {
    if (!this.#queue.delete(keyOf(value))) return;
    this.#spreadUs = 0;
    if (value.body === undefined) this.#frontend.synced();
  }

  // --- The proposer ---

  elected(ballot: number): void {
    const { env } = this;
    const vote = { leader: env.self, electionEpoch: ballot, zxid: slotZxid(0), peerEpoch: 0, settled: false };
    if (this.config.mode === 'president') env.report({ kind: 'leader-elected', server: env.self, ...vote });
    env.report({ kind: 'leader-synchronizing', server: env.self, epoch: ballot, zxid: slotZxid(0) });
  }

  established(ballot: number): void {
    const { env } = this;
    if (this.config.mode === 'president') {
      env.report({ kind: 'new-leader-acked', server: env.self, leader: env.self, epoch: ballot });
      env.report({ kind: 'leader-established', server: env.self, epoch: ballot });
      this.#president = ballot;
      this.#defeats = 0;
      if (this.config.settings.leaderServes) this.#serve();
      this.#greet();
      for (const value of this.#queue.values()) this.#proposer.propose(value);
      return;
    }
    const [first] = this.#queue.values();
    if (first !== undefined) this.#proposer.propose(first);
    this.#tryRetire();
  }

  /** Without a president, a ballot is for one decree. */
  #tryRetire(): void {
    if (this.config.mode !== 'leaderless' || !this.#proposer.established || this.#proposer.waits) return;
    this.#proposer.end();
    if (this.#queue.size > 0) this.#proposer.begin(this.#highest);
  }

  overtaken(presided: boolean): void {
    const { env, config } = this;
    if (config.mode === 'leaderless') {
      this.#retrying = true;
      env.setTimer('retry', this.#backOffUs());
      return;
    }
    if (presided) {
      const because = 'a higher ballot was begun';
      env.report({ kind: 'leader-resigned', server: env.self, epoch: this.#proposer.ballot, because });
      this.#president = -1;
    }
    this.#awaitPresident();
  }

  /** At random, and up to twice as long after each failure; or always the same. */
  #backOffUs(): number {
    const { minNotificationIntervalUs: least, maxNotificationIntervalUs: most } = this.config.settings;
    if (this.config.backOff === 'fixed') return least;
    this.#spreadUs = Math.min(most, Math.max(least, 2 * this.#spreadUs));
    return 1 + this.env.draw(Math.max(1, this.#spreadUs));
  }

  /** At random, and longer after each ballot that came to nothing: else two may duel for ever. */
  #awaitPresident(): void {
    const { syncLimit, tickTimeUs } = this.config.settings;
    const timeoutUs = syncLimit * tickTimeUs;
    this.env.setTimer('election', timeoutUs + this.env.draw(timeoutUs * (1 + Math.min(7, this.#defeats))));
  }

  // --- The president ---

  #onPresent(from: NodeId, { ballot, applied }: Present): void {
    if (applied > this.ledger.applied) this.#ask(from);
    if (ballot < 0 || ballot < this.notes.promised) {
      // A president that was overtaken learns of it.
      if (ballot >= 0) this.post(from, { kind: 'reject', ballot, promised: this.notes.promised });
      return;
    }
    this.heardOf(ballot);
    this.#awaitPresident();
    const { env } = this;
    if (this.#president !== ballot) this.#follow(from, ballot);
    if (!this.#served && this.ledger.applied >= applied) {
      this.#served = true;
      const zxid = this.ledger.lastApplied;
      env.report({ kind: 'follower-synced', server: env.self, leader: from, epoch: ballot, zxid });
      this.#serve();
    }
    this.post(from, { kind: 'present-too', ballot, applied: this.ledger.applied });
  }

  #follow(leader: NodeId, ballot: number): void {
    this.#leave('another presides');
    const { env } = this;
    [this.#president, this.#defeats] = [ballot, 0];
    this.#voter.known(ballot);
    this.#served = false;
    const vote = { leader, electionEpoch: ballot, zxid: slotZxid(0), peerEpoch: 0, settled: true };
    env.report({ kind: 'leader-followed', server: env.self, ...vote });
    env.report({ kind: 'new-leader-acked', server: env.self, leader, epoch: ballot });
    this.#forward();
  }

  #leave(because: string): void {
    const { env, members } = this;
    if (this.#president < 0) return;
    const leader = ownerOf(this.#president, members);
    this.#president = -1;
    if (leader === env.self) return;
    env.report({ kind: 'leader-left', server: env.self, leader, because });
  }

  #greet(): void {
    const presides = this.#proposer.established && this.config.mode === 'president';
    const ballot = presides ? this.#proposer.ballot : -1;
    for (const member of this.members) {
      if (member !== this.env.self)
        this.post(member, { kind: 'present', ballot, applied: this.ledger.applied });
    }
  }

  /** Requests of the own clients go to the president, again and again until they are decreed. */
  #forward(values: Iterable<Value> = this.#queue.values()): void {
    const leader = this.#president < 0 ? undefined : ownerOf(this.#president, this.members);
    if (leader === undefined || leader === this.env.self) return;
    for (const value of values) this.post(leader, { kind: 'forward', value });
  }

  #resignAlone(): void {
    const { env, config } = this;
    if (!this.#proposer.presides || config.mode !== 'president') return;
    const limitUs = config.settings.syncLimit * config.settings.tickTimeUs;
    const tally = config.quorums.tally();
    tally.add(env.self);
    for (const [sid, heardUs] of this.#heardUs) if (env.now() - heardUs < limitUs) tally.add(sid);
    if (tally.hasQuorum()) return;
    this.#proposer.end();
    const because = 'no quorum was heard for an election timeout';
    env.report({ kind: 'leader-resigned', server: env.self, epoch: this.#proposer.ballot, because });
    this.#president = -1;
    this.#look(this.#proposer.ballot);
    this.#awaitPresident();
  }

  // --- Time ---

  #tick(): void {
    this.env.setTimer('tick', Math.max(1, Math.floor(this.config.settings.tickTimeUs / 2)));
  }

  #onTimer(timer: string): void {
    switch (timer) {
      case 'tick':
        this.#tick();
        this.#resignAlone();
        if (this.#proposer.active) this.#proposer.remind();
        this.#forward();
        if (this.#proposer.established || this.config.mode === 'leaderless') this.#greet();
        return;
      case 'election':
        this.#onSilence();
        return;
      case 'retry':
        this.#retrying = false;
        if (!this.#proposer.active && this.#queue.size > 0) this.#proposer.begin(this.#highest);
        return;
      case 'session-expiry':
      case 'reaper':
      case 'idle':
        this.#frontend.timer(timer);
        return;
      default:
    }
  }

  #onSilence(): void {
    this.#awaitPresident();
    if (this.#proposer.presides) return;
    this.#leave('nothing was heard from the president');
    this.#defeats++;
    if (this.#votes) this.#proposer.begin(this.#highest);
  }

  // --- Clients ---

  #serve(): void {
    this.#port.open(this.#votes ? 'following' : 'observing');
  }

  /** A request of an own client, or a barrier: it is proposed here, or by the president. */
  #submit(origin: Origin, body: Body | undefined): void {
    const { session, cxid } = origin;
    const timeMs = this.env.wallMs();
    const what = chainText(chainText(0, session), body?.kind ?? '');
    const digest = chain32(chain32(what, cxid), timeMs) >>> 1;
    const value: Value = { session, cxid, timeMs, body, digest };
    this.#queue.set(keyOf(value), value);
    if (this.config.mode === 'leaderless') {
      if (!this.#proposer.active && !this.#retrying) this.#proposer.begin(this.#highest);
    } else if (this.#proposer.established) this.#proposer.propose(value);
    else this.#forward([value]);
  }

  #gateway(): Gateway {
    const { env } = this;
    return {
      self: env.self,
      now: () => env.now(),
      wallMs: () => env.wallMs(),
      submit: ({ origin, body }) => this.#submit(origin, body),
      // A read that must not be old is decreed like a write: what is before it is applied at its turn.
      barrier: () => {
        const cxid = env.self * 1_000_000 + env.draw(1000) * 1000 + ++this.#barriers;
        this.#submit({ session: NO_SESSION, cxid }, undefined);
      },
      consult: ({ session }) => this.#frontend.revalidated(session, true),
      send: (link, message) => env.send(link, message),
      close: (link) => this.#port.drop(link),
      lastApplied: () => this.ledger.lastApplied,
      setTimer: (timer, afterUs) => env.setTimer(timer, afterUs),
      cancelTimer: (timer) => env.cancelTimer(timer),
      wake: () => env.wake('request'),
      report: (fact) => env.report(fact),
    };
  }

  #exit(reason: string): void {
    this.#exited = true;
    this.env.exit(reason);
  }
}
