import type { SessionId } from '../node/ids.ts';

/** The id of a 64-bit number, signed or not. A decoder uses it. */
export function sessionIdOf(value: bigint): SessionId {
  return BigInt.asUintN(64, value).toString(16).padStart(16, '0');
}

/** The server that made a session: the top byte of its id. */
export function serverOfSession(session: SessionId): number {
  return Number.parseInt(session.slice(0, 2), 16);
}

/**
 * Makes the ids of the sessions that a server opens: its number, then 40 bits of monotonic milliseconds at
 * the start of its role, then a count. Source: SessionTrackerImpl.initializeNextSessionId.
 */
export class SessionIds {
  readonly #prefix: string;
  /** The low 56 bits. */
  #next: number;

  constructor(serverId: number, nowUs: number) {
    this.#prefix = serverId.toString(16).padStart(2, '0');
    this.#next = (Math.floor(nowUs / 1000) % 137438953472) * 65536;
  }

  next(): SessionId {
    const id = this.#prefix + this.#next.toString(16).padStart(14, '0');
    this.#next++;
    return id;
  }
}
