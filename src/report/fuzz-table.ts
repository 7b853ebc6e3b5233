import type { Failure } from '../run/fuzz/failures.ts';
import { milliseconds } from './milliseconds.ts';
import type { Paint } from './paint.ts';
import { plainTable } from './plain-table.ts';

/** A failure, and the file that holds it. */
export interface FiledFailure {
  readonly failure: Failure;
  readonly file: string;
  readonly faultsBefore: number;
  readonly faultsAfter: number;
}

const SHOWN_FAILURES = 50;

/** What a campaign found: a row for each signature, in the order in which they were found. */
export function fuzzTable(filed: readonly FiledFailure[], paint: Paint): string {
  const rows = filed
    .slice(0, SHOWN_FAILURES)
    .map(({ failure, file, faultsBefore, faultsAfter }) => [
      paint.red(failure.invariant),
      String(failure.tier),
      String(failure.count),
      String(failure.first.recipe.seed),
      String(failure.first.index + 1),
      milliseconds(failure.wallMsToFind * 1000),
      `${faultsBefore} → ${faultsAfter}`,
      file,
    ]);
  const table = plainTable(
    [
      { head: 'violated', align: 'left' },
      { head: 'tier', align: 'right' },
      { head: 'runs', align: 'right' },
      { head: 'first seed', align: 'right' },
      { head: 'runs to find', align: 'right' },
      { head: 'ms to find', align: 'right' },
      { head: 'faults', align: 'right' },
      { head: 'file', align: 'left' },
    ],
    rows,
  );
  const rest = filed.length - rows.length;
  return rest > 0 ? `${table}\nand ${rest} more` : table;
}
