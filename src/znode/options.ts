import type { Data } from './requests.ts';
import { FIXED_ZNODE_RULES, type ZnodeRules } from './rules.ts';

/** How a server's service is configured. */
export interface ZnodeOptions {
  readonly rules: ZnodeRules;
  /** Nodes with a time to live (`zookeeper.extendedTypesEnabled`). */
  readonly extendedTypes: boolean;
  /** Hard quotas refuse (`zookeeper.enforceQuota`). */
  readonly enforceQuota: boolean;
  /** No access list is looked at (`zookeeper.skipACL`). */
  readonly skipAcl: boolean;
  /** Sessions that the leader does not know may belong to another server (`localSessionsEnabled`). */
  readonly localSessions: boolean;
  /** closeSession carries the session's nodes (`zookeeper.closeSessionTxn.enabled`). */
  readonly closeSessionTxn: boolean;
  /** This server's number, 1..254: a session that it made itself is never another server's. */
  readonly serverId: number;
  /** The text of `/zookeeper/config`, which each server writes itself. */
  readonly config: Data;
}

/** ZooKeeper's defaults, and our rules. */
export const DEFAULT_ZNODE_OPTIONS: ZnodeOptions = Object.freeze({
  rules: FIXED_ZNODE_RULES,
  extendedTypes: false,
  enforceQuota: false,
  skipAcl: false,
  localSessions: false,
  closeSessionTxn: true,
  serverId: 1,
  config: null,
});
