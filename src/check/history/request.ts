/** What a znode holds, one UTF-16 unit (0 to 255) a byte; `null` is "no data", which is not "no bytes". */
export type Bytes = string | null;

/** Who somebody is, to an ACL: `digest` `bob:fyVm…`, `ip` `10.0.0.1`. */
export interface Identity {
  readonly scheme: string;
  readonly id: string;
}

/** One entry of an ACL; perms READ 1, WRITE 2, CREATE 4, DELETE 8, ADMIN 16. */
export interface AclEntry extends Identity {
  readonly perms: number;
}

/** An ACL; `null` is `world:anyone:31`, the open one. */
export type Acl = readonly AclEntry[] | null;

/** ZooKeeper's Stat, as a reply carries it. Source: DataTree, Stat.jute. */
export interface Stat {
  readonly czxid: number;
  readonly mzxid: number;
  readonly pzxid: number;
  /** Milliseconds of the leader's wall clock. */
  readonly ctime: number;
  readonly mtime: number;
  readonly version: number;
  /** As clients see it: twice the creates below it, less the children. */
  readonly cversion: number;
  readonly aversion: number;
  /** The session of an ephemeral, else `0x0`. */
  readonly ephemeralOwner: string;
  readonly dataLength: number;
  readonly numChildren: number;
}

/** How a znode is created. Source: CreateMode. */
export type CreateMode =
  | 'persistent'
  | 'persistent-sequential'
  | 'ephemeral'
  | 'ephemeral-sequential'
  | 'container'
  | 'persistent-with-ttl'
  | 'persistent-sequential-with-ttl';

/** A create; `ttl` is in ms, −1 for none. */
export interface CreateRequest {
  readonly op: 'create';
  readonly path: string;
  readonly data: Bytes;
  readonly acl: Acl;
  readonly mode: CreateMode;
  readonly ttl: number;
}

/** A delete; version −1 is any. */
export interface DeleteRequest {
  readonly op: 'delete';
  readonly path: string;
  readonly version: number;
}

/** A change of the data; version −1 is any. */
export interface SetDataRequest {
  readonly op: 'setData';
  readonly path: string;
  readonly data: Bytes;
  readonly version: number;
}

/** A change of the ACL; the version is the aversion, −1 is any. */
export interface SetAclRequest {
  readonly op: 'setACL';
  readonly path: string;
  readonly acl: Acl;
  readonly version: number;
}

/** A test of the data version, in a multi only. */
export interface CheckRequest {
  readonly op: 'check';
  readonly path: string;
  readonly version: number;
}

/** What a multi may hold. */
export type PartRequest = CreateRequest | DeleteRequest | SetDataRequest | CheckRequest;

/** What changes the tree. Each takes a zxid, also when it fails. */
export type WriteRequest =
  | PartRequest
  | SetAclRequest
  | { readonly op: 'multi'; readonly parts: readonly PartRequest[] };

/** A read of one path, which may leave a watch. */
export interface PathRead {
  readonly op: 'getData' | 'exists' | 'getChildren';
  readonly path: string;
  readonly watch: boolean;
}

/** What asks for the state at one zxid. */
export type ReadRequest =
  | PathRead
  | { readonly op: 'getACL' | 'getAllChildrenNumber'; readonly path: string }
  | { readonly op: 'getEphemerals'; readonly prefix: string }
  | { readonly op: 'multiRead'; readonly parts: readonly PathRead[] };

/** Watches that a client brings along when it reconnects (opcodes 101 and 105, xid −8). */
export interface SetWatchesRequest {
  readonly op: 'setWatches';
  readonly relativeZxid: number;
  readonly data: readonly string[];
  readonly exist: readonly string[];
  readonly child: readonly string[];
  readonly persistent: readonly string[];
  readonly recursive: readonly string[];
}

/** What installs, asks for or removes watches without reading. */
export type WatchRequest =
  | SetWatchesRequest
  | { readonly op: 'addWatch'; readonly path: string; readonly recursive: boolean }
  | {
      readonly op: 'removeWatches' | 'checkWatches';
      readonly path: string;
      readonly type: 'children' | 'data' | 'any' | 'persistent' | 'persistent-recursive';
    };

/** All that a client can ask; `auth` names the identity that it gains, not the secret. */
export type Request =
  | WriteRequest
  | ReadRequest
  | WatchRequest
  | { readonly op: 'sync'; readonly path: string }
  | { readonly op: 'auth'; readonly scheme: string; readonly id: string }
  | { readonly op: 'ping' | 'whoAmI' | 'closeSession' };

/** What a reply carried: the fields that it had, no others. */
export interface Result {
  readonly path?: string;
  readonly data?: Bytes;
  readonly stat?: Stat;
  readonly children?: readonly string[];
  readonly acl?: Acl;
  readonly count?: number;
  readonly paths?: readonly string[];
  /** What whoAmI answered: by user name, without secrets. */
  readonly identities?: readonly Identity[];
  readonly parts?: readonly PartResult[];
}

/** What a multi or multiRead answered for one part; after a failed part the others of a multi are −2. */
export interface PartResult {
  readonly error: number;
  readonly path?: string;
  readonly data?: Bytes;
  readonly stat?: Stat;
  readonly children?: readonly string[];
}
