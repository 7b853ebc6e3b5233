import type { NodeEntry } from '../wire/snapshot-body.ts';
import type { SnapshotTrailer } from '../wire/snapshot-file.ts';
import { ownerKind, ttlOf } from '../znode/modes.ts';
import { sessionIdOf } from '../znode/session-id.ts';
import { base64, dataText, hexLong } from './inspect-txns.ts';
import { instantText } from './instant.ts';
import { printable } from './printable.ts';

/** The headings of `nodeLine`. */
export const NODE_HEADINGS = line(
  ['czxid', 'mzxid', 'mtime (UTC)', 'version', 'cversion', 'acl', 'data'],
  'path, owner',
);

/** A node of a snapshot in one line. */
export function nodeLine({ path, data, acl, stat }: NodeEntry): string {
  const versions = [String(stat.version), String(stat.cversion), acl === -1n ? 'open' : `#${acl}`];
  const cells = [
    hexLong(stat.czxid),
    hexLong(stat.mzxid),
    instantText(stat.mtime),
    ...versions,
    dataText(data),
  ];
  const owner = ownerText(stat.ephemeralOwner);
  return line(
    cells,
    `${printable(path === '' ? '/' : (path ?? '(no path)'))}${owner === '' ? '' : `  ${owner}`}`,
  );
}

/** A node of a snapshot for `--json`; data in base64. */
export function nodeJson({ path, data, acl, stat }: NodeEntry): Readonly<Record<string, unknown>> {
  return {
    path: path === '' ? '/' : path,
    data: base64(data),
    dataLength: data?.length ?? 0,
    acl: Number(acl),
    czxid: hexLong(stat.czxid),
    mzxid: hexLong(stat.mzxid),
    pzxid: hexLong(stat.pzxid),
    ctimeMs: Number(stat.ctime),
    mtimeMs: Number(stat.mtime),
    version: stat.version,
    cversion: stat.cversion,
    aversion: stat.aversion,
    ephemeralOwner: hexLong(stat.ephemeralOwner),
  };
}

/** What stands behind the nodes of a snapshot, in words. */
export function trailerText({ digest, lastProcessedZxid }: SnapshotTrailer): string {
  const parts: string[] = [];
  if (digest === undefined) parts.push('no digest');
  else if (digest.zxid === 0n) parts.push('no digest yet');
  else {
    const value = typeof digest.digest === 'bigint' ? BigInt.asUintN(64, digest.digest) : digest.digest;
    parts.push(`digest ${value} at ${hexLong(digest.zxid)}`);
  }
  if (lastProcessedZxid !== undefined) parts.push(`last zxid ${hexLong(lastProcessedZxid)}`);
  return parts.join(', ');
}

function ownerText(owner: bigint): string {
  const session = sessionIdOf(owner);
  const kind = ownerKind(session, true);
  if (kind === 'none') return '';
  if (kind === 'container') return 'container';
  return kind === 'ttl' ? `ttl ${ttlOf(session)} ms` : `ephemeral of ${hexLong(owner)}`;
}

function line(cells: readonly string[], rest: string): string {
  const widths = [11, 11, 23, 7, 8, 4, 8];
  return [...cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)), rest].join('  ');
}
