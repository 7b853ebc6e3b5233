import { ZERO_ZXID, type Zxid } from '../../core/zxid.ts';
import { CLOSED_BY_SERVER, MOVED, NOTHING_HEARD, SESSION_GIVEN_UP } from '../../node/client-facts.ts';
import type { ClientMessage } from '../../node/content.ts';
import type { CloseReason } from '../../node/events.ts';
import { type LinkId, NO_SESSION, type NodeId, type SessionId } from '../../node/ids.ts';
import {
  type Auth,
  type ClientRequest,
  type Connected,
  type Reply,
  type WatchEvent,
  XID_AUTH,
  XID_PING,
  XID_SET_WATCHES,
  type ZnodeMessage,
} from '../client-messages.ts';
import { ERRORS } from '../errors.ts';
import { NO_PASSWORD } from '../password.ts';
import type { Operation } from '../requests.ts';
import { type Answer, answerOf, unanswered } from './answer.ts';
import { inward, underChroot } from './chroot.ts';
import { type ClientEnv, expirationTimeoutUs, type HandleOptions, readTimeoutUs } from './client-env.ts';
import { type Greeting, greet } from './greeting.ts';
import { PingClock } from './ping-clock.ts';
import { QuorumSeeker } from './quorum-seeker.ts';
import { ServerList } from './server-list.ts';
import { WatchRegister } from './watch-register.ts';

/** Who is told what becomes of a handle. It may ask for more from within any of these calls. */
export interface HandleListener {
  /** A server has let the session in. */
  connected(handle: ClientHandle): void;
  /** The connection is gone, the session may live; what was asked for has been answered as unknown. */
  disconnected(handle: ClientHandle): void;
  /** The handle is of no more use. */
  ended(handle: ClientHandle, why: 'closed' | 'expired' | 'auth-failed'): void;
  /** A watch fired; its path is without the chroot. */
  event(handle: ClientHandle, event: WatchEvent): void;
}

/** A request that waits to be sent, or for its reply. */
interface Asked {
  readonly operation: Operation;
  readonly done: (answer: Answer) => void;
  xid: number;
}

const PING: ClientRequest = { kind: 'client-request', xid: XID_PING, operation: { kind: 'ping' } };
/** Before another server is tried the client waits for a drawn part of this (ClientCnxn.startConnect). */
const RECONNECT_SPREAD_US = 1_000_000;
/** After a whole round of servers that failed it waits so long besides (StaticHostProvider.next). */
const ROUND_PAUSE_US = 1_000_000;

/** The timers of a handle. A participant has one handle at a time. */
const TIMERS = ['dial', 'reconnect', 'read', 'ping', 'seek'] as const;
type HandleTimer = (typeof TIMERS)[number];

/**
 * One `ZooKeeper` object: a session, kept over one connection at a time. Requests are sent in order and
 * answered in order; when the connection goes, all of them have an unknown outcome and nothing is sent again.
 * Watches are brought along to the next server. Auth and setWatches go out when the server has let the
 * session in, and not together with the greeting: a server reads nothing before that anyway. Source:
 * ClientCnxn, ZooKeeper.
 */
export class ClientHandle {
  readonly #env: ClientEnv;
  readonly #options: HandleOptions;
  readonly #listener: HandleListener;
  readonly #servers: ServerList;
  readonly #watches = new WatchRegister();
  readonly #identities: Auth[] = [];
  readonly #seeker: QuorumSeeker;
  readonly #pings: PingClock;
  #state: 'idle' | 'dialling' | 'greeting' | 'open' | 'ended' = 'idle';
  #number = 0;
  #link: LinkId | undefined;
  #via = 0 as NodeId;
  #first = true;
  #session: SessionId = NO_SESSION;
  #password = NO_PASSWORD;
  #lastZxid: Zxid = ZERO_ZXID;
  /** What was negotiated; what is asked for before. */
  #timeoutUs: number;
  /** When a server was heard of last: a packet came, or a connection was taken. */
  #heardUs = 0;
  /** Whether the session was ever known to a server with a quorum. */
  #global = false;
  #xid = 0;
  #queue: Asked[] = [];
  #sent: Asked[] = [];
  /** Connection set-up that the link did not take yet. */
  #setup: ClientRequest[] = [];
  #closing = false;
  /** The server that the pending reconnect is for. */
  #target: NodeId | undefined;

