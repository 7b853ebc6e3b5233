import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { realAcl } from '../../../src/run/txn-records.ts';
import { OPEN_ACL } from '../../../src/znode/acl.ts';
import { RealClient } from './real-client.ts';
import { emptyDataDirs, INSTALLED, layOutEnsemble, type RealServer } from './real-servers.ts';
import { ServedServer } from './served-server.ts';
import { servedTree } from './served-tree.ts';

/*
 * A server of ours in one ensemble with servers of ZooKeeper 3.8.0: it follows them, it leads them, and each
 * starts on the other's files.
 */

let folder = '';
const real: RealServer[] = [];
const ours: ServedServer[] = [];
const clients: RealClient[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zabsim-mixed-'));
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const server of ours.splice(0)) server.stop();
  await Promise.all(real.splice(0).map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
});

async function clientAt(clientPort: number): Promise<RealClient> {
  const client = await RealClient.open(clientPort);
  clients.push(client);
  return client;
}

/** Writes of every kind through one server, under a node of their own. */
async function write(clientPort: number, name: string): Promise<void> {
  const client = await clientAt(clientPort);
  const data = Buffer.from(name);
  const create = (path: string, flags: number) =>
    client.ask({ kind: 'create2', path: `/${name}${path}`, data, acl: realAcl(OPEN_ACL), flags });
  expect((await create('', 0)).err).toBe(0);
  for (const flags of [1, 2, 3]) expect((await create('/s', flags)).err).toBe(0);
  expect((await client.ask({ kind: 'setData', path: `/${name}`, data: null, version: 0 })).err).toBe(0);
  expect((await client.ask({ kind: 'delete', path: `/${name}`, version: -1 })).err).toBe(-111);
  const parts = [
    { err: -1, body: { kind: 'check', path: `/${name}`, version: 1 } },
    { err: -1, body: { kind: 'setData', path: `/${name}`, data, version: 1 } },
  ] as const;
  const end = { type: -1, err: -1, done: true };
  expect((await client.ask({ kind: 'multi', parts, end })).err).toBe(0);
}

/** The trees that these servers serve, behind a sync. */
function trees(ports: readonly number[]) {
  return Promise.all(
    ports.map(async (port) => {
      const client = await clientAt(port);
      await client.ask({ kind: 'sync', path: '/' });
      return servedTree(client);
    }),
  );
}

async function expectAlike(ports: readonly number[], nodes: number): Promise<void> {
  const [first, ...others] = await trees(ports);
  expect([...(first?.keys() ?? [])].filter((path) => /^[/]by/.test(path))).toHaveLength(nodes);
  for (const tree of others) expect(tree).toEqual(first);
}

test.skipIf(!INSTALLED)(
  'it follows servers of ZooKeeper, leads them, and they take over its files',
  async () => {
    const seats = await layOutEnsemble(folder, emptyDataDirs(folder, 3));
    const startOurs = (id: number) => {
      const server = new ServedServer(join(folder, `real${id}`, 'zoo.cfg'));
      ours.push(server);
      return server;
    };
    const startReal = (id: number) => {
      const server = seats[id - 1]?.start() as RealServer;
      real.push(server);
      return server;
    };
    const ports = seats.map(({ clientPort }) => clientPort) as [number, number, number];

    // Server 2 leads the two of ZooKeeper that there are; ours follows, and gets what there was before it.
    const [one, two] = [startReal(1), startReal(2)];
    expect(await Promise.all([one.mode(), two.mode()])).toEqual(['follower', 'leader']);
    await write(ports[0], 'by-real-alone');
    const three = startOurs(3);
    expect((await three.serving()).kind).toBe('follower-synced');
    await write(ports[2], 'by-ours-following');
    await write(ports[1], 'by-real-leading');
    await expectAlike(ports, 12);

    // The leader goes; of equal histories the highest number leads: ours. The old leader comes back under it.
    const seen = three.facts.length;
    await two.stop();
    expect((await three.serving(seen)).kind).toBe('leader-established');
    expect(await one.mode()).toBe('follower');
    await write(ports[2], 'by-ours-leading');
    await write(ports[0], 'by-real-following');
    expect(await startReal(2).mode()).toBe('follower');
    await expectAlike(ports, 20);

    // A server of ZooKeeper goes on where ours was killed, on its files.
    three.stop();
    await startReal(3).mode();
    await write(ports[2], 'by-real-on-our-files');
    await expectAlike(ports, 24);
    expect(three.troubles).toEqual([]);
    for (const id of [1, 2, 3]) {
      const log = readFileSync(join(folder, `real${id}`, 'server.log'), 'utf8');
      expect(log).not.toMatch(/Digests are not matching|CRC|corrupt|Unreasonable|Invalid snapshot/i);
    }
  },
);
