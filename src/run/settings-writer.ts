import { durationText } from '../core/units.ts';
import { CLIENT_DEFAULTS } from './client-defaults.ts';
import type { ClientsPlan, ServiceSettings, Workload, ZooSettings } from './plan.ts';
import { DEFAULT_SERVICE, DEFAULT_SETTINGS } from './read-ensemble.ts';
import { MIX_OPERATIONS, type MixOperation } from './workload/kinds.ts';

type Value = Record<string, unknown>;

/** The keys of `ensemble` that configure ZooKeeper, where they differ from its defaults. */
export function settingsValue(s: ZooSettings): Value {
  const d = DEFAULT_SETTINGS;
  const time = (us: number, usual: number) => (us === usual ? undefined : durationText(us));
  const factor = s.snapshotSizeFactorPpm;
  return {
    tickTime: time(s.tickTimeUs, d.tickTimeUs),
    initLimit: unless(s.initLimit, d.initLimit),
    syncLimit: unless(s.syncLimit, d.syncLimit),
    connectToLearnerMasterLimit: unless(s.connectToLearnerMasterLimit, d.connectToLearnerMasterLimit),
    snapCount: unless(s.snapCount, d.snapCount),
    commitLogCount: unless(s.commitLogCount, d.commitLogCount),
    snapshotSizeFactor: unless(factor < 0 ? -1 : factor / 1000000, d.snapshotSizeFactorPpm / 1000000),
    forceSnapshotSync: unless(s.forceSnapshotSync, d.forceSnapshotSync),
    maxBatchSize: unless(s.maxBatchSize, d.maxBatchSize),
    minNotificationInterval: time(s.minNotificationIntervalUs, d.minNotificationIntervalUs),
    maxNotificationInterval: time(s.maxNotificationIntervalUs, d.maxNotificationIntervalUs),
    cnxTimeout: time(s.cnxTimeoutUs, d.cnxTimeoutUs),
    leaderConnectDelayDuringRetryMs: time(
      s.leaderConnectDelayDuringRetryUs,
      d.leaderConnectDelayDuringRetryUs,
    ),
    observerElectionDelay: time(s.observerElectionDelayUs, d.observerElectionDelayUs),
    'autopurge.snapRetainCount': unless(s.snapRetainCount, d.snapRetainCount),
    initialCounter: unless(s.initialCounter, d.initialCounter),
    maxTimeToWaitForEpoch: time(s.maxTimeToWaitForEpochUs, d.maxTimeToWaitForEpochUs),
    maxConcurrentSnapSyncs: unless(s.maxConcurrentSnapSyncs, d.maxConcurrentSnapSyncs),
    maxConcurrentDiffSyncs: unless(s.maxConcurrentDiffSyncs, d.maxConcurrentDiffSyncs),
    leaderServes: unless(s.leaderServes, d.leaderServes),
    'readonlymode.enabled': unless(s.readOnlyMode, d.readOnlyMode),
  };
}

/** The keys of `ensemble` that configure its service, where they differ from ZooKeeper's defaults. */
export function serviceValue(s: ServiceSettings): Value {
  const d = DEFAULT_SERVICE;
  const time = (us: number | undefined) => (us === undefined ? undefined : durationText(us));
  return {
    minSessionTimeout: time(s.minSessionTimeoutUs),
    maxSessionTimeout: time(s.maxSessionTimeoutUs),
    localSessionsEnabled: unless(s.localSessions, d.localSessions),
    localSessionsUpgradingEnabled: unless(s.localSessionsUpgrading, d.localSessionsUpgrading),
    extendedTypesEnabled: unless(s.extendedTypes, d.extendedTypes),
    enforceQuota: unless(s.enforceQuota, d.enforceQuota),
    skipACL: unless(s.skipAcl, d.skipAcl),
    globalOutstandingLimit: unless(s.globalOutstandingLimit, d.globalOutstandingLimit),
    maxClientCnxns: unless(s.maxClientCnxns, d.maxClientCnxns),
    'znode.container.checkIntervalMs': time(unless(s.containerCheckUs, d.containerCheckUs)),
    'znode.container.maxNeverUsedIntervalMs': time(
      unless(s.containerMaxNeverUsedUs, d.containerMaxNeverUsedUs),
    ),
    'znode.container.maxPerMinute': unless(s.containersPerMinute, d.containersPerMinute),
  };
}

/** The `clients` section; undefined where it would be empty. */
export function clientsValue(clients: ClientsPlan): Value | undefined {
  const { count, operations, perSecondMilli, connect, connectEach, sessionTimeoutUs, startUs } = clients;
  const { sessionTimeoutsUs } = clients;
  const usual = sessionTimeoutUs === CLIENT_DEFAULTS.sessionTimeoutUs;
  const value = {
    count: unless(count, 0),
    operations,
    rate: perSecondMilli === undefined ? undefined : `${perSecondMilli / 1000}/s`,
    connect: connectEach ? 'each' : connect.length === 0 ? undefined : connect,
    sessionTimeout:
      sessionTimeoutsUs.length > 0
        ? sessionTimeoutsUs.map(durationText)
        : usual
          ? undefined
          : durationText(sessionTimeoutUs),
    start: startUs === 0 ? undefined : durationText(startUs),
    ...workloadValue(clients.workload),
    chroot: unless(clients.chroot, ''),
    readOnly: unless(clients.readOnly, false),
  };
  const left = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return left.length === 0 ? undefined : Object.fromEntries(left);
}

/** In the order of the vocabulary, as it is read. */
function mixValue(weights: ReadonlyMap<MixOperation, number>): Value {
  const known = MIX_OPERATIONS.filter((operation) => weights.has(operation));
  return Object.fromEntries(known.map((operation) => [operation, weights.get(operation)]));
}

function workloadValue(workload: Workload): Value {
  const d = CLIENT_DEFAULTS;
  switch (workload.kind) {
    case 'counter':
      return {};
    case 'mix':
      return {
        mix: mixValue(workload.weights),
        keys: unless(workload.keys, d.keys),
        valueSize: unless(workload.valueSize, d.valueSize),
        pipeline: unless(workload.pipeline, d.pipeline),
        readers: unless(workload.readers, d.readers),
      };
    case 'recipe':
      return {
        recipe: workload.recipe,
        hold: workload.holdUs === d.holdUs ? undefined : durationText(workload.holdUs),
        resource: workload.resource,
      };
  }
}

function unless<T>(value: T, usual: T): T | undefined {
  return value === usual ? undefined : value;
}
