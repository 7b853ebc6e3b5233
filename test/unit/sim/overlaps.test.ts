import { describe, expect, it } from 'vitest';
import { uniform } from '../../../src/core/distribution.ts';
import { nodeId } from '../../../src/node/ids.ts';
import type { Action } from '../../../src/sim/fault.ts';
import { WALL_START_MS } from '../../../src/sim/local-clock.ts';
import type { Machine } from '../../../src/sim/machine.ts';
import { faultAt, record, type Script, type ToyMessage, type ToyRecord, toyWorld } from './toy-world.ts';

const S = 1_000_000;
const one = nodeId(1);

/** Writes and syncs, again and again. */
const busy: Script = (env) => {
  let n = 0;
  return (event) => {
    if (event.kind === 'started' || event.kind === 'timer') {
      env.setTimer('beat', 100_000);
      env.append('log.1', record(++n));
      env.sync('log.1');
    }
  };
};

type Told = readonly [fromS: number, action: Action, lastsS?: number];

/** What a server looks like at each of these times, in s, with faults that begin and last so long. */
function seen<T>(
  faults: readonly Told[],
  timesS: readonly number[],
  look: (m: Machine<ToyMessage, ToyRecord>) => T,
) {
  const { simulation } = toyWorld({
    scripts: [busy],
    faults: faults.map(([fromS, action, lastsS]) =>
      faultAt(fromS * S, action, lastsS === undefined ? {} : { forUs: lastsS * S }),
    ),
  });
  return timesS.map((atS) => {
    simulation.run(atS * S);
    return look(simulation.world.machineOf(one));
  });
}

describe('of two faults of a kind each ends by itself', () => {
  const server = [one];

  it('the later drift holds until it ends, then the earlier one, then none', () => {
    const drift = (ppm: number): Action => ({ verb: 'drift', server, ppm });
    const ppm = (faults: readonly Told[]) => seen(faults, [1.5, 2.5, 4.5, 6.5], ({ clock }) => clock.ppm);
    expect(
      ppm([
        [1, drift(100), 3],
        [2, drift(50), 4],
      ]),
    ).toEqual([100, 50, 50, 0]);
    expect(
      ppm([
        [1, drift(100), 5],
        [2, drift(50), 2],
      ]),
    ).toEqual([100, 50, 100, 0]);
  });

  it('the later skew holds; what moves the clock moves it from there', () => {
    const skew = (byMs: number): Action => ({ verb: 'skew', server, byMs });
    const jump: Action = { verb: 'jump', server, byMs: 7 };
    const off = (faults: readonly Told[]) =>
      seen(faults, [1.5, 2.5, 4.5, 6.5], ({ clock }) => {
        return clock.wallMs() - WALL_START_MS - clock.now() / 1000;
      });
    expect(
      off([
        [1, skew(100), 3],
        [2, skew(50), 4],
      ]),
    ).toEqual([100, 50, 50, 0]);
    expect(
      off([
        [1, skew(100), 5],
        [2, skew(50), 2],
      ]),
    ).toEqual([100, 50, 100, 0]);
    expect(
      off([
        [1, skew(100), 3],
        [2, jump],
      ]),
    ).toEqual([100, 107, 7, 7]);
    expect(
      off([
        [1, jump, 3],
        [2, skew(50), 4],
      ]),
    ).toEqual([7, 50, 50, 0]);
  });

  it('a disk refuses until the last of those ends that have it refuse', () => {
    const fail = (times?: number): Action => ({ verb: 'failSync', server, times });
    const refuses = (faults: readonly Told[]) =>
      seen(faults, [1.5, 2.5, 4.5, 6.5], ({ disk }) => disk.refuses);
    expect(
      refuses([
        [1, fail(), 3],
        [2, fail(), 4],
      ]),
    ).toEqual([true, true, true, false]);
    expect(
      refuses([
        [1, fail(), 5],
        [2, fail(2), 2],
      ]),
    ).toEqual([true, true, true, false]);
  });

  it('a slow disk stays as slow as the last of them has it', () => {
    const slow = (ms: number): Action => ({ verb: 'slowDisk', server, sync: uniform(ms, ms) });
    const sync = (faults: readonly Told[]) =>
      seen(faults, [1.5, 2.5, 4.5, 6.5], ({ disk }) => disk.slowdowns.last?.maxUs);
    expect(
      sync([
        [1, slow(9), 3],
        [2, slow(5), 4],
      ]),
    ).toEqual([9, 5, 5, undefined]);
    expect(
      sync([
        [1, slow(9), 5],
        [2, slow(5), 2],
      ]),
    ).toEqual([9, 5, 9, undefined]);
  });

  it('a process stays frozen until both have ended', () => {
    const pause: Action = { verb: 'pause', servers: server };
    const resume: Action = { verb: 'resume', servers: server };
    const restart: Action = { verb: 'restart', servers: server };
    const paused = (faults: readonly Told[]) => seen(faults, [1.5, 2.5, 4.5, 6.5], (m) => m.paused);
    expect(
      paused([
        [1, pause, 3],
        [2, pause, 4],
      ]),
    ).toEqual([true, true, true, false]);
    expect(
      paused([
        [1, pause, 5],
        [2, pause, 2],
      ]),
    ).toEqual([true, true, true, false]);
    // Who was resumed, or began anew, is let go by none of the faults before.
    expect(
      paused([
        [1, pause, 3],
        [2, resume],
        [3, pause],
      ]),
    ).toEqual([true, false, true, true]);
    expect(
      paused([
        [1, pause, 5],
        [2, restart],
        [3, pause, 2],
      ]),
    ).toEqual([true, false, true, false]);
  });
});
