import { z } from 'zod';
import { DURATION_PATTERN, scaledDecimal } from '../core/units.ts';
import { MAX_COUNTER } from '../core/zxid.ts';
import { MAX_SID } from '../node/ids.ts';
import { serverId } from './participants.ts';
import { byServer, duration, integer, line, list, map, Refused, text } from './scalars.ts';

const ticks = (what: string, min = 1) => integer(`${what}, in ticks`, min, 100000);
const count = (what: string, min = 0) => integer(what, min, 1000000000);

const startTime = z.union([z.literal('never'), duration()], { error: 'a duration such as 3s, or never' });

const off = z.union([z.literal('off'), duration()], { error: 'a duration such as 5s, or off' });

const flag = z
  .union([z.boolean(), z.enum(['yes', 'no'])], { error: 'true or false' })
  .transform((value) => value === true || value === 'yes');

const FACTOR = 'a share of the snapshot from 0 to 1, or -1';
const factor = z
  .number({ error: FACTOR })
  .min(-1, { error: FACTOR })
  .max(1, { error: FACTOR })
  .transform((value, context) => {
    const ppm = value === -1 ? -1 : (scaledDecimal(String(value), 1000000n) ?? Number.NaN);
    if (!Number.isNaN(ppm)) return ppm;
    context.issues.push({ code: 'custom', message: `${FACTOR}, with six decimals at most`, input: value });
    return z.NEVER;
  });

/** 720h, as of any duration. */
const MOST_MS = 2_592_000_000;

const milliseconds = (least = 0) =>
  z.union(
    [
      z
        .int()
        .min(least)
        .max(MOST_MS)
        .transform((ms) => ms * 1000),
      text('a duration', DURATION_PATTERN, (value) => {
        const read = duration(least * 1000).safeParse(value);
        const bounds = `${least > 0 ? `at least ${least}ms and ` : ''}at most 720h`;
        return read.success ? read.data : new Refused(`a duration of ${bounds}`);
      }),
    ],
    { error: `milliseconds from ${least} to ${MOST_MS}, or a duration such as 100ms` },
  );

/** How many servers, or which. */
function members(what: string, least: number) {
  const count = integer(what, least, MAX_SID);
  const ids = list('a list of server ids', serverId);
  return z.union([count, ids], { error: `${what} (${least} to ${MAX_SID}), or a list of server ids` });
}

/** Keys of `ensemble` that are zoo.cfg keys or system properties of ZooKeeper. */
const settings = {
  tickTime: duration(1000).optional(),
  initLimit: ticks('initLimit').optional(),
  syncLimit: ticks('syncLimit').optional(),
  connectToLearnerMasterLimit: ticks('connectToLearnerMasterLimit', 0).optional(),
  snapCount: count('transactions between snapshots', 2).optional(),
  commitLogCount: count('committed transactions in memory', 1).optional(),
  snapshotSizeFactor: factor.optional(),
  forceSnapshotSync: flag.optional(),
  maxBatchSize: count('transactions in one sync of the log', 1).optional(),
  minNotificationInterval: duration(1000).optional(),
  maxNotificationInterval: duration(1000).optional(),
  cnxTimeout: duration(1000).optional(),
  leaderConnectDelayDuringRetryMs: milliseconds().optional(),
  observerElectionDelay: duration().optional(),
  'autopurge.snapRetainCount': count('snapshots that purging keeps').optional(),
  initialCounter: integer('the counter that epochs start from', 0, MAX_COUNTER - 1).optional(),
  maxTimeToWaitForEpoch: off.optional(),
  maxConcurrentSnapSyncs: count('snapshots that a leader sends at a time', 1).optional(),
  maxConcurrentDiffSyncs: count('learners that a leader sends a DIFF at a time', 1).optional(),
  leaderServes: flag.optional(),
  'readonlymode.enabled': flag.optional(),
  minSessionTimeout: duration(1000).optional(),
  maxSessionTimeout: duration(1000).optional(),
  localSessionsEnabled: flag.optional(),
  localSessionsUpgradingEnabled: flag.optional(),
  extendedTypesEnabled: flag.optional(),
  enforceQuota: flag.optional(),
  skipACL: flag.optional(),
  globalOutstandingLimit: count('requests under way', 1).optional(),
  maxClientCnxns: count('connections from one address').optional(),
  'znode.container.checkIntervalMs': milliseconds(1).optional(),
  'znode.container.maxNeverUsedIntervalMs': milliseconds().optional(),
  'znode.container.maxPerMinute': count('nodes removed in a minute', 1).optional(),
};

const BEHAVIOUR = 'fixed, a ZooKeeper release, or a list of bugs';

/** The `ensemble` section: who takes part, when each starts, and how ZooKeeper is configured. */
export const ensembleSchema = map('an ensemble such as { voters: 3 }', {
  config: line('the path of a zoo.cfg', 4096).optional(),
  voters: members('the number of voters', 1).optional(),
  observers: members('the number of observers', 0).optional(),
  weights: byServer('weights such as { 1: 2 }', integer('a weight', 0, 1000000)).optional(),
  groups: list('groups such as [[1, 2, 3], [4, 5, 6]]', list('a list of server ids', serverId)).optional(),
  behaviour: z
    .union([line('a name', 80), list(BEHAVIOUR, line('a name', 80))], { error: BEHAVIOUR })
    .optional(),
  start: byServer('start times such as { 1: 0s, 2: 3s }', startTime).optional(),
  ...settings,
});

/** The keys of the section that are numbers or durations. */
export const ENSEMBLE_KEYS: readonly string[] = ['voters', 'observers', ...Object.keys(settings)];

/** The section as the schema reads it. */
export type EnsembleSection = z.output<typeof ensembleSchema>;
