import { z } from 'zod';
import { MAX_EPOCH } from '../core/zxid.ts';
import { WORKS, type Work } from '../node/work.ts';
import { isValidPath } from '../znode/path.ts';
import { ensembleSchema } from './ensemble-schema.ts';
import { ENVIRONMENT_NAMES } from './environments.ts';
import { FAULTS, VERBS } from './faults-schema.ts';
import { fixedParticipants, MAX_CLIENTS, serverId } from './participants.ts';
import { PROTOCOL_NAMES } from './registry/protocols.ts';
import {
  byServer,
  byteSize,
  duration,
  epoch,
  integer,
  line,
  list,
  MAX_TIME_US,
  map,
  operationRate,
  ppmSpread,
  Refused,
  spread,
  text,
  word,
  zxid,
} from './scalars.ts';
import { MIX_OPERATIONS, type MixOperation, RECIPE_NAMES } from './workload/kinds.ts';

/** The most faults of a scenario. */
export const MAX_FAULTS = 10000;

/** The most client operations of a run. */
export const MAX_OPERATIONS = 10000000;

const logEntry = z.union(
  [zxid, text('a zxid or a range', /^[^.\s]{1,22}\.\.[^.\s]{1,22}$/, (range) => range)],
  {
    error: 'a zxid such as 0x100000003 or 1:3, or a range such as 1:1..1:9',
  },
);

const path = (what: string) => line(what, 4096);

const initialDisk = map('a disk such as { acceptedEpoch: 1, currentEpoch: 1, log: [1:1, 1:2] }', {
  acceptedEpoch: epoch.optional(),
  currentEpoch: epoch.optional(),
  log: z.array(logEntry, { error: 'a list of zxids' }).optional(),
  snapshot: zxid.optional(),
  dataDir: path('the path of a data directory').optional(),
  dataLogDir: path('the path of the directory with the logs').optional(),
});

/** `initial` where one folder holds the data directories of all servers. */
export const allDisks = map('the data directories of all servers', {
  dataDir: path('the path of a folder with data directories'),
});

const network = map('a network such as { latency: 1ms..4ms }', {
  latency: spread.optional(),
  buffer: byteSize.optional(),
  wire: word('how messages travel', ['messages', 'bytes']).optional(),
  links: z
    .array(
      map('an override such as { between: [[1, 2], [3]], latency: 40ms..45ms }', {
        between: z.tuple([fixedParticipants, fixedParticipants], {
          error: 'two groups such as [[1, 2], [3]]',
        }),
        latency: spread,
      }),
      { error: 'a list of overrides' },
    )
    .optional(),
});

const weight = integer('how often it comes up, against the others', 0, 1000000);

/** What clients do with the tree; without any of it, they add to a counter. */
const workload = {
  mix: map(
    'operations with their shares, such as { create: 3, set: 5, get: 10 }',
    Object.fromEntries(MIX_OPERATIONS.map((name) => [name, weight.optional()])) as {
      [K in MixOperation]: z.ZodOptional<typeof weight>;
    },
  ).optional(),
  keys: integer('the number of nodes that a mix works on', 1, 100000).optional(),
  valueSize: integer('bytes of a value', 0, 1048000).optional(),
  pipeline: integer('requests that a client has under way', 1, 10000).optional(),
  readers: integer('the number of clients that only read', 0, MAX_CLIENTS).optional(),
  recipe: word('a recipe', RECIPE_NAMES).optional(),
  hold: duration().optional(),
  resource: word('a resource', ['fenced', 'unfenced']).optional(),
  chroot: text('an absolute path such as /app', /^\/[^\s]{1,200}$/, (path) =>
    isValidPath(path) ? path : new Refused('an absolute path such as /app'),
  ).optional(),
  readOnly: z.boolean({ error: 'true or false' }).optional(),
};

const clients = map('clients such as { count: 2, operations: 200 }', {
  count: integer('the number of clients', 0, MAX_CLIENTS).optional(),
  operations: integer('the number of operations of all clients', 0, MAX_OPERATIONS).optional(),
  rate: operationRate.optional(),
  connect: z
    .union([z.literal('any'), z.literal('each'), list('a list of server ids', serverId)], {
      error: 'any, each, or a list of server ids',
    })
    .optional(),
  sessionTimeout: z
    .union([duration(1000), list('a list of durations', duration(1000)).min(1)], {
      error: 'a duration such as 10s, or a list of them',
    })
    .optional(),
  start: duration().optional(),
  ...workload,
});

const STATES = ['looking', 'following', 'leading', 'observing', 'stopped'] as const;

const leader = z.union([serverId, z.literal('none')], { error: 'a server id or none' });
const roles = byServer('roles such as { 1: following, 3: leading }', word('a state', STATES));

const COMPARISON = /^\s*(?:=|==|!=|<|<=|>|>=)?\s*\d{1,15}\s*$/;
const comparison = z.union(
  [
    text('a comparison', COMPARISON, (value) => value),
    z
      .int()
      .min(0)
      .transform((value) => String(value)),
  ],
  { error: 'a number or a comparison such as ">= 200"' },
);

