import { z } from 'zod';
import { FIRST_CLIENT, MAX_SID, type NodeId, nodeId } from '../node/ids.ts';
import type { Choice, Selector } from '../sim/fault.ts';
import { list, text } from './scalars.ts';

/** The most clients of a run. */
export const MAX_CLIENTS = 1000;

/** What a fault may name servers by, beside ids. */
export const SELECTORS = [
  'leader',
  'follower',
  'followers',
  'observer',
  'observers',
  'minority',
  'majority',
  'crashed',
  'paused',
  'all',
  'rest',
] as const satisfies readonly Selector[];

const SERVER = `a server id (1 to ${MAX_SID})`;

/** A server's id. */
export const serverId = z
  .int({ error: SERVER })
  .min(1, { error: SERVER })
  .max(MAX_SID, { error: SERVER })
  .transform((id): NodeId => nodeId(id));

const clientId = text(
  'a client such as c1',
  /^c(?:[1-9]\d{0,2}|1000)$/,
  (name): NodeId => nodeId(FIRST_CLIENT + Number(name.slice(1))),
);

const selector = z.enum(SELECTORS);

const serverItem = z.union([serverId, selector], { error: 'a server id or a selector such as leader' });
const anyoneItem = z.union([serverId, selector, clientId], {
  error: 'a server id, a selector such as leader, or a client such as c1',
});
const fixedItem = z.union([serverId, clientId], { error: 'a server id, or a client such as c1' });

/** One server: an id, or a selector that names one. */
export const oneServer = z.union([serverId, z.enum(['leader', 'follower', 'observer'])], {
  error: 'a server id, leader, follower or observer',
});

/** Servers: an id, a selector, or a list of those. */
export const servers = choiceOf(serverItem, 'a server id, a selector such as leader, or a list of those');

/** Servers and clients: an id, a selector, a client's name, or a list of those. */
export const participants = choiceOf(
  anyoneItem,
  'a server id, a selector such as leader, a client such as c1, or a list of those',
);

/** Servers and clients that need no selector: an id, a client's name, or a list of those. */
export const fixedParticipants = z
  .union([fixedItem, list('a list of server ids', fixedItem)], {
    error: 'a server id, a client such as c1, or a list of those',
  })
  .transform((value): readonly NodeId[] => (Array.isArray(value) ? value : [value]));

function choiceOf<T extends z.ZodType<NodeId | Selector>>(item: T, expected: string) {
  return z
    .union([item, list(expected, item)], { error: expected })
    .transform((value): Choice => (Array.isArray(value) ? (value as Choice) : [value as NodeId | Selector]));
}
