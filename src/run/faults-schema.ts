import { z } from 'zod';
import type { Action, Choice, Verb } from '../sim/fault.ts';
import { oneServer, participants, servers } from './participants.ts';
import { REQUESTS } from './registry/protocols.ts';
import {
  bandwidth,
  duration,
  epoch,
  integer,
  line,
  list,
  map,
  offsetMs,
  ppm,
  share,
  spread,
  word,
  zxid,
} from './scalars.ts';

/** The facts that a trigger may wait for. */
export const FACTS = [
  'looking',
  'vote-changed',
  'leader-elected',
  'leader-followed',
  'epoch-offered',
  'epoch-accepted',
  'epoch-acked',
  'leader-synchronizing',
  'sync-chosen',
  'sync-refused',
  'log-truncated',
  'snapshot-installed',
  'epoch-adopted',
  'new-leader-acked',
  'leader-established',
  'up-to-date-sent',
  'follower-synced',
  'txn-proposed',
  'txn-logged',
  'txn-acked',
  'txn-committed',
  'txn-applied',
  'snapshot-taken',
  'handing-over',
  'handed-over',
  'hand-over-ended',
  'catching-up',
  'catch-up-ended',
  'config-adopted',
  'leader-resigned',
  'leader-left',
  'session-opened',
  'session-expired',
  'crashed',
  'restarted',
  'appended',
  'replaced',
  'synced',
  'truncated',
] as const;

const between = z.tuple([participants, participants], { error: 'two groups such as [[1, 2], [3]]' });

const pattern = map('a fact such as { fact: leader-established }', {
  fact: z.enum(FACTS, { error: 'a fact such as leader-established' }),
  server: servers.optional(),
  nth: integer('how many facts to wait for', 1, 1000000000).optional(),
  epoch: epoch.optional(),
  zxid: zxid.optional(),
  since: word('where counting begins', ['start', 'previous']).optional(),
  from: duration().optional(),
  until: duration().optional(),
});

/** What every fault may have beside its verb. */
const common = {
  name: line('a name', 80).optional(),
  at: duration().optional(),
  after: duration().optional(),
  when: pattern.optional(),
  optional: z.boolean({ error: 'true or false' }).optional(),
};

const lasting = { ...common, for: duration(1).optional() };

/** The keys of a fault that are no verbs. */
export const COMMON_KEYS: readonly string[] = Object.keys(lasting);

type ServersVerb = Extract<Action, { servers: unknown }>['verb'];

function onServers(verb: ServersVerb, choice: z.ZodType<Choice> = servers) {
  return choice.transform((value): Action => ({ verb, servers: value }));
}

const partition = list('groups such as [[1, 2], [3]]', participants)
  .min(2, { error: 'at least two groups such as [[1, 2], [3]]' })
  .transform((groups): Action => ({ verb: 'partition', groups }));

const cut = map('{ from: …, to: … }', { from: participants, to: participants }).transform(
  ({ from, to }): Action => ({ verb: 'cut', from, to }),
);

const heal = line('all, or the name of an earlier fault', 80).transform(
  (what): Action => ({ verb: 'heal', what }),
);

const reset = map('{ between: [[…], […]] }', { between }).transform(
  (value): Action => ({ verb: 'reset', between: value.between }),
);

const SLOW = 'exactly one of between and server';
const slow = map('{ between: [[…], […]], latency: … } or { server: …, latency: … }', {
  between: between.optional(),
  server: participants.optional(),
  latency: spread,
})
  .refine((value) => (value.between === undefined) !== (value.server === undefined), { error: SLOW })
  .transform(
    (value): Action => ({
      verb: 'slow',
      between: value.between,
      server: value.server,
      latency: value.latency,
    }),
  );

const loss = map('{ between: [[…], […]], rate: 5% }', { between, rate: share }).transform(
  (value): Action => ({ verb: 'loss', between: value.between, ratePpm: value.rate }),
);

const narrow = map('{ between: [[…], […]], rate: 100kB/s }', { between, rate: bandwidth }).transform(
  (value): Action => ({ verb: 'bandwidth', between: value.between, bytesPerSecond: value.rate }),
);

