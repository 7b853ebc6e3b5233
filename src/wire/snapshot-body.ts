import { buffer, type Decoded, int, long, record, ustring } from './jute-codec.ts';
import { acl, statPersisted } from './jute-records.ts';

/** The path that ends the nodes of a snapshot; the root is written as the empty path. */
export const END_OF_NODES = '/';

/** A session in a snapshot, its timeout in ms. Source: SerializeUtils.serializeSnapshot. */
export const sessionEntry = record({ id: long, timeout: int });

/** The record of a session. */
export type SessionEntry = Decoded<typeof sessionEntry>;

/** An access list under its key. The key −1, everyone may do everything, is never written. */
export const aclTableEntry = record({ key: long, acl });

/** The record of an entry of the table of access lists. Source: ReferenceCountedACLCache. */
export type AclTableEntry = Decoded<typeof aclTableEntry>;

/** A node; `acl` is its list's key. Parents come first. Source: DataTree.serializeNodeData. */
export const nodeEntry = record({ path: ustring, data: buffer, acl: long, stat: statPersisted });

/** The record of a node. */
export type NodeEntry = Decoded<typeof nodeEntry>;
