import { unjudgedInvariants } from '../run/history/history-invariants.ts';
import type { Outcome } from '../run/outcome.ts';
import { milliseconds } from './milliseconds.ts';
import type { Paint } from './paint.ts';

/**
 * The last lines of `run`: what happened, what was checked, how to see more. `wallMs` is the time it all
 * took.
 */
export function runSummary(outcomes: readonly Outcome[], wallMs: number, paint: Paint): string {
  const events = outcomes.reduce((sum, outcome) => sum + outcome.events, 0);
  const amiss = outcomes.filter((outcome) => !outcome.expected).length;
  const count = outcomes.length;
  const told =
    amiss === 0
      ? paint.green(count === 1 ? 'As expected' : `All ${count} runs as expected`)
      : paint.red(count === 1 ? 'Not as expected' : `${amiss} of ${count} runs not as expected`);
  const invariants = Math.max(0, ...outcomes.map((outcome) => outcome.invariants));
  return [
    `${told}: ${happened(outcomes)}.`,
    `${grouped(events)} events in ${(wallMs / 1000).toFixed(2)} s, ` +
      `${invariants} invariants checked, ${liveness(outcomes)}${histories(outcomes)}.`,
    paint.dim(hint(outcomes)),
  ].join('\n');
}

/** What came of the runs: leaders, commits, the longest outage, faults. */
function happened(outcomes: readonly Outcome[]): string {
  const sum = (of: (outcome: Outcome) => number): number => outcomes.reduce((all, one) => all + of(one), 0);
  const leaders = sum((outcome) => outcome.leaders.filter((term) => term.establishedAtUs >= 0).length);
  const faults = sum((outcome) => outcome.timeline.filter((step) => step.phase === 'fired').length);
  const commits = sum((outcome) => outcome.commits);
  const lost = sum((outcome) => outcome.lost.length);
  const outageUs = Math.max(0, ...outcomes.map((outcome) => outcome.unavailableUs));
  return [
    counted(leaders, 'leader'),
    counted(commits, 'commit'),
    outageUs === 0
      ? 'no outage'
      : `an outage of ${outcomes.length === 1 ? '' : 'at most '}${milliseconds(outageUs)} ms`,
    counted(faults, 'fault'),
    ...(lost === 0 ? [] : [`${counted(lost, 'transaction')} of the start lost`]),
  ].join(', ');
}

function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** What was made of the clients' histories, where there are any. */
function histories(outcomes: readonly Outcome[]): string {
  const operations = outcomes.reduce((sum, { history }) => sum + (history?.operations ?? 0), 0);
  const excused = outcomes.reduce(
    (sum, { history }) => sum + Object.values(history?.waived ?? {}).reduce((a, b) => a + b, 0),
    0,
  );
  if (outcomes.every(({ history }) => history === undefined)) return '';
  const excuses = excused === 0 ? '' : ` (${grouped(excused)} answers excused, as ZooKeeper's own)`;
  return `, ${grouped(operations)} requests of clients checked${excuses}${unjudged(outcomes)}`;
}

/** What of the clients' histories was not judged: of one run with the reason, of many with the number. */
function unjudged(outcomes: readonly Outcome[]): string {
  const counts = new Map<string, { runs: number; why: string }>();
  for (const { history } of outcomes) {
    for (const [name, why] of history === undefined ? [] : unjudgedInvariants(history)) {
      counts.set(name, { runs: (counts.get(name)?.runs ?? 0) + 1, why });
    }
  }
  const parts = [...counts].map(([name, { runs, why }]) =>
    outcomes.length === 1 ? `${name} (${why})` : `${name} in ${runs}`,
  );
  return parts.length === 0 ? '' : `; not judged: ${parts.join(', ')}`;
}

function liveness(outcomes: readonly Outcome[]): string {
  const judged = outcomes.filter((outcome) => outcome.liveness.judged).length;
  if (judged === outcomes.length) return 'liveness judged';
  const [only] = outcomes;
  if (outcomes.length === 1 && only !== undefined) return `liveness not judged (${only.liveness.reason})`;
  return `liveness judged in ${judged} of ${outcomes.length}`;
}

function hint(outcomes: readonly Outcome[]): string {
  const [first] = outcomes;
  if (first === undefined) return '';
  const seen = outcomes.find((outcome) => !outcome.expected) ?? first;
  const single = `zabsim run ${seen.file} --seed ${seen.seed} --trace trace.txt`;
  const seeds = `zabsim run ${seen.file} --seeds 1..100`;
  const why = `zabsim explain ${seen.file} --seed ${seen.seed}`;
  if (outcomes.length === 1) return `Why:         ${why}\nEvery event: ${single}\nOther seeds: ${seeds}`;
  return `Why, of one run:         ${why}\nEvery event of one run: ${single}`;
}

/** The number with its thousands set apart. */
function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