  constructor(env: ClientEnv, options: HandleOptions, listener: HandleListener) {
    this.#env = env;
    this.#options = options;
    this.#listener = listener;
    this.#timeoutUs = options.sessionTimeoutUs;
    this.#servers = new ServerList(options.servers, (bound) => env.draw(bound));
    this.#seeker = new QuorumSeeker(env, this.#servers);
    this.#pings = new PingClock(env);
  }

  /** Its number in the history of the run: that of its first connection. 0 before it has dialled. */
  get number(): number {
    return this.#number;
  }

  get session(): SessionId {
    return this.#session;
  }

  /** The server that it is connected to, or was last. */
  get via(): NodeId {
    return this.#via;
  }

  get isConnected(): boolean {
    return this.#state === 'open';
  }

  get hasEnded(): boolean {
    return this.#state === 'ended';
  }

  /** Whether it can still be asked: it has not ended, and is not about to. */
  get isUsable(): boolean {
    return this.#state !== 'ended' && !this.#closing;
  }

  /** Begins to connect. */
  open(): void {
    this.#dial();
  }

  /**
   * Asks. Paths are below the chroot, unless `absolute`. `done` is called once: with the reply, or when
   * there will be none.
   */
  ask(operation: Operation, done: (answer: Answer) => void, absolute = false): void {
    if (this.isUsable) {
      const sent = absolute ? operation : underChroot(this.#options.chroot, operation);
      this.#queue.push({ operation: sent, done, xid: 0 });
      this.#flush();
    } else done(unanswered(0, ERRORS.SESSIONEXPIRED));
  }

  /** Proves an identity, now and on every later connection. */
  authenticate(scheme: string, auth: string): void {
    const proof: Auth = { kind: 'auth', scheme, auth };
    this.#identities.push(proof);
    if (this.#state !== 'open') return;
    this.#setup.push({ kind: 'client-request', xid: XID_AUTH, operation: proof });
    this.#flush();
  }

  /** Ends the session; `ended` follows. `askMore` may ask behind the close: ZooKeeper's client may not. */
  close(askMore: () => void = () => {}): void {
    if (this.#state === 'ended' || this.#closing) return;
    if (this.#state === 'open') {
      this.ask({ kind: 'closeSession' }, () => this.#end('closed'), true);
      askMore();
      this.#closing = true;
    } else {
      this.#hangUp('closed');
      this.#end('closed');
    }
  }

  /** Leaves the connection as if it had broken: the session goes on at the next server; or it tries to. */
  reconnect(password = this.#password): void {
    if (this.#state !== 'open') return;
    this.#password = password;
    this.#break(MOVED);
  }

  // --- What the participant hears ---

  opened(link: LinkId): void {
    if (link === this.#link) this.#greet(link);
    else if (this.#seeker.owns(link)) this.#seeker.opened(link);
  }

  received(link: LinkId, message: ClientMessage): void {
    const m = message as ZnodeMessage;
    if (this.#seeker.owns(link)) {
      const better = this.#seeker.received(m);
      if (better !== undefined) this.#break('a server with a quorum was found', better);
      return;
    }
    if (link !== this.#link || this.#state === 'ended') return;
    if (m.kind === 'connected') {
      this.#admitted(link, m);
      return;
    }
    if (m.kind !== 'reply' && m.kind !== 'event') return;
    this.#env.report({ kind: 'client-received', server: this.#env.self, link, message: m });
    this.#heard();
    if (m.kind === 'reply') this.#answered(m);
    else this.#notify(m);
    this.#woken();
  }

  writable(link: LinkId): void {
    if (link === this.#link) this.#flush();
  }

  closed(link: LinkId, why: CloseReason): void {
    if (this.#seeker.owns(link)) this.#seeker.closed();
    else if (link === this.#link) this.#disconnected(why === 'closed' ? CLOSED_BY_SERVER : why);
  }

  /** Whether the timer was the handle's. */
  timer(timer: string): boolean {
    switch (timer as HandleTimer) {
      case 'dial':
        if (!this.#givesUp()) this.#break('no answer to the connect');
        return true;
      case 'read':
        this.#break(NOTHING_HEARD);
        return true;
      case 'reconnect':
        this.#dial();
        this.#givesUp();
        return true;
      case 'ping':
        this.#ping();
        return true;
      case 'seek':
        this.#seeker.timer();
        this.#woken();
        return true;
      default:
        return false;
    }
  }

  // --- Connecting ---

  #dial(): void {
    this.#via = this.#target ?? this.#servers.next().server;
    this.#target = undefined;
    this.#state = 'dialling';
    this.#link = this.#env.connect(this.#via, 'client');
    if (this.#number === 0) this.#number = this.#link;
    this.#awaitAnswer();
  }

  /** Once for the connection, and once more for the session (ClientCnxnSocketNIO.finishConnect). */
  #awaitAnswer(): void {
    this.#env.setTimer('dial', Math.floor(this.#timeoutUs / this.#servers.size));
  }

  #greet(link: LinkId): void {
    this.#state = 'greeting';
    this.#first = false;
    this.#heardUs = this.#env.now();
    this.#awaitAnswer();
    const greeting: Greeting = {
      handle: this.#number,
      via: this.#via,
      session: this.#global ? this.#session : NO_SESSION,
      password: this.#password,
      lastZxidSeen: this.#lastZxid,
    };
    greet(this.#env, link, greeting, this.#options);
  }

  #admitted(link: LinkId, { timeoutMs, session, password, readOnly }: Connected): void {
    if (this.#state !== 'greeting') return;
    const outcome = timeoutMs > 0 ? 'accepted' : 'expired';
    this.#env.report({
      kind: 'client-connected',
      server: this.#env.self,
      link,
      session,
      timeoutMs,
      outcome,
      readOnly,
      password,
    });
    if (outcome === 'expired') {
      this.#hangUp('the session expired');
      this.#fail(ERRORS.SESSIONEXPIRED);
      this.#end('expired');
      return;
    }
    this.#env.cancelTimer('dial');
    this.#state = 'open';
    this.#session = session;
    this.#password = password;
    this.#timeoutUs = timeoutMs * 1000;
    this.#global ||= !readOnly;
    this.#servers.connected();
    this.#heard();
    this.#setup = this.#identities.map((operation) => ({
      kind: 'client-request',
      xid: XID_AUTH,
      operation,
    }));
    for (const operation of this.#watches.requests(this.#lastZxid)) {
      this.#setup.push({ kind: 'client-request', xid: XID_SET_WATCHES, operation });
    }
    this.#pings.begin(this.#timeoutUs);
    if (readOnly) this.#seeker.start();
    this.#flush();
    this.#listener.connected(this);
  }

  #heard(): void {
    this.#heardUs = this.#env.now();
    this.#env.setTimer('read', readTimeoutUs(this.#timeoutUs));
  }

  /** Whether it tries no more, looked at with every attempt. Who never had a session tries for ever. */
  #givesUp(): boolean {
    const silentUs = this.#env.now() - this.#heardUs;
    if (this.#session === NO_SESSION || silentUs < expirationTimeoutUs(this.#timeoutUs)) return false;
    this.#end('expired', SESSION_GIVEN_UP);
    return true;
  }

  /** This end gives the connection up; `better`: for that server. */
  #break(because: string, better?: NodeId): void {
    if (this.#link === undefined) return;
    this.#env.close(this.#link);
    this.#disconnected(because, better);
  }

  #disconnected(because: string, better?: NodeId): void {
    const wasOpen = this.#state === 'open';
    this.#hangUp(because, false);
    // What hears of it may ask anew: that waits for the next connection.
    this.#state = 'idle';
    this.#fail(ERRORS.CONNECTIONLOSS);
    if (this.hasEnded) return;
    if (this.#closing) {
      this.#end('closed');
      return;
    }
    const { server, wrapped } =
      better === undefined ? this.#servers.next() : { server: better, wrapped: false };
    this.#target = server;
    const spreadUs = this.#first ? 0 : this.#env.draw(RECONNECT_SPREAD_US);
    this.#env.setTimer('reconnect', 1 + (wrapped ? ROUND_PAUSE_US : 0) + spreadUs);
    if (wasOpen) this.#listener.disconnected(this);
  }

  /** Forgets the link, after closing it unless the other end did. */
  #hangUp(because: string, close = true): void {
    const link = this.#link;
    for (const timer of TIMERS) this.#env.cancelTimer(timer);
    this.#seeker.stop();
    this.#setup = [];
    if (link === undefined) return;
    this.#link = undefined;
    if (close) this.#env.close(link);
    this.#env.report({ kind: 'client-disconnected', server: this.#env.self, link, because });
  }

  /** All that was asked for and not answered has an unknown outcome. Source: ClientCnxn.cleanup. */
  #fail(err: number): void {
    const asked = [...this.#sent, ...this.#queue];
    this.#sent = [];
    this.#queue = [];
    for (const { done, xid } of asked) done(unanswered(xid, err));
  }

  #end(why: 'closed' | 'expired' | 'auth-failed', because: string = why): void {
    if (this.#state === 'ended') return;
    this.#hangUp(because);
    this.#state = 'ended';
    this.#fail(ERRORS.SESSIONEXPIRED);
    this.#listener.ended(this, why);
  }

  // --- Asking ---

  #flush(): void {
    while (this.#state === 'open' && this.#setup.length > 0) {
      const [request] = this.#setup;
      if (request === undefined || !this.#send(request)) return;
      this.#setup.shift();
    }
    while (this.#state === 'open' && this.#queue.length > 0) {
      const [asked] = this.#queue;
      if (asked === undefined) return;
      const xid = this.#xid + 1;
      if (!this.#send({ kind: 'client-request', xid, operation: asked.operation })) return;
      this.#xid = xid;
      asked.xid = xid;
      this.#queue.shift();
      this.#sent.push(asked);
    }
  }

  #send(request: ClientRequest): boolean {
    const link = this.#link;
    if (link === undefined || !this.#env.send(link, request)) return false;
    const { xid, operation } = request;
    this.#env.report({ kind: 'client-sent', server: this.#env.self, link, xid, operation });
    this.#pings.said();
    return true;
  }

  #woken(): void {
    if (this.#state === 'open' && this.#pings.woken()) this.#ping();
  }

  #ping(): void {
    // What the link does not take is not sent later: the next one is.
    if (!this.#send(PING)) this.#pings.said();
  }

  #answered(reply: Reply): void {
    // What a ping brings does not count as seen (ClientCnxn.SendThread.readResponse).
    if (reply.xid === XID_PING) return;
    if (reply.xid === XID_SET_WATCHES) {
      this.#see(reply.zxid);
      return;
    }
    if (reply.xid === XID_AUTH) {
      if (reply.err !== ERRORS.OK) this.#end('auth-failed');
      return;
    }
    const [asked] = this.#sent;
    if (asked === undefined || asked.xid !== reply.xid) {
      this.#break(`an answer to ${reply.xid} came out of order`);
      return;
    }
    this.#sent.shift();
    this.#see(reply.zxid);
    const answer = answerOf(reply, this.#options.chroot);
    this.#watches.answered(asked.operation, answer.err);
    asked.done(answer);
  }

  #see(zxid: Zxid): void {
    if (zxid > 0) this.#lastZxid = zxid;
  }

  #notify(event: WatchEvent): void {
    this.#watches.fired(event);
    const path = inward(this.#options.chroot, event.path);
    this.#listener.event(this, path === event.path ? event : { ...event, path });
  }
}
