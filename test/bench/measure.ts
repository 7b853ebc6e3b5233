import { GCProfiler } from 'node:v8';

/** What a child tells of one run of its variant: numbers by name. */
export type Figures = Readonly<Record<string, number>>;

/** CPU seconds of this process since its start: user and system, all threads. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** What some work cost. */
export interface Cost {
  readonly cpu: number;
  readonly wall: number;
  /** Bytes allocated on the heap: what it grew by between collections. */
  readonly bytes: number;
}

/** Does the work, and says what it cost. */
export function costOf(work: () => void): Cost {
  const profiler = new GCProfiler();
  profiler.start();
  let used = process.memoryUsage().heapUsed;
  const cpu = cpuSeconds();
  const wall = performance.now();
  work();
  const cost = { cpu: cpuSeconds() - cpu, wall: (performance.now() - wall) / 1000 };
  const last = process.memoryUsage().heapUsed;
  let bytes = 0;
  for (const { beforeGC, afterGC } of profiler.stop().statistics) {
    bytes += Math.max(0, beforeGC.heapStatistics.usedHeapSize - used);
    used = afterGC.heapStatistics.usedHeapSize;
  }
  return { ...cost, bytes: bytes + Math.max(0, last - used) };
}

/** The most memory this process has had, in MB. */
export function peakMegabytes(): number {
  return process.resourceUsage().maxRSS / 1024;
}

/** The heap after a full collection, in MB. Needs --expose-gc. */
export function liveMegabytes(): number {
  if (globalThis.gc === undefined) throw new Error('run with --expose-gc');
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed / 1e6;
}
