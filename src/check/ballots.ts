import { counterOf, epochOf, type Zxid } from '../core/zxid.ts';
import type { Moment, TraceEvent } from '../node/facts.ts';
import { MAX_SID, type NodeId } from '../node/ids.ts';
import type { Tally } from '../node/quorum.ts';
import type { Accuse, EnsembleFacts, Monitor } from './monitor.ts';

/** One vote on a disk. */
interface CastVote {
  readonly ballot: number;
  readonly slot: number;
  readonly digest: number;
}

/** What was voted in one ballot on one slot. */
interface Question {
  readonly digest: number;
  readonly tally: Tally;
}

/** What a slot was decided to be. */
interface Decision {
  readonly digest: number;
  readonly ballot: number;
}

/** The file of votes: its records say ⟨ballot, slot⟩ in their positions. */
const VOTES = 'votes';

/**
 * Ballots on numbered decrees, judged from what the disks testify to: a vote is a durable record of the
 * file of votes, whatever its voter says. `promises-kept`: no vote in a ballot below one that was promised
 * durably. `one-value-per-ballot`. `one-value-chosen`: a slot on which a majority voted in one ballot is
 * decided, and never decided otherwise. `chosen-stays-chosen`: nobody votes otherwise in a later ballot.
 * `chosen-by-quorum`: what is applied was decided. `applied-in-order`. Source: Lamport, ACM
 * SIGACT News 32(4), 2001, P1a, P2b, P2c.
 */
export class Ballots implements Monitor {
  readonly invariants: readonly string[] = [
    'promises-kept',
    'one-value-per-ballot',
    'one-value-chosen',
    'chosen-stays-chosen',
    'chosen-by-quorum',
    'applied-in-order',
  ];
  readonly source = 'Lamport 2001, P1a, P2b, P2c';
  readonly observes: readonly TraceEvent['kind'][] = [
    'appended',
    'synced',
    'lost',
    'truncated',
    'wiped',
    'replaced',
    'txn-applied',
    'txn-skipped',
    'crashed',
  ];
  readonly #ensemble: EnsembleFacts;
  readonly #accuse: Accuse;
  /** By server: the votes on its disk, and how many of them are counted as durable. */
  readonly #votes = new Map<NodeId, CastVote[]>();
  readonly #counted = new Map<NodeId, number>();
  /** By server: what is written of its promise, and what is durable. */
  readonly #written = new Float64Array(MAX_SID + 1);
  readonly #promised = new Float64Array(MAX_SID + 1);
  /** By ⟨ballot, slot⟩. */
  readonly #questions = new Map<number, Question>();
  readonly #decisions = new Map<number, Decision>();
  readonly #applied = new Float64Array(MAX_SID + 1);

  constructor(ensemble: EnsembleFacts, accuse: Accuse) {
    this.#ensemble = ensemble;
    this.#accuse = accuse;
  }

  observe(event: TraceEvent, _moment: Moment): void {
    switch (event.kind) {
      case 'appended':
        if (event.file === VOTES) this.#onVote(event.server, event.position as Zxid, event.digest);
        return;
      case 'replaced':
        if (event.file === 'promise') this.#written[event.server] = event.position;
        return;
      case 'synced':
        if (event.file === VOTES) this.#onDurable(event.server, event.count);
        else if (event.file === 'promise') this.#promised[event.server] = this.#written[event.server] ?? 0;
        return;
      case 'lost':
      case 'truncated':
        if (event.file === VOTES) this.#keep(event.server, event.count);
        else if (event.file === 'promise') this.#written[event.server] = this.#promised[event.server] ?? 0;
        return;
      case 'wiped':
        this.#keep(event.server, 0);
        this.#promised[event.server] = 0;
        return;
      case 'crashed':
        this.#applied[event.server] = 0;
        return;
      case 'txn-applied':
      case 'txn-skipped':
        this.#onApplied(event.server, event.zxid, event.digest);
        return;
      default:
    }
  }

