import { makeZxid, type Zxid } from '../../core/zxid.ts';
import type { NodeId } from '../../node/ids.ts';
import type { Tally } from '../../node/quorum.ts';
import type { PaxosConfig } from './config.ts';
import type { Ledger } from './ledger.ts';
import type { PaxosEnv, PaxosMessage, PromiseMade, Value, Vote } from './messages.ts';
import type { Notes } from './notes.ts';
import { isSame, keyOf, NOTHING, opening } from './values.ts';

/** The server, as its proposer sees it. */
export interface ProposerHost {
  readonly env: PaxosEnv;
  readonly config: PaxosConfig;
  readonly notes: Notes;
  readonly ledger: Ledger;
  readonly members: readonly NodeId[];
  post(to: NodeId, message: PaxosMessage): void;
  /** A majority voted for it: everybody may write it into his ledger. */
  decide(slot: number, value: Value): void;
  /** A majority promised: this server may propose in all slots from here on. */
  elected(ballot: number): void;
  /** All that was open before is decided. */
  established(ballot: number): void;
  /** A higher ballot took over. */
  overtaken(presided: boolean): void;
}

/** A slot that is voted on. */
interface Open {
  readonly value: Value;
  readonly tally: Tally;
}

/**
 * A proposer in one ballot at a time. Phase 1: a majority promises, and tells what it has voted for. Phase
 * 2: in each slot that somebody voted on it proposes the value of the highest such vote, since that may
 * have been decided; in gaps between them nothing; then its own (P2c of "Paxos Made Simple"). A president's
 * own first decree says that he begins. Messages get lost: what is not answered is sent again.
 */
export class Proposer {
  readonly #host: ProposerHost;
  #phase: 'idle' | 'prepare' | 'propose' = 'idle';
  ballot = 0;
  #from = 1;
  #promises: Tally | undefined;
  #adopted = new Map<number, Vote>();
  #open = new Map<number, Open>();
  #keys = new Set<string>();
  #next = 1;
  /** The last slot that has to be decided before it is established. */
  #first = 0;
  #established = false;

  constructor(host: ProposerHost) {
    this.#host = host;
  }

  get active(): boolean {
    return this.#phase !== 'idle';
  }

  /** Whether phase 1 is over. */
  get presides(): boolean {
    return this.#phase === 'propose';
  }

  get established(): boolean {
    return this.#established;
  }

  /** Whether it waits for votes. */
  get waits(): boolean {
    return this.#open.size > 0;
  }

  /** Begins a ballot above `highest`. */
  begin(highest: number): void {
    const { env, config, notes, ledger, members } = this.#host;
    const place = members.indexOf(env.self);
    const ballot = config.rules.nextBallot(Math.max(highest, notes.promised), members.length, place);
    this.#phase = 'prepare';
    this.ballot = ballot;
    this.#from = ledger.applied + 1;
    this.#promises = config.quorums.tally();
    this.#adopted = new Map();
    this.#open = new Map();
    this.#keys = new Set();
    this.#established = false;
    this.#prepare();
  }

