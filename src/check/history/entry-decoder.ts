import type * as H from './client-history.ts';
import { HISTORY_VERSION } from './client-history.ts';
import {
  type Decoder,
  exactly,
  flag,
  integer,
  list,
  nullable,
  oneOf,
  optional,
  record,
  tagged,
  text,
} from './decoder.ts';
import type { LoggedTxn, TreeTxn } from './logged-txn.ts';
import { recipe } from './recipe-decoder.ts';
import { acl, bytes, identity, int, request, result, sessionId, zxid } from './request-decoder.ts';

const us = integer(0);
const usOrNever = integer(-1);
const server = integer(1, 254);
const hash = integer(0, 4294967295);
const state = integer(-1, 4294967295);

/** The header. */
export const header: Decoder<H.HistoryHeader> = record<H.HistoryHeader>({
  kind: exactly('header'),
  version: exactly(HISTORY_VERSION),
  seed: text,
  servers: list(server),
  observers: list(server),
  tickTimeUs: integer(1),
  syncLimit: integer(1),
  slackUs: us,
  answerUs: optional(us),
  whiteBox: flag,
  priorData: optional(flag),
  localSessions: flag,
  sessionUpgrades: optional(flag),
  ttlNodes: flag,
  skipAcl: optional(flag),
  enforceQuota: optional(flag),
  maxNeverUsedMs: optional(integer(0)),
  reaperPauseMs: optional(integer(0)),
  reaperCheckMs: optional(integer(1)),
  wallJumpMs: optional(integer(0)),
  leastTimeoutMs: optional(integer(0)),
  mostTimeoutMs: optional(integer(0)),
  readOnlyClients: optional(flag),
  chroot: optional(text),
  ownClients: optional(flag),
});

const op = record<H.OpEntry>({
  kind: exactly('op'),
  id: integer(0),
  handle: integer(0),
  session: sessionId,
  connection: integer(0),
  cxid: int,
  sent: integer(0),
  invokedUs: us,
  request,
  outcome: oneOf('ok', 'failed', 'unknown'),
  error: int,
  position: integer(-1),
  returnedUs: usOrNever,
  zxid,
  result,
});

const ev = record<H.EventEntry>({
  kind: exactly('ev'),
  connection: integer(0),
  position: integer(0),
  deliveredUs: us,
  type: oneOf('created', 'deleted', 'data-changed', 'children-changed'),
  path: text,
  zxid,
});

const conn = record<H.ConnectionEntry>({
  kind: exactly('conn'),
  id: integer(0),
  handle: integer(0),
  requested: sessionId,
  session: sessionId,
  server,
  lastZxidSeen: zxid,
  invokedUs: us,
  returnedUs: usOrNever,
  outcome: oneOf('accepted', 'behind', 'refused', 'expired', 'lost'),
  timeoutUs: us,
  askedUs: optional(us),
  identities: list(identity),
  role: oneOf('leader', 'follower', 'observer', 'read-only', 'unknown'),
  serverZxid: zxid,
  exact: optional(flag),
  toldReadOnly: optional(flag),
  forged: optional(flag),
  leftUs: optional(us),
  lostUs: optional(us),
  calmUs: optional(us),
  closedUs: optional(us),
});

const word = record<H.WordEntry>({
  kind: exactly('word'),
  server,
  askedUs: us,
  answeredUs: us,
  text: oneOf('rw', 'ro'),
  had: oneOf('quorum', 'none', 'unknown'),
});

type Txn<K extends LoggedTxn['type']> = Extract<LoggedTxn, { readonly type: K }>;
const treeTxns: [string, Decoder<TreeTxn>][] = [
  [
    'create',
    record<Txn<'create'>>({
      type: exactly('create'),
      path: text,
      data: bytes,
      acl,
      life: oneOf('persistent', 'ephemeral', 'container', 'ttl'),
      ttl: integer(-1),
      parentCversion: int,
    }),
  ],
  ['delete', record<Txn<'delete'>>({ type: exactly('delete'), path: text })],
  ['setData', record<Txn<'setData'>>({ type: exactly('setData'), path: text, data: bytes, version: int })],
  ['setACL', record<Txn<'setACL'>>({ type: exactly('setACL'), path: text, acl, version: int })],
  ['check', record<Txn<'check'>>({ type: exactly('check'), path: text, version: int })],
  ['error', record<Txn<'error'>>({ type: exactly('error'), code: int })],
];
const parts = list(tagged<TreeTxn>('type', new Map(treeTxns)));
const txn = tagged<LoggedTxn>(
  'type',
  new Map<string, Decoder<LoggedTxn>>([
    ...treeTxns,
    ['createSession', record<Txn<'createSession'>>({ type: exactly('createSession'), timeoutMs: int })],
    [
      'closeSession',
      record<Txn<'closeSession'>>({ type: exactly('closeSession'), paths: nullable(list(text)) }),
    ],
    ['multi', record<Txn<'multi'>>({ type: exactly('multi'), parts })],
  ]),
);

const log = record<H.LogEntry>({
  kind: exactly('log'),
  zxid: integer(1),
  session: sessionId,
  cxid: int,
  timeMs: integer(Number.MIN_SAFE_INTEGER),
  committedUs: optional(us),
  hash,
  txn,
});

const apply = record<H.ApplyEntry>({
  kind: exactly('apply'),
  server,
  atUs: us,
  zxid: integer(1),
  hash,
  state,
});
const cut = record<H.CutEntry>({ kind: exactly('cut'), server, atUs: us, zxid });
const expiry = record<H.ExpiryEntry>({
  kind: exactly('expiry'),
  server,
  session: sessionId,
  touchedUs: us,
  timeoutUs: us,
  preparedUs: us,
  ledSinceUs: optional(us),
});
const final = record<H.FinalEntry>({
  kind: exactly('final'),
  atUs: us,
  healedUs: usOrNever,
  quiet: flag,
  leaderSinceUs: optional(us),
  servers: list(record<H.FinalEntry['servers'][number]>({ server, zxid, state })),
});

/** A line after the header. */
export const entry: Decoder<H.HistoryEntry> = tagged<H.HistoryEntry>(
  'kind',
  new Map<string, Decoder<H.HistoryEntry>>([
    ['op', op],
    ['ev', ev],
    ['conn', conn],
    ['word', word],
    ['log', log],
    ['apply', apply],
    ['cut', cut],
    ['expiry', expiry],
    ['final', final],
    ['recipe', recipe],
  ]),
);
