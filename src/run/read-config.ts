import type { NodeId } from '../node/ids.ts';
import type { Draft } from './draft.ts';
import type { EnsembleSection } from './ensemble-schema.ts';
import type { QuorumConfig } from './quorum-config.ts';
import { ZooCfg } from './zoo-cfg.ts';

type Settings = Omit<EnsembleSection, 'config' | 'voters' | 'observers' | 'weights' | 'groups' | 'start'>;

/** Who takes part, and how ZooKeeper is configured, as a zoo.cfg says it. */
export interface ReadConfig {
  readonly voters: readonly NodeId[];
  readonly observers: readonly NodeId[];
  readonly weights: ReadonlyMap<NodeId, number>;
  readonly groups: readonly (readonly NodeId[])[];
  /** In the units of the `ensemble` section. */
  readonly settings: Settings;
}

const MEMBERS = ['voters', 'observers', 'weights', 'groups'] as const;

/**
 * Reads the zoo.cfg that `ensemble.config` names, and its dynamic part where it names one. What is wrong in
 * it is noted with its own file and line. Source: QuorumPeerConfig.parse.
 *
 * @returns undefined where it says no ensemble
 */
export function readConfig(section: EnsembleSection, draft: Draft): ReadConfig | undefined {
  const { files } = draft.options;
  const path = ['ensemble', 'config'];
  for (const key of MEMBERS) {
    if (section[key] !== undefined) draft.refuseKey(['ensemble', key], 'no members beside `config`');
  }
  if (files === undefined) {
    draft.refuse(path, 'no path in a scenario that is not a file');
    return undefined;
  }
  const absolute = files.locate(section.config ?? '');
  const read = files.text(absolute);
  if ('problem' in read) {
    draft.refuse(path, `a zoo.cfg that can be read (${read.problem})`);
    return undefined;
  }
  const cfg = new ZooCfg(read.text, absolute);
  const dynamic = dynamicPart(cfg, absolute, draft);
  const quorum = dynamic.quorum();
  checkQuorum(quorum, dynamic);
  const settings = settingsOf(cfg);
  checkSettings(settings, section, cfg);
  for (const limit of ['initLimit', 'syncLimit'] as const) {
    if (cfg.get(limit) === undefined && section[limit] === undefined) cfg.refuse(limit, `${limit}, in ticks`);
  }
  const problems = dynamic === cfg ? cfg.problems : [...cfg.problems, ...dynamic.problems];
  draft.findings.addAll(problems);
  return problems.length > 0 ? undefined : { ...membersOf(quorum), settings };
}

/** The file with the members: what `dynamicConfigFile` names, there or beside the first; or the first. */
function dynamicPart(cfg: ZooCfg, absolute: string, draft: Draft): ZooCfg {
  const { files } = draft.options;
  const named = cfg.get('dynamicConfigFile');
  if (named === undefined || files === undefined) return cfg;
  const beside = named.slice(Math.max(named.lastIndexOf('/'), named.lastIndexOf('\\')) + 1);
  for (const place of [named, beside]) {
    const path = files.locate(place, absolute);
    const read = files.text(path);
    if ('text' in read) return new ZooCfg(read.text, path);
  }
  cfg.refuse('dynamicConfigFile', 'a file that can be read, there or beside this one');
  return cfg;
}

function checkQuorum({ servers, groups, weights }: QuorumConfig, cfg: ZooCfg): void {
  if (cfg.problems.length > 0) return;
  const voters = servers.filter(({ role }) => role === 'participant').map(({ id }) => id);
  if (voters.length === 0) cfg.refuse('server.1', 'a line server.N for each server');
  if (groups.size === 0) {
    const [weighty] = weights.keys();
    if (weighty !== undefined) cfg.refuse(`weight.${weighty}`, 'groups beside weights (`group.1=1:2:3`)');
    return;
  }
  const grouped = new Set([...groups.values()].flat());
  const missing = voters.filter((id) => !grouped.has(id));
  const [group] = groups.keys();
  if (missing.length > 0) cfg.refuse(`group.${group}`, `every voter in a group (${missing} is in none)`);
  for (const [number, ids] of groups) {
    const strange = ids.filter((id) => !voters.includes(id));
    if (strange.length > 0) cfg.refuse(`group.${number}`, `voters only (${strange} is none)`);
  }
  if (voters.length > 0 && voters.every((id) => weights.get(id) === 0)) {
    cfg.refuse(`weight.${voters[0]}`, 'a voter whose weight is not 0');
  }
}

/** Without groups there are no weights: every voter counts alike. */
function membersOf({ servers, groups, weights }: QuorumConfig): Omit<ReadConfig, 'settings'> {
  const ids = (wanted: string) => servers.filter(({ role }) => role === wanted).map(({ id }) => id);
  return {
    voters: ids('participant'),
    observers: ids('observer'),
    groups: [...groups.values()],
    weights: groups.size === 0 ? new Map() : weights,
  };
}

/** Source: QuorumPeerConfig.parseProperties, checkValidity. */
function checkSettings(settings: Settings, section: EnsembleSection, cfg: ZooCfg): void {
  if ((cfg.get('electionAlg') ?? '3') !== '3') cfg.refuse('electionAlg', '3: there is no other any more');
  // What the scenario itself says of them is judged there.
  if (section.minSessionTimeout !== undefined || section.maxSessionTimeout !== undefined) return;
  const { tickTime = us(DEFAULT_TICK_MS) } = settings;
  const { minSessionTimeout = 2 * tickTime, maxSessionTimeout = 20 * tickTime } = settings;
  if (minSessionTimeout <= maxSessionTimeout) return;
  const key = cfg.get('maxSessionTimeout') === undefined ? 'minSessionTimeout' : 'maxSessionTimeout';
  cfg.refuse(key, 'a minSessionTimeout that is not above maxSessionTimeout');
}

