import type { SessionId } from '../../node/ids.ts';
import { NO_TOUCHES, type Touch } from '../../node/service.ts';

/** What an answer to a president's sign of life says of sessions: all that he has not heard yet. */
export interface Touched {
  readonly round: number;
  readonly touches: readonly Touch[];
}

/**
 * The sessions that a member has heard of, until its president has: they ride on signs of life, which get
 * lost. Each is told with a number, and told again until the president's next sign of life names that number,
 * or a later one.
 */
export class Touches {
  readonly #unheard = new Map<SessionId, { readonly timeoutMs: number; readonly round: number }>();
  #round = 0;

  /** The president has heard what was told up to this round. */
  heard(round: number): void {
    for (const [session, touch] of this.#unheard) if (touch.round <= round) this.#unheard.delete(session);
  }

  /**
   * What there is to be told, these included.
   *
   * @param nowUs the member's clock: rounds go up from process to process
   */
  tell(fresh: readonly Touch[], nowUs: number): Touched {
    if (fresh.length > 0) this.#round = Math.max(nowUs, this.#round + 1);
    for (const { session, timeoutMs } of fresh) this.#unheard.set(session, { timeoutMs, round: this.#round });
    if (this.#unheard.size === 0) return { round: this.#round, touches: NO_TOUCHES };
    const touches = [...this.#unheard].map(([session, { timeoutMs }]) => ({ session, timeoutMs }));
    return { round: this.#round, touches };
  }

  /** There is no president any more. */
  clear(): void {
    this.#unheard.clear();
  }
}
