import { basename } from 'node:path';
import { NODE_HEADINGS, nodeJson, nodeLine, trailerText } from '../report/inspect-nodes.ts';
import { aclText, hexLong, TXN_HEADINGS, txnJson, txnLine } from '../report/inspect-txns.ts';
import {
  formatterEnd,
  formatterHeading,
  formatterNode,
  toolkitEnd,
  toolkitHeading,
  toolkitTxn,
} from '../report/toolkit-text.ts';
import { dataFile } from '../run/data-directory.ts';
import { loggedTxns } from '../run/logged-txns.ts';
import { type LogEnd, LogReader } from '../wire/log-file.ts';
import type { SessionEntry } from '../wire/snapshot-body.ts';
import { SnapshotReader, type SnapshotTrailer } from '../wire/snapshot-file.ts';
import { WireError } from '../wire/wire-error.ts';
import type { Shell } from './shell.ts';

/** How a file is shown. */
export type Style = 'table' | 'json' | 'zookeeper';

/** A file of a data directory, opened anew for each reading. */
export interface OpenFile {
  readonly path: string;
  readonly open: () => Iterable<Uint8Array>;
}

/**
 * Shows a log, record by record as it is read.
 *
 * @returns whether a server could read all of it
 */
export function showLog({ path, open }: OpenFile, style: Style, shell: Shell): boolean {
  const reader = new LogReader(open());
  const header = reader.header();
  if (style === 'table') {
    const about = header === undefined ? '' : `, version ${header.version}, database ${header.dbid}`;
    shell.print(`${path}: transaction log${about}\n${TXN_HEADINGS}`);
  } else if (style === 'json') {
    shell.print(`{ "version": 1, "kind": "log", "path": ${JSON.stringify(path)}, "txns": [`);
  } else if (header !== undefined) {
    write(shell, toolkitHeading(header));
  }
  let records = 0;
  let broken = 0;
  for (const line of header === undefined ? [] : loggedTxns(reader)) {
    if (style === 'table') shell.print(txnLine(line));
    else if (style === 'json') shell.print(`${records === 0 ? ' ' : ','} ${JSON.stringify(txnJson(line))}`);
    else write(shell, toolkitTxn(line));
    records++;
    if (line.problem !== '') broken++;
  }
  const { end } = reader;
  if (style === 'zookeeper') write(shell, toolkitEnd(records));
  else if (style === 'json') shell.print(`], "end": ${JSON.stringify(end)} }`);
  else
    shell.print(`${records} transactions${broken > 0 ? `, ${broken} of them damaged` : ''}${endText(end)}`);
  return broken === 0 && end?.kind !== 'damaged';
}

function endText(end: LogEnd | undefined): string {
  switch (end?.kind) {
    case 'padding':
      return `; then ${end.unread} bytes ahead of use${end.remains ? ', which are not all zeros' : ''}`;
    case 'torn':
      return `\n✗ torn at byte ${end.offset}: ${end.reason}; a start takes this for the end, and drops it`;
    case 'damaged':
      return `\n✗ damaged at byte ${end.offset}: ${end.reason}; a server that reads this does not start`;
    default:
      return '';
  }
}

/**
 * Shows a snapshot, node by node as it is read.
 *
 * @returns whether a server could load it
 */
export function showSnapshot(file: OpenFile, style: Style, shell: Shell): boolean {
  if (style === 'zookeeper') return showAsFormatter(file, shell);
  const json = style === 'json';
  const reader = new SnapshotReader(file.open());
  let problem = '';
  let nodes = 0;
  let trailer: SnapshotTrailer | undefined;
  if (json) shell.print(`{ "version": 1, "kind": "snapshot", "path": ${JSON.stringify(file.path)}`);
  try {
    const header = reader.header();
    if (!json) shell.print(`${file.path}: snapshot, version ${header.version}, database ${header.dbid}`);
    const sessions = [...reader.sessions()];
    const acls = [...reader.acls()];
    if (json) {
      const shown = sessions.map(({ id, timeout }) => ({ id: hexLong(id), timeoutMs: timeout }));
      shell.print(`, "sessions": ${JSON.stringify(shown)}`);
      shell.print(`, "acls": ${JSON.stringify(acls.map(({ key, acl }) => ({ id: Number(key), acl })))}`);
    } else {
      for (const { id, timeout } of sessions) shell.print(`session ${hexLong(id)}  timeout ${timeout} ms`);
      for (const { key, acl } of acls) shell.print(`acl #${key}  ${aclText(acl)}`);
    }
    shell.print(json ? ', "nodes": [' : NODE_HEADINGS);
    for (const node of reader.nodes()) {
      if (json) shell.print(`${nodes === 0 ? ' ' : ','} ${JSON.stringify(nodeJson(node))}`);
      else shell.print(nodeLine(node));
      nodes++;
    }
    if (json) shell.print(']');
    trailer = reader.trailer();
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    problem = error.message;
  }
  if (json) {
    const end = trailer === undefined ? null : trailerText(trailer);
    if (problem !== '' && nodes > 0) shell.print(']');
    shell.print(`, "end": ${JSON.stringify(end)}, "problem": ${JSON.stringify(problem || null)} }`);
  } else if (problem === '') {
    shell.print(`${nodes} nodes; ${trailer === undefined ? '' : trailerText(trailer)}`);
  } else {
    shell.print(`✗ damaged: ${problem}; a start passes it over, and takes an older one`);
  }
  return problem === '';
}

/**
 * SnapshotFormatter says first how many nodes there are: the file is read twice. Its last zxid is the highest
 * that it saw anywhere.
 */
function showAsFormatter({ path, open }: OpenFile, shell: Shell): boolean {
  try {
    const owned = new Map<bigint, number>();
    const first = new SnapshotReader(open());
    first.header();
    const sessions: SessionEntry[] = [...first.sessions()];
    drain(first.acls());
    let nodes = 0;
    let last = dataFile(basename(path))?.zxid ?? 0n;
    for (const { stat } of first.nodes()) {
      nodes++;
      for (const zxid of [stat.mzxid, stat.pzxid]) if (zxid > last) last = zxid;
      owned.set(stat.ephemeralOwner, (owned.get(stat.ephemeralOwner) ?? 0) + 1);
    }
    first.trailer();
    write(shell, formatterHeading(nodes));
    const again = new SnapshotReader(open());
    again.header();
    drain(again.sessions());
    drain(again.acls());
    for (const node of again.nodes()) write(shell, formatterNode(node));
    write(shell, formatterEnd(sessions, owned, last));
    return true;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    shell.warn(`${path}: ${error.message}`);
    return false;
  }
}

function drain(entries: Iterable<unknown>): void {
  for (const _ of entries);
}

/** The shell ends the last line itself. */
function write(shell: Shell, text: string): void {
  if (text !== '') shell.print(text.endsWith('\n') ? text.slice(0, -1) : text);
}
