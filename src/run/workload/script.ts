import type { Answer } from '../../znode/client/answer.ts';
import type { WatchEvent } from '../../znode/client-messages.ts';
import type { Operation } from '../../znode/requests.ts';

/** What a script waits for. Times in µs. */
export type Wait =
  | { readonly kind: 'answer'; readonly operation: Operation }
  | { readonly kind: 'time'; readonly us: number }
  /** A watch that fires, or a change of the connection; `us`: but not longer than that. */
  | { readonly kind: 'notice'; readonly us: number };

/** What a script is told while it waits for a notice. */
export type Notice =
  | { readonly kind: 'event'; readonly event: WatchEvent }
  | { readonly kind: 'connected' | 'disconnected' | 'nothing' };

/** What a wait ends with: an answer, a notice, or nothing. */
export type Resume = Answer | Notice | undefined;

/**
 * What a client does, one step after the other: a generator that yields what it waits for. It is ended from
 * outside when its session is over; what it believed is then taken back in its `finally`.
 */
export type Script<T = void> = Generator<Wait, T, Resume>;