const BIG = 2147483647;

/** Source: ZKDatabase: a smaller one is raised. */
const LEAST_COMMIT_LOG = 500;

function raised(value: number | undefined, least: number): number | undefined {
  return value === undefined ? undefined : Math.max(least, value);
}

/** ZooKeeper hands a key that it does not know on as a system property, `zookeeper.` before its name. */
function settingsOf(cfg: ZooCfg): Settings {
  const settings: Settings = {
    tickTime: us(cfg.integer('tickTime', 1, BIG) ?? DEFAULT_TICK_MS),
    initLimit: cfg.integer('initLimit', 1, 100000),
    syncLimit: cfg.integer('syncLimit', 1, 100000),
    connectToLearnerMasterLimit: cfg.integer('connectToLearnerMasterLimit', 0, 100000),
    snapCount: cfg.integer('snapCount', 2, 1000000000),
    commitLogCount: raised(cfg.integer('commitLogCount', 1, 1000000000), LEAST_COMMIT_LOG),
    snapshotSizeFactor: factor(cfg),
    forceSnapshotSync: cfg.flag('forceSnapshotSync'),
    maxBatchSize: cfg.integer('maxBatchSize', 1, 1000000000),
    minNotificationInterval: us(cfg.integer('fastleader.minNotificationInterval', 1, BIG)),
    maxNotificationInterval: us(cfg.integer('fastleader.maxNotificationInterval', 1, BIG)),
    cnxTimeout: us(cfg.integer('cnxTimeout', 1, BIG)),
    leaderConnectDelayDuringRetryMs: us(cfg.integer('leaderConnectDelayDuringRetryMs', 0, 3600000)),
    observerElectionDelay: us(cfg.integer('observer.election.DelayMs', 0, BIG)),
    'autopurge.snapRetainCount': retained(cfg),
    maxTimeToWaitForEpoch: waitForEpoch(cfg),
    maxConcurrentSnapSyncs: cfg.integer('leader.maxConcurrentSnapSyncs', 1, BIG),
    maxConcurrentDiffSyncs: cfg.integer('leader.maxConcurrentDiffSyncs', 1, BIG),
    leaderServes: cfg.flag('leaderServes'),
    'readonlymode.enabled': cfg.flag('readonlymode.enabled'),
    minSessionTimeout: sessionTimeout(cfg, 'minSessionTimeout'),
    maxSessionTimeout: sessionTimeout(cfg, 'maxSessionTimeout'),
    localSessionsEnabled: cfg.flag('localSessionsEnabled'),
    localSessionsUpgradingEnabled: cfg.flag('localSessionsUpgradingEnabled'),
    extendedTypesEnabled: cfg.flag('extendedTypesEnabled'),
    enforceQuota: cfg.flag('enforceQuota'),
    skipACL: cfg.flag('skipACL'),
    globalOutstandingLimit: cfg.integer('globalOutstandingLimit', 1, 1000000000),
    maxClientCnxns: cfg.integer('maxClientCnxns', 0, 1000000000),
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as Settings;
}

/** Source: ZooKeeperServer.DEFAULT_TICK_TIME. */
const DEFAULT_TICK_MS = 3000;

/** Source: DatadirCleanupManager: without an interval nothing is purged. */
function retained(cfg: ZooCfg): number | undefined {
  const hours = cfg.integer('autopurge.purgeInterval', 0, BIG) ?? 0;
  const count = cfg.integer('autopurge.snapRetainCount', 0, 1000000000) ?? LEAST_RETAINED;
  return hours === 0 ? undefined : Math.max(LEAST_RETAINED, count);
}

/** Source: QuorumPeerConfig.MIN_SNAP_RETAIN_COUNT. */
const LEAST_RETAINED = 3;

/** -1 is the default: two ticks, or twenty. */
function sessionTimeout(cfg: ZooCfg, key: 'minSessionTimeout' | 'maxSessionTimeout'): number | undefined {
  const ms = cfg.integer(key, -1, BIG);
  return ms === -1 ? undefined : us(ms);
}

function waitForEpoch(cfg: ZooCfg): number | 'off' | undefined {
  const ms = cfg.integer('leader.maxTimeToWaitForEpoch', -1, BIG);
  return ms === -1 ? 'off' : us(ms);
}

/** In millionths, as the schema has it. */
function factor(cfg: ZooCfg): number | undefined {
  const text = cfg.get('snapshotSizeFactor');
  if (text === undefined) return undefined;
  if (/^-/.test(text)) return -1;
  if (!/^(?:0?\.\d{1,6}|[01](?:\.0{0,6})?|0\.\d{1,6})$/.test(text)) {
    cfg.refuse('snapshotSizeFactor', 'a share of the snapshot from 0 to 1, or -1');
    return undefined;
  }
  const [whole = '', part = ''] = text.split('.');
  return Number(whole) * 1000000 + Number(part.padEnd(6, '0'));
}

function us(ms: number): number;
function us(ms: number | undefined): number | undefined;
function us(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms * 1000;
}
