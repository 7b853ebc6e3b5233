import type { Change, Comparison } from '../../run/timing/baseline.ts';
import { MEASURES } from '../../run/timing/measures.ts';
import type { Paint } from '../paint.ts';
import { plainTable } from '../plain-table.ts';
import { figure, headOf } from './figure.ts';

const SHOWN = 100;

/** What has changed since a baseline, the worst first, for a terminal. `file` names the baseline. */
export function comparisonText({ compared, changes }: Comparison, file: string, paint: Paint): string {
  const worse = changes.filter((change) => change.worse).length;
  const told = [
    worse > 0 ? paint.red(`${worse} worse`) : paint.green('none worse'),
    `${changes.length - worse} better`,
  ].join(', ');
  const head = `Against ${file}: ${compared} cells compared; beyond noise, ${told}.`;
  if (changes.length === 0) return head;
  const sorted = [...changes].sort((a, b) => Number(b.worse) - Number(a.worse));
  const rows = sorted.slice(0, SHOWN).map((change) => {
    const mark = change.worse ? paint.red('✗ worse') : paint.green('✓ better');
    return [
      mark,
      change.cell,
      headOfChange(change),
      text(change, 'was'),
      text(change, 'is'),
      percent(change),
    ];
  });
  const table = plainTable(
    [
      { head: '', align: 'left' },
      { head: 'cell', align: 'left' },
      { head: 'measure', align: 'left' },
      { head: 'was', align: 'right' },
      { head: 'is', align: 'right' },
      { head: 'change', align: 'right' },
    ],
    rows,
  );
  const rest = sorted.length - rows.length;
  return [head, table, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n');
}

function headOfChange({ what }: Change): string {
  return what === 'verdict' ? 'failed runs' : headOf(what);
}

function text({ what, was, is }: Change, which: 'was' | 'is'): string {
  const value = which === 'was' ? was : is;
  return what === 'verdict' ? `${(value / 100).toFixed(1)} %` : figure(what, value);
}

function percent({ what, was, is }: Change): string {
  if (was === 0 || what === 'verdict' || MEASURES[what].unit === 'count') return '';
  const change = ((is - was) * 100) / was;
  return `${change > 0 ? '+' : ''}${change.toFixed(1)} %`;
}