  /** First the own promise: once it is durable, no later process of this server uses the ballot again. */
  #prepare(): void {
    const host = this.#host;
    const { self } = host.env;
    const message = { kind: 'prepare', ballot: this.ballot, from: this.#from } as const;
    if (!this.#promises?.has(self)) {
      host.post(self, message);
      return;
    }
    for (const voter of host.config.quorums.voters) {
      if (!this.#promises.has(voter)) host.post(voter, message);
    }
  }

  /** The ballot is given up. */
  end(): void {
    this.#phase = 'idle';
    this.#established = false;
    this.#open.clear();
  }

  onPromise(from: NodeId, { ballot, votes }: PromiseMade): void {
    const { rules } = this.#host.config;
    if (this.#phase !== 'prepare' || !rules.isCurrent(ballot, this.ballot)) return;
    if (this.#promises === undefined || !rules.count(this.#promises, from)) return;
    for (const vote of votes) {
      this.#adopted.set(vote.slot, rules.binding(this.#adopted.get(vote.slot), vote));
    }
    if (this.#promises.hasQuorum()) this.#preside();
    else if (from === this.#host.env.self) this.#prepare();
  }

  #preside(): void {
    const host = this.#host;
    const { config, ledger } = host;
    this.#phase = 'propose';
    host.elected(this.ballot);
    let inherited = ledger.highest;
    for (const slot of this.#adopted.keys()) inherited = Math.max(inherited, slot);
    this.#first = inherited;
    this.#next = inherited + 1;
    for (let slot = this.#from; slot <= inherited; slot++) {
      if (!this.#isCurrent()) return;
      if (ledger.isDecided(slot)) continue;
      const bound = config.rules.bound() ? this.#adopted.get(slot)?.value : undefined;
      this.#propose(slot, bound ?? NOTHING);
    }
    if (config.mode === 'president') {
      this.#first = this.#next;
      this.propose(opening);
    }
    this.#tryEstablish();
  }

  #isCurrent(): boolean {
    return this.#phase === 'propose';
  }

  /** Where its first own decree stands. */
  get opening(): Zxid {
    return makeZxid(this.ballot, this.#first);
  }

  /** Proposes a value of its own in the next slot, which is told to it as ⟨ballot, slot⟩. */
  propose(valueAt: (zxid: Zxid) => Value): void {
    if (!this.#isCurrent()) return;
    const slot = this.#next++;
    this.#propose(slot, valueAt(makeZxid(this.ballot, slot)));
  }

  /** Whether a request was proposed in this ballot. */
  hasProposed(key: string): boolean {
    return this.#keys.has(key);
  }

  #propose(slot: number, value: Value): void {
    this.#open.set(slot, { value, tally: this.#host.config.quorums.tally() });
    if (value.kind === 'request') this.#keys.add(keyOf(value));
    this.#askFor(slot);
  }

  #askFor(slot: number): void {
    const open = this.#open.get(slot);
    if (open === undefined) return;
    const message = { kind: 'accept', ballot: this.ballot, slot, value: open.value } as const;
    const host = this.#host;
    for (const voter of host.config.quorums.voters) {
      if (this.#isCurrent() && !open.tally.has(voter)) host.post(voter, message);
    }
  }

  onAccepted(from: NodeId, ballot: number, slot: number): void {
    const { config, ledger } = this.#host;
    if (this.#phase !== 'propose' || !config.rules.isCurrent(ballot, this.ballot)) return;
    const open = this.#open.get(slot);
    if (open === undefined || !config.rules.count(open.tally, from)) return;
    if (!config.rules.isDecided(open.tally.hasQuorum())) return;
    this.#open.delete(slot);
    this.#host.decide(slot, open.value);
    if (ledger.applied >= this.#first) this.#tryEstablish();
  }

  #tryEstablish(): void {
    if (this.#established || !this.#isCurrent() || this.#host.ledger.applied < this.#first) return;
    this.#established = true;
    this.#host.established(this.ballot);
  }

  /**
   * Whether a decree is not what this proposer has proposed for its slot: then a higher ballot decided it,
   * since phase 1 told of all that lower ones may have.
   */
  isContradicted(slot: number, value: Value): boolean {
    if (!this.#isCurrent()) return false;
    const open = this.#open.get(slot);
    return open === undefined ? slot >= this.#next : !isSame(open.value, value);
  }

  /** Somebody else told of a decree. */
  learned(slot: number): void {
    this.#open.delete(slot);
    this.#next = Math.max(this.#next, slot + 1);
    this.#tryEstablish();
  }

  /** A higher ballot was promised somewhere. */
  onReject(ballot: number): void {
    if (this.#phase === 'idle' || ballot !== this.ballot) return;
    const presided = this.presides;
    this.end();
    this.#host.overtaken(presided);
  }

  /** What was not answered is sent again. */
  remind(): void {
    if (this.#phase === 'prepare') this.#prepare();
    else for (const slot of [...this.#open.keys()]) this.#askFor(slot);
  }
}
