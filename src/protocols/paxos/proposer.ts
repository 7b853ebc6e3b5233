import type { NodeId } from '../../node/ids.ts';
import type { Tally } from '../../node/quorum.ts';
import type { PaxosConfig } from './config.ts';
import { keyOf, type Ledger } from './ledger.ts';
import type { PaxosEnv, PaxosMessage, PromiseMade, Value, Vote } from './messages.ts';
import type { Notes } from './notes.ts';

/** The server, as its proposer sees it. */
export interface ProposerHost {
  readonly env: PaxosEnv;
  readonly config: PaxosConfig;
  readonly notes: Notes;
  readonly ledger: Ledger;
  readonly members: readonly NodeId[];
  post(to: NodeId, message: PaxosMessage): void;
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

/** What fills a slot in which nothing was decided, and nothing can have been. */
const NOTHING: Value = { session: '0000000000000000', cxid: 0, timeMs: 0, body: undefined, digest: 1 };

/**
 * A proposer in one ballot at a time. Phase 1: a majority promises, and tells what it has voted for. Phase
 * 2: in each slot that somebody voted on it proposes the value of the highest such vote, since that may
 * have been decided; in gaps between them nothing; then its own (P2c of "Paxos Made Simple"). Messages get
 * lost: what is not answered is sent again.
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
  /** The last slot that phase 1 told of. */
  #inherited = 0;
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
    this.#inherited = ledger.highest;
    for (const slot of this.#adopted.keys()) this.#inherited = Math.max(this.#inherited, slot);
    this.#next = this.#inherited + 1;
    for (let slot = this.#from; slot <= this.#inherited; slot++) {
      if (!this.#isCurrent()) return;
      if (ledger.isDecided(slot)) continue;
      const bound = config.rules.bound() ? this.#adopted.get(slot)?.value : undefined;
      this.#propose(slot, bound ?? NOTHING);
    }
    this.#tryEstablish();
  }

  #isCurrent(): boolean {
    return this.#phase === 'propose';
  }

  /** Proposes a request in the next slot, unless it is under way or decided. */
  propose(value: Value): void {
    if (!this.#isCurrent() || this.#keys.has(keyOf(value)) || this.#host.ledger.has(value)) return;
    this.#propose(this.#next++, value);
  }

  #propose(slot: number, value: Value): void {
    this.#open.set(slot, { value, tally: this.#host.config.quorums.tally() });
    this.#keys.add(keyOf(value));
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
    this.#tell(slot, open.value);
    this.#host.decide(slot, open.value);
    if (ledger.applied >= this.#inherited) this.#tryEstablish();
  }

  /** A majority voted for it: everybody may write it into his ledger. */
  #tell(from: number, value: Value): void {
    const host = this.#host;
    for (const member of host.members) {
      if (member !== host.env.self) host.post(member, { kind: 'decrees', from, values: [value] });
    }
  }

  #tryEstablish(): void {
    if (this.#established || !this.#isCurrent() || this.#host.ledger.applied < this.#inherited) return;
    this.#established = true;
    this.#host.established(this.ballot);
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
