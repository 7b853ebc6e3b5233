import type { DataDiff, NodeDiff, Parting } from '../run/data-diff.ts';
import type { EpochReport, Finding, LogReport, Recovery, SnapshotReport } from '../run/recovery.ts';
import type { LoggedTxn } from '../wire/txn-record.ts';
import { trailerText } from './inspect-nodes.ts';
import { changeText, hexLong, typeName } from './inspect-txns.ts';
import type { Paint } from './paint.ts';
import { plainTable } from './plain-table.ts';
import { printable } from './printable.ts';

/** How many differing nodes are listed; the rest is counted. */
const NODES_LISTED = 100;

/** A data directory for people: its files, what is wrong with them, what a start makes of it. */
export function directoryText(recovery: Recovery, paint: Paint): string {
  const parts = [filesTable(recovery), epochsText(recovery)];
  if (recovery.notes.length > 0) {
    parts.push(['Worth a look:', ...recovery.notes.map((note) => `  ${noteText(note)}`)].join('\n'));
  }
  parts.push(startText(recovery, paint));
  return parts.join('\n\n');
}

/** A data directory for `--json`. */
export function directoryJson(recovery: Recovery): Readonly<Record<string, unknown>> {
  return {
    path: recovery.directory.path,
    myid: recovery.directory.myid,
    snapshots: recovery.snapshots.map(snapshotJson),
    logs: recovery.logs.map(logJson),
    acceptedEpoch: epochJson(recovery.acceptedEpoch),
    currentEpoch: epochJson(recovery.currentEpoch),
    notes: recovery.notes,
    start: {
      starts: recovery.refusal === '',
      refusal: recovery.refusal === '' ? undefined : recovery.refusal,
      lastZxid: hexLong(recovery.lastZxid),
      replayed: replayedOf(recovery),
      nodes: recovery.store.tree.size,
      sessions: recovery.store.sessions.map(([id, timeoutMs]) => ({
        id: hexLong(BigInt(`0x${id}`)),
        timeoutMs,
      })),
      treeDigest: BigInt(`0x${recovery.store.treeDigest()}`).toString(),
      digestsCompared: recovery.compared,
      digestMismatches: recovery.mismatches.map(hexLong),
    },
  };
}

/** Two data directories against each other, for people. */
export function diffText(diff: DataDiff, paint: Paint): string {
  const [left, right] = [diff.left, diff.right].map(({ directory }) => directory.path);
  const lines = [`left:  ${left}`, `right: ${right}`, '', ...historyText(diff)];
  lines.push('', ...startsText(diff), '');
  if (diff.nodes.length === 0) lines.push(paint.green('The trees are the same outside of /zookeeper.'));
  else {
    lines.push(`${diff.nodes.length} znodes differ:`);
    lines.push(...diff.nodes.slice(0, NODES_LISTED).map((node) => `  ${nodeText(node)}`));
    if (diff.nodes.length > NODES_LISTED) lines.push(`  … and ${diff.nodes.length - NODES_LISTED} more`);
  }
  if (diff.sessions.length > 0) {
    lines.push(`${diff.sessions.length} sessions differ:`, ...diff.sessions.map((text) => `  ${text}`));
  }
  return lines.join('\n');
}

/** Two data directories against each other, for `--json`. */
export function diffJson(diff: DataDiff): Readonly<Record<string, unknown>> {
  const { history } = diff;
  return {
    left: directoryJson(diff.left),
    right: directoryJson(diff.right),
    history: {
      equal: history.equal,
      from: hexOrNone(history.from),
      to: hexOrNone(history.to),
      parting: history.parting && {
        zxid: hexLong(history.parting.zxid),
        left: txnText(history.parting.left),
        right: txnText(history.parting.right),
      },
      leftMore: history.leftMore,
      rightMore: history.rightMore,
    },
    nodes: diff.nodes,
    sessions: diff.sessions,
  };
}

function filesTable(recovery: Recovery): string {
  const rows = [
    ...recovery.snapshots.map((report) => [
      report.file.name,
      String(report.size),
      `${report.nodes} nodes, ${report.sessions} sessions`,
      report.problem === '' && report.trailer !== undefined ? trailerText(report.trailer) : '',
      snapshotState(report),
    ]),
    ...recovery.logs.map((report) => [
      report.file.name,
      String(report.size),
      `${report.records} transactions`,
      report.first === undefined ? '' : `${hexLong(report.first)} to ${hexLong(report.last ?? report.first)}`,
      logState(report),
    ]),
  ];
  const left = (head: string) => ({ head, align: 'left' as const });
  const columns = [
    left('file'),
    { head: 'bytes', align: 'right' as const },
    left('holds'),
    left(''),
    left('a start'),
  ];
  return plainTable(columns, rows);
}

