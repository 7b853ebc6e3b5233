import type { NodeEvent } from '../../node/events.ts';
import type { NodeId } from '../../node/ids.ts';
import type { NodeView, Participant } from '../../node/protocol.ts';
import type { Frontend, Gateway, Service, StateMachine } from '../../node/service.ts';
import { Assembly } from './assembly.ts';
import { ClientPort } from './client-port.ts';
import type { PaxosConfig } from './config.ts';
import type { Government, GovernmentHost } from './government.ts';
import { everybody, Ledger, slotZxid } from './ledger.ts';
import type { PaxosEnv, PaxosMessage, Value, WireMessage } from './messages.ts';
import { Notes } from './notes.ts';
import { Presidency } from './presidency.ts';
import { Proposer } from './proposer.ts';
import { Voter, type VoterHost } from './voter.ts';

/** Decrees in one answer to who lacks some. */
const DECREES = 64;

/**
 * One legislator, for one incarnation: voter, proposer and learner in one. Who proposes what is a question of
 * the government: with a president, or without one.
 */
export class Legislator implements Participant<WireMessage>, GovernmentHost, VoterHost {
  readonly env: PaxosEnv;
  readonly config: PaxosConfig;
  readonly notes: Notes;
  readonly ledger = new Ledger();
  readonly members: readonly NodeId[];
  readonly machine: StateMachine;
  readonly frontend: Frontend;
  readonly port: ClientPort;
  readonly proposer: Proposer;
  readonly voter: Voter;
  readonly votes: boolean;
  readonly #government: Government;
  highest = 0;
  #ready = false;
  #exited = false;

  constructor(config: PaxosConfig, env: PaxosEnv, service: Service) {
    this.env = env;
    this.config = config;
    this.votes = config.quorums.isVoter(env.self);
    this.members = everybody(config.quorums.voters, config.observers);
    this.notes = new Notes(env, config.rules);
    this.machine = service.machine;
    this.frontend = service.frontend(this.#gateway());
    this.port = new ClientPort(env, this.frontend);
    this.proposer = new Proposer(this);
    this.voter = new Voter(this);
    this.#government = config.mode === 'president' ? new Presidency(this) : new Assembly(this);
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
        this.frontend.turn();
        return;
      case 'failed':
        this.#exit(`the disk cannot be written: ${event.error}`);
        return;
      case 'started':
        this.#start();
        return;
      default:
        this.port.handle(event);
    }
  }

  inspect(): NodeView {
    return { acceptedEpoch: this.notes.promised, ...this.#government.view() };
  }

  // --- Start ---

  #start(): void {
    const { env } = this;
    env.listen('client');
    const [zxid, state] = [slotZxid(0), 0];
    env.report({ kind: 'recovered', server: env.self, snapshot: zxid, zxid, records: 0, state });
    const problem = this.notes.recover(() => {
      this.#ready = true;
      this.highest = this.notes.promised;
      this.reportVote('looking', env.self, this.notes.promised);
      this.#tick();
      this.#government.start();
    });
    if (problem !== undefined) this.#exit(`recovery: ${problem}`);
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
        if (this.votes) this.voter.prepare(from, message);
        return;
      case 'promise':
        this.#answered(from, message.ballot, message.applied);
        this.proposer.onPromise(from, message);
        return;
      case 'accept':
        if (this.votes) this.voter.accept(from, message);
        return;
      case 'accepted':
        this.#answered(from, message.ballot, 0);
        this.proposer.onAccepted(from, message.ballot, message.slot);
        this.#government.settled();
        return;
      case 'reject':
        this.highest = Math.max(this.highest, message.promised);
        this.proposer.onReject(message.ballot);
        return;
      case 'decrees':
        for (const [i, value] of message.values.entries()) this.#learn(message.from + i, value);
        this.#government.settled();
        return;
      case 'present-too':
        this.#answered(from, message.ballot, message.applied);
        this.#government.posted(from, message);
        return;
      case 'ask': {
        const values = this.ledger.from(message.from, DECREES);
        if (values.length > 0) this.post(from, { kind: 'decrees', from: message.from, values });
        return;
      }
      default:
        this.#government.posted(from, message);
    }
  }

  #answered(from: NodeId, ballot: number, applied: number): void {
    if (ballot === this.proposer.ballot) this.#government.answered(from);
    if (applied > this.ledger.applied) this.ask(from);
  }

  ask(from: NodeId): void {
    this.post(from, { kind: 'ask', from: this.ledger.applied + 1 });
  }

  greet(ballot: number, roundOf: (member: NodeId) => number): void {
    const { applied } = this.ledger;
    for (const member of this.members) {
      if (member === this.env.self) continue;
      this.post(member, { kind: 'present', ballot, applied, round: roundOf(member) });
    }
  }

  // --- Ballots ---

  /** A ballot is about: whoever holds it is given time before this server begins one of its own. */
  heardOf(ballot: number): void {
    this.highest = Math.max(this.highest, ballot);
    this.#government.heardOf(ballot);
    if (this.proposer.active && ballot > this.proposer.ballot) this.proposer.onReject(this.proposer.ballot);
  }

  elected(ballot: number): void {
    this.#government.elected(ballot);
  }

  established(ballot: number): void {
    this.#government.established(ballot);
  }

  overtaken(presided: boolean): void {
    this.#government.overtaken(presided);
  }

  // --- The learner ---

  decide(slot: number, value: Value): void {
    this.#government.counted(slot, value);
    this.#decide(slot, value, true);
  }

  #decide(slot: number, value: Value, counted: boolean): void {
    this.ledger.decide(slot, value, counted, (...decree) => this.#government.apply(...decree));
  }

  tell(slot: number, value: Value): void {
    for (const member of this.members) {
      if (member !== this.env.self) this.post(member, { kind: 'decrees', from: slot, values: [value] });
    }
  }

  #learn(slot: number, value: Value): void {
    if (this.ledger.isDecided(slot)) return;
    this.#government.told(slot, value);
    this.#decide(slot, value, false);
  }

  // --- Time ---

  #tick(): void {
    this.env.setTimer('tick', Math.max(1, Math.floor(this.config.settings.tickTimeUs / 2)));
  }

  #onTimer(timer: string): void {
    switch (timer) {
      case 'tick':
        this.#tick();
        if (this.proposer.active) this.proposer.remind();
        this.#government.tick();
        return;
      case 'session-expiry':
      case 'reaper':
      case 'idle':
        this.frontend.timer(timer);
        return;
      default:
        this.#government.timer(timer);
    }
  }

  // --- Clients ---

  #gateway(): Gateway {
    const { env } = this;
    return {
      self: env.self,
      now: () => env.now(),
      wallMs: () => env.wallMs(),
      submit: (request) => this.#government.submit(request),
      ordersBarriers: true,
      barrier: (request) => this.#government.barrier(request),
      consult: (touch) => this.#government.consult(touch),
      send: (link, message) => env.send(link, message),
      close: (link) => this.port.drop(link),
      lastApplied: () => this.#government.lastApplied(),
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
