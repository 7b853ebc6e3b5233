import type { SessionId } from '../node/ids.ts';

/** The id of a 64-bit number, signed or not. A decoder uses it. */
export function sessionIdOf(value: bigint): SessionId {
  return BigInt.asUintN(64, value).toString(16).padStart(16, '0');
}

/** The server that made a session: the top byte of its id. */
export function serverOfSession(session: SessionId): number {
  return Number.parseInt(session.slice(0, 2), 16);
}
