import { MAX_VERSION } from './stat.ts';

/**
 * Where our service deviates from ZooKeeper's, each deviation under its name. `FIXED_ZNODE_RULES` is ours: a
 * write's verdict then depends on the transactions before it alone, not on what the leader has applied of
 * them. `FAITHFUL_ZNODE_RULES` is ZooKeeper's development head, with the anomalies that clients can meet
 * there.
 */
export interface ZnodeRules {
  /**
   * Whether preparing closeSession takes the session's nodes off the pending child counts of their parents.
   * If not, a delete of the parent prepared behind it fails with a spurious NOTEMPTY.
   */
  readonly closeLowersChildCounts: boolean;
  /**
   * The path under which a pending change is kept. ZooKeeper keeps the root under `''` when a child changes,
   * under `/` when the root itself does: a pipelined setACL of the root is then invisible to a create below.
   */
  readonly pendingPath: (path: string) => string;
  /** Whether a pending setACL binds what is prepared behind it. It did not before July 2026. */
  readonly setAclBindsAtOnce: boolean;
  /**
   * The parent's pending cversion after a create. The tree itself never moves from 2147483647 to a negative
   * number; where the pending one does, the names of sequential nodes depend on pipelining.
   */
  readonly pendingCversion: (cversion: number) => number;
  /** Whether quotas count what is prepared and not applied. If not, pipelined creates overshoot them. */
  readonly quotaCountsPending: boolean;
  /**
   * Whether replaying a delete takes the children along that a fuzzy snapshot caught of a later node of the
   * same name. If not, they stay without a parent, and replaying their creation finds them in the way.
   */
  readonly replayRemovesWholly: boolean;
  /** Whether a failed multi puts back every pending change, or only those of the paths that it names. */
  readonly rollbackIsExact: boolean;
  /**
   * Whether a pending node's owner is what the transaction makes it, or what the flags of the request say:
   * they differ when `create` comes with the flag of a container.
   */
  readonly pendingOwnerIsExact: boolean;
  /** Whether a client may send deleteContainer, which checks no session and no access list. */
  readonly clientsMayReap: boolean;
  /**
   * Whether sync waits for what is committed when the client is connected to the leader. ZooKeeper treats it
   * as a plain read there, which committed transactions that are not applied yet do not hold up.
   */
  readonly leaderSyncIsBarrier: boolean;
  /** Whether a renewal with a wrong password leaves the session's present connection alone. */
  readonly checksPasswordFirst: boolean;
  /**
   * Whether what a connection left in the server's queue is dropped with it, what comes to the leader when
   * its session has moved is refused, though the session may be back before it is prepared, and no connection
   * opens on the answer to the REVALIDATE of an earlier one. If not, a session that moved away and came back
   * may see an older write of its own land after newer ones.
   */
  readonly fencesOldConnections: boolean;
  /** Whether a create says what the parent's cversion is after it, also to a replay (ZOOKEEPER-1046). */
  readonly createNamesCversion: boolean;
  /** Whether replaying a delete whose node is gone raises the parent's pzxid (ZOOKEEPER-3125). */
  readonly replayRaisesPzxid: boolean;
  /** Whether a session that is about to close is refused what it still asks for (ZOOKEEPER-1208). */
  readonly refusesClosing: boolean;
  /** Whether a session is in the table only once its creation is applied (ZOOKEEPER-2926). */
  readonly sessionsAwaitCommit: boolean;
  /** Whether a snapshot brings the access lists that came up while it was written (ZOOKEEPER-3306). */
  readonly snapshotBringsLateAcls: boolean;
  /** Whether a create whose node exists, as in a replay, gives it its list (ZOOKEEPER-3306, -4846). */
  readonly existingTakesAcl: boolean;
}

/** What history got right from the start, or mends here: the same in both. */
const RIGHT = {
  createNamesCversion: true,
  replayRaisesPzxid: true,
  refusesClosing: true,
  sessionsAwaitCommit: true,
  snapshotBringsLateAcls: true,
  existingTakesAcl: true,
};

/** Our rules. */
export const FIXED_ZNODE_RULES: ZnodeRules = Object.freeze({
  closeLowersChildCounts: true,
  pendingPath: (path: string) => (path === '' ? '/' : path),
  setAclBindsAtOnce: true,
  pendingCversion: (cversion: number) => Math.min(cversion + 1, MAX_VERSION),
  quotaCountsPending: true,
  replayRemovesWholly: true,
  rollbackIsExact: true,
  pendingOwnerIsExact: true,
  clientsMayReap: false,
  leaderSyncIsBarrier: true,
  checksPasswordFirst: true,
  fencesOldConnections: true,
  ...RIGHT,
});

/** The rules of ZooKeeper 3.10.0-SNAPSHOT. */
export const FAITHFUL_ZNODE_RULES: ZnodeRules = Object.freeze({
  closeLowersChildCounts: false,
  pendingPath: (path: string) => path,
  setAclBindsAtOnce: true,
  pendingCversion: (cversion: number) => (cversion + 1) | 0,
  quotaCountsPending: false,
  replayRemovesWholly: false,
  rollbackIsExact: false,
  pendingOwnerIsExact: false,
  clientsMayReap: true,
  leaderSyncIsBarrier: false,
  checksPasswordFirst: false,
  fencesOldConnections: false,
  ...RIGHT,
});