const DURATION_COMPARISON = /^\s*(?:=|==|!=|<|<=|>|>=)?\s*\d{1,15}(?:\.\d{1,15})?(?:us|ms|s|m|h)\s*$/;
const durationComparison = text(
  'a duration or a comparison such as "< 12s"',
  DURATION_COMPARISON,
  (value) => value,
);

const expectations = map('expectations such as { leader: 3, epoch: 2 }', {
  verdict: word('a verdict', ['passed', 'violated', 'stalled']).optional(),
  violates: line('the name of an invariant, such as no-lost-commit', 80).optional(),
  leader: leader.optional(),
  epoch: integer('an epoch', 0, MAX_EPOCH).optional(),
  roles: roles.optional(),
  elections: comparison.optional(),
  commits: comparison.optional(),
  unavailable: durationComparison.optional(),
  checkpoints: z
    .array(
      map('a checkpoint such as { at: 9s, leader: 3 }', {
        at: duration(),
        leader: leader.optional(),
        epoch: epoch.optional(),
        roles: roles.optional(),
      }),
      { error: 'a list of checkpoints' },
    )
    .optional(),
});

const pin = integer('a drawn value', 0, 4294967295);
const decisions = map('decisions such as { rest: calm, pins: {} }', {
  rest: word('what decides where nothing is pinned', ['seed', 'calm']).optional(),
  pins: z
    .record(
      z.string(),
      z.record(z.string().regex(/^(?:0|[1-9]\d{0,14})$/, { error: 'the number of a draw' }), pin, {
        error: 'draws such as { 12: 3999 }',
      }),
      { error: 'a map of streams, such as { "link 1>3 quorum": { 12: 3999 } }' },
    )
    .optional(),
});

const found = map('what was found: signature, fingerprint and version', {
  signature: line('a signature', 1000),
  fingerprint: text('16 hex digits, in quotes', /^[0-9a-f]{16}$/, (value) => value),
  version: line('a version of zabsim', 80),
  story: z.array(line('a sentence', 400), { error: 'a list of sentences' }).max(100).default([]),
});

const SEED = `the seed (an integer from 0 to ${Number.MAX_SAFE_INTEGER})`;

/** The sections of a scenario file, each read on its own, so that one mistake does not hide the others. */
export const SECTIONS = {
  title: line('what the scenario shows', 200),
  source: z
    .string({ error: 'where the case comes from (text)' })
    .transform((value) => value.trim())
    .refine((value) => value !== '' && /^[^\p{Surrogate}\0]*$/u.test(value), {
      error: 'where the case comes from (text)',
    })
    .optional(),
  protocol: word('a protocol', PROTOCOL_NAMES).optional(),
  seed: z.int({ error: SEED }).min(0, { error: SEED }).optional(),
  duration: duration(1).optional(),
  environment: word('an environment', ENVIRONMENT_NAMES).optional(),
  ensemble: ensembleSchema.optional(),
  initial: byServer('a map from server ids to disks', initialDisk).optional(),
  network: network.optional(),
  disk: map('a disk such as { sync: 2ms..9ms }', {
    sync: spread.optional(),
    snapshotPiece: spread.optional(),
    format: word('how files lie on the disk', ['records', 'bytes']).optional(),
  }).optional(),
  clock: map('clocks such as { skew: 0ms..50ms, drift: 0ppm..200ppm }', {
    skew: spread.optional(),
    drift: ppmSpread.optional(),
  }).optional(),
  stages: spread.optional(),
  buggify: map('rare lateness at single places, such as { delay: 1ms..50ms, until: 10s }', {
    delay: spread,
    until: duration(),
  }).optional(),
  warmUp: spread.optional(),
  work: map('what takes servers time, such as { make-leader: 10ms..30ms, cores: 2 }', {
    ...(Object.fromEntries(WORKS.map((work) => [work, spread.optional()])) as {
      [W in Work]: z.ZodOptional<typeof spread>;
    }),
    cores: integer('the processors that all servers share', 0, 1000).optional(),
    boot: spread.optional(),
    exit: spread.optional(),
  }).optional(),
  clients: clients.optional(),
  decisions: decisions.optional(),
  expect: expectations.optional(),
  found: found.optional(),
} as const;

/** A section as the schema reads it. */
export type Section<K extends keyof typeof SECTIONS> = z.output<(typeof SECTIONS)[K]>;

/**
 * The JSON Schema (draft 2020-12) of scenario files, for editors. Made of the same definition as the checks.
 */
export function scenarioJsonSchema(): Record<string, unknown> {
  const faults = z.array(z.union(VERBS.map((verb) => FAULTS[verb]))).max(MAX_FAULTS);
  const initial = z.union([SECTIONS.initial, allDisks]);
  const whole = z.strictObject({ ...SECTIONS, initial, faults: faults.optional() });
  const schema = z.toJSONSchema(whole, { io: 'input' }) as Record<string, unknown>;
  return {
    ...schema,
    title: 'A zabsim scenario',
    description: `Durations are at most ${MAX_TIME_US / 3600000000}h.`,
  };
}
