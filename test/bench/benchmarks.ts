import type { Variant } from './variants.ts';

/** What one row of the report compares. */
export interface Row {
  /** Of the benchmark that it belongs to: P1 to P9, or W1 to W3 for what is in ZooKeeper's bytes. */
  readonly id: string;
  readonly what: string;
  /** How the figure comes from the children of one round. */
  readonly of: Term;
  /** Divides `of` when given: the row is a ratio that depends little on the machine. */
  readonly by?: Term;
  readonly goal?: Bound;
  readonly stretch?: Bound;
}

/** A figure of a variant. */
export type Term = readonly [variant: Variant, figure: string];

/** A bound and its side. */
export type Bound = readonly ['>=' | '<=', number];

const steady = 'steady-5';
const perS = 'eventsPerCpuS';
const ns = 'nsPerEvent';

/** All rows, ratios first. */
export const ROWS: readonly Row[] = [
  {
    id: 'P1',
    what: 'event queue with timers: events/s over those of tinyqueue with tombstones',
    of: ['hold-kernel', perS],
    by: ['hold-tombstones', perS],
    goal: ['>=', 6],
    stretch: ['>=', 8],
  },
  {
    id: 'P1',
    what: 'bytes allocated per event',
    of: ['hold-kernel', 'bytesPerEvent'],
    goal: ['<=', 1],
  },
  {
    id: 'P2',
    what: 'steady broadcast, 5 servers: events/s over those of the idiomatic reference',
    of: [steady, perS],
    by: ['reference', perS],
    goal: ['>=', 4],
    stretch: ['>=', 7],
  },
  {
    id: 'P2',
    what: 'the same in acknowledged writes/s',
    of: [steady, 'writesPerCpuS'],
    by: ['reference', 'writesPerCpuS'],
  },
  { id: 'P3', what: 'ns/event, 3 servers over 5', of: ['steady-3', ns], by: [steady, ns] },
  { id: 'P3', what: 'ns/event, 9 servers over 5', of: ['steady-9', ns], by: [steady, ns] },
  { id: 'P3', what: 'ns/event, 51 servers over 5', of: ['steady-51', ns], by: [steady, ns] },
  {
    id: 'P3',
    what: 'ns/event, 101 servers over 5',
    of: ['steady-101', ns],
    by: [steady, ns],
    goal: ['<=', 2.5],
    stretch: ['<=', 1.8],
  },
  {
    id: 'P5',
    what: "set-up's share of a short run",
    of: ['short', 'setUpShare'],
    goal: ['<=', 0.15],
    stretch: ['<=', 0.1],
  },
  {
    id: 'P7',
    what: 'ns/event, with all monitors over without',
    of: [steady, ns],
    by: ['steady-5-unwatched', ns],
    goal: ['<=', 1.15],
    stretch: ['<=', 1.08],
  },
  {
    id: 'P8',
    what: 'ns/event over 20 M events, by that of the first 2 M',
    of: ['long', 'lengthRatio'],
    goal: ['<=', 1.1],
    stretch: ['<=', 1],
  },
  { id: 'P8', what: 'ns/event in the last 2 M, by that of the first', of: ['long', 'lateRatio'] },
  {
    id: 'P8',
    what: 'live heap after 20 M events over that after 2 M, less 1',
    of: ['long', 'heapGrowth'],
    goal: ['<=', 0.1],
  },
  {
    id: 'P9',
    what: 'bytes allocated per event in P2',
    of: [steady, 'bytesPerEvent'],
    goal: ['<=', 160],
    stretch: ['<=', 80],
  },
  { id: 'P1', what: 'events/s', of: ['hold-kernel', perS] },
  { id: 'P1', what: 'tinyqueue with tombstones, events/s', of: ['hold-tombstones', perS] },
  {
    id: 'P2',
    what: '5 servers, 50 clients, events/s',
    of: [steady, perS],
    goal: ['>=', 3e6],
    stretch: ['>=', 5e6],
  },
  { id: 'P2', what: '5 servers, 50 clients, acknowledged writes/s', of: [steady, 'writesPerCpuS'] },
  { id: 'P2', what: 'events per write', of: [steady, 'eventsPerWrite'] },
  { id: 'P2', what: 'virtual s/s', of: [steady, 'virtualPerCpuS'] },
  { id: 'P2', what: 'the idiomatic reference, events/s', of: ['reference', perS] },
  { id: 'P2', what: 'ns/event', of: [steady, ns] },
  { id: 'P2', what: 'of it the world: ns/event with servers that only echo', of: ['echoes', ns] },
  { id: 'P2', what: 'of it without monitors, ns/event', of: ['steady-5-unwatched', ns] },
  { id: 'P3', what: '3 servers, events/s', of: ['steady-3', perS] },
  { id: 'P3', what: '9 servers, events/s', of: ['steady-9', perS] },
  { id: 'P3', what: '51 servers, events/s', of: ['steady-51', perS] },
  { id: 'P3', what: '101 servers, events/s', of: ['steady-101', perS] },
  { id: 'P3', what: '101 servers, memory (RSS), MB', of: ['steady-101', 'rssMb'], goal: ['<=', 300] },
  {
    id: 'P4',
    what: '5 idle servers, virtual s/s',
    of: ['idle-5', 'virtualPerCpuS'],
    goal: ['>=', 250_000],
    stretch: ['>=', 600_000],
  },
  {
    id: 'P4',
    what: '101 idle servers, virtual s/s',
    of: ['idle-101', 'virtualPerCpuS'],
    goal: ['>=', 8000],
    stretch: ['>=', 20_000],
  },
  {
    id: 'P5',
    what: 'short runs/s',
    of: ['short', 'runsPerCpuS'],
    goal: ['>=', 2000],
    stretch: ['>=', 4000],
  },
  { id: 'P5', what: 'events per short run', of: ['short', 'eventsPerRun'] },
  { id: 'P5', what: 'bytes allocated per event of a short run', of: ['short', 'bytesPerEvent'] },
  {
    id: 'P6',
    what: 'a cold process and its first 200 short runs, s',
    of: ['short-cold', 'cpuS'],
    goal: ['<=', 1],
    stretch: ['<=', 0.5],
  },
  { id: 'P6', what: 'of it before the first run, s', of: ['short-cold', 'startCpuS'] },
  {
    id: 'W1',
    what: 'a PROPOSAL of a setData of 100 bytes, written, µs',
    of: ['proposals', 'encodeUs'],
    goal: ['<=', 2],
  },
  { id: 'W1', what: 'the same, read, µs', of: ['proposals', 'decodeUs'], goal: ['<=', 2] },
  {
    id: 'W2',
    what: 'a log of 100 MB, every transaction read, MB/s',
    of: ['read-log', 'megabytesPerCpuS'],
    goal: ['>=', 100],
  },
  {
    id: 'W2',
    what: 'the same, records and checksums only, MB/s',
    of: ['read-log', 'framedMegabytesPerCpuS'],
  },
  {
    id: 'W2',
    what: 'live heap after it, above that before, MB',
    of: ['read-log', 'heapGrowthMb'],
    goal: ['<=', 2],
  },
  { id: 'W2', what: 'peak memory above that before, MB', of: ['read-log', 'peakGrowthMb'], goal: ['<=', 64] },
  {
    id: 'W3',
    what: 'P2 with all that is said and kept in bytes: ns/event over that without',
    of: ['steady-5-bytes', ns],
    by: [steady, ns],
  },
  { id: 'W3', what: 'the same, events/s', of: ['steady-5-bytes', perS] },
  { id: 'P8', what: 'live heap after 2 M events, MB', of: ['long', 'heapEarlyMb'] },
  { id: 'P8', what: 'live heap after 20 M events, MB', of: ['long', 'heapLateMb'] },
];

/** Figures that must be 0: a benchmark of runs that went wrong says nothing. */
export const MUST_BE_ZERO: readonly string[] = ['violations', 'notPassed'];
