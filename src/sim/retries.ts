const SECOND = 1_000_000;

/**
 * After this long without an acknowledgement a kernel gives a connection up (Linux: tcp_retries2 = 15). µs.
 */
export const GIVE_UP_US = 900 * SECOND;

/** How many SYNs go unanswered before a dial ends by itself (Linux: tcp_syn_retries = 6). */
export const SYN_ATTEMPTS = 7;

const FIRST_RETRY_US = 200_000;
const LONGEST_RETRY_US = 120 * SECOND;

/**
 * When the SYN after `attempts` unanswered ones is sent, µs after the first: 1 s, 3 s, 7 s, …; after the
 * last, 127 s.
 */
export function synSentAfter(attempts: number): number {
  let at = 0;
  for (let i = 0, step = SECOND; i < attempts; i++, step *= 2) at += step;
  return at;
}

/**
 * The first time after `now` at which TCP repeats what it could not send at `stalledAt`: 200 ms, doubling,
 * at most 120 s.
 */
export function nextRetry(stalledAt: number, now: number): number {
  let at = stalledAt + FIRST_RETRY_US;
  for (let step = FIRST_RETRY_US * 2; at <= now; step = step < LONGEST_RETRY_US ? step * 2 : step) {
    at += Math.min(step, LONGEST_RETRY_US);
  }
  return at;
}