  #onVote(server: NodeId, position: Zxid, digest: number): void {
    const ballot = epochOf(position);
    const slot = counterOf(position);
    const votes = this.#votes.get(server) ?? [];
    if (votes.length === 0) this.#votes.set(server, votes);
    votes.push({ ballot, slot, digest });
    if (ballot < (this.#promised[server] ?? 0)) {
      const message = `${server} votes in ballot ${ballot}, having promised ${this.#promised[server]}`;
      this.#say('promises-kept', 2, [server], 'a vote was given below a promise', message);
    }
    const asked = this.#questions.get(position);
    if (asked === undefined) {
      this.#questions.set(position, { digest, tally: this.#ensemble.quorums.tally() });
    } else if (asked.digest !== digest) {
      const message = `ballot ${ballot}, slot ${slot}: ${digest} and ${asked.digest}`;
      this.#say('one-value-per-ballot', 2, [server], 'two values were proposed in one ballot', message);
    }
    this.#checkDecided(server, ballot, slot, digest);
  }

  #checkDecided(server: NodeId, ballot: number, slot: number, digest: number): void {
    const decided = this.#decisions.get(slot);
    if (decided === undefined || ballot <= decided.ballot || decided.digest === digest) return;
    const where = `slot ${slot} was decided in ballot ${decided.ballot}`;
    const message = `${where}; ${server} votes otherwise in ${ballot}`;
    const rule = 'a later ballot is about another value than the one that was decided';
    this.#say('chosen-stays-chosen', 2, [server], rule, message);
  }

  #onDurable(server: NodeId, count: number): void {
    const votes = this.#votes.get(server) ?? [];
    for (let i = this.#counted.get(server) ?? 0; i < Math.min(count, votes.length); i++) {
      const vote = votes[i];
      if (vote !== undefined) this.#count(server, vote);
    }
    this.#counted.set(server, Math.min(count, votes.length));
  }

  #count(server: NodeId, { ballot, slot, digest }: CastVote): void {
    const question = this.#questions.get(ballot * 4294967296 + slot);
    if (question === undefined || question.digest !== digest) return;
    question.tally.add(server);
    if (!question.tally.hasQuorum()) return;
    const decided = this.#decisions.get(slot);
    if (decided === undefined || (decided.digest === digest && ballot < decided.ballot)) {
      this.#decisions.set(slot, { digest, ballot });
    } else if (decided.digest !== digest) {
      const message = `slot ${slot}: ${decided.digest} in ballot ${decided.ballot}, ${digest} in ${ballot}`;
      this.#say('one-value-chosen', 1, [server], 'two values were decided for one slot', message);
    }
  }

  #keep(server: NodeId, count: number): void {
    const votes = this.#votes.get(server);
    if (votes !== undefined) votes.length = Math.min(votes.length, count);
    this.#counted.set(server, Math.min(this.#counted.get(server) ?? 0, count));
  }

  #onApplied(server: NodeId, zxid: Zxid, digest: number): void {
    const slot = counterOf(zxid);
    const before = this.#applied[server] ?? 0;
    this.#applied[server] = slot;
    if (slot !== before + 1) {
      const message = `${server} applies slot ${slot} after ${before}`;
      this.#say('applied-in-order', 2, [server], 'decrees were applied with a gap, or backwards', message);
    }
    const decided = this.#decisions.get(slot);
    if (decided?.digest === digest) return;
    const message = `${server} applies slot ${slot} as ${digest}, decided is ${decided?.digest ?? 'nothing'}`;
    this.#say('chosen-by-quorum', 1, [server], 'a decree was applied that no majority voted for', message);
  }

  #say(invariant: string, tier: 1 | 2, servers: readonly NodeId[], rule: string, message: string): void {
    this.#accuse({ invariant, tier, servers, rule, message });
  }
}
