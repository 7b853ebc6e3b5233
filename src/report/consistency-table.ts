import type { Consistency, ConsistencyRow } from '../run/consistency/measure-consistency.ts';
import { milliseconds } from './milliseconds.ts';
import { type Column, plainTable } from './plain-table.ts';

const COLUMNS: readonly Column[] = [
  { head: 'side', align: 'left' },
  { head: 'server', align: 'left' },
  { head: 'asked for', align: 'left' },
  { head: 'count', align: 'right' },
  { head: 'answered', align: 'right' },
  { head: 'refused', align: 'right' },
  { head: 'no answer', align: 'right' },
  { head: 'p50\nms', align: 'right' },
  { head: 'p99\nms', align: 'right' },
  { head: 'old', align: 'right' },
  { head: 'behind\np50 ms', align: 'right' },
  { head: 'behind\nmax ms', align: 'right' },
  { head: 'behind\nmax txns', align: 'right' },
];

const SERVERS = {
  leader: 'leads',
  follower: 'follows',
  observer: 'observes',
  'read-only': 'read-only',
  none: 'serves nobody',
} as const;

/** What clients got, by side, role and demand. */
export function consistencyTable({ rows }: Consistency): string {
  return plainTable(
    COLUMNS,
    rows.map((row) => [
      row.side,
      SERVERS[row.as],
      row.demand,
      String(row.asked),
      share(row.answered, row.asked),
      share(row.refused, row.asked),
      share(row.unanswered, row.asked),
      milliseconds(row.latencyP50Us),
      milliseconds(row.latencyP99Us),
      ...(row.demand === 'write' ? ['', '', '', ''] : age(row)),
    ]),
  );
}

/** The same as data. Times in µs. */
export function consistencyJson(file: string, { rows, outcomes }: Consistency): Record<string, unknown> {
  return { file, title: outcomes[0]?.title, seeds: outcomes.map(({ seed }) => seed), rows };
}

function age(row: ConsistencyRow): readonly string[] {
  if (row.answered === 0) return ['–', '–', '–', '–'];
  const { old, answered, behindP50Us, behindMaxUs, behindMaxTxns } = row;
  return [share(old, answered), milliseconds(behindP50Us), milliseconds(behindMaxUs), String(behindMaxTxns)];
}

function share(part: number, whole: number): string {
  return part === 0 ? '0 %' : `${((part / whole) * 100).toFixed(1)} %`;
}
