import { DEFAULT_REAPER, type ReaperOptions } from './reaper.ts';
import { MAX_BUFFER } from './request-size.ts';
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

/** How a server's client port is configured; times in ms. */
export interface FrontendOptions extends ZnodeOptions {
  readonly tickTimeMs: number;
  /** What a client gets that asks for less; 2 ticks by default. */
  readonly minSessionTimeoutMs: number;
  /** What a client gets that asks for more; 20 ticks by default. */
  readonly maxSessionTimeoutMs: number;
  /** A local session that makes an ephemeral node becomes a global one (`localSessionsUpgradingEnabled`). */
  readonly localSessionsUpgrading: boolean;
  /** Requests in process on all servers together beyond which busy connections are not read. */
  readonly globalOutstandingLimit: number;
  /** How many voters share that limit. */
  readonly voters: number;
  /** Connections from one address; 0: any number. */
  readonly maxClientCnxns: number;
  readonly reaper: ReaperOptions;
  /** The longest request, bytes (`jute.maxbuffer`). */
  readonly maxBuffer: number;
  /** The digest id that is the administrator's (`zookeeper.DigestAuthenticationProvider.superDigest`). */
  readonly superDigest: string | undefined;
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

/** ZooKeeper's defaults for a tick of 2 s and three voters. */
export const DEFAULT_FRONTEND_OPTIONS: FrontendOptions = Object.freeze({
  ...DEFAULT_ZNODE_OPTIONS,
  tickTimeMs: 2000,
  minSessionTimeoutMs: 4000,
  maxSessionTimeoutMs: 40_000,
  localSessionsUpgrading: false,
  globalOutstandingLimit: 1000,
  voters: 3,
  maxClientCnxns: 60,
  reaper: DEFAULT_REAPER,
  maxBuffer: MAX_BUFFER,
  superDigest: undefined,
});
