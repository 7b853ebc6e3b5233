import { encodeUtf8 } from '../core/utf8.ts';
import { counterOf, epochOf, formatZxid, type Zxid } from '../core/zxid.ts';
import type { Txn } from '../node/content.ts';
import { NO_SESSION, type NodeId } from '../node/ids.ts';
import type { Service } from '../node/service.ts';
import { OPEN_ACL } from '../znode/acl.ts';
import { DEFAULT_FRONTEND_OPTIONS, type FrontendOptions } from '../znode/options.ts';
import { znodeService } from '../znode/service.ts';
import { makeTxn } from '../znode/txns.ts';
import { behaviourOf } from './behaviour.ts';
import type { Plan } from './plan.ts';
import { hasRealDisks } from './real-disks.ts';

/** Whether the servers of a plan keep ZooKeeper's tree; otherwise they keep a counter. */
export function keepsTree(plan: Plan): boolean {
  return plan.clients.workload.kind !== 'counter' || hasRealDisks(plan);
}

/** The service of one server and incarnation. */
export function treeService(plan: Plan, server: NodeId): Service {
  return znodeService(treeOptions(plan, server));
}

/** How the service of one server is configured. */
export function treeOptions(plan: Plan, server: NodeId): FrontendOptions {
  const { settings, service, voters } = plan.ensemble;
  const tickTimeMs = Math.max(1, Math.floor(settings.tickTimeUs / 1000));
  const ms = (us: number | undefined, ticks: number) =>
    us === undefined ? ticks * tickTimeMs : Math.floor(us / 1000);
  return {
    ...DEFAULT_FRONTEND_OPTIONS,
    rules: behaviourOf(plan.ensemble.behaviour).znode,
    tickTimeMs,
    minSessionTimeoutMs: ms(service.minSessionTimeoutUs, 2),
    maxSessionTimeoutMs: ms(service.maxSessionTimeoutUs, 20),
    localSessions: service.localSessions,
    localSessionsUpgrading: service.localSessionsUpgrading,
    // Nodes with a time to live may be in real files.
    extendedTypes: service.extendedTypes || hasRealDisks(plan),
    enforceQuota: service.enforceQuota,
    skipAcl: service.skipAcl,
    globalOutstandingLimit: service.globalOutstandingLimit,
    maxClientCnxns: service.maxClientCnxns,
    reaper: {
      checkIntervalMs: Math.floor(service.containerCheckUs / 1000),
      maxNeverUsedMs: Math.floor(service.containerMaxNeverUsedUs / 1000),
      maxPerMinute: service.containersPerMinute,
    },
    voters: voters.length,
    serverId: server,
  };
}

/** Of a disk that is laid out: so many creates of an epoch, and epochs, are told apart, in 31 bits. */
const CREATES = 10_000;
const EPOCHS = 100_000;

function cversionAt(zxid: Zxid): number {
  return (epochOf(zxid) % EPOCHS) * CREATES + (counterOf(zxid) % CREATES);
}

/**
 * The transaction that a disk laid out by the scenario holds at a zxid: the creation of a node named after
 * it. Equal zxids are equal transactions on every server. What the parent's cversion is after it, it has to
 * say itself, or it would count twice when it is replayed on a snapshot that was taken over it
 * (ZOOKEEPER-1046): the zxid alone tells it, and it rises with that.
 */
export function treeTxnAt(zxid: Zxid): Txn {
  const data = encodeUtf8(formatZxid(zxid));
  return makeTxn(
    {
      kind: 'create',
      path: `/initial-${formatZxid(zxid)}`,
      data,
      acl: OPEN_ACL,
      ephemeral: false,
      parentCversion: cversionAt(zxid),
    },
    { session: NO_SESSION, cxid: 0, timeMs: 0 },
  );
}
