/** The number of a participant: a server's sid (its myid, 1..254), or a client's number above them. */
export type NodeId = number & { readonly brand: 'NodeId' };

/** One connection, for both of its ends. Never used twice in a run. */
export type LinkId = number & { readonly brand: 'LinkId' };

/**
 * One `sync` of a file; the later `synced` or `failed` event carries it. Never used twice by a participant.
 */
export type Ticket = number & { readonly brand: 'Ticket' };

/** Servers are 1..254: a sid is the top byte of a session id. */
export const MAX_SID = 254;

/** The participant number of client `c1`, `c2`, …: clients are numbered from 1001 on. */
export const FIRST_CLIENT = 1000;

/** Brands a number that is known to be a participant's. */
export function nodeId(value: number): NodeId {
  return value as NodeId;
}

/** Whether the participant is a server, not a client. */
export function isServer(id: NodeId): boolean {
  return id <= MAX_SID;
}

/** How people write the participant: `3` for a server, `c1` for a client. */
export function nameOf(id: NodeId): string {
  return isServer(id) ? String(id) : `c${id - FIRST_CLIENT}`;
}

/**
 * A session id, 64 bits as 16 lower-case hex digits: `0100001dcafe0000`. The top byte is the server that made
 * it.
 */
export type SessionId = string;

/** The session of what a server asks itself for; also the owner of a node that no session owns. */
export const NO_SESSION: SessionId = '0000000000000000';
