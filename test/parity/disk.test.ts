import { describe, expect, it } from 'vitest';
import { calm, type Decisions } from '../../src/core/decisions.ts';
import { nodeId } from '../../src/node/ids.ts';
import { record, type ToyEnv, type ToyEvent, toyWorld } from '../unit/sim/toy-world.ts';

const one = nodeId(1);

/** A world of one server, whose disk the test drives through the server's own calls. */
function disk(decisions: Decisions = calm()) {
  const results: string[] = [];
  let env: ToyEnv | undefined;
  const script = (own: ToyEnv) => {
    env = own;
    return (event: ToyEvent) => {
      if (event.kind === 'synced') results.push(`synced ${event.ticket}@${own.now()}`);
      if (event.kind === 'failed') results.push(`${event.error} ${event.ticket}@${own.now()}`);
    };
  };
  const world = toyWorld({ scripts: [script], decisions });
  world.simulation.run(0);
  const machine = world.simulation.world.machineOf(one);
  return {
    ...world,
    results,
    machine,
    get env() {
      return env as ToyEnv;
    },
    positions: (file: string) => machine.read(file).map((r) => ('how' in r ? r.how : r.position)),
    powerCycle: () => {
      machine.cutPower();
      machine.start();
    },
    restart: () => {
      machine.end('crash', 'test');
      machine.start();
    },
  };
}

/** Every draw of what a power cut leaves gives `value`, at most the bound. */
function losing(...values: number[]): Decisions {
  let i = 0;
  return {
    stream: (name) => ({
      draw: (bound) => (name.startsWith('power') ? Math.min(values[i++] ?? 0, bound - 1) : 0),
    }),
  };
}

describe('a file', () => {
  it('is read back at once, unsynced records included', () => {
    const d = disk();
    expect(d.env.read('log')).toEqual([]);
    d.env.append('log', record(1));
    d.env.append('log', record(2));
    d.env.append('a', record(9));
    expect(d.positions('log')).toEqual([1, 2]);
    expect(d.env.files()).toEqual(['a', 'log']);
    d.env.truncate('log', 1);
    expect(d.positions('log')).toEqual([1]);
    d.env.replace('a', record(10));
    expect(d.positions('a')).toEqual([10]);
    d.env.remove('a');
    expect(d.env.files()).toEqual(['log']);
  });

  it('keeps everything when only the process dies', () => {
    const d = disk(losing(9, 1));
    d.env.append('log', record(1));
    d.restart();
    expect(d.positions('log')).toEqual([1]);
  });
});

describe('a sync', () => {
  it('takes its time, one after the other, in the order of the calls', () => {
    const d = disk();
    d.env.append('log', record(1));
    expect(d.env.sync('log')).toBe(1);
    expect(d.env.sync('log')).toBe(2);
    expect(d.env.sync('other')).toBe(3);
    d.simulation.run(100_000);
    expect(d.results).toEqual(['synced 1@5000', 'synced 2@10000', 'synced 3@15000']);
    d.restart();
    expect(d.env.sync('log')).toBe(4);
  });

  it('makes durable what was done before it was asked for, and nothing later', () => {
    const d = disk(losing(9, 0));
    d.env.append('log', record(1));
    d.env.sync('log');
    d.env.append('log', record(2));
    d.simulation.run(5000);
    expect(d.told('txn-logged')).toEqual([{ kind: 'txn-logged', server: 1, zxid: 1 }]);
    d.powerCycle();
    expect(d.positions('log')).toEqual([1]);
    expect(d.told('lost')).toEqual([
      { kind: 'lost', server: 1, file: 'log', count: 1, position: 1, torn: false },
    ]);
  });

  it('that is under way when the power goes makes nothing durable', () => {
    const d = disk(losing(9, 0));
    d.env.append('log', record(1));
    d.env.sync('log');
    d.simulation.run(4999);
    d.powerCycle();
    d.simulation.run(100_000);
    expect(d.results).toEqual([]);
    expect(d.env.files()).toEqual([]);
  });

  it('tells how many cuts came while it ran: they are not durable yet', () => {
    const d = disk();
    for (const position of [1, 2, 3]) d.env.append('log', record(position));
    d.env.sync('log');
    d.simulation.run(1000);
    d.env.truncate('log', 1);
    d.env.append('log', record(4));
    d.env.sync('log');
    d.simulation.run(20_000);
    expect(d.told('synced')).toMatchObject([{ count: 3, cuts: 1 }, { count: 2 }]);
    expect(d.told('synced')[1]).not.toHaveProperty('cuts');
  });

  it('names each logged transaction once', () => {
    const d = disk();
    for (const position of [1, 2, 3]) d.env.append('log', record(position));
    d.env.append('log', record(4, 'other'));
    d.env.sync('log');
    d.simulation.run(10_000);
    d.env.truncate('log', 1);
    d.env.append('log', record(5));
    d.env.sync('log');
    d.simulation.run(20_000);
    expect(d.told('txn-logged').map((e) => (e as { zxid: number }).zxid)).toEqual([1, 2, 3, 5]);
    expect(d.told('synced').map((e) => (e as { count: number }).count)).toEqual([4, 2]);
  });
});

