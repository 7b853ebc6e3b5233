import { chain32, mix32 } from '../core/digest.ts';
import { byUnits } from '../core/order.ts';
import type { SessionId } from '../node/ids.ts';

/** The applied global sessions: each with the timeout that it was created with, ms. */
export class Sessions {
  readonly #timeouts = new Map<SessionId, number>();
  /** Of the marks of all sessions, modulo 2³². */
  #sum = 0;

  /** For look-up only. */
  get table(): ReadonlyMap<SessionId, number> {
    return this.#timeouts;
  }

  /** The sessions with their timeouts, ascending. */
  entries(): (readonly [SessionId, number])[] {
    return [...this.#timeouts].sort((a, b) => byUnits(a[0], b[0]));
  }

  open(session: SessionId, timeoutMs: number): void {
    this.close(session);
    this.#timeouts.set(session, timeoutMs);
    this.#sum = (this.#sum + markOf(session, timeoutMs)) >>> 0;
  }

  close(session: SessionId): void {
    const timeoutMs = this.#timeouts.get(session);
    if (timeoutMs === undefined) return;
    this.#timeouts.delete(session);
    this.#sum = (this.#sum - markOf(session, timeoutMs)) >>> 0;
  }

  clear(): void {
    this.#timeouts.clear();
    this.#sum = 0;
  }

  /** A digest of all sessions and timeouts, 31 bits; 0 for none. */
  digest(): number {
    return this.#sum >>> 1;
  }
}

function markOf(session: SessionId, timeoutMs: number): number {
  const high = Number.parseInt(session.slice(0, 8), 16);
  const low = Number.parseInt(session.slice(8), 16);
  return mix32(chain32(chain32(chain32(1, high), low), timeoutMs));
}
