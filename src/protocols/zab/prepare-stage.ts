import { Fifo } from '../../core/fifo.ts';
import { counterOf, type Zxid } from '../../core/zxid.ts';
import { LEFT_PORT, OWN_PORT } from '../../node/service.ts';
import type { LearnerHandler } from './learner-handler.ts';
import type { ForwardedRequest, TxnRecord } from './messages.ts';
import type { RoleHost } from './role.ts';

/** What the prepare stage asks of the leader that it belongs to. */
export interface Proposer {
  /** Whether the leader serves. */
  readonly serving: boolean;
  readonly lastProposed: Zxid;
  /** Whether proposals are under vote. */
  readonly voting: boolean;
  propose(record: TxnRecord): void;
  /** The counter of this epoch is used up (ZOOKEEPER-1277). */
  rollOver(): void;
  /** What the leader's own clients asked for as a barrier: it goes the way of the commits. */
  reachedHere(): void;
}

/** Undefined: a client of the leader itself. */
type Requester = LearnerHandler | undefined;

interface Waiting {
  readonly from: Requester;
  /** What must be committed first. */
  readonly after: Zxid;
}

/**
 * The queue of writes and barriers, and the one thread that gives out the zxids. A barrier is answered when
 * all that was proposed before it is committed, and so behind those commits. No quorum is asked: a leader
 * that was replaced and does not know it answers, too. Source: PrepRequestProcessor, Leader.processSync.
 */
export class PrepareStage {
  readonly #host: RoleHost;
  readonly #proposer: Proposer;
  #requests: ForwardedRequest[] = [];
  /** Whence each of them came, and who speaks for it: in this queue it may be overtaken by REVALIDATE. */
  #requesters: Requester[] = [];
  #owners: number[] = [];
  readonly #barriers = new Fifo<Waiting>();

  constructor(host: RoleHost, proposer: Proposer) {
    this.#host = host;
    this.#proposer = proposer;
  }

  add(message: ForwardedRequest, from: Requester): void {
    if (!this.#proposer.serving) return;
    const owner = from?.number ?? OWN_PORT;
    const left = this.#host.frontend.hasLeft(message.request.origin.session, owner);
    this.#requests.push(message);
    this.#requesters.push(from);
    this.#owners.push(left ? LEFT_PORT : owner);
    this.#host.env.wake('prepare');
  }

  /** The `prepare` stage's turn. */
  turn(): void {
    const requests = this.#requests;
    const requesters = this.#requesters;
    const owners = this.#owners;
    this.clear();
    for (let i = 0; i < requests.length; i++) {
      const message = requests[i];
      if (!this.#proposer.serving || message === undefined) return;
      if (message.barrier) this.#addBarrier(requesters[i]);
      else this.#prepare(message, owners[i] ?? OWN_PORT);
    }
  }

  /** Barriers that waited for this commit, or an earlier one, are reached. */
  committed(zxid: Zxid): void {
    for (let first = this.#barriers.first(); first !== undefined; first = this.#barriers.first()) {
      if (first.after > zxid) return;
      this.#barriers.shift();
      this.#reached(first.from);
    }
  }

  clear(): void {
    this.#requests = [];
    this.#requesters = [];
    this.#owners = [];
  }

  #prepare({ request }: ForwardedRequest, owner: number): void {
    const { env, database, config } = this.#host;
    const zxid = (this.#proposer.lastProposed + 1) as Zxid;
    if (config.rules.isLastCounter(counterOf(zxid))) {
      this.#proposer.rollOver();
      return;
    }
    const timeMs = env.wallMs();
    const txn = database.machine.prepare(request, owner, zxid, timeMs);
    const { session, cxid } = request.origin;
    this.#proposer.propose({ kind: 'txn', position: zxid, digest: txn.digest, session, cxid, timeMs, txn });
  }

  #addBarrier(from: Requester): void {
    const { voting, lastProposed } = this.#proposer;
    if (voting) this.#barriers.push({ from, after: lastProposed });
    else this.#reached(from);
  }

  #reached(from: Requester): void {
    if (from === undefined) this.#proposer.reachedHere();
    else from.send({ kind: 'sync' });
  }
}
