import { authScheme } from './auth-schemes.ts';

/** Who someone is: an id under the rules of a scheme. Source: org.apache.zookeeper.data.Id. */
export interface AuthId {
  readonly scheme: string;
  readonly id: string;
}

/** What one id may do. An entry without a scheme or an id is refused by `fixupAcl`. */
export interface AclEntry extends AuthId {
  /** A sum of `PERMS`. */
  readonly perms: number;
}

/** The access list of a node. Not inherited. */
export type Acl = readonly AclEntry[];

/** The permissions. Source: ZooDefs.Perms. */
export const PERMS = Object.freeze({ READ: 1, WRITE: 2, CREATE: 4, DELETE: 8, ADMIN: 16, ALL: 31 } as const);

/** Everyone may do everything. Source: ZooDefs.Ids.OPEN_ACL_UNSAFE. */
export const OPEN_ACL: Acl = Object.freeze([anyone(PERMS.ALL)]);

/** Everyone may read. Source: ZooDefs.Ids.READ_ACL_UNSAFE. */
export const READ_ACL: Acl = Object.freeze([anyone(PERMS.READ)]);

/** `world:anyone` with these permissions. */
export function anyone(perms: number): AclEntry {
  return Object.freeze({ perms, scheme: 'world', id: 'anyone' });
}

/**
 * Whether one of `ids` may do one of the things in `needed`: a sum of `PERMS` asks for any of them. Source:
 * ZooKeeperServer.checkACL.
 */
export function permits(acl: Acl, needed: number, ids: readonly AuthId[]): boolean {
  if (acl.length === 0 || ids.some((id) => id.scheme === 'super')) return true;
  return acl.some((entry) => {
    if ((entry.perms & needed) === 0) return false;
    if (isAnyone(entry)) return true;
    const scheme = authScheme(entry.scheme);
    return (
      scheme !== undefined &&
      ids.some((own) => own.scheme === entry.scheme && scheme.matches(own.id, entry.id))
    );
  });
}

/**
 * The list as it is stored: without duplicates, and with `auth` replaced by the ids that the caller has
 * proven. Undefined when it is no valid list: INVALIDACL. Source: PrepRequestProcessor.fixupACL.
 */
export function fixupAcl(acl: Acl | null, ids: readonly AuthId[]): Acl | undefined {
  if (acl === null || acl.length === 0) return undefined;
  const fixed: AclEntry[] = [];
  for (const entry of withoutDuplicates(acl)) {
    if (isAnyone(entry)) {
      fixed.push(entry);
    } else if (entry.scheme === 'auth') {
      const proven = ids.filter((own) => authScheme(own.scheme)?.authenticates === true);
      if (proven.length === 0) return undefined;
      for (const { scheme, id } of proven) fixed.push({ perms: entry.perms, scheme, id });
    } else {
      if (authScheme(entry.scheme)?.isValid(entry.id) !== true) return undefined;
      fixed.push(entry);
    }
  }
  return fixed;
}

/** The list for who may read it and not change it: the passwords of digest ids become `x`. */
export function maskedAcl(acl: Acl): Acl {
  return acl.map((entry) => {
    const colon = entry.id.indexOf(':');
    return entry.scheme === 'digest' && colon >= 0
      ? { ...entry, id: `${entry.id.slice(0, colon)}:x` }
      : entry;
  });
}

/** A text that is equal for equal lists. */
export function aclKey(acl: Acl): string {
  return JSON.stringify(acl.map(({ perms, scheme, id }) => [perms, scheme, id]));
}

function isAnyone(entry: AuthId): boolean {
  return entry.scheme === 'world' && entry.id === 'anyone';
}

function withoutDuplicates(acl: Acl): AclEntry[] {
  const kept = new Map<string, AclEntry>();
  for (const entry of acl) {
    const key = aclKey([entry]);
    if (!kept.has(key)) kept.set(key, entry);
  }
  return [...kept.values()];
}
