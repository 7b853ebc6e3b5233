import { ascending } from '../core/order.ts';
import { MAX_SID, type NodeId, nodeId } from '../node/ids.ts';
import { DEFAULT_REAPER } from '../znode/reaper.ts';
import { BEHAVIOURS, clashOf } from './behaviour.ts';
import { type Draft, idsText } from './draft.ts';
import type { EnsembleSection } from './ensemble-schema.ts';
import type { EnsemblePlan, ServiceSettings, ZooSettings } from './plan.ts';
import { readConfig } from './read-config.ts';
import type { Path } from './yaml-source.ts';

/** Checks the `ensemble` section and fills in defaults. Sets the draft's servers. */
export function readEnsemble(section: EnsembleSection, draft: Draft): EnsemblePlan {
  const config = section.config === undefined ? undefined : readConfig(section, draft);
  const members = config ?? readMembers(section, draft);
  const start = section.start ?? new Map<NodeId, number | 'never'>();
  const plan: EnsemblePlan = {
    ...members,
    start: new Map([...start].map(([id, time]) => [id, time === 'never' ? undefined : time])),
    behaviour: readBehaviour(section.behaviour, draft),
    settings: settingsOf({ ...config?.settings, ...section }, draft),
    service: serviceOf({ ...config?.settings, ...section }, draft),
  };
  if (section.config !== undefined && config === undefined) return plan;
  draft.servers = [...plan.voters, ...plan.observers].sort(ascending);
  draft.voters = plan.voters;
  for (const id of start.keys()) draft.checkParticipant(id, ['ensemble', 'start', String(id)], true);
  checkWeights(plan, draft);
  checkGroups(plan, draft);
  return plan;
}

type Members = Pick<EnsemblePlan, 'voters' | 'observers' | 'weights' | 'groups'>;

/** Counts: voters from 1 on, observers from the next id on. Lists say the ids themselves. */
function readMembers(section: EnsembleSection, draft: Draft): Members {
  const { voters: wanted = 3, observers: others = 0 } = section;
  const voters = typeof wanted === 'number' ? idsFrom(1, wanted) : [...wanted].sort(ascending);
  const next = (voters.at(-1) ?? 0) + 1;
  const observers = typeof others === 'number' ? idsFrom(next, others) : [...others].sort(ascending);
  if (next + observers.length - 1 > MAX_SID && typeof others === 'number') {
    draft.refuse(['ensemble', 'observers'], `at most ${MAX_SID} servers, voters and observers`);
  }
  for (const [key, ids] of [
    ['voters', wanted],
    ['observers', others],
  ] as const) {
    if (typeof ids !== 'number') checkOnce(ids, key === 'voters' ? [] : voters, ['ensemble', key], draft);
  }
  return { voters, observers, weights: section.weights ?? new Map(), groups: section.groups ?? [] };
}

function checkOnce(ids: readonly NodeId[], others: readonly NodeId[], path: string[], draft: Draft): void {
  const seen = new Set(others);
  for (const [index, id] of ids.entries()) {
    if (seen.has(id)) draft.refuse([...path, index], 'each server once');
    seen.add(id);
  }
}

function idsFrom(first: number, count: number): NodeId[] {
  return Array.from({ length: count }, (_, index) => nodeId(first + index));
}

/** ZooKeeper's defaults, but for a tick of 2 s, which zoo.cfg has to name. */
export const DEFAULT_SETTINGS: ZooSettings = {
  tickTimeUs: 2000000,
  initLimit: 10,
  syncLimit: 5,
  connectToLearnerMasterLimit: 0,
  snapCount: 100000,
  commitLogCount: 500,
  snapshotSizeFactorPpm: 330000,
  forceSnapshotSync: false,
  maxBatchSize: 1000,
  minNotificationIntervalUs: 200000,
  maxNotificationIntervalUs: 60000000,
  cnxTimeoutUs: 5000000,
  leaderConnectDelayDuringRetryUs: 100000,
  observerElectionDelayUs: 200000,
  snapRetainCount: 0,
  initialCounter: 0,
  maxTimeToWaitForEpochUs: -1,
  maxConcurrentSnapSyncs: 10,
  maxConcurrentDiffSyncs: 100,
  leaderServes: true,
  readOnlyMode: false,
};

