import type { SessionId } from '../node/ids.ts';
import type { Gateway } from '../node/service.ts';
import { ExpiryQueue } from './expiry-queue.ts';

/**
 * The sessions whose life a server watches: at a leader all global ones, at any server its local ones. Each
 * is over when it was not touched for its timeout, rounded up to whole ticks. Source: SessionTrackerImpl.
 */
export class SessionTracker {
  readonly #gateway: Gateway;
  readonly #queue: ExpiryQueue;
  readonly #touchedUs = new Map<SessionId, number>();
  /** The deadline that the timer is set for; undefined: none. */
  #setForMs: number | undefined;

  constructor(gateway: Gateway, tickTimeMs: number) {
    this.#gateway = gateway;
    this.#queue = new ExpiryQueue(tickTimeMs);
  }

  has(session: SessionId): boolean {
    return this.#touchedUs.has(session);
  }

  /** The session was heard of: it lives for at least `timeoutMs` more. */
  touch(session: SessionId, timeoutMs: number): void {
    const nowUs = this.#gateway.now();
    this.#touchedUs.set(session, nowUs);
    this.#queue.update(session, Math.floor(nowUs / 1000), timeoutMs);
    this.#arm();
  }

  remove(session: SessionId): void {
    this.#touchedUs.delete(session);
    this.#queue.remove(session);
  }

  /** The `session-expiry` timer: `end` is called for each session that is over. */
  timer(end: (session: SessionId, idleUs: number) => void): void {
    this.#setForMs = undefined;
    const nowUs = this.#gateway.now();
    for (const session of this.#queue.expired(Math.floor(nowUs / 1000))) {
      const touchedUs = this.#touchedUs.get(session) ?? nowUs;
      this.#touchedUs.delete(session);
      end(session, nowUs - touchedUs);
    }
    this.#arm();
  }

  clear(): void {
    this.#queue.clear();
    this.#touchedUs.clear();
    this.#setForMs = undefined;
    this.#gateway.cancelTimer('session-expiry');
  }

  /** A bucket only ever moves away: a timer that comes too early finds nothing and is set again. */
  #arm(): void {
    const nextMs = this.#queue.nextMs();
    if (nextMs === undefined || (this.#setForMs !== undefined && this.#setForMs <= nextMs)) return;
    this.#setForMs = nextMs;
    this.#gateway.setTimer('session-expiry', Math.max(0, nextMs * 1000 - this.#gateway.now()));
  }
}
