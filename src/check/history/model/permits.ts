import type { Acl, AclEntry, Identity } from '../request.ts';

/** Permission bits of an ACL. Source: ZooDefs.Perms. */
export const READ = 1;
/** To set the data. */
export const WRITE = 2;
/** To create children. */
export const CREATE = 4;
/** To delete children. */
export const DELETE = 8;
/** To set the ACL. */
export const ADMIN = 16;

/** Whether somebody with these identities may do one of `needed`. Source: ZooKeeperServer.checkACL. */
export function permits(acl: Acl, needed: number, identities: readonly Identity[]): boolean {
  if (acl === null || acl.length === 0) return true;
  if (identities.some((who) => who.scheme === 'super')) return true;
  return acl.some(
    (entry) =>
      (entry.perms & needed) !== 0 &&
      ((entry.scheme === 'world' && entry.id === 'anyone') || identities.some((who) => matches(entry, who))),
  );
}

function matches(entry: AclEntry, who: Identity): boolean {
  if (entry.scheme !== who.scheme) return false;
  if (entry.id === who.id) return true;
  return entry.scheme === 'ip' && isInNetwork(who.id, entry.id);
}

/** IPv4 only. */
function isInNetwork(address: string, network: string): boolean {
  const [base, bits] = network.split('/');
  const size = Number(bits ?? 32);
  const a = ipv4(address);
  const b = ipv4(base ?? '');
  if (a < 0 || b < 0 || !(size >= 0 && size <= 32)) return false;
  return size === 0 || a >>> (32 - size) === b >>> (32 - size);
}

function ipv4(address: string): number {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return -1;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/**
 * The ACL as the log holds it: doubles removed, `auth` replaced by who the client is; the error code when it
 * is none. Source: PrepRequestProcessor.fixupACL.
 */
export function fixedAcl(acl: Acl, identities: readonly Identity[]): Acl | -114 {
  if (acl === null) return null;
  if (acl.length === 0) return -114;
  const fixed: AclEntry[] = [];
  const add = (entry: AclEntry) => {
    if (!fixed.some((e) => e.perms === entry.perms && e.scheme === entry.scheme && e.id === entry.id))
      fixed.push(entry);
  };
  for (const entry of acl) {
    if (entry.scheme === 'auth') {
      const known = identities.filter((who) => AUTHENTICATED.has(who.scheme));
      if (known.length === 0) return -114;
      for (const { scheme, id } of known) add({ perms: entry.perms, scheme, id });
    } else if (!isKnown(entry)) return -114;
    else add(entry);
  }
  return fixed;
}

const AUTHENTICATED = new Set(['digest', 'sasl', 'x509']);

function isKnown({ scheme, id }: AclEntry): boolean {
  if (scheme === 'world') return id === 'anyone';
  if (scheme === 'digest') return id.split(':').length === 2;
  return scheme === 'ip' || scheme === 'sasl' || scheme === 'x509' || scheme === 'super';
}

/** Whether two ACLs say the same in the same order; the open one has two spellings. */
export function sameAcl(a: Acl, b: Acl): boolean {
  const left = a ?? OPEN;
  const right = b ?? OPEN;
  return (
    left.length === right.length &&
    left.every((entry, i) => {
      const other = right[i] as AclEntry;
      return entry.perms === other.perms && entry.scheme === other.scheme && entry.id === other.id;
    })
  );
}

/** Whether two ACLs have the same entries: who `auth` stands for comes in the order of a hash table. */
export function sameEntries(a: Acl, b: Acl): boolean {
  return sameAcl(sorted(a), sorted(b));
}

function sorted(acl: Acl): Acl {
  const text = ({ perms, scheme, id }: AclEntry) => `${scheme}:${id}:${perms}`;
  return acl === null ? null : [...acl].sort((a, b) => (text(a) < text(b) ? -1 : 1));
}

const OPEN: readonly AclEntry[] = [{ perms: 31, scheme: 'world', id: 'anyone' }];
