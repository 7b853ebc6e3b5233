/**
 * A session id, 64 bits as 16 lower-case hex digits: `0100001dcafe0000`. The top byte is the server that made
 * it.
 */
export type SessionId = string;

/** The session of what a server asks itself for; also the owner of a node that no session owns. */
export const NO_SESSION: SessionId = '0000000000000000';

/** The id of a 64-bit number, signed or not. A decoder uses it. */
export function sessionIdOf(value: bigint): SessionId {
  return BigInt.asUintN(64, value).toString(16).padStart(16, '0');
}

/** The server that made a session: the top byte of its id. */
export function serverOfSession(session: SessionId): number {
  return Number.parseInt(session.slice(0, 2), 16);
}