function settingsOf(section: EnsembleSection, draft: Draft): ZooSettings {
  const d = DEFAULT_SETTINGS;
  const wait = section.maxTimeToWaitForEpoch;
  const settings: ZooSettings = {
    tickTimeUs: section.tickTime ?? d.tickTimeUs,
    initLimit: section.initLimit ?? d.initLimit,
    syncLimit: section.syncLimit ?? d.syncLimit,
    connectToLearnerMasterLimit: section.connectToLearnerMasterLimit ?? d.connectToLearnerMasterLimit,
    snapCount: section.snapCount ?? d.snapCount,
    commitLogCount: section.commitLogCount ?? d.commitLogCount,
    snapshotSizeFactorPpm: section.snapshotSizeFactor ?? d.snapshotSizeFactorPpm,
    forceSnapshotSync: section.forceSnapshotSync ?? d.forceSnapshotSync,
    maxBatchSize: section.maxBatchSize ?? d.maxBatchSize,
    minNotificationIntervalUs: section.minNotificationInterval ?? d.minNotificationIntervalUs,
    maxNotificationIntervalUs: section.maxNotificationInterval ?? d.maxNotificationIntervalUs,
    cnxTimeoutUs: section.cnxTimeout ?? d.cnxTimeoutUs,
    leaderConnectDelayDuringRetryUs:
      section.leaderConnectDelayDuringRetryMs ?? d.leaderConnectDelayDuringRetryUs,
    observerElectionDelayUs: section.observerElectionDelay ?? d.observerElectionDelayUs,
    snapRetainCount: section['autopurge.snapRetainCount'] ?? d.snapRetainCount,
    initialCounter: section.initialCounter ?? d.initialCounter,
    maxTimeToWaitForEpochUs: wait === undefined || wait === 'off' ? d.maxTimeToWaitForEpochUs : wait,
    maxConcurrentSnapSyncs: section.maxConcurrentSnapSyncs ?? d.maxConcurrentSnapSyncs,
    maxConcurrentDiffSyncs: section.maxConcurrentDiffSyncs ?? d.maxConcurrentDiffSyncs,
    leaderServes: section.leaderServes ?? d.leaderServes,
    readOnlyMode: section['readonlymode.enabled'] ?? d.readOnlyMode,
  };
  if (settings.minNotificationIntervalUs > settings.maxNotificationIntervalUs) {
    const key =
      section.maxNotificationInterval === undefined ? 'minNotificationInterval' : 'maxNotificationInterval';
    draft.refuse(['ensemble', key], 'a minNotificationInterval that is not above maxNotificationInterval');
  }
  return settings;
}

/** ZooKeeper's defaults. */
export const DEFAULT_SERVICE: ServiceSettings = {
  minSessionTimeoutUs: undefined,
  maxSessionTimeoutUs: undefined,
  localSessions: false,
  localSessionsUpgrading: false,
  extendedTypes: false,
  enforceQuota: false,
  skipAcl: false,
  globalOutstandingLimit: 1000,
  maxClientCnxns: 60,
  containerCheckUs: DEFAULT_REAPER.checkIntervalMs * 1000,
  containerMaxNeverUsedUs: DEFAULT_REAPER.maxNeverUsedMs * 1000,
  containersPerMinute: DEFAULT_REAPER.maxPerMinute,
};

