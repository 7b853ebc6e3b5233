import { ZERO_ZXID, type Zxid } from '../core/zxid.ts';
import type { ClientMessage } from '../node/content.ts';
import type { Env, Stored } from '../node/env.ts';
import type { NodeEvent } from '../node/events.ts';
import type { Fact } from '../node/facts.ts';
import type { LinkId, NodeId, SessionId } from '../node/ids.ts';
import type { NodeView, Participant } from '../node/protocol.ts';
import type { CounterMessage } from './counter-messages.ts';

/** How a client loads the ensemble. Times in µs. */
export interface Workload {
  /** The servers it may use, ascending. */
  readonly servers: readonly NodeId[];
  /** How many operations it does; undefined: as many as fit. */
  readonly operations: number | undefined;
  /** Time between the starts of two operations; 0: the next begins when the last one was answered. */
  readonly periodUs: number;
  readonly sessionTimeoutUs: number;
}

/** What a client may do. */
export type ClientEnv = Env<ClientMessage, Stored, Fact>;

/** The longest wait before another server is tried (ClientCnxn waits up to a second). */
const RECONNECT_SPREAD_US = 1_000_000;

/** The shortest: on a network without delay, a client would otherwise dial for ever in one instant. */
const RECONNECT_LEAST_US = 10_000;

/**
 * A client of the counter: it adds 1 again and again, on one connection at a time. When its connection goes,
 * or nothing is heard for two thirds of its session timeout, the operation under way has an unknown outcome,
 * and the next server is tried. Source: ClientCnxn, StaticHostProvider.
 */
export class CounterClient implements Participant<ClientMessage> {
  readonly #env: ClientEnv;
  readonly #workload: Workload;
  readonly #session: SessionId;
  #order: NodeId[] = [];
  #next = 0;
  #link: LinkId | undefined;
  #server = 0 as NodeId;
  #connected = false;
  #cxid = 0;
  #underWay = false;
  /** Local µs at which the next operation is due. */
  #dueUs = 0;

  constructor(env: ClientEnv, workload: Workload) {
    this.#env = env;
    this.#workload = workload;
    this.#session = env.self.toString(16).padStart(16, '0');
  }

  handle(event: NodeEvent<ClientMessage>): void {
    switch (event.kind) {
      case 'started':
        this.#order = this.#shuffle();
        this.#dueUs = this.#env.now();
        this.#connect();
        return;
      case 'opened':
        if (event.link === this.#link) this.#greet(event.link);
        return;
      case 'received':
        if (event.link === this.#link) this.#received(event.message as CounterMessage);
        return;
      case 'closed':
        if (event.link === this.#link) this.#disconnected();
        return;
      case 'timer':
        this.#onTimer(event.timer);
        return;
      default:
    }
  }

  inspect(): NodeView {
    return { state: 'following', acceptedEpoch: 0, currentEpoch: 0, lastZxid: 0, lastCommitted: 0 };
  }

  #onTimer(timer: string): void {
    if (timer === 'reconnect') {
      this.#connect();
    } else if (timer === 'patience' && this.#link !== undefined) {
      this.#env.close(this.#link);
      this.#disconnected();
    } else if (timer === 'due') {
      this.#proceed();
    }
  }

  #connect(): void {
    this.#server = this.#order[this.#next] ?? this.#server;
    this.#next = (this.#next + 1) % this.#order.length;
    this.#link = this.#env.connect(this.#server, 'client');
    this.#env.setTimer('patience', Math.floor(this.#workload.sessionTimeoutUs / this.#order.length));
  }

  #disconnected(): void {
    this.#link = undefined;
    this.#connected = false;
    this.#env.cancelTimer('patience');
    if (this.#underWay) this.#end('unknown', ZERO_ZXID);
    // After a whole round of servers the client waits; within a round it goes on at once.
    const waitUs = this.#next === 0 ? RECONNECT_LEAST_US + this.#env.draw(RECONNECT_SPREAD_US) : 0;
    this.#env.setTimer('reconnect', waitUs);
  }

  /** Begins the next operation, if it is time for one. */
  #proceed(): void {
    const { operations, periodUs, sessionTimeoutUs } = this.#workload;
    if (!this.#connected || this.#underWay || this.#link === undefined) return;
    if (operations !== undefined && this.#cxid >= operations) return;
    if (periodUs > 0) {
      const waitUs = this.#dueUs - this.#env.now();
      if (waitUs > 0) {
        this.#env.setTimer('due', waitUs);
        return;
      }
      this.#dueUs += periodUs;
    }
    this.#cxid++;
    this.#underWay = true;
    this.#env.report({
      kind: 'invoked',
      server: this.#env.self,
      cxid: this.#cxid,
      via: this.#server,
      operation: 'add',
    });
    const message: CounterMessage = {
      kind: 'counter-add',
      session: this.#session,
      cxid: this.#cxid,
      amount: 1,
    };
    this.#env.send(this.#link, message);
    this.#env.setTimer('patience', Math.floor((sessionTimeoutUs * 2) / 3));
  }

  #greet(link: LinkId): void {
    const hello: CounterMessage = { kind: 'counter-connect', session: this.#session };
    this.#env.send(link, hello);
  }

  #received(message: CounterMessage): void {
    if (message.kind === 'counter-connected') {
      this.#connected = true;
      this.#env.cancelTimer('patience');
      this.#proceed();
    } else if (message.kind === 'counter-answer' && message.cxid === this.#cxid && this.#underWay) {
      this.#env.cancelTimer('patience');
      this.#end('ok', message.zxid);
      this.#proceed();
    }
  }

  #end(outcome: 'ok' | 'unknown', zxid: Zxid): void {
    this.#underWay = false;
    this.#env.report({ kind: 'returned', server: this.#env.self, cxid: this.#cxid, outcome, zxid });
  }

  /** Each client tries the servers in an order of its own (StaticHostProvider). */
  #shuffle(): NodeId[] {
    const order = [...this.#workload.servers];
    for (let i = order.length - 1; i > 0; i--) {
      const j = i - this.#env.draw(i + 1);
      const a = order[i];
      const b = order[j];
      if (a !== undefined && b !== undefined) {
        order[i] = b;
        order[j] = a;
      }
    }
    return order;
  }
}
