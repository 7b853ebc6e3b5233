/**
 * What keeps a whole server busy for a while, beyond the handling of single messages. Where the world says
 * that it costs nothing, it is done at once.
 */
export const WORKS = [
  // What the role of a leader consists of, before its port opens (QuorumPeer.makeLeader, and JMX).
  'make-leader',
  // The same of a learner, before it dials (QuorumPeer.makeFollower, makeObserver).
  'make-learner',
  // A learner's first call to its leader (Learner.connectToLeader).
  'dial',
  // The end of the processors of a role that has served (Leader.shutdown, Learner.shutdown).
  'end-role',
  // The start of the processors of a leader, once it has a quorum (Leader.startZkServer).
  'start-leading',
  // The start of those of a learner, at NEWLEADER (ZooKeeperServer.startupWithoutServing).
  'start-following',
  // One transaction that a learner takes over in a synchronization (Learner.syncWithLeader).
  'record',
  // The start of the two threads of a connection of the election (QuorumCnxManager).
  'connection',
] as const;

/** The name of a kind of work. */
export type Work = (typeof WORKS)[number];
