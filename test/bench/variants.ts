import type { RunningWorld } from '../../src/run/running-world.ts';
import { simulate } from '../../src/run/simulate.ts';
import { echoes } from './echoes.ts';
import { KernelHold, TombstoneHold } from './hold-models.ts';
import { IdiomaticBroadcast } from './idiomatic-reference.ts';
import { costOf, cpuSeconds, type Figures, liveMegabytes, peakMegabytes } from './measure.ts';
import { inBytes, proposals, readLog } from './wire-benchmarks.ts';
import { runElection, runEvents, shortPlan, steadyPlan, watch } from './worlds.ts';

const CLIENTS = 50;
/** Until then V8 goes on compiling, which P2 and its relatives are not about: P6 is. */
const WARM_UP = 1_000_000;
const SLICE_US = 10_000;
const MEGA = 1_000_000;

/** What each child process can run. A name, a run. */
export const VARIANTS = {
  'hold-kernel': () => hold(KernelHold, 6 * MEGA),
  'hold-tombstones': () => hold(TombstoneHold, 1.5 * MEGA),
  reference: () => reference(2 * MEGA),
  'steady-5': () => steady(5, true, 2 * MEGA),
  'steady-5-unwatched': () => steady(5, false, 2 * MEGA),
  echoes: () => echo(5, 4 * MEGA),
  'steady-3': () => steady(3, true, MEGA),
  'steady-9': () => steady(9, true, MEGA),
  'steady-51': () => steady(51, true, MEGA),
  'steady-101': () => steady(101, true, MEGA),
  'idle-5': () => idle(5, 1000 * MEGA),
  'idle-101': () => idle(101, 10 * MEGA),
  short: () => short(),
  'short-cold': () => shortCold(200),
  long: () => long(20 * MEGA, 2 * MEGA),
  proposals: () => proposals(MEGA),
  'read-log': () => readLog(100),
  'steady-5-bytes': () => inBytes(CLIENTS, MEGA / 2),
} satisfies Readonly<Record<string, () => Figures>>;

/** The name of one. */
export type Variant = keyof typeof VARIANTS;

function hold(model: typeof KernelHold | typeof TombstoneHold, events: number): Figures {
  const held = new model();
  held.run(MEGA);
  const { cpu, wall, bytes } = costOf(() => held.run(events));
  return { eventsPerCpuS: events / cpu, bytesPerEvent: bytes / events, cpuPerWall: cpu / wall };
}

function reference(events: number): Figures {
  const broadcast = new IdiomaticBroadcast(5, CLIENTS);
  broadcast.run(events / 4);
  const writes = broadcast.writes;
  const { cpu, wall, bytes } = costOf(() => broadcast.run(events));
  if (broadcast.violations > 0) throw new Error('the reference disagrees with itself');
  return {
    eventsPerCpuS: events / cpu,
    nsPerEvent: (cpu * 1e9) / events,
    writesPerCpuS: (broadcast.writes - writes) / cpu,
    bytesPerEvent: bytes / events,
    rssMb: peakMegabytes(),
    cpuPerWall: cpu / wall,
  };
}

function steady(servers: number, monitors: boolean, events: number): Figures {
  const watched = watch(steadyPlan(servers, CLIENTS), monitors);
  const { world, figures, panel } = watched;
  runElection(watched);
  runEvents(world, WARM_UP, SLICE_US);
  const before = { events: world.events, ok: figures.clients.ok, us: world.nowUs };
  const { cpu, wall, bytes } = costOf(() => runEvents(world, events, SLICE_US));
  const ran = world.events - before.events;
  return {
    eventsPerCpuS: ran / cpu,
    nsPerEvent: (cpu * 1e9) / ran,
    writesPerCpuS: (figures.clients.ok - before.ok) / cpu,
    eventsPerWrite: ran / (figures.clients.ok - before.ok),
    virtualPerCpuS: (world.nowUs - before.us) / 1e6 / cpu,
    bytesPerEvent: bytes / ran,
    rssMb: peakMegabytes(),
    violations: panel?.violations.length ?? 0,
    cpuPerWall: cpu / wall,
  };
}

