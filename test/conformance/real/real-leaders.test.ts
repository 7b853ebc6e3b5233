import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeId } from '../../../src/node/ids.ts';
import { OPEN_ACL } from '../../../src/znode/acl.ts';
import { ServiceBench } from '../../unit/znode/service-bench.ts';
import { RealClient, tell } from './real-client.ts';
import { emptyDataDirs, INSTALLED, layOutEnsemble, type RealServer, type Seat } from './real-servers.ts';

/*
 * Servers start, die and are written to in a random order, each step when the ensemble has come to rest: a
 * real ensemble and a simulated one have the same leaders, epochs and zxids all along.
 */

const IDS = [1, 2, 3];
const STEPS = 14;

/** What a server is and holds: its mode, acceptedEpoch, currentEpoch, and its last zxid if it serves. */
type Standing = readonly [mode: string, accepted: number, current: number, zxid: string];

/** One draw of what happens; what it comes to depends on who runs. */
const draws = fc.array(
  fc.record({ act: fc.nat(99), first: fc.nat(2), second: fc.nat(2), count: fc.nat(2) }),
  {
    minLength: STEPS,
    maxLength: STEPS,
  },
);

type Draw = Parameters<typeof actOf>[0];

interface Act {
  readonly start?: number;
  readonly kill?: readonly number[];
  readonly write?: { readonly via: number; readonly count: number };
}

function actOf(
  draw: { readonly act: number; readonly first: number; readonly second: number; readonly count: number },
  running: readonly number[],
): Act {
  const down = IDS.filter((id) => !running.includes(id));
  const startable = down[draw.first % down.length];
  if (startable !== undefined && (draw.act < 45 || running.length === 0)) return { start: startable };
  const via = running[draw.first % running.length] as number;
  if (running.length >= 2 && draw.act < 75) return { write: { via, count: 1 + draw.count } };
  const other = running[draw.second % running.length] as number;
  return { kill: draw.act < 90 || other === via ? [via] : [via, other] };
}

class RealEnsemble {
  readonly #seats: readonly Seat[];
  readonly #dataDirs: readonly string[];
  readonly #running = new Map<number, RealServer>();
  #nodes = 0;

  constructor(seats: readonly Seat[], dataDirs: readonly string[]) {
    this.#seats = seats;
    this.#dataDirs = dataDirs;
  }

  get running(): readonly number[] {
    return IDS.filter((id) => this.#running.has(id));
  }

  async take({ start, kill = [], write }: Act): Promise<void> {
    if (start !== undefined) this.#running.set(start, (this.#seats[start - 1] as Seat).start());
    await Promise.all(kill.map((id) => this.#running.get(id)?.stop()));
    for (const id of kill) this.#running.delete(id);
    if (write !== undefined) await this.#write(write.via, write.count);
    await this.#rest();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#running.values()].map((server) => server.stop()));
  }

  async standings(): Promise<Standing[]> {
    return Promise.all(
      IDS.map(async (id) => {
        const [mode, zxid] = await this.#modeOf(id);
        return [mode, this.#epoch(id, 'acceptedEpoch'), this.#epoch(id, 'currentEpoch'), zxid] as const;
      }),
    );
  }

  async #write(via: number, count: number): Promise<void> {
    const client = await RealClient.open(this.#seats[via - 1]?.clientPort ?? 0);
    const acl = [{ perms: 31, id: { scheme: 'world', id: 'anyone' } }];
    for (let i = 0; i < count; i++) {
      const path = `/n${this.#nodes++}`;
      expect(await client.ask({ kind: 'create', path, data: null, acl, flags: 0 })).toMatchObject({ err: 0 });
    }
    await client.ask({ kind: 'closeSession' });
    client.close();
  }

  /** Several looks in a row find a leader and its followers, or that nobody serves. */
  async #rest(): Promise<void> {
    const modes =
      this.running.length >= 2 ? ['leader', ...this.running.slice(1).map(() => 'follower')] : ['looking'];
    const expected = this.running.length === 0 ? '' : modes.toSorted().join();
    for (let same = 0, left = 600; same < 10; left--) {
      expect(left, 'the real ensemble comes to rest').toBeGreaterThan(0);
      const found = await Promise.all(this.running.map(async (id) => (await this.#modeOf(id))[0]));
      same = found.toSorted().join() === expected ? same + 1 : 0;
      await setTimeout(100);
    }
  }

  async #modeOf(id: number): Promise<readonly [mode: string, zxid: string]> {
    if (!this.#running.has(id)) return ['off', ''];
    const answer = await tell(this.#seats[id - 1]?.clientPort ?? 0, 'srvr').catch(() => '');
    const mode = /Mode: (\w+)/.exec(answer)?.[1];
    return mode === undefined ? ['looking', ''] : [mode, /Zxid: (\w+)/.exec(answer)?.[1] ?? ''];
  }

  #epoch(id: number, name: string): number {
    const path = join(this.#dataDirs[id - 1] ?? '', 'version-2', name);
    return existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0;
  }
}

const MODES = { leading: 'leader', following: 'follower', looking: 'looking', observing: 'observer' };

class SimulatedEnsemble {
  readonly #bench: ServiceBench;
  #nodes = 0;

  constructor(seed: number) {
    this.#bench = new ServiceBench({}, seed, {}, false);
  }

  take({ start, kill = [], write }: Act): void {
    if (start !== undefined) this.#machine(start).start();
    for (const id of kill) this.#machine(id).end('crash', 'killed');
    if (write !== undefined) {
      const wire = this.#bench.join(write.via);
      for (let i = 0; i < write.count; i++) {
        wire.ask({ kind: 'create', path: `/n${this.#nodes++}`, data: null, acl: OPEN_ACL, flags: 0 });
      }
      wire.ask({ kind: 'closeSession' });
    }
    this.#bench.run(20_000);
  }

  standings(): Standing[] {
    return IDS.map((id) => {
      const view = this.#bench.inspect(id);
      const mode = view === undefined ? 'off' : MODES[view.state];
      const serves = view !== undefined && view.state !== 'looking';
      const zxid = serves ? `0x${view.lastZxid.toString(16)}` : '';
      return [mode, this.#epoch(id, 'acceptedEpoch'), this.#epoch(id, 'currentEpoch'), zxid];
    });
  }

  #machine(id: number) {
    return this.#bench.world.machineOf(nodeId(id));
  }

  #epoch(id: number, name: string): number {
    return this.#machine(id).disk.read(name)[0]?.position ?? 0;
  }
}

describe.skipIf(!INSTALLED).each([1, 2])('a random story of three servers, seed %i', (seed) => {
  let folder = '';
  let real: RealEnsemble;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'zabsim-leaders-'));
    const dataDirs = emptyDataDirs(folder, IDS.length);
    // Patient, so that nobody gives anybody up on a machine that is busy.
    const limits = { initLimit: 30, syncLimit: 15 };
    real = new RealEnsemble(await layOutEnsemble(folder, dataDirs, () => limits), dataDirs);
  });

  afterAll(async () => {
    await real.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('has the same leaders, epochs and zxids in the simulation', async () => {
    const simulated = new SimulatedEnsemble(seed);
    const story: Act[] = [];
    for (const draw of fc.sample(draws, { seed, numRuns: 1 })[0] as Draw[]) {
      const act = actOf(draw, real.running);
      story.push(act);
      await real.take(act);
      simulated.take(act);
      expect(simulated.standings(), JSON.stringify(story)).toEqual(await real.standings());
    }
  });
});
