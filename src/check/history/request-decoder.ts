import {
  type Decoder,
  exactly,
  flag,
  integer,
  list,
  nullable,
  oneOf,
  optional,
  pattern,
  record,
  tagged,
  text,
} from './decoder.ts';
import type * as R from './request.ts';

const INT_MIN = -2147483648;
const INT_MAX = 2147483647;
const ANY_PATH = text;

/** A 64-bit id, in hex. */
export const sessionId: Decoder<string> = pattern('a 64-bit id such as 0x100000001', /^0x[0-9a-f]{1,16}$/);

/** A 32-bit integer of ZooKeeper's wire. */
export const int: Decoder<number> = integer(INT_MIN, INT_MAX);

/** A zxid, or −1. */
export const zxid: Decoder<number> = integer(-1);

/** What a znode holds. */
export const bytes: Decoder<R.Bytes> = nullable(
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a byte may be any
  pattern('bytes, one unit from 0 to 255 each', /^[\u0000-\u00ff]*$/),
);

const identityFields = { scheme: text, id: text };

/** An identity. */
export const identity: Decoder<R.Identity> = record<R.Identity>(identityFields);

/** An ACL. */
export const acl: Decoder<R.Acl> = nullable(
  list(record<R.AclEntry>({ perms: integer(0, 31), ...identityFields })),
);

const stat = record<R.Stat>({
  czxid: zxid,
  mzxid: zxid,
  pzxid: zxid,
  ctime: integer(Number.MIN_SAFE_INTEGER),
  mtime: integer(Number.MIN_SAFE_INTEGER),
  version: int,
  cversion: int,
  aversion: int,
  ephemeralOwner: sessionId,
  dataLength: integer(0),
  numChildren: integer(0),
});

const create = record<R.CreateRequest>({
  op: exactly('create'),
  path: ANY_PATH,
  data: bytes,
  acl,
  mode: oneOf(
    'persistent',
    'persistent-sequential',
    'ephemeral',
    'ephemeral-sequential',
    'container',
    'persistent-with-ttl',
    'persistent-sequential-with-ttl',
  ),
  ttl: integer(-1),
});

const versioned = { path: ANY_PATH, version: int };
const remove = record<R.DeleteRequest>({ op: exactly('delete'), ...versioned });
const check = record<R.CheckRequest>({ op: exactly('check'), ...versioned });
const setData = record<R.SetDataRequest>({
  op: exactly('setData'),
  path: ANY_PATH,
  data: bytes,
  version: int,
});
const setAcl = record<R.SetAclRequest>({ op: exactly('setACL'), path: ANY_PATH, acl, version: int });

const part = tagged<R.PartRequest>(
  'op',
  new Map<string, Decoder<R.PartRequest>>([
    ['create', create],
    ['delete', remove],
    ['setData', setData],
    ['check', check],
  ]),
);

const pathRead = record<R.PathRead>({
  op: oneOf('getData', 'exists', 'getChildren'),
  path: ANY_PATH,
  watch: flag,
});

const paths = list(ANY_PATH);
const setWatches = record<R.SetWatchesRequest>({
  op: exactly('setWatches'),
  relativeZxid: zxid,
  data: paths,
  exist: paths,
  child: paths,
  persistent: paths,
  recursive: paths,
});

type Having<T, K> = T extends { readonly op: infer O } ? (K extends O ? T : never) : never;
type Of<K extends R.Request['op']> = Having<R.Request, K>;
const watchType = oneOf('children', 'data', 'any', 'persistent', 'persistent-recursive');
const watches = record<Of<'removeWatches'>>({
  op: oneOf('removeWatches', 'checkWatches'),
  path: ANY_PATH,
  type: watchType,
});
const bare = record<Of<'ping'>>({ op: oneOf('ping', 'whoAmI', 'closeSession') });
const onPath = record<Of<'getACL'>>({ op: oneOf('getACL', 'getAllChildrenNumber'), path: ANY_PATH });

/** A request. */
export const request: Decoder<R.Request> = tagged<R.Request>(
  'op',
  new Map<string, Decoder<R.Request>>([
    ['create', create],
    ['delete', remove],
    ['setData', setData],
    ['setACL', setAcl],
    ['check', check],
    ['multi', record<Of<'multi'>>({ op: exactly('multi'), parts: list(part) })],
    ['getData', pathRead],
    ['exists', pathRead],
    ['getChildren', pathRead],
    ['getACL', onPath],
    ['getAllChildrenNumber', onPath],
    ['getEphemerals', record<Of<'getEphemerals'>>({ op: exactly('getEphemerals'), prefix: text })],
    ['multiRead', record<Of<'multiRead'>>({ op: exactly('multiRead'), parts: list(pathRead) })],
    ['setWatches', setWatches],
    ['addWatch', record<Of<'addWatch'>>({ op: exactly('addWatch'), path: ANY_PATH, recursive: flag })],
    ['removeWatches', watches],
    ['checkWatches', watches],
    ['sync', record<Of<'sync'>>({ op: exactly('sync'), path: text })],
    ['auth', record<Of<'auth'>>({ op: exactly('auth'), ...identityFields })],
    ['ping', bare],
    ['whoAmI', bare],
    ['closeSession', bare],
  ]),
);

const answers = {
  path: optional(text),
  data: optional(bytes),
  stat: optional(stat),
  children: optional(list(text)),
};

/** What a reply carried. */
export const result: Decoder<R.Result> = record<R.Result>({
  ...answers,
  acl: optional(acl),
  count: optional(int),
  paths: optional(list(text)),
  identities: optional(list(identity)),
  parts: optional(list(record<R.PartResult>({ error: int, ...answers }))),
});
