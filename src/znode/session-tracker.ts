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
  readonly #touches = new Map<SessionId, { touchedUs: number; timeoutMs: number }>();
  /** The deadline that the timer is set for; undefined: none. */
  #setForMs: number | undefined;

  constructor(gateway: Gateway, tickTimeMs: number) {
    this.#gateway = gateway;
    this.#queue = new ExpiryQueue(tickTimeMs);
  }

  has(session: SessionId): boolean {
    return this.#touches.has(session);
  }

  /** The session was heard of: it lives for at least `timeoutMs` more. */
  touch(session: SessionId, timeoutMs: number): void {
    const nowUs = this.#gateway.now();
    const before = this.#touches.get(session);
    if (before === undefined) this.#touches.set(session, { touchedUs: nowUs, timeoutMs });
    else {
      before.touchedUs = nowUs;
      before.timeoutMs = timeoutMs;
    }
    this.#queue.update(session, Math.floor(nowUs / 1000), timeoutMs);
    this.#arm();
  }

  remove(session: SessionId): void {
    this.#touches.delete(session);
    this.#queue.remove(session);
  }

  /**
   * The `session-expiry` timer: `end` is called for each session that is over, with how long it was not heard
   * of, and the timeout that it had then.
   */
  timer(end: (session: SessionId, idleUs: number, timeoutMs: number) => void): void {
    this.#setForMs = undefined;
    const nowUs = this.#gateway.now();
    for (const session of this.#queue.expired(Math.floor(nowUs / 1000))) {
      const { touchedUs, timeoutMs } = this.#touches.get(session) ?? { touchedUs: nowUs, timeoutMs: 0 };
      this.#touches.delete(session);
      end(session, nowUs - touchedUs, timeoutMs);
    }
    this.#arm();
  }

  clear(): void {
    this.#queue.clear();
    this.#touches.clear();
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
