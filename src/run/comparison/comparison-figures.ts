/** How a figure is written: µs of virtual time, a rate, round trips, how many per operation, or a part. */
export type ComparisonUnit = 'us' | 'perSecond' | 'roundTrips' | 'perWrite' | 'perRead' | 'share';

/** What a comparison of protocols measures. Each is one value of a run. */
export const COMPARISON_FIGURES = {
  'messages alone': {
    unit: 'perWrite',
    means: 'messages between servers for a committed write, writes one after the other, less signs of life',
  },
  'messages busy': { unit: 'perWrite', means: 'the same with 32 clients, each waiting for its answer' },
  'fsyncs alone': {
    unit: 'perWrite',
    means: 'fsyncs of all disks for a committed write, one after the other',
  },
  'fsyncs busy': { unit: 'perWrite', means: 'the same with 32 clients' },
  'round trips at the leader': {
    unit: 'roundTrips',
    means: 'an acknowledged write on disks without delay, its client connected to the leader',
  },
  'round trips elsewhere': { unit: 'roundTrips', means: 'the same, its client connected to another server' },
  'latency alone': { unit: 'us', means: 'an acknowledged write, one after the other (median of a run)' },
  'latency busy': { unit: 'us', means: 'the same with 32 clients' },
  'writes busy': { unit: 'perSecond', means: 'acknowledged writes, with 32 clients' },
  'read: latency': { unit: 'us', means: 'a read of the server that its client is connected to (median)' },
  'read: round trips': { unit: 'roundTrips', means: 'the same, where only the network takes time' },
  'read: messages': { unit: 'perRead', means: 'messages between servers for a read, less signs of life' },
  'read: old': {
    unit: 'share',
    means:
      'of the acknowledged writes, those that the first read did not show which another client sent to ' +
      'another member after the acknowledgment',
  },
  'current read: latency': { unit: 'us', means: '`sync` and a read behind it, from the first to the answer' },
  'current read: at the leader': {
    unit: 'roundTrips',
    means: 'the same, where only the network takes time, the client connected to the leader',
  },
  'current read: elsewhere': {
    unit: 'roundTrips',
    means: 'the same, the client connected to another server',
  },
  'current read: messages': {
    unit: 'perRead',
    means: 'messages between servers for a `sync` and a read, less signs of life',
  },
  'current read: old': { unit: 'share', means: 'as `read: old`, each read behind a `sync`' },
  start: { unit: 'us', means: 'from the start of all servers to the first established leader' },
  'crash: elected': { unit: 'us', means: 'from the crash of the leader to the election of the next' },
  'crash: recovery': { unit: 'us', means: 'from there to its establishment' },
  'crash: outage': { unit: 'us', means: 'the longest time around the crash without an acknowledged write' },
  'partition: elected': { unit: 'us', means: 'from when the leader is cut off to the election of the next' },
  'partition: recovery': { unit: 'us', means: 'from there to its establishment' },
  'partition: outage': { unit: 'us', means: 'the longest time around the cut without an acknowledged write' },
  'partition: resigned': {
    unit: 'us',
    means: 'from the cut until the old leader calls itself leader no more',
  },
} as const satisfies Readonly<Record<string, { readonly unit: ComparisonUnit; readonly means: string }>>;

/** The name of a figure. */
export type ComparisonFigure = keyof typeof COMPARISON_FIGURES;

/** All of them, in the order of a report. */
export const COMPARISON_FIGURE_NAMES = Object.keys(COMPARISON_FIGURES) as readonly ComparisonFigure[];

/** The figures of one run. */
export type ComparisonValues = Readonly<Partial<Record<ComparisonFigure, number>>>;
