import type { LogLine } from '../run/logged-txns.ts';
import { encode } from '../wire/jute-codec.ts';
import type { AclEntryRecord } from '../wire/jute-records.ts';
import type { NodeEntry, SessionEntry } from '../wire/snapshot-body.ts';
import { type OldCreateTxn, TXN_RECORDS, type TxnBody, type TxnPart } from '../wire/txn-bodies.ts';
import { logInstant, snapshotInstant } from './instant.ts';

/*
 * What ZooKeeper's own tools print of the same files, letter by letter, so that the two can be compared:
 * TxnLogToolkit for logs, SnapshotFormatter for snapshots, both in UTC.
 */

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** The first line that TxnLogToolkit prints of a log. */
export function toolkitHeading({ dbid, version }: { dbid: bigint; version: number }): string {
  return `ZooKeeper Transactional Log File with dbid ${dbid} txnlog format version ${version}\n`;
}

/** What TxnLogToolkit prints of a record: it shows one with a wrong checksum twice. */
export function toolkitTxn({ txn, stored, computed }: LogLine): string {
  if (txn === undefined) return '';
  const { clientId, cxid, zxid, time } = txn.header;
  const ids = `session 0x${hex(clientId)} cxid 0x${(cxid >>> 0).toString(16)} zxid 0x${hex(zxid)}`;
  const text = `${logInstant(time)} ${ids} ${toolkitType(txn.body)} ${bodyText(txn.body)}`;
  const line = text.endsWith('\n') ? text : `${text}\n`;
  return stored === BigInt(computed) ? line : `CRC ERROR - ${line}${line}`;
}

/** The last line that TxnLogToolkit prints of a log. */
export function toolkitEnd(records: number): string {
  return `EOF reached after ${records} txns.\n`;
}

/** The first lines of what SnapshotFormatter prints: it counts the root twice. */
export function formatterHeading(nodes: number): string {
  return `ZNode Details (count=${nodes + 1}):\n----\n`;
}

/** What SnapshotFormatter prints of a node. */
export function formatterNode({ path, data, stat }: NodeEntry): string {
  return [
    path === '' ? '/' : path,
    `  cZxid = ${long(stat.czxid)}`,
    `  ctime = ${snapshotInstant(stat.ctime)}`,
    `  mZxid = ${long(stat.mzxid)}`,
    `  mtime = ${snapshotInstant(stat.mtime)}`,
    `  pZxid = ${long(stat.pzxid)}`,
    `  cversion = ${stat.cversion}`,
    `  dataVersion = ${stat.version}`,
    `  aclVersion = ${stat.aversion}`,
    `  ephemeralOwner = ${long(stat.ephemeralOwner)}`,
    `  dataLength = ${data?.length ?? 0}`,
    '----\n',
  ].join('\n');
}

/** The last lines of what SnapshotFormatter prints: each session with how many nodes it owns. */
export function formatterEnd(
  sessions: readonly SessionEntry[],
  owned: ReadonlyMap<bigint, number>,
  zxid: bigint,
): string {
  const lines = sessions.map(({ id, timeout }) => `0x${hex(id)}, ${timeout}, ${owned.get(id) ?? 0}\n`);
  const last = `----\nLast zxid: 0x${hex(zxid)}\n`;
  return `Session Details (sid, timeout, ephemeralCount):\n${lines.join('')}${last}`;
}

/** The names of Request.op2String. */
function toolkitType(body: TxnBody): string {
  if (body.kind === 'createTTL') return 'createTtl';
  if (body.kind === 'oldCreate') return 'create';
  return body.kind === 'oldCloseSession' ? 'closeSession' : body.kind;
}

function bodyText(body: TxnBody): string {
  switch (body.kind) {
    case 'create':
    case 'create2': {
      const { path, data, acl, ephemeral, parentCVersion } = body;
      return `${path},${text(data)},${aclText(acl)},${ephemeral},${parentCVersion}`;
    }
    case 'createContainer':
      return `${body.path},${text(body.data)},${aclText(body.acl)},${body.parentCVersion}`;
    case 'createTTL':
      return `${body.path},${text(body.data)},${aclText(body.acl)},${body.parentCVersion},${body.ttl}`;
    case 'setData':
    case 'reconfig':
      return `${body.path},${text(body.data)},${body.version}`;
    case 'multi':
      return body.parts.map((part) => `${toolkitType(part)}:${text(partBytes(part))}`).join(';');
    case 'delete':
    case 'deleteContainer':
      return `${csv(body.path)}\n`;
    case 'check':
      return `${csv(body.path)},${body.version}\n`;
    case 'setACL':
      return `${csv(body.path)},v{${(body.acl ?? []).map(csvAcl).join(',')}},${body.version}\n`;
    case 'createSession':
      return `${body.timeOut}\n`;
    case 'closeSession':
      return `v{${(body.paths2Delete ?? []).map(csv).join(',')}}\n`;
    case 'error':
      return `${body.err}\n`;
    case 'oldCreate':
      return oldCreateText(body);
    case 'oldCloseSession':
      return '';
  }
}

function oldCreateText({ path, data, acl, ephemeral }: OldCreateTxn): string {
  const bytes =
    data === null ? '' : `#${[...data].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  return `${csv(path)},${bytes},v{${(acl ?? []).map(csvAcl).join(',')}},${ephemeral ? 'T' : 'F'}\n`;
}

function partBytes(part: TxnPart): Uint8Array {
  return encode(TXN_RECORDS[part.kind] as { write: (to: never, value: TxnPart) => void }, part);
}

function text(data: Uint8Array | null): string {
  return data === null ? '' : utf8.decode(data);
}

/** A list of records that each end their line. */
function aclText(acl: readonly AclEntryRecord[] | null): string {
  if (acl === null) return 'null';
  return `[${acl.map(({ perms, id }) => `${perms},s{${csv(id.scheme)},${csv(id.id)}}\n`).join(', ')}]`;
}

function csvAcl({ perms, id }: AclEntryRecord): string {
  return `s{${perms},s{${csv(id.scheme)},${csv(id.id)}}}`;
}

const CSV_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\0', '%00'],
  ['\n', '%0A'],
  ['\r', '%0D'],
  [',', '%2C'],
  ['}', '%7D'],
  ['%', '%25'],
]);

/** A text in jute's form for people. Source: Utils.toCSVString. */
function csv(value: string | null): string {
  if (value === null) return '';
  return `'${[...value].map((sign) => CSV_ESCAPES.get(sign) ?? sign).join('')}`;
}

function hex(value: bigint): string {
  return BigInt.asUintN(64, value).toString(16);
}

function long(value: bigint): string {
  return `0x${hex(value).padStart(14, '0')}`;
}