function serviceOf(section: EnsembleSection, draft: Draft): ServiceSettings {
  const d = DEFAULT_SERVICE;
  const tickTimeUs = section.tickTime ?? DEFAULT_SETTINGS.tickTimeUs;
  const { minSessionTimeout = 2 * tickTimeUs, maxSessionTimeout = 20 * tickTimeUs } = section;
  if (minSessionTimeout > maxSessionTimeout) {
    const key = section.maxSessionTimeout === undefined ? 'minSessionTimeout' : 'maxSessionTimeout';
    draft.refuse(['ensemble', key], 'a minSessionTimeout that is not above maxSessionTimeout');
  }
  return {
    minSessionTimeoutUs: section.minSessionTimeout,
    maxSessionTimeoutUs: section.maxSessionTimeout,
    localSessions: section.localSessionsEnabled ?? d.localSessions,
    localSessionsUpgrading: section.localSessionsUpgradingEnabled ?? d.localSessionsUpgrading,
    extendedTypes: section.extendedTypesEnabled ?? d.extendedTypes,
    enforceQuota: section.enforceQuota ?? d.enforceQuota,
    skipAcl: section.skipACL ?? d.skipAcl,
    globalOutstandingLimit: section.globalOutstandingLimit ?? d.globalOutstandingLimit,
    maxClientCnxns: section.maxClientCnxns ?? d.maxClientCnxns,
    containerCheckUs: section['znode.container.checkIntervalMs'] ?? d.containerCheckUs,
    containerMaxNeverUsedUs: section['znode.container.maxNeverUsedIntervalMs'] ?? d.containerMaxNeverUsedUs,
    containersPerMinute: section['znode.container.maxPerMinute'] ?? d.containersPerMinute,
  };
}

function checkWeights(plan: EnsemblePlan, draft: Draft): void {
  for (const id of plan.weights.keys()) {
    if (!plan.voters.includes(id)) draft.refuseKey(['ensemble', 'weights', String(id)], votersText(plan));
  }
  const weightless = plan.voters.every((id) => plan.weights.get(id) === 0);
  if (weightless) draft.refuse(['ensemble', 'weights'], 'a voter whose weight is not 0');
}

function checkGroups(plan: EnsemblePlan, draft: Draft): void {
  const grouped = new Set<NodeId>();
  for (const [index, group] of plan.groups.entries()) {
    for (const [place, id] of group.entries()) {
      const path = ['ensemble', 'groups', index, place];
      if (!plan.voters.includes(id)) draft.refuse(path, votersText(plan));
      else if (grouped.has(id)) draft.refuse(path, 'each voter in one group only');
      grouped.add(id);
    }
  }
  const missing = plan.voters.filter((id) => !grouped.has(id));
  if (plan.groups.length > 0 && missing.length > 0) {
    draft.refuse(['ensemble', 'groups'], `every voter in a group (${missing.join(', ')} is in none)`);
  }
}

function votersText(plan: EnsemblePlan): string {
  return plan.voters.length === 1 ? `the only voter, ${plan.voters[0]}` : `a voter (${idsText(plan.voters)})`;
}

/** `fixed` is no name, and one name may stand alone. */
function readBehaviour(value: EnsembleSection['behaviour'], draft: Draft): readonly string[] {
  if (value === undefined || value === 'fixed') return [];
  const names = typeof value === 'string' ? [value] : value;
  for (const [index, name] of names.entries()) {
    if (BEHAVIOURS.includes(name)) continue;
    refuseBehaviour(name, draft.itemPath(['ensemble', 'behaviour'], index), draft);
    return [];
  }
  const clash = clashOf(names);
  if (clash !== undefined) draft.refuse(['ensemble', 'behaviour'], clash);
  return [...new Set(names)];
}

function refuseBehaviour(name: string, path: Path, draft: Draft): void {
  const real = /^(?:\d+\.\d+\.\d+|ZOOKEEPER-\d+)$/.test(name);
  const wanted = 'fixed, a bug or a release that `zabsim bugs` names';
  const expected = real ? `${wanted} (${name} is not available in this version)` : wanted;
  draft.refuse(path, expected, draft.nearest(name, ['fixed', ...BEHAVIOURS.toReversed()]));
}
