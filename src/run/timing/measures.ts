/** What a timing report measures: times are virtual µs, `perSecond` a rate, `count` a number of things. */
export const MEASURES = {
  detection: { unit: 'us', means: 'from a fault to the first settled server that looks for a leader again' },
  election: { unit: 'us', means: 'a winner, from when it began to look to its election' },
  discovery: { unit: 'us', means: 'from the election to a quorum that acked the epoch' },
  synchronization: { unit: 'us', means: 'from there to a quorum that acked NEWLEADER: established' },
  establishment: { unit: 'us', means: 'from when a quorum looked for a leader to the established leader' },
  failover: { unit: 'us', means: 'from a fault that was detected to the established leader after it' },
  'first-commit': { unit: 'us', means: "from the establishment to the epoch's first commit" },
  'write-gap': { unit: 'us', means: 'the longest time around faults without an acknowledged write' },
  'read-gap': { unit: 'us', means: 'the longest time around faults without an answered read' },
  'rejoin-diff': { unit: 'us', means: 'a server that finds a leader: from looking to serving, by DIFF' },
  'rejoin-trunc': { unit: 'us', means: 'the same, by TRUNC' },
  'rejoin-snap': { unit: 'us', means: 'the same, by SNAP' },
  overlap: { unit: 'us', means: 'how long two established leaders had not noticed each other' },
  'stale-reads': {
    unit: 'count',
    means: 'of such a time: reads of the old epoch that miss a write acked before',
  },
  'write-latency': { unit: 'us', means: 'an acknowledged write before the first fault (median of a run)' },
  'read-latency': { unit: 'us', means: 'an answered read before the first fault (median of a run)' },
  unavailable: {
    unit: 'us',
    means: 'the longest time in which no write could commit, from the first leader on',
  },
  leaders: { unit: 'count', means: 'leaders established in a run' },
  throughput: { unit: 'perSecond', means: 'acknowledged writes before the first fault' },
} as const satisfies Readonly<Record<string, { readonly unit: Unit; readonly means: string }>>;

/** What a figure counts. */
export type Unit = 'us' | 'perSecond' | 'count';

/** The name of a measure. */
export type MeasureName = keyof typeof MEASURES;

/** All of them, in the order of a report. */
export const MEASURE_NAMES = Object.keys(MEASURES) as readonly MeasureName[];

/** One figure of one run. */
export interface Sample {
  readonly measure: MeasureName;
  readonly value: number;
  /** Virtual µs at which it was complete. */
  readonly atUs: number;
  /** The server that it is about; 0 for the ensemble as a whole. */
  readonly server: number;
}
