import type { ComparedEnsemble, ProtocolComparison } from '../../run/comparison/compare-protocols.ts';
import { COMPARISON_FIGURES, type ComparisonFigure } from '../../run/comparison/comparison-figures.ts';
import { DUEL_SECONDS } from '../../run/comparison/duel.ts';
import { READ_BEHAVIOURS } from '../../run/registry/compared.ts';
import type { Quantiles } from '../../run/timing/quantiles.ts';

/** A table of a comparison, as text. */
export interface ComparisonSection {
  readonly name: string;
  /** What stands in it. */
  readonly about: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Which figures stand together, and under what headings; `spread`: with the 90th percentile. */
interface FigureTable {
  readonly name: string;
  readonly about: string;
  readonly spread: boolean;
  readonly columns: readonly (readonly [ComparisonFigure, string])[];
}

const FIGURE_TABLES: readonly FigureTable[] = [
  {
    name: 'What a write costs',
    about: 'For a committed write, between servers; signs of life are left out. Medians over the seeds.',
    spread: false,
    columns: [
      ['messages alone', 'messages\nalone'],
      ['messages busy', 'messages\n32 clients'],
      ['fsyncs alone', 'fsyncs\nalone'],
      ['fsyncs busy', 'fsyncs\n32 clients'],
    ],
  },
  {
    name: 'How long a write takes',
    about:
      'Round trips: 10 ms one way, disks that take no time. The rest in the environment `lan` (medians of ' +
      '0.25 ms one way and of 1 ms for an fsync, both with long tails). Medians over the seeds.',
    spread: false,
    columns: [
      ['round trips at the leader', 'round trips\nat the leader'],
      ['round trips elsewhere', 'round trips\nelsewhere'],
      ['latency alone', 'latency ms\nalone'],
      ['latency busy', 'latency ms\n32 clients'],
      ['writes busy', 'writes/s\n32 clients'],
    ],
  },
  {
    name: 'A plain read',
    about:
      'Of the server that the client is connected to: latency and messages in the environment `lan`, round ' +
      'trips as above. Old: the part of the acknowledged writes that the first read did not show which ' +
      'another client sent to another member after the acknowledgment, while clients at all members read ' +
      'as fast as they can. Medians over the seeds, and of what was old the most of any seed.',
    spread: false,
    columns: [
      ['read: latency', 'latency ms'],
      ['read: round trips', 'round trips'],
      ['read: messages', 'messages'],
      ['read: old', 'old'],
    ],
  },
  {
    name: 'A read that is not old',
    about: 'The same with a `sync` before each read, from the one to the answer of the other.',
    spread: false,
    columns: [
      ['current read: latency', 'latency ms'],
      ['current read: at the leader', 'round trips\nat the leader'],
      ['current read: elsewhere', 'round trips\nelsewhere'],
      ['current read: messages', 'messages'],
      ['current read: old', 'old'],
    ],
  },
  {
    name: 'A leader crashes',
    about: 'From the crash, in ms: median and 90th percentile. `start`: from the start of all servers.',
    spread: true,
    columns: [
      ['start', 'start'],
      ['crash: elected', 'next is elected'],
      ['crash: recovery', 'until it serves'],
      ['crash: outage', 'no write answered'],
    ],
  },
  {
    name: 'A leader is cut off',
    about: 'From the cut, in ms: median and 90th percentile.',
    spread: true,
    columns: [
      ['partition: resigned', 'old one resigns'],
      ['partition: elected', 'next is elected'],
      ['partition: recovery', 'until it serves'],
      ['partition: outage', 'no write answered'],
    ],
  },
];

/** The tables of a comparison, in their order. */
export function comparisonSections(comparison: ProtocolComparison): readonly ComparisonSection[] {
  return [
    ...FIGURE_TABLES.map((table) => figureSection(table, comparison.ensembles)),
    readSection(),
    duelSection(comparison),
  ];
}

function figureSection(
  { name, about, spread, columns }: FigureTable,
  ensembles: readonly ComparedEnsemble[],
): ComparisonSection {
  return {
    name,
    about,
    heads: ['protocol', 'members', ...columns.map(([, head]) => head)],
    rows: ensembles.map(({ protocol, members, figures }) => [
      protocol,
      String(members),
      ...columns.map(([figure]) => {
        const found = figures[figure];
        if (found === undefined) return '–';
        const p50 = comparisonFigure(figure, found.p50);
        if (COMPARISON_FIGURES[figure].unit === 'share') {
          return found.max === 0 ? 'none' : `${p50}, at most ${comparisonFigure(figure, found.max)}`;
        }
        return spread ? `${p50} / ${comparisonFigure(figure, found.p90)}` : p50;
      }),
    ]),
  };
}

/** A figure as people read it, without its unit: times in ms. */
export function comparisonFigure(figure: ComparisonFigure, value: number): string {
  switch (COMPARISON_FIGURES[figure].unit) {
    case 'us':
      return (value / 1000).toFixed(1);
    case 'perSecond':
      return value.toFixed(0);
    case 'roundTrips':
      return value.toFixed(1);
    case 'share':
      return `${(value * 100).toFixed(1)} %`;
    default:
      return value.toFixed(2);
  }
}

function readSection(): ComparisonSection {
  return {
    name: 'What reads rest on',
    about: 'Where a read is answered from, and what makes it not old.',
    heads: ['protocol', 'a plain read', 'one that is not old', 'rests on'],
    rows: READ_BEHAVIOURS.map(({ protocol, plain, fresh, restsOn }) => [protocol, plain, fresh, restsOn]),
  };
}

function duelSection({ duels }: ProtocolComparison): ComparisonSection {
  const us = (value: number): string => (value < 0 ? '–' : (value / 1000).toFixed(1));
  const five = ({ min, p50, p90, p99, max }: Quantiles): readonly string[] =>
    [min, p50, p90, p99, max].map(us);
  return {
    name: 'Livelock',
    about:
      'Two proposers are asked at once, nobody presides, and whoever is overtaken tries again: after 2 ms ' +
      'each time, or after a random time of up to 2 ms at first, twice as long after each defeat. From the ' +
      'first request to the first decree, in ms of virtual time, over the seeds; none: no decree within ' +
      `${DUEL_SECONDS} s.`,
    heads: ['one way', 'back-off', 'runs', 'none', 'min', 'p50', 'p90', 'p99', 'max', 'ballots p50', 'max'],
    rows: duels.map(({ network, backOff, runs, undecided, decidedUs, ballots }) => [
      network,
      backOff,
      String(runs),
      String(undecided),
      ...five(decidedUs),
      ...[ballots.p50, ballots.max].map((count) => (count < 0 ? '–' : String(count))),
    ]),
  };
}
