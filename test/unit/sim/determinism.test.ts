import { describe, expect, it } from 'vitest';
import { CalendarQueue } from '../../../src/core/calendar.ts';
import { calm, pinned, seeded } from '../../../src/core/decisions.ts';
import { uniform } from '../../../src/core/distribution.ts';
import { nodeId } from '../../../src/node/ids.ts';
import type { ParticipantSetup, Witness } from '../../../src/sim/profile.ts';
import { Simulation } from '../../../src/sim/simulation.ts';
import { Trace } from '../../../src/sim/trace.ts';
import {
  faultAt,
  pingPongSetup,
  type Script,
  say,
  type ToyEvent,
  type ToyMessage,
  type ToyRecord,
  type ToySetup,
  toySetup,
} from './toy-world.ts';

const S = 1_000_000;

const FAULTS = [
  faultAt(S / 10, { verb: 'crash', servers: ['minority'] }, { name: 'kill' }),
  faultAt(S / 5, { verb: 'partition', groups: [['minority'], ['rest']] }, { name: 'split', forUs: S / 4 }),
  faultAt(S / 2, { verb: 'restart', servers: ['crashed'] }, { name: 'again' }),
  faultAt(S / 2, { verb: 'pause', servers: [nodeId(1)] }, { name: 'freeze', forUs: S / 10 }),
];

function troubled(seed: number, witness?: Witness): ToySetup {
  const more = witness === undefined ? {} : { witness };
  return pingPongSetup(5, seed, { faults: FAULTS, ...more, driftPpm: uniform(0, 200) });
}

function outcome(setup: ToySetup, queue?: CalendarQueue): readonly unknown[] {
  const simulation = queue === undefined ? new Simulation(setup) : new Simulation(setup, queue);
  simulation.run(2 * S);
  expect(simulation.events).toBeGreaterThan(3000);
  return [simulation.events, simulation.fingerprint(), simulation.checkpoints.slice()];
}

/** The same setup, but each event that a participant was lent turns to nonsense when it gives it back. */
function poisoned(setup: ToySetup): ToySetup {
  const spoil = (p: ParticipantSetup<ToyMessage, ToyRecord>): ParticipantSetup<ToyMessage, ToyRecord> => ({
    ...p,
    create: (env) => {
      const inner = p.create(env);
      return {
        inspect: () => inner.inspect(),
        handle: (event) => {
          const lent: Record<string, unknown> = { ...event };
          inner.handle(lent as ToyEvent);
          for (const key of Object.keys(lent)) lent[key] = undefined;
        },
      };
    },
  });
  return { ...setup, participants: setup.participants.map(spoil) };
}

describe('a run', () => {
  it('is the same again, checkpoints included', () => {
    const first = outcome(troubled(7));
    expect(outcome(troubled(7))).toEqual(first);
    expect((first[2] as string[]).length).toBe(Math.floor((first[0] as number) / 1024));
  });

  it('differs by seed', () => {
    expect(outcome(troubled(8))[1]).not.toBe(outcome(troubled(7))[1]);
  });

  it('is the same whoever watches', () => {
    const trace = new Trace();
    expect(outcome(troubled(7, trace))).toEqual(outcome(troubled(7)));
    expect(trace.entries.length).toBeGreaterThan(3000);
    expect(trace.entries.map((e) => e.seq)).toEqual(trace.entries.map((_, i) => i + 1));
    expect(trace.entries.every((e, i) => i === 0 || e.atUs >= (trace.entries[i - 1]?.atUs ?? 0))).toBe(true);
    expect(JSON.parse(JSON.stringify(trace.entries[5]))).toEqual(trace.entries[5]);
  });

  it('is the same with the queue of an earlier one', () => {
    const queue = new CalendarQueue();
    outcome(troubled(9), queue);
    expect(outcome(troubled(7), queue)).toEqual(outcome(troubled(7)));
  });

  it('is the same when events are spoiled after use', () => {
    expect(outcome(poisoned(troubled(7)))).toEqual(outcome(troubled(7)));
  });

  it('is the same in pieces', () => {
    const whole = new Simulation(troubled(7));
    whole.run(S);
    const pieces = new Simulation(troubled(7));
    for (let at = 0; at <= S; at += 12_345) pieces.run(at);
    pieces.run(S);
    const steps = new Simulation(troubled(7));
    while (steps.events < whole.events) expect(steps.step()).toBe(true);
    const prints = [whole, pieces, steps].map((s) => s.fingerprint());
    expect(new Set(prints).size).toBe(1);
    expect(pieces.nowUs).toBe(S);
  });

  it('lends one event object of a kind for all events of a participant', () => {
    const seen = new Set<unknown>();
    const script: Script = (env) => (event) => {
      if (event.kind === 'started' || event.kind === 'timer') env.setTimer('beat', 1000);
      if (event.kind === 'timer') seen.add(event);
    };
    new Simulation(toySetup({ scripts: [script] })).run(S);
    expect(seen.size).toBe(1);
  });
});

describe('chance', () => {
  it('leaves the latencies of one link alone when another link or fault goes', () => {
    const arrivals = (servers: number) => {
      const trace = new Trace();
      const dial: Script = (env) => (event) => {
        if (event.kind === 'started') env.listen('quorum');
        if (event.kind === 'started' && env.self > 1) env.connect(nodeId(1), 'quorum');
        if (event.kind === 'opened' && event.peer !== undefined) env.send(event.link, say(env.self));
      };
      const scripts = Array.from({ length: servers }, () => dial);
      const decisions = seeded(3);
      new Simulation(toySetup({ scripts, decisions, latency: uniform(0, 9999), witness: trace })).run(S);
      return trace.entries.filter((e) => e.told.kind === 'delivered' && e.told.from === 2).map((e) => e.atUs);
    };
    expect(arrivals(2)).toHaveLength(1);
    expect(arrivals(6)).toEqual(arrivals(2));
  });

  it('of a link goes on over a restart', () => {
    const drawn: number[] = [];
    const decisions = {
      stream: () => {
        let n = 0;
        return { draw: (bound: number) => n++ % bound };
      },
    };
    const script: Script = (env) => (event) => {
      if (event.kind === 'started') drawn.push(env.draw(1000), env.draw(1000));
    };
    const simulation = new Simulation(toySetup({ scripts: [script], decisions }));
    simulation.run(0);
    simulation.world.machineOf(nodeId(1)).end('crash', 'test');
    simulation.world.machineOf(nodeId(1)).start();
    expect(drawn).toEqual([0, 1, 2, 3]);
  });

  it('may be pinned by the name of its stream', () => {
    const pins = new Map([['link 1>2 quorum', new Map([[0, 4321]])]]);
    const at: number[] = [];
    const script: Script = (env) => (event) => {
      if (event.kind === 'started') env.listen('quorum');
      if (event.kind === 'started' && env.self === 1) env.connect(nodeId(2), 'quorum');
      if (event.kind === 'opened') at.push(env.now());
    };
    const options = { scripts: [script, script], latency: uniform(0, 9999) };
    new Simulation(toySetup({ ...options, decisions: pinned(calm(), pins) })).run(S);
    expect(at).toEqual([4321, 4321]);
  });
});
