import { Fifo } from '../../core/fifo.ts';
import type { NodeId } from '../../node/ids.ts';
import type { Request } from '../../node/service.ts';
import { electionTimeoutUs } from './config.ts';
import type { RaftHost } from './host.ts';

/** A client's write that waits for what becomes of the hand-over. */
interface Withheld {
  readonly request: Request;
  readonly owner: number;
}

const NOBODY = 0 as NodeId;

/**
 * How a leader makes room for another (leadership transfer, thesis §3.10): it takes no more writes, so that
 * its heir can come to hold the whole log, and then tells the heir to stand for election at once. It goes
 * when it is asked for its vote. What has not come about after an election timeout is given up: the writes
 * that came meanwhile are proposed, in their order. Should the heir be late and win all the same, that is
 * an election too many, and no more.
 *
 * It also waits until all is committed, which is more than the thesis asks for: nobody's write is then under
 * way when the servers change their leader, and those that wait lose their connection without having been
 * proposed.
 */
export class HandOver {
  readonly #host: RaftHost;
  readonly #propose: (request: Request, owner: number) => void;
  readonly #withheld = new Fifo<Withheld>();
  #heir = NOBODY;
  #told = false;

  constructor(host: RaftHost, propose: (request: Request, owner: number) => void) {
    this.#host = host;
    this.#propose = propose;
  }

  /** Whom this leader makes room for; 0: nobody. */
  get heir(): NodeId {
    return this.#heir;
  }

  /** Whether the write waits: it is then kept. */
  withholds(request: Request, owner: number): boolean {
    if (!this.#host.config.rules.withholds(this.#heir !== NOBODY)) return false;
    this.#withheld.push({ request, owner });
    return true;
  }

  begin(heir: NodeId): void {
    const { env, store, config } = this.#host;
    this.#heir = heir;
    this.#told = false;
    env.report({ kind: 'handing-over', server: env.self, epoch: store.term, heir });
    env.setTimer('hand-over', electionTimeoutUs(config.settings));
  }

  /** Tells the heir to stand, if it may; `matched`: how far its log is this leader's, durably. */
  proceed(matched: number): void {
    const { env, store, config, peers, commitIndex } = this.#host;
    const heir = this.#heir;
    if (this.#told || !config.rules.mayHandOver(matched, commitIndex, store.log.lastIndex)) return;
    if (!peers.tell(heir, { kind: 'timeout-now', term: store.term })) return;
    this.#told = true;
    env.report({ kind: 'handed-over', server: env.self, epoch: store.term, heir });
  }

  giveUp(because: string): void {
    const { env, store } = this.#host;
    const heir = this.#heir;
    if (heir === NOBODY) return;
    this.#heir = NOBODY;
    env.cancelTimer('hand-over');
    const { size: withheld } = this.#withheld;
    env.report({ kind: 'hand-over-ended', server: env.self, epoch: store.term, heir, because, withheld });
    for (let next = this.#withheld.shift(); next !== undefined; next = this.#withheld.shift()) {
      this.#propose(next.request, next.owner);
    }
  }
}
