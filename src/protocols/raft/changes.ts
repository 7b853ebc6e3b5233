import { ascending } from '../../core/order.ts';
import { type ConfigTxn, configTxn } from '../../node/content.ts';
import type { NodeId } from '../../node/ids.ts';
import { electionTimeoutUs } from './config.ts';
import type { RaftHost } from './host.ts';

/** Rounds in which a new server may catch up with the log before it is given up (thesis §4.2.1). */
const ROUNDS = 10;

const NOBODY = 0 as NodeId;

/** What the leader of the term does for it. */
export interface ChangeHost {
  /** Whether an entry of the term is committed. */
  readonly established: boolean;
  /** Appends the entry. */
  change(txn: ConfigTxn): void;
}

/**
 * How a leader changes who belongs to the ensemble: by one server at a time (thesis §4.1), so that a majority
 * of the old voters and one of the new ones have a server in common. It begins no change before the last one
 * is committed, nor before an entry of its own term is: else a leader of an older term, who has a change of
 * his own in his log that nobody else has heard of, could be elected by servers that no majority here
 * needs (the mistake in the thesis; Ongaro, raft-dev, July 2015).
 *
 * A new server first gets the log without a vote, in rounds, each of what was appended during the last one;
 * when a round took less than an election timeout, the server is near enough not to hold up commits (§4.2.1).
 */
export class Changes {
  readonly #host: RaftHost;
  readonly #leader: ChangeHost;
  #member = NOBODY;
  /** Where the log ended when the round began. */
  #target = 0;
  #beganUs = 0;
  #rounds = 0;

  constructor(host: RaftHost, leader: ChangeHost) {
    this.#host = host;
    this.#leader = leader;
  }

  /** Who is brought up to date, to be given a vote; 0: nobody. */
  get member(): NodeId {
    return this.#member;
  }

  /** Begins to bring a server up to date. Whether that is possible now. */
  add(member: NodeId): boolean {
    const { env, store } = this.#host;
    if (!this.#mayChange() || store.members.isVoter(member)) return false;
    this.#member = member;
    this.#rounds = 0;
    this.#beginRound();
    env.report({ kind: 'catching-up', server: env.self, epoch: store.term, member });
    return true;
  }

  /** Takes a voter out of the ensemble. Whether that is possible now: somebody has to be left. */
  remove(member: NodeId): boolean {
    const { members } = this.#host.store;
    const { voters, observers } = members.current;
    if (!this.#mayChange() || !members.isVoter(member) || voters.length === 1) return false;
    const left = voters.filter((voter) => voter !== member);
    this.#leader.change(configTxn(left, observers));
    return true;
  }

  /** The new server's log matches up to here, or something was committed. */
  proceed(matched: number): void {
    const { env, config } = this.#host;
    const tookUs = env.now() - this.#beganUs;
    const limitUs = electionTimeoutUs(config.settings);
    if (config.rules.caughtUp(matched, this.#target, tookUs, limitUs)) this.#giveVote();
    else if (matched < this.#target) return;
    else if (++this.#rounds === ROUNDS) this.giveUp('it does not catch up');
    else this.#beginRound();
  }

  giveUp(because: string): void {
    const { env, store } = this.#host;
    const member = this.#member;
    if (member === NOBODY) return;
    this.#member = NOBODY;
    env.report({ kind: 'catch-up-ended', server: env.self, epoch: store.term, member, because });
  }

  #mayChange(): boolean {
    const { store, config } = this.#host;
    if (!config.changeable || this.#member !== NOBODY) return false;
    return config.rules.mayChange(this.#leader.established, store.members.settled);
  }

  #beginRound(): void {
    const { env, store } = this.#host;
    this.#target = store.log.lastIndex;
    this.#beganUs = env.now();
  }

  #giveVote(): void {
    const { voters, observers } = this.#host.store.members.current;
    const member = this.#member;
    this.#member = NOBODY;
    const others = observers.filter((observer) => observer !== member);
    this.#leader.change(configTxn([...voters, member].sort(ascending), others));
  }
}
