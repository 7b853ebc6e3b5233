import type { LogLine } from '../run/logged-txns.ts';
import type { AclEntryRecord } from '../wire/jute-records.ts';
import type { TxnBody, TxnPart } from '../wire/txn-bodies.ts';
import { PERMS } from '../znode/acl.ts';
import { errorName } from '../znode/errors.ts';
import { instantText } from './instant.ts';
import { printable } from './printable.ts';

/** A long as ZooKeeper writes zxids and sessions: `0x100000003`, unsigned. */
export function hexLong(value: bigint): string {
  return `0x${BigInt.asUintN(64, value).toString(16)}`;
}

const WIDTHS = [11, 23, 19, 8, 15, 6];

/** The headings of `txnLine`. */
export const TXN_HEADINGS = columns(
  ['zxid', 'time (UTC)', 'session', 'cxid', 'type', 'bytes'],
  'path, change',
);

/** A record of a log in one line. */
export function txnLine({ txn, payload, offset, problem }: LogLine): string {
  if (txn === undefined)
    return `${columns(['?', '', '', '', '', String(payload.length)], `at byte ${offset}`)}  ✗ ${problem}`;
  const { zxid, time, clientId, cxid } = txn.header;
  const session = hexLong(clientId);
  const cells = [hexLong(zxid), instantText(time), session, `0x${(cxid >>> 0).toString(16)}`];
  const line = columns([...cells, typeName(txn.body), String(payload.length)], changeText(txn.body));
  return problem === '' ? line : `${line}  ✗ at byte ${offset}: ${problem}`;
}

/** A record of a log for `--json`. */
export function txnJson({ txn, payload, offset, problem }: LogLine): Readonly<Record<string, unknown>> {
  const place = { offset, bytes: payload.length, problem: problem === '' ? undefined : problem };
  if (txn === undefined) return place;
  const { zxid, time, clientId, cxid, type } = txn.header;
  const { digest } = txn;
  return {
    zxid: hexLong(zxid),
    timeMs: Number(time),
    session: hexLong(clientId),
    cxid,
    type: typeName(txn.body),
    typeCode: type,
    ...bodyJson(txn.body),
    treeDigest: digest && BigInt.asUintN(64, digest.treeDigest).toString(),
    ...place,
  };
}

/** The name of the operation. */
export function typeName(body: TxnBody): string {
  if (body.kind === 'oldCreate') return 'create';
  return body.kind === 'oldCloseSession' ? 'closeSession' : body.kind;
}

/** What the transaction changes: the path, and how. */
export function changeText(body: TxnBody): string {
  switch (body.kind) {
    case 'multi': {
      const aborted = body.parts.some((part) => part.kind === 'error');
      const parts = body.parts.map((part) => `${typeName(part)} ${changeText(part)}`).join('; ');
      return `${body.parts.length} parts${aborted ? ', aborted' : ''}: ${parts}`;
    }
    case 'error':
      return `${body.err}${errorName(body.err) === undefined ? '' : ` ${errorName(body.err)}`}`;
    case 'createSession':
      return `timeout ${body.timeOut} ms`;
    case 'closeSession': {
      const paths = body.paths2Delete ?? [];
      return paths.length === 0 ? 'removes nothing' : `removes ${paths.map(path).join(', ')}`;
    }
    case 'oldCloseSession':
      return 'removes what the session owns';
    case 'setACL':
      return `${path(body.path)}  ${aclText(body.acl)}, version ${body.version}`;
    default:
      return nodeChange(body);
  }
}

function nodeChange(body: Exclude<TxnPart, { kind: 'error' }> | Extract<TxnBody, { path: unknown }>): string {
  const at = path(body.path);
  switch (body.kind) {
    case 'delete':
    case 'deleteContainer':
      return at;
    case 'check':
      return `${at}  version ${body.version}`;
    case 'setData':
    case 'reconfig':
      return `${at}  ${dataText(body.data)}, version ${body.version}`;
    case 'setACL':
      return `${at}  version ${body.version}`;
    default: {
      const more = [dataText(body.data)];
      if ('ephemeral' in body && body.ephemeral) more.push('ephemeral');
      if (body.kind === 'createTTL') more.push(`ttl ${body.ttl} ms`);
      if ('parentCVersion' in body) more.push(`parent's cversion ${body.parentCVersion}`);
      if (!isOpen(body.acl)) more.push(aclText(body.acl));
      return `${at}  ${more.join(', ')}`;
    }
  }
}

/** The size of a node's data. */
export function dataText(data: Uint8Array | null): string {
  return data === null ? 'null' : `${data.length} B`;
}

const PERMS_SIGNS: readonly (readonly [sign: string, bit: number])[] = [
  ['c', PERMS.CREATE],
  ['d', PERMS.DELETE],
  ['r', PERMS.READ],
  ['w', PERMS.WRITE],
  ['a', PERMS.ADMIN],
];

/** An access list as ZooKeeper's shell writes it: `world:anyone:cdrwa`. */
export function aclText(acl: readonly AclEntryRecord[] | null): string {
  const entries = (acl ?? []).map(
    ({ perms, id }) => `${printable(`${id.scheme}:${id.id}`)}:${permsText(perms)}`,
  );
  return entries.length === 0 ? 'no access list' : entries.join(' ');
}

function permsText(perms: number): string {
  return PERMS_SIGNS.filter(([, bit]) => (perms & bit) !== 0)
    .map(([sign]) => sign)
    .join('');
}

function isOpen(acl: readonly AclEntryRecord[] | null): boolean {
  const [only, ...others] = acl ?? [];
  return others.length === 0 && only?.perms === 31 && only.id.scheme === 'world' && only.id.id === 'anyone';
}

/** The fields of a transaction's body; data in base64. */
function bodyJson(body: TxnBody): Readonly<Record<string, unknown>> {
  if (body.kind === 'multi') {
    return { parts: body.parts.map((part) => ({ type: typeName(part), ...bodyJson(part) })) };
  }
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body)) {
    if (name !== 'kind') fields[name] = jsonValue(value);
  }
  return fields;
}

function jsonValue(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  return value instanceof Uint8Array ? base64(value) : value;
}

/** Bytes in base64, null as null. */
export function base64(data: Uint8Array | null): string | null {
  if (data === null) return null;
  let bytes = '';
  for (const byte of data) bytes += String.fromCharCode(byte);
  return btoa(bytes);
}

function path(text: string | null): string {
  return printable(text ?? '(no path)');
}

function columns(cells: readonly string[], rest: string): string {
  const padded = cells.map((cell, i) =>
    i === 5 ? cell.padStart(WIDTHS[i] ?? 0) : cell.padEnd(WIDTHS[i] ?? 0),
  );
  return [...padded, rest].join('  ').trimEnd();
}
