import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CalendarQueue } from '../../../src/core/calendar.ts';
import { uniform } from '../../../src/core/distribution.ts';
import { nodeId } from '../../../src/node/ids.ts';
import { Kernel } from '../../../src/sim/kernel.ts';
import { LocalClock } from '../../../src/sim/local-clock.ts';
import { record, type Script, say, type ToyEnv, type ToyEvent, toyWorld } from './toy-world.ts';

const S = 1_000_000;
const one = nodeId(1);

/** One server that does `act` at its start; says what it hears. */
function alone(act: (env: ToyEnv, event: ToyEvent) => void, more: object = {}) {
  const heard: string[] = [];
  const script: Script = (env) => (event) => {
    const detail = event.kind === 'timer' ? ` ${event.timer} ${event.subject}` : '';
    const stage = event.kind === 'turn' ? ` ${event.stage}` : '';
    heard.push(`${event.kind}${detail}${stage}@${env.now()}`);
    act(env, event);
  };
  return { heard, ...toyWorld({ scripts: [script], ...more }) };
}

describe('timers', () => {
  it('fire once, at their deadline, each by name and subject', () => {
    const { simulation, heard } = alone((env, event) => {
      if (event.kind !== 'started') return;
      env.setTimer('a', 300);
      env.setTimer('a', 200, 7);
      env.setTimer('b', 100);
    });
    simulation.run(S);
    expect(heard).toEqual(['started@0', 'timer b 0@100', 'timer a 7@200', 'timer a 0@300']);
    expect(simulation.events).toBe(4);
  });

  it('move later and earlier, and may be unset; a deadline that moved is no event', () => {
    const { simulation, heard } = alone((env, event) => {
      if (event.kind === 'started') {
        env.setTimer('later', 100);
        env.setTimer('later', 500);
        env.setTimer('earlier', 900);
        env.setTimer('earlier', 50);
        env.setTimer('never', 60);
        env.cancelTimer('never');
        env.cancelTimer('unknown');
      }
    });
    simulation.run(S);
    expect(heard).toEqual(['started@0', 'timer earlier 0@50', 'timer later 0@500']);
    expect(simulation.events).toBe(3);
  });

  it('for one moment fire in the order in which they were set last', () => {
    const { simulation, heard } = alone((env, event) => {
      if (event.kind !== 'started') return;
      env.setTimer('a', 100);
      env.setTimer('b', 100);
      env.setTimer('c', 50);
      env.setTimer('a', 100);
      env.setTimer('c', 100);
    });
    simulation.run(S);
    expect(heard.slice(1)).toEqual(['timer b 0@100', 'timer a 0@100', 'timer c 0@100']);
  });

  it('die with the process', () => {
    const { simulation, heard } = alone((env, event) => {
      if (event.kind === 'started') env.setTimer('a', 100);
    });
    simulation.run(50);
    simulation.world.machineOf(one).end('crash', 'test');
    simulation.run(60);
    simulation.world.machineOf(one).start();
    simulation.run(S);
    expect(heard).toEqual(['started@0', 'started@60', 'timer a 0@160']);
  });
});

describe('stages', () => {
  it('have at most one turn pending, and strictly later turns', () => {
    const { simulation, heard } = alone(
      (env, event) => {
        if (event.kind === 'started') {
          env.wake('commit');
          env.wake('commit');
        }
        if (event.kind === 'turn' && simulation.events < 4) env.wake('commit');
      },
      { stages: uniform(0, 0) },
    );
    simulation.run(S);
    expect(heard).toEqual(['started@0', 'turn commit@0', 'turn commit@1', 'turn commit@2']);
  });
});

describe('a process that exits', () => {
  it('ends after the event, and what it still asks for is ignored', () => {
    const { simulation, told, heard } = alone((env, event) => {
      if (event.kind === 'started') env.setTimer('end', 100);
      if (event.kind !== 'timer') return;
      env.append('log', record(1));
      env.exit('broken');
      env.append('log', record(2));
      env.setTimer('again', 5);
      env.report({ kind: 'log-truncated', server: one, zxid: 1 as never });
      expect(env.send(1 as never, say(1))).toBe(true);
    });
    simulation.run(S);
    expect(told('crashed')).toEqual([{ kind: 'crashed', server: 1, how: 'exit', reason: 'broken' }]);
    expect(told('log-truncated')).toEqual([]);
    expect(heard).toHaveLength(2);
    expect(simulation.world.machineOf(one).read('log')).toHaveLength(1);
    expect(simulation.world.machineOf(one).start()).toBe(true);
  });
});

describe('the first start', () => {
  it('finds what was put on the disk, all durable, and testifies to it', () => {
    const files = new Map([
      ['log', [record(1), record(2)]],
      ['epoch', [record(3, 'epoch')]],
    ]);
    const { simulation, trace } = alone(() => {}, { files });
    simulation.run(0);
    const kinds = trace.entries.map((e) =>
      'file' in e.told ? `${e.told.kind} ${e.told.file}` : e.told.kind,
    );
    const found = ['found epoch', 'found log', 'found log', 'synced epoch', 'synced log'];
    expect(kinds).toEqual([...found, 'restarted']);
    simulation.world.machineOf(one).cutPower();
    expect(simulation.world.machineOf(one).read('log')).toHaveLength(2);
  });
});

describe('a local clock', () => {
  const ppm = fc.integer({ min: -200_000, max: 200_000 });
  const us = fc.integer({ min: 0, max: 2_600_000_000_000 });

  it('finds the first world time of any local time, at any rate', () => {
    fc.assert(
      fc.property(ppm, us, fc.nat(10_000_000), us, (rate, base, later, delay) => {
        const kernel = new Kernel(new CalendarQueue());
        const clock = new LocalClock(kernel);
        kernel.now = base;
        clock.setRate(rate);
        kernel.now = base + later;
        const wanted = clock.now() + delay;
        kernel.now = clock.worldAt(wanted);
        expect(clock.now()).toBeGreaterThanOrEqual(wanted);
        kernel.now -= 1;
        expect(clock.now()).toBeLessThan(wanted);
      }),
      { seed: 2, numRuns: 2000 },
    );
  });

  it('never jumps when its rate changes', () => {
    const kernel = new Kernel(new CalendarQueue());
    const clock = new LocalClock(kernel);
    kernel.now = 1_000_003;
    clock.setRate(100_000);
    kernel.now = 2_000_003;
    expect(clock.now()).toBe(2_100_003);
    clock.setRate(-100_000);
    expect(clock.now()).toBe(2_100_003);
    kernel.now = 3_000_003;
    expect(clock.now()).toBe(3_000_003);
  });
});

describe('datagrams', () => {
  it('arrive, each after its own latency; none under a cut', () => {
    const heard: number[] = [];
    const script: Script = (env) => (event) => {
      if (event.kind === 'started' && env.self === 1) env.setTimer('post', 1000);
      const posting = env as ToyEnv & { post(to: unknown, message: unknown): void };
      if (event.kind === 'timer') {
        posting.post(nodeId(2), say(5));
        env.setTimer('post', 100_000);
      }
      if (event.kind === 'posted') heard.push(event.from, event.message.n, env.now());
    };
    const { simulation } = toyWorld({ scripts: [script, script] });
    simulation.run(50_000);
    simulation.world.cut(one, nodeId(2));
    simulation.run(150_000);
    expect(heard).toEqual([1, 5, 2000]);
  });
});
