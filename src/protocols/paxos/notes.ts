import { counterOf, epochOf, makeZxid } from '../../core/zxid.ts';
import type { NodeId, Ticket } from '../../node/ids.ts';
import type { DiskRecord, PaxosEnv, Value, Vote, VoteRecord } from './messages.ts';
import type { PaxosRules } from './rules.ts';

const PROMISE = 'promise';
const VOTES = 'votes';

/**
 * What a legislator writes down with indelible ink: the highest ballot that it promised, and every vote
 * that it gave. Memory changes at once; whoever waits for the disk is called when it is durable. Nothing is
 * ever struck out: a run is as long as its notes.
 */
export class Notes {
  readonly #env: PaxosEnv;
  readonly #rules: PaxosRules;
  /** The last vote for each slot. */
  readonly #votes = new Map<number, Vote>();
  readonly #writes = new Map<Ticket, () => void>();
  /** Who waits for the sync of the votes under way, and for the next one. */
  #syncing: (() => void)[] | undefined;
  #waiting: (() => void)[] = [];
  /** The same of the promise: a server that is asked for many writes the highest, once the last is down. */
  #promising: (() => void)[] | undefined;
  #promises: (() => void)[] = [];
  promised = 0;
  /** The highest slot voted for. */
  lastSlot = 0;

  constructor(env: PaxosEnv, rules: PaxosRules) {
    this.#env = env;
    this.#rules = rules;
  }

  /**
   * Reads what an earlier process wrote down.
   *
   * @param done called once all of it is durable
   * @returns undefined, or why the notes cannot be read
   */
  recover(done: () => void): string | undefined {
    const [promise] = this.#env.read(PROMISE);
    if (promise !== undefined && promise.kind !== 'promise') return 'the promise cannot be read';
    this.promised = this.#rules.remembered(promise?.position ?? 0);
    const records = this.#env.read(VOTES);
    let whole = 0;
    for (const record of records) {
      if (record.kind === 'damaged' && record.how === 'torn') break;
      if (record.kind !== 'vote') return 'the checksum of a vote is wrong';
      whole++;
      this.#remember(record);
    }
    this.#env.truncate(VOTES, whole);
    let left = 2;
    const one = () => {
      left--;
      if (left === 0) done();
    };
    if (promise === undefined) one();
    else this.#writes.set(this.#env.sync(PROMISE), one);
    if (records.length === 0) one();
    else this.#writes.set(this.#env.sync(VOTES), one);
    return undefined;
  }

  #remember({ position, value }: VoteRecord): void {
    const ballot = epochOf(position as Parameters<typeof epochOf>[0]);
    const slot = counterOf(position as Parameters<typeof counterOf>[0]);
    this.#votes.set(slot, { slot, ballot, value });
    this.promised = Math.max(this.promised, this.#rules.remembered(ballot));
    this.lastSlot = Math.max(this.lastSlot, slot);
  }

  /** The last vote for the slot. */
  voteOn(slot: number): Vote | undefined {
    return this.#votes.get(slot);
  }

  /** The last votes for the slots from this one on. */
  votesFrom(slot: number): readonly Vote[] {
    const votes: Vote[] = [];
    for (let at = slot; at <= this.lastSlot; at++) {
      const vote = this.#votes.get(at);
      if (vote !== undefined) votes.push(vote);
    }
    return votes;
  }

  /** Promises a ballot, which the rules allow; `done` once that is durable. */
  promise(ballot: number, done: () => void): void {
    this.promised = ballot;
    if (this.#rules.waitsForDisk()) this.#promises.push(done);
    else done();
    if (this.#promising === undefined) this.#writePromise();
  }

  #writePromise(): void {
    this.#promising = this.#promises;
    this.#promises = [];
    const record: DiskRecord = { kind: 'promise', position: this.promised, digest: this.promised };
    this.#env.replace(PROMISE, record);
    this.#writes.set(this.#env.sync(PROMISE), () => {
      const done = this.#promising ?? [];
      this.#promising = undefined;
      if (this.#promises.length > 0) this.#writePromise();
      for (const one of done) one();
    });
  }

  /** Votes; `done` once that is durable. */
  vote(ballot: number, slot: number, value: Value, done: () => void): void {
    const record: VoteRecord = {
      kind: 'vote',
      position: makeZxid(ballot, slot),
      digest: value.digest,
      value,
    };
    this.#remember(record);
    this.#env.append(VOTES, record);
    if (this.#rules.waitsForDisk()) this.#waiting.push(done);
    else done();
    if (this.#syncing === undefined) this.#sync();
  }

  /** `done` once every vote given so far is durable. */
  settled(done: () => void): void {
    if (this.#waiting.length > 0) this.#waiting.push(done);
    else if (this.#syncing !== undefined) this.#syncing.push(done);
    else done();
  }

  /** What waits goes with the next sync, all of it with one. */
  #sync(): void {
    this.#syncing = this.#waiting;
    this.#waiting = [];
    this.#writes.set(this.#env.sync(VOTES), () => {
      const done = this.#syncing ?? [];
      this.#syncing = undefined;
      if (this.#waiting.length > 0) this.#sync();
      for (const one of done) one();
    });
  }

  synced(ticket: Ticket): void {
    const done = this.#writes.get(ticket);
    this.#writes.delete(ticket);
    done?.();
  }
}

/** Whose a ballot is: ballots are dealt out in turn. */
export function ownerOf(ballot: number, members: readonly NodeId[]): NodeId {
  return members[ballot % members.length] as NodeId;
}