function echo(servers: number, events: number): Figures {
  const world = echoes(servers);
  runEvents(world, MEGA, SLICE_US);
  const before = world.events;
  const { cpu, wall, bytes } = costOf(() => runEvents(world, events, SLICE_US));
  const ran = world.events - before;
  return {
    eventsPerCpuS: ran / cpu,
    nsPerEvent: (cpu * 1e9) / ran,
    bytesPerEvent: bytes / ran,
    cpuPerWall: cpu / wall,
  };
}

function idle(servers: number, sliceUs: number): Figures {
  const watched = watch(steadyPlan(servers, 0));
  const { world, panel } = watched;
  runElection(watched);
  for (const start = cpuSeconds(); cpuSeconds() - start < 0.5; ) world.run(world.nowUs + sliceUs);
  const before = { events: world.events, us: world.nowUs };
  const { cpu, wall, bytes } = costOf(() => {
    for (const start = cpuSeconds(); cpuSeconds() - start < 1; ) world.run(world.nowUs + sliceUs);
  });
  const ran = world.events - before.events;
  return {
    virtualPerCpuS: (world.nowUs - before.us) / 1e6 / cpu,
    eventsPerCpuS: ran / cpu,
    bytesPerEvent: bytes / ran,
    rssMb: peakMegabytes(),
    violations: panel?.violations.length ?? 0,
    cpuPerWall: cpu / wall,
  };
}

function short(): Figures {
  const plan = shortPlan();
  let seed = 1;
  for (const end = seed + 2000; seed < end; seed++) simulate(plan, { seed });
  const first = seed;
  let events = 0;
  let notPassed = 0;
  const { cpu, wall, bytes } = costOf(() => {
    for (const start = cpuSeconds(); cpuSeconds() - start < 2; seed++) {
      const outcome = simulate(plan, { seed });
      events += outcome.events;
      if (outcome.verdict !== 'passed') notPassed++;
    }
  });
  const runs = seed - first;
  const setUps = 2000;
  const setUp = costOf(() => {
    for (let i = 0; i < setUps; i++) watch(plan, true, i);
  });
  return {
    runsPerCpuS: runs / cpu,
    setUpShare: setUp.cpu / setUps / (cpu / runs),
    setUpUs: (setUp.cpu / setUps) * 1e6,
    eventsPerRun: events / runs,
    eventsPerCpuS: events / cpu,
    bytesPerEvent: bytes / events,
    notPassed,
    cpuPerWall: cpu / wall,
  };
}

/** Counts from the start of the process: reading the code and compiling it belong to it. */
function shortCold(runs: number): Figures {
  const startCpuS = cpuSeconds();
  const plan = shortPlan();
  let notPassed = 0;
  for (let seed = 1; seed <= runs; seed++) if (simulate(plan, { seed }).verdict !== 'passed') notPassed++;
  return { cpuS: cpuSeconds(), startCpuS, notPassed };
}

/** What lives in the heap when the logs are shortest: they grow from one snapshot to the next. */
function leastLive(world: Pick<RunningWorld, 'events' | 'nowUs' | 'run'>): number {
  const live = Array.from({ length: 10 }, () => {
    runEvents(world, MEGA / 20, SLICE_US);
    return liveMegabytes();
  });
  return Math.min(...live);
}

function long(events: number, part: number): Figures {
  const watched = watch(steadyPlan(5, CLIENTS));
  const { world, panel } = watched;
  runElection(watched);
  runEvents(world, WARM_UP, SLICE_US);
  const early = costOf(() => runEvents(world, part, SLICE_US)).cpu;
  const heapEarly = leastLive(world);
  const middle = costOf(() => runEvents(world, events - 2 * part, SLICE_US)).cpu;
  const late = costOf(() => runEvents(world, part, SLICE_US)).cpu;
  const heapLate = leastLive(world);
  return {
    lengthRatio: (early + middle + late) / events / (early / part),
    lateRatio: late / early,
    heapEarlyMb: heapEarly,
    heapLateMb: heapLate,
    heapGrowth: heapLate / heapEarly - 1,
    nsPerEvent: ((early + middle + late) * 1e9) / events,
    rssMb: peakMegabytes(),
    violations: panel?.violations.length ?? 0,
  };
}
