import type { Body } from '../node/content.ts';
import type { SessionId } from '../node/ids.ts';
import type { Acl, AuthId } from './acl.ts';
import type { WatchOperation } from './watch-requests.ts';

/** Content of a node. Shared between servers, so nobody changes it. Null is not the same as empty. */
export type Data = Uint8Array | null;

/** Who asks, as the leader's checks need it. */
export interface Caller {
  /** `NO_SESSION` for what a server asks itself for. */
  readonly session: SessionId;
  /** Where the session's connection is: `OWN_PORT`, or the number of a learner's connection. */
  readonly owner: number;
  /** What the connection has proven, its address included. */
  readonly ids: readonly AuthId[];
}

/** Makes a node. `create` answers with the path, the other two with the stat as well. Opcodes 1, 15, 19. */
export interface Create {
  readonly kind: 'create' | 'create2' | 'createContainer';
  readonly path: string;
  readonly data: Data;
  readonly acl: Acl | null;
  /** The create mode, 0..6. */
  readonly flags: number;
}

/** Makes a node that is removed when it has no children and was not written for `ttlMs`. Opcode 21. */
export interface CreateTtl extends Omit<Create, 'kind'> {
  readonly kind: 'createTTL';
  readonly ttlMs: number;
}

/** Removes a childless node. Opcode 2. */
export interface Delete {
  readonly kind: 'delete';
  readonly path: string;
  readonly version: number;
}

/** Removes a childless node that no session owns: what the leader's reaper asks for. Opcode 20. */
export interface DeleteContainer {
  readonly kind: 'deleteContainer';
  readonly path: string;
}

/** Opcode 5. */
export interface SetData {
  readonly kind: 'setData';
  readonly path: string;
  readonly data: Data;
  readonly version: number;
}

/** Opcode 7. `version` is compared with aversion. */
export interface SetAcl {
  readonly kind: 'setACL';
  readonly path: string;
  readonly acl: Acl | null;
  readonly version: number;
}

/** Passes when the node has this version. Only within a multi. Opcode 13. */
export interface Check {
  readonly kind: 'check';
  readonly path: string;
  readonly version: number;
}

/** What a multi may hold. setACL and reads cannot be decoded there: the whole is then `undecodable`. */
export type MultiOperation = Create | CreateTtl | Delete | SetData | Check;

/** All or nothing, at one zxid. Opcode 14. */
export interface Multi {
  readonly kind: 'multi';
  readonly operations: readonly MultiOperation[];
}

/** Opens the caller's session. Opcode −10. */
export interface CreateSession {
  readonly kind: 'createSession';
  readonly timeoutMs: number;
}

/** Ends the caller's session, whoever asks for it: the client, or the leader when it expired. Opcode −11. */
export interface CloseSession {
  readonly kind: 'closeSession';
}

/** A write whose body made no sense: its zxid is used up and it fails with MARSHALLINGERROR. */
export interface Undecodable {
  readonly kind: 'undecodable';
}

/** Changes the ensemble: refused, as by every server whose `reconfigEnabled` is left alone. Opcode 16. */
export interface Reconfig {
  readonly kind: 'reconfig';
}

/** What needs a transaction. */
export type WriteOperation =
  | Create
  | CreateTtl
  | Delete
  | DeleteContainer
  | SetData
  | SetAcl
  | Multi
  | CreateSession
  | CloseSession
  | Reconfig
  | Undecodable;

/** `watch` asks the connection's server for a watch, which `read` does not look at. Opcode 3. */
export interface Exists {
  readonly kind: 'exists';
  readonly path: string;
  readonly watch: boolean;
}

/** Reads what a node holds. `watch` as in `Exists`. Opcodes 4, 8 and 12. */
export interface Get {
  readonly kind: 'getData' | 'getChildren' | 'getChildren2';
  readonly path: string;
  readonly watch: boolean;
}

/** Reads without a watch: opcodes 6 and 104. */
export interface PlainRead {
  readonly kind: 'getACL' | 'getAllChildrenNumber';
  readonly path: string;
}

/** The caller's ephemeral nodes below a prefix. Opcode 103. */
export interface GetEphemerals {
  readonly kind: 'getEphemerals';
  readonly prefix: string;
}

/** Reads of several nodes at one zxid; their `watch` is ignored. Opcode 22. */
export interface MultiRead {
  readonly kind: 'multiRead';
  readonly operations: readonly MultiReadOperation[];
}

/** What a multiRead may hold. */
export interface MultiReadOperation {
  readonly kind: 'getData' | 'getChildren';
  readonly path: string;
}

/** Brings the caller's server up to date; answered with its path. Opcode 9. */
export interface Sync {
  readonly kind: 'sync';
  readonly path: string;
  /** The packet says none, and neither will the answer. */
  readonly pathless?: true;
}

/** What the connection has proven. Opcode 107. */
export interface WhoAmI {
  readonly kind: 'whoAmI';
}

/** What is answered from the applied tree alone. */
export type ReadOperation = Exists | Get | PlainRead | GetEphemerals | MultiRead | Sync | WhoAmI;

/** All that a client may ask for, once it has a session. */
export type Operation = WriteOperation | ReadOperation | WatchOperation;

/** The body of a request that goes to the leader; `ids` is what the client's connection has proven. */
export type ZnodeRequest = Body & (WriteOperation | Sync) & { readonly ids: readonly AuthId[] };