function snapshotState({ problem, used }: SnapshotReport): string {
  if (problem !== '') return 'passes it over';
  return used ? 'loads it' : 'does not read it';
}

function logState({ needed, replayed, damage }: LogReport): string {
  if (!needed) return 'does not read it';
  return damage === undefined ? `replays ${replayed}` : `replays ${replayed}, then ends`;
}

function epochsText(recovery: Recovery): string {
  const text = ({ epoch, problem }: EpochReport): string =>
    problem === '' ? String(epoch ?? 'missing') : `unreadable (${problem})`;
  const myid = recovery.directory.myid === undefined ? '' : ` · myid ${printable(recovery.directory.myid)}`;
  const epochs = [
    `accepted epoch ${text(recovery.acceptedEpoch)}`,
    `current epoch ${text(recovery.currentEpoch)}`,
  ];
  return `${epochs.join(' · ')}${myid}`;
}

function noteText({ file, offset, message }: Finding): string {
  return printable(offset === undefined ? `${file}: ${message}` : `${file} at byte ${offset}: ${message}`);
}

function startText(recovery: Recovery, paint: Paint): string {
  if (recovery.refusal !== '') return paint.red(`A server does not start from this: ${recovery.refusal}.`);
  const { compared, mismatches, store } = recovery;
  if (recovery.snapshots.length === 0 && recovery.logs.length === 0) {
    return paint.green('A server starts from this with an empty tree.');
  }
  const current = recovery.currentEpoch.epoch ?? Number(recovery.lastZxid >> 32n);
  const good = compared - mismatches.length;
  return [
    paint.green(
      `A server starts from this: it votes with epoch ${current} and zxid ${hexLong(recovery.lastZxid)}.`,
    ),
    `It replays ${replayedOf(recovery)} transactions, and has ${store.tree.size} znodes and ` +
      `${store.sessions.length} sessions then; ${good} of ${compared} digests agree.`,
  ].join('\n');
}

function replayedOf(recovery: Recovery): number {
  return recovery.logs.reduce((sum, { replayed }) => sum + replayed, 0);
}

function historyText({ history }: DataDiff): string[] {
  const { equal, from, to, parting, leftMore, rightMore } = history;
  const range = from === undefined || to === undefined ? '' : `, ${hexLong(from)} to ${hexLong(to)}`;
  const lines = [`The logs have ${equal} transactions in common${range}.`];
  if (parting !== undefined) lines.push(...partingText(parting));
  if (leftMore > 0) lines.push(`  ${leftMore} more on the left`);
  if (rightMore > 0) lines.push(`  ${rightMore} more on the right`);
  return lines;
}

function partingText({ zxid, left, right }: Parting): string[] {
  const text = (txn: LoggedTxn | undefined): string => txnText(txn) ?? 'no such transaction';
  return [`They part at ${hexLong(zxid)}:`, `  left:  ${text(left)}`, `  right: ${text(right)}`];
}

function txnText(txn: LoggedTxn | undefined): string | undefined {
  return txn && `${typeName(txn.body)} ${changeText(txn.body)}`;
}

function startsText(diff: DataDiff): string[] {
  return [diff.left, diff.right].map((recovery, i) => {
    const side = i === 0 ? 'left' : 'right';
    const current = recovery.currentEpoch.epoch ?? 'missing';
    const end = recovery.refusal === '' ? '' : `, and does not start: ${recovery.refusal}`;
    return `${side.padEnd(5)} ends at ${hexLong(recovery.lastZxid)}, current epoch ${current}${end}`;
  });
}

function nodeText({ path, kind, fields }: NodeDiff): string {
  return `${printable(path)}  ${fields.length === 0 ? kind : fields.join(', ')}`;
}

function snapshotJson({ file, size, sessions, nodes, trailer, problem, used }: SnapshotReport): object {
  const digest = trailer?.digest?.digest;
  return {
    file: file.name,
    zxid: hexLong(file.zxid),
    compressed: file.compressed,
    bytes: size,
    sessions,
    nodes,
    digest: typeof digest === 'bigint' ? BigInt.asUintN(64, digest).toString() : digest,
    problem: problem === '' ? undefined : problem,
    used,
  };
}

function logJson(report: LogReport): object {
  const { file, size, records, first, last, end, damage, needed, replayed } = report;
  return {
    file: file.name,
    bytes: size,
    records,
    first: hexOrNone(first),
    last: hexOrNone(last),
    end,
    damage,
    needed,
    replayed,
  };
}

function hexOrNone(zxid: bigint | undefined): string | undefined {
  return zxid === undefined ? undefined : hexLong(zxid);
}

function epochJson({ epoch, problem }: EpochReport): unknown {
  return problem === '' ? epoch : { problem };
}