describe('a power cut', () => {
  it.each([
    [0, [1, 2, 3, 4]],
    [1, [1, 2, 3]],
    [2, [1, 2]],
    [3, [1]],
  ])('that loses %i unsynced records leaves a prefix', (lost, left) => {
    const d = disk(losing(lost, 0));
    d.env.append('log', record(1));
    d.env.sync('log');
    d.simulation.run(5000);
    for (const position of [2, 3, 4]) d.env.append('log', record(position));
    d.powerCycle();
    expect(d.positions('log')).toEqual(left);
  });

  it('may leave a torn record, which stays until it is cut off', () => {
    const d = disk(losing(2, 1));
    for (const position of [1, 2, 3]) d.env.append('log', record(position));
    d.powerCycle();
    expect(d.positions('log')).toEqual([1, 'torn']);
    expect(d.told('lost')).toMatchObject([{ count: 1, position: 1, torn: true }]);
    d.env.append('log', record(4));
    expect(d.positions('log')).toEqual([1, 'torn', 4]);
    d.env.truncate('log', 1);
    d.env.append('log', record(5));
    expect(d.positions('log')).toEqual([1, 5]);
  });

  it.each([
    [0, [8]],
    [1, [7]],
  ])('leaves the old or the new of a replaced file, %i', (lost, left) => {
    const d = disk(losing(lost, 0));
    d.env.replace('epoch', record(7));
    d.env.sync('epoch');
    d.simulation.run(5000);
    d.env.replace('epoch', record(8));
    d.powerCycle();
    expect(d.positions('epoch')).toEqual(left);
  });

  it('may undo a truncation that was not synced', () => {
    const d = disk(losing(1, 0));
    for (const position of [1, 2, 3]) d.env.append('log', record(position));
    d.env.sync('log');
    d.simulation.run(5000);
    d.env.truncate('log', 1);
    d.powerCycle();
    expect(d.positions('log')).toEqual([1, 2, 3]);
    d.env.truncate('log', 1);
    d.env.sync('log');
    d.simulation.run(20_000);
    d.powerCycle();
    expect(d.positions('log')).toEqual([1]);
  });

  it('may bring back the torn record that a start had cut off', () => {
    const d = disk(losing(2, 1, 9, 0));
    for (const position of [1, 2, 3]) d.env.append('log', record(position));
    d.powerCycle();
    expect(d.positions('log')).toEqual([1, 'torn']);
    d.env.truncate('log', 1);
    d.env.append('log', record(2));
    d.powerCycle();
    expect(d.positions('log')).toEqual([1, 'torn']);
    expect(d.told('lost').at(-1)).toMatchObject({ count: 1, position: 1, torn: true });
  });

  it('loses the unsynced of a process that died before', () => {
    const d = disk(losing(9, 0));
    d.env.append('log', record(1));
    d.machine.end('crash', 'test');
    d.machine.cutPower();
    d.machine.start();
    expect(d.env.files()).toEqual([]);
  });

  it('cannot bring a removed file back', () => {
    const d = disk(losing(9, 0));
    d.env.append('log', record(1));
    d.env.sync('log');
    d.simulation.run(5000);
    d.env.remove('log');
    d.powerCycle();
    expect(d.env.files()).toEqual([]);
  });
});

describe('a failing disk', () => {
  it('fails as many syncs as told, and leaves their records volatile', () => {
    const d = disk(losing(9, 0));
    d.machine.disk.refusals.add({ left: 1 });
    d.env.append('log', record(1));
    d.env.sync('log');
    d.simulation.run(5000);
    expect(d.results).toEqual(['io 1@5000']);
    d.powerCycle();
    expect(d.env.files()).toEqual([]);
  });

  it('when full, refuses new data only', () => {
    const d = disk();
    d.machine.disk.fillings = 1;
    d.env.append('log', record(1));
    d.env.sync('log');
    d.env.sync('empty');
    d.simulation.run(20_000);
    expect(d.results).toEqual(['full 1@5000', 'synced 2@10000']);
  });
});
