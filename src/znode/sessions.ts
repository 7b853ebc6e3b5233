import { chain32, mix32 } from '../core/digest.ts';
import { byUnits } from '../core/order.ts';
import type { SessionId } from '../node/ids.ts';

/** The applied global sessions: each with the timeout that it was created with, ms. */
export class Sessions {
  readonly #timeouts = new Map<SessionId, number>();

  /** For look-up only. */
  get table(): ReadonlyMap<SessionId, number> {
    return this.#timeouts;
  }

  /** The sessions with their timeouts, ascending. */
  entries(): (readonly [SessionId, number])[] {
    return [...this.#timeouts].sort((a, b) => byUnits(a[0], b[0]));
  }

  open(session: SessionId, timeoutMs: number): void {
    this.#timeouts.set(session, timeoutMs);
  }

  close(session: SessionId): void {
    this.#timeouts.delete(session);
  }

  clear(): void {
    this.#timeouts.clear();
  }

  /** A digest of all sessions and timeouts, 31 bits; 0 for none. */
  digest(): number {
    let sum = 0;
    for (const [session, timeoutMs] of this.#timeouts) {
      const high = Number.parseInt(session.slice(0, 8), 16);
      const low = Number.parseInt(session.slice(8), 16);
      sum = (sum + mix32(chain32(chain32(chain32(1, high), low), timeoutMs))) >>> 0;
    }
    return sum >>> 1;
  }
}
