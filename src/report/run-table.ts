import type { Outcome } from '../run/outcome.ts';
import { milliseconds } from './milliseconds.ts';
import type { Paint } from './paint.ts';
import { phasesOf } from './phases.ts';
import { type Column, plainTable } from './plain-table.ts';
import { shorten } from './shorten.ts';

const COLUMNS: readonly Column[] = [
  { head: 'scenario', align: 'left' },
  { head: 'seed', align: 'right' },
  { head: 'verdict', align: 'left' },
  { head: 'leader', align: 'right' },
  { head: 'epoch', align: 'right' },
  { head: 'elections', align: 'right' },
  { head: 'election\nms', align: 'right' },
  { head: 'recovery\nms', align: 'right' },
  { head: 'unavail-\nable ms', align: 'right' },
  { head: 'commits', align: 'right' },
  { head: 'clients: ok/\nfailed/unknown', align: 'right' },
  { head: 'virtual\nms', align: 'right' },
];

const NAME_WIDTH = 40;

/** The table of `run`: a row for each run. Election and recovery are those of the last established leader. */
export function runTable(outcomes: readonly Outcome[], paint: Paint): string {
  return plainTable(
    COLUMNS,
    outcomes.map((outcome) => row(outcome, paint)),
  );
}

function row(outcome: Outcome, paint: Paint): readonly string[] {
  const established = outcome.leaders.filter((term) => term.establishedAtUs >= 0);
  const last = established.at(-1);
  const standing = established
    .filter((term) => term.endedAtUs < 0)
    .reduce((best, term) => Math.max(best, term.epoch), -1);
  const leader = established.find((term) => term.endedAtUs < 0 && term.epoch === standing);
  const phases = last === undefined ? { electionUs: -1, recoveryUs: -1 } : phasesOf(last);
  const { ok, failed, unknown } = outcome.clients;
  return [
    shorten(outcome.title === '' ? outcome.file : outcome.title, NAME_WIDTH),
    String(outcome.seed),
    verdictCell(outcome, paint),
    leader === undefined ? 'none' : String(leader.server),
    leader === undefined ? '–' : String(leader.epoch),
    String(established.length),
    milliseconds(phases.electionUs),
    milliseconds(phases.recoveryUs),
    milliseconds(outcome.unavailableUs),
    String(outcome.commits),
    `${ok}/${failed}/${unknown}`,
    milliseconds(outcome.virtualUs),
  ];
}

/** The verdict, marked by whether the run is what its scenario expects. */
function verdictCell(outcome: Outcome, paint: Paint): string {
  return outcome.expected ? paint.green(`✓ ${outcome.verdict}`) : paint.red(`✗ ${outcome.verdict}`);
}
