import type { ClientMessage } from '../../node/content.ts';
import type { LinkId, NodeId } from '../../node/ids.ts';
import type { Word, WordAnswer } from '../client-messages.ts';
import type { ClientEnv } from './client-env.ts';
import type { ServerList } from './server-list.ts';

const SHORTEST_US = 100_000;
const LONGEST_US = 60_000_000;

/**
 * While a client makes do with a server without a quorum: asks the others, one at a time and ever more
 * rarely, whether they have one. Source: ClientCnxn.SendThread.pingRwServer.
 */
export class QuorumSeeker {
  readonly #env: ClientEnv;
  readonly #servers: ServerList;
  #link: LinkId | undefined;
  #server = 0 as NodeId;
  #pauseUs = SHORTEST_US;

  constructor(env: ClientEnv, servers: ServerList) {
    this.#env = env;
    this.#servers = servers;
  }

  start(): void {
    this.#env.setTimer('seek', 1);
  }

  stop(): void {
    this.#env.cancelTimer('seek');
    this.#hangUp();
  }

  /** The `seek` timer: the next server is asked. */
  timer(): void {
    this.#hangUp();
    this.#server = this.#servers.next().server;
    this.#link = this.#env.connect(this.#server, 'client');
    this.#pauseUs = Math.min(LONGEST_US, this.#pauseUs * 2);
    this.#env.setTimer('seek', this.#pauseUs);
  }

  owns(link: LinkId): boolean {
    return link === this.#link;
  }

  opened(link: LinkId): void {
    const word: Word = { kind: 'word', word: 'isro' };
    this.#report(link, 'none');
    this.#env.send(link, word);
  }

  closed(): void {
    this.#link = undefined;
  }

  /** The server that has a quorum, if this answer says that the asked one does. */
  received(message: ClientMessage): NodeId | undefined {
    if (message.kind !== 'word-answer') return undefined;
    const { text } = message as WordAnswer;
    if (this.#link !== undefined) this.#report(this.#link, text);
    this.#hangUp();
    if (text !== 'rw') return undefined;
    this.#pauseUs = SHORTEST_US;
    return this.#server;
  }

  /** Other words than `rw` and `ro` come from a server that serves nobody. */
  #report(link: LinkId, text: string): void {
    const { self } = this.#env;
    const answer = text === 'none' || text === 'rw' || text === 'ro' ? text : 'null';
    this.#env.report({ kind: 'quorum-sought', server: self, via: this.#server, link, answer });
  }

  #hangUp(): void {
    if (this.#link !== undefined) this.#env.close(this.#link);
    this.#link = undefined;
  }
}
