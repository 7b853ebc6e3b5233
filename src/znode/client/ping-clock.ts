import { type ClientEnv, readTimeoutUs } from './client-env.ts';

/** After so long without a word it pings as soon as it wakes (MAX_SEND_PING_INTERVAL), µs. */
const LONGEST_SILENCE_US = 10_000_000;
/** After so long without a word it pings up to so much earlier, lest it miss the time. */
const EARLY_US = 1_000_000;

/**
 * When a client pings: when it has sent nothing for half of its read timeout. Only when something wakes its
 * thread meanwhile, it looks whether that comes within a second, or whether it has been silent for long.
 * Source: ClientCnxn.SendThread.run.
 */
export class PingClock {
  readonly #env: ClientEnv;
  #halfUs = 0;
  #saidUs = 0;

  constructor(env: ClientEnv) {
    this.#env = env;
  }

  /** A session has that timeout from now on, µs. */
  begin(sessionTimeoutUs: number): void {
    this.#halfUs = Math.floor(readTimeoutUs(sessionTimeoutUs) / 2);
    this.said();
  }

  /** Something was sent just now. */
  said(): void {
    this.#saidUs = this.#env.now();
    this.#env.setTimer('ping', this.#halfUs);
  }

  /** The thread has woken, not to send: whether a ping is due. */
  woken(): boolean {
    const silentUs = this.#env.now() - this.#saidUs;
    if (silentUs <= EARLY_US) return false;
    const restUs = this.#halfUs - EARLY_US - silentUs;
    if (restUs <= 0 || silentUs > LONGEST_SILENCE_US) return true;
    this.#env.setTimer('ping', restUs);
    return false;
  }
}