const slowDisk = map('{ server: …, sync: 50ms..100ms }', { server: servers, sync: spread }).transform(
  ({ server, sync }): Action => ({ verb: 'slowDisk', server, sync }),
);

const failSync = map('{ server: … } or { server: …, times: 1 }', {
  server: servers,
  times: integer('how many syncs fail', 1, 1000000).optional(),
}).transform(({ server, times }): Action => ({ verb: 'failSync', server, times }));

const fullDisk = map('{ server: … }', { server: servers }).transform(
  ({ server }): Action => ({ verb: 'fullDisk', server }),
);

const corrupt = map('{ server: …, file: log, record: 0, how: flipped }', {
  server: servers,
  file: word('a file', ['log', 'snapshot']).default('log'),
  record: integer('a record, counted from the end', 0, 1000000000).default(0),
  how: word('a damage', ['flipped', 'torn']).default('flipped'),
}).transform((value): Action => ({ verb: 'corrupt', ...value }));

function onClock(verb: 'skew' | 'jump') {
  const shape = { server: servers, by: offsetMs };
  return map('{ server: …, by: 500ms }', shape).transform(
    ({ server, by }): Action => ({ verb, server, byMs: by }),
  );
}

const drift = map('{ server: …, by: 200ppm }', { server: servers, by: ppm }).transform(
  ({ server, by }): Action => ({ verb: 'drift', server, ppm: by }),
);

const ask = map('{ server: …, request: … } or { server: …, request: …, subject: 3 }', {
  server: servers,
  request: word('a request', REQUESTS),
  subject: oneServer.optional(),
}).transform(
  ({ server, request, subject }): Action => ({
    verb: 'ask',
    server,
    request,
    subject: subject === undefined ? undefined : [subject],
  }),
);

/** A fault's whole schema, by its verb: strict, so that nothing is read that means nothing. */
export const FAULTS = {
  crash: map('a fault', { ...common, crash: onServers('crash', participants) }),
  powerCut: map('a fault', { ...common, powerCut: onServers('powerCut') }),
  restart: map('a fault', { ...common, restart: onServers('restart', participants) }),
  start: map('a fault', { ...common, start: onServers('start') }),
  stop: map('a fault', { ...common, stop: onServers('stop') }),
  pause: map('a fault', { ...lasting, pause: onServers('pause', participants) }),
  resume: map('a fault', { ...common, resume: onServers('resume', participants) }),
  wipe: map('a fault', { ...common, wipe: onServers('wipe') }),
  partition: map('a fault', { ...lasting, partition }),
  isolate: map('a fault', { ...lasting, isolate: onServers('isolate', participants) }),
  cut: map('a fault', { ...lasting, cut }),
  heal: map('a fault', { ...common, heal }),
  reset: map('a fault', { ...common, reset }),
  refuse: map('a fault', { ...lasting, refuse: onServers('refuse') }),
  slow: map('a fault', { ...lasting, slow }),
  loss: map('a fault', { ...lasting, loss }),
  bandwidth: map('a fault', { ...lasting, bandwidth: narrow }),
  slowDisk: map('a fault', { ...lasting, slowDisk }),
  failSync: map('a fault', { ...lasting, failSync }),
  fullDisk: map('a fault', { ...lasting, fullDisk }),
  corrupt: map('a fault', { ...common, corrupt }),
  skew: map('a fault', { ...lasting, skew: onClock('skew') }),
  jump: map('a fault', { ...common, jump: onClock('jump') }),
  drift: map('a fault', { ...lasting, drift }),
  ask: map('a fault', { ...common, ask }),
} as const satisfies { readonly [V in Verb]: z.ZodType };

/** Every verb, in the order of the documentation. */
export const VERBS = Object.keys(FAULTS) as readonly Verb[];

/** Whether the verb's effect lasts until it is healed, so that `for` may end it and `heal` may name it. */
export function isLasting(verb: Verb): boolean {
  return 'for' in FAULTS[verb].shape;
}

/** Whether the word is a verb. */
export function isVerb(name: string): name is Verb {
  return Object.hasOwn(FAULTS, name);
}
