import { type Acl, OPEN_ACL } from '../../znode/acl.ts';
import type { Create, Data, Delete, Get, SetData } from '../../znode/requests.ts';

/** Flags of the create modes. Source: CreateMode. */
export const MODE = {
  persistent: 0,
  ephemeral: 1,
  sequential: 2,
  ephemeralSequential: 3,
  container: 4,
  ttl: 5,
  sequentialTtl: 6,
} as const;

/** Makes a node; open to all unless said otherwise. */
export function create(path: string, flags: number, data: Data = null, acl: Acl = OPEN_ACL): Create {
  return { kind: flags === MODE.container ? 'createContainer' : 'create', path, data, acl, flags };
}

/** Makes a persistent node. */
export function persistent(path: string, data: Data = null): Create {
  return create(path, MODE.persistent, data);
}

/** Makes an ephemeral node. */
export function ephemeral(path: string, data: Data = null): Create {
  return create(path, MODE.ephemeral, data);
}

/** Makes an ephemeral node with a number behind its name. */
export function ephemeralSequential(path: string, data: Data = null): Create {
  return create(path, MODE.ephemeralSequential, data);
}

/** Removes a node; version −1: whatever its version is. */
export function remove(path: string, version = -1): Delete {
  return { kind: 'delete', path, version };
}

/** Writes a node; version −1: whatever its version is. */
export function write(path: string, data: Data, version = -1): SetData {
  return { kind: 'setData', path, data, version };
}

/** Reads what a node holds. */
export function read(path: string, watch = false): Get {
  return { kind: 'getData', path, watch };
}

/** Lists the children of a node, with its stat. */
export function list(path: string, watch = false): Get {
  return { kind: 'getChildren2', path, watch };
}
