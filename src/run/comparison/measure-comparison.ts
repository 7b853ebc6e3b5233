import type { Witness } from '../../sim/profile.ts';
import { parseScenarioOf } from '../files.ts';
import { simulate } from '../simulate.ts';
import { atPhase } from '../timing/at-phase.ts';
import { CLIENT_KINDS, ClientTimings } from '../timing/client-timings.ts';
import type { ComparisonFigure, ComparisonValues } from './comparison-figures.ts';
import { type Experiment, experimentText, ONE_WAY_US, READS, type ReadExperiment } from './experiments.ts';
import { ReadTraffic } from './read-traffic.ts';
import { Succession } from './succession.ts';
import { Traffic } from './traffic.ts';

/** One run of an experiment, of one protocol with so many members. */
export interface ComparisonTask {
  readonly experiment: Experiment;
  readonly protocol: string;
  readonly members: number;
  readonly seed: number;
}

/** What a run came to. */
export interface ComparedRun {
  readonly values: ComparisonValues;
  /** The invariants that were violated, and the rules of liveness that were not met. */
  readonly broken: readonly string[];
}

/** Does a run, and measures it. */
export function measureComparison({ experiment, protocol, members, seed }: ComparisonTask): ComparedRun {
  const text = atPhase(experimentText(experiment, protocol, members), seed);
  const plan = parseScenarioOf(text, `${experiment}, ${protocol}, ${members} members, seed ${seed}`);
  const reading = READS.find((name) => name === experiment);
  const reads = new ReadTraffic(plan.clients.count, plan.clients.operations ?? 0);
  const traffic = new Traffic(plan.clients.operations ?? 0);
  const succession = new Succession();
  const clients = new ClientTimings();
  const outages: Witness = {
    wants: (kind) => CLIENT_KINDS.includes(kind),
    observe: (event, moment) => clients.observe(event, moment),
  };
  const calm = plan.faults.length === 0;
  const watching = reading === undefined ? [traffic] : [reads];
  const outcome = simulate(plan, { seed, witnesses: calm ? watching : [succession, outages] });
  const gap = clients.samples(outcome.virtualUs).find(({ measure }) => measure === 'write-gap');
  const calmly = () => (reading === undefined ? calmValues(experiment, traffic) : readValues(reading, reads));
  const values = calm
    ? calmly()
    : struckValues(experiment === 'crash' ? 'crash' : 'partition', succession, gap?.value ?? -1);
  const broken = [...outcome.violations, ...outcome.stalls].map(({ invariant }) => invariant);
  return { values, broken: [...new Set(broken)] };
}

function calmValues(experiment: Experiment, traffic: Traffic): ComparisonValues {
  const { figures, startedUs } = traffic;
  if (figures === undefined) return {};
  if (experiment === 'round trips') {
    return known({
      'round trips at the leader': figures.atLeaderUs < 0 ? -1 : figures.atLeaderUs / (2 * ONE_WAY_US),
      'round trips elsewhere': figures.elsewhereUs < 0 ? -1 : figures.elsewhereUs / (2 * ONE_WAY_US),
    });
  }
  if (experiment === 'alone') {
    return known({
      'messages alone': figures.messagesPerWrite,
      'fsyncs alone': figures.syncsPerWrite,
      'latency alone': figures.latencyUs,
      start: startedUs,
    });
  }
  return known({
    'messages busy': figures.messagesPerWrite,
    'fsyncs busy': figures.syncsPerWrite,
    'latency busy': figures.latencyUs,
    'writes busy': figures.writesPerSecond,
  });
}

function readValues(experiment: ReadExperiment, reads: ReadTraffic): ComparisonValues {
  const { figures } = reads;
  const roundTrips = (us: number): number => (us < 0 ? -1 : us / (2 * ONE_WAY_US));
  switch (experiment) {
    case 'reads':
      return known({ 'read: latency': figures.latencyUs, 'read: messages': figures.messagesPerRead });
    case 'current reads':
      return known({
        'current read: latency': figures.latencyUs,
        'current read: messages': figures.messagesPerRead,
      });
    case 'read trips':
      return known({
        'read: round trips': roundTrips(figures.plainUs),
        'current read: at the leader': roundTrips(figures.currentAtLeaderUs),
        'current read: elsewhere': roundTrips(figures.currentElsewhereUs),
      });
    case 'old reads':
      return known({ 'read: old': figures.oldShare });
    default:
      return known({ 'current read: old': figures.oldShare });
  }
}

function struckValues(what: 'crash' | 'partition', succession: Succession, gapUs: number): ComparisonValues {
  const { electedUs, establishedUs, resignedUs } = succession;
  return known({
    [`${what}: elected`]: electedUs,
    [`${what}: recovery`]: electedUs < 0 ? -1 : establishedUs - electedUs,
    [`${what}: outage`]: gapUs,
    ...(what === 'partition' ? { 'partition: resigned': resignedUs } : {}),
  });
}

/** Without what did not happen, to three decimals: more would say nothing. */
function known(values: ComparisonValues): ComparisonValues {
  const entries = Object.entries(values) as [ComparisonFigure, number][];
  return Object.fromEntries(
    entries.filter(([, value]) => value >= 0).map(([name, value]) => [name, Math.round(value * 1000) / 1000]),
  );
}
