import type { Zxid } from '../../../../src/core/zxid.ts';
import type { ClientMessage } from '../../../../src/node/content.ts';
import type { Env, Stored } from '../../../../src/node/env.ts';
import type { NodeEvent } from '../../../../src/node/events.ts';
import type { Fact } from '../../../../src/node/facts.ts';
import { type LinkId, NO_SESSION, nodeId, type SessionId } from '../../../../src/node/ids.ts';
import type { NodeView, Participant } from '../../../../src/node/protocol.ts';
import type { RecipeStep } from '../../../../src/run/workload/recipe-step.ts';
import { type ClientRequest, XID_PING, type ZnodeMessage } from '../../../../src/znode/client-messages.ts';
import { NO_PASSWORD } from '../../../../src/znode/password.ts';

/** A client that does what the test tells it to, and testifies to all of it. */
export class ToldClient implements Participant<ClientMessage> {
  readonly #env: Env<ClientMessage, Stored, Fact>;
  #link: LinkId | undefined;
  #via = 0;
  #number = 0;
  #session: SessionId = NO_SESSION;
  #password = NO_PASSWORD;
  #seen = 0 as Zxid;
  #xid = 0;
  timeoutMs = 2000;
  connected = false;

  constructor(env: Env<ClientMessage, Stored, Fact>) {
    this.#env = env;
  }

  /** Dials; the greeting follows. Without a session a new handle begins. */
  connect(server: number): void {
    this.hangUp();
    if (this.#session === NO_SESSION) {
      this.#number++;
      this.#seen = 0 as Zxid;
    }
    this.#via = server;
    this.#link = this.#env.connect(nodeId(server), 'client');
  }

  /** Forgets its session: the next connection begins a new handle. */
  forget(): void {
    this.hangUp();
    this.#session = NO_SESSION;
    this.#password = NO_PASSWORD;
  }

  hangUp(): void {
    if (this.#link === undefined) return;
    this.#env.close(this.#link);
    this.#gone('hung up');
  }

  /** Sends a request; its xid, or −1 when there is no connection. */
  ask(operation: ClientRequest['operation'], special?: number): number {
    if (this.#link === undefined || !this.connected) return -1;
    const xid = special ?? ++this.#xid;
    const { self } = this.#env;
    this.#env.report({ kind: 'client-sent', server: self, link: this.#link, xid, operation });
    const request: ClientRequest = { kind: 'client-request', xid, operation };
    this.#env.send(this.#link, request);
    return xid;
  }

  ping(): void {
    this.ask({ kind: 'ping' }, XID_PING);
  }

  tell(step: RecipeStep): void {
    this.#env.report({ kind: 'recipe-step', server: this.#env.self, handle: this.#number, step });
  }

  handle(event: NodeEvent<ClientMessage>): void {
    if (!('link' in event) || event.link !== this.#link) return;
    if (event.kind === 'opened') this.#greet(event.link);
    else if (event.kind === 'closed') this.#gone(event.reason);
    else if (event.kind === 'received') this.#received(event.link, event.message as ZnodeMessage);
  }

  inspect(): NodeView {
    return { state: 'following', acceptedEpoch: 0, currentEpoch: 0, lastZxid: 0, lastCommitted: 0 };
  }

  #greet(link: LinkId): void {
    const { self } = this.#env;
    const address = `10.0.0.${self % 250}`;
    this.#env.report({
      kind: 'client-connecting',
      server: self,
      handle: this.#number,
      link,
      via: nodeId(this.#via),
      session: this.#session,
      lastZxidSeen: this.#seen,
      timeoutMs: this.timeoutMs,
      address,
      password: this.#password,
    });
    const greeting: ZnodeMessage = {
      kind: 'connect',
      lastZxidSeen: this.#seen,
      timeoutMs: this.timeoutMs,
      session: this.#session,
      password: this.#password,
      readOnly: false,
      address,
    };
    this.#env.send(link, greeting);
  }

  #received(link: LinkId, message: ZnodeMessage): void {
    const { self } = this.#env;
    if (message.kind === 'connected') {
      const { timeoutMs, session, password, readOnly } = message;
      const accepted = timeoutMs > 0;
      this.#env.report({
        kind: 'client-connected',
        server: self,
        link,
        session,
        timeoutMs,
        outcome: accepted ? 'accepted' : 'expired',
        readOnly,
        password,
      });
      this.#session = accepted ? session : NO_SESSION;
      this.#password = accepted ? password : NO_PASSWORD;
      this.connected = accepted;
      return;
    }
    this.#env.report({ kind: 'client-received', server: self, link, message });
    if (message.kind === 'reply' && message.zxid > this.#seen) this.#seen = message.zxid;
  }

  #gone(because: string): void {
    if (this.#link === undefined) return;
    this.#env.report({ kind: 'client-disconnected', server: this.#env.self, link: this.#link, because });
    this.#link = undefined;
    this.connected = false;
  }
}
