import { type Decoded, int, long, record, ustring, vector } from './jute-codec.ts';

/** Who someone is under the rules of a scheme. Source: org.apache.zookeeper.data.Id. */
export const id = record({ scheme: ustring, id: ustring });

/** The record of an id. */
export type IdRecord = Decoded<typeof id>;

/** What one id may do. Source: org.apache.zookeeper.data.ACL. */
export const aclEntry = record({ perms: int, id });

/** The record of an entry of an access list. */
export type AclEntryRecord = Decoded<typeof aclEntry>;

/** An access list. */
export const acl = vector(aclEntry);

/** What clients see of a node, 68 bytes. Source: org.apache.zookeeper.data.Stat. */
export const stat = record({
  czxid: long,
  mzxid: long,
  ctime: long,
  mtime: long,
  version: int,
  cversion: int,
  aversion: int,
  ephemeralOwner: long,
  dataLength: int,
  numChildren: int,
  pzxid: long,
});

/** The record of a stat. */
export type StatRecord = Decoded<typeof stat>;

/** What a snapshot keeps of a node's stat, 60 bytes. Source: org.apache.zookeeper.data.StatPersisted. */
export const statPersisted = record({
  czxid: long,
  mzxid: long,
  ctime: long,
  mtime: long,
  version: int,
  cversion: int,
  aversion: int,
  ephemeralOwner: long,
  pzxid: long,
});

/** The record of a stored stat. */
export type StatPersistedRecord = Decoded<typeof statPersisted>;
