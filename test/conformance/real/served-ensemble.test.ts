import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { realAcl } from '../../../src/run/txn-records.ts';
import { OPEN_ACL } from '../../../src/znode/acl.ts';
import { RealClient, tell } from './real-client.ts';
import { emptyDataDirs, layOutEnsemble } from './real-servers.ts';
import { ServedServer } from './served-server.ts';
import { servedTree } from './served-tree.ts';

/*
 * Three servers of ours on real sockets and files, without anything of Apache's: what a network and a disk
 * are in the simulation, the machine's own are here.
 */

let folder = '';
const running: ServedServer[] = [];
const clients: RealClient[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zabsim-served-'));
});

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
  for (const server of running.splice(0)) server.stop();
  rmSync(folder, { recursive: true, force: true });
});

function start(id: number): ServedServer {
  const server = new ServedServer(join(folder, `real${id}`, 'zoo.cfg'));
  running.push(server);
  return server;
}

async function clientOf(server: ServedServer, timeoutMs = 10_000): Promise<RealClient> {
  const client = await RealClient.open(server.clientPort, timeoutMs);
  clients.push(client);
  return client;
}

async function create(client: RealClient, path: string, flags = 0): Promise<number> {
  const body = { kind: 'create', path, data: Buffer.from(path), acl: realAcl(OPEN_ACL), flags } as const;
  return (await client.ask(body)).err;
}

async function exists(client: RealClient, path: string): Promise<boolean> {
  await client.ask({ kind: 'sync', path: '/' });
  return (await client.ask({ kind: 'exists', path, watch: false })).err === 0;
}

test('they elect, serve, lose their leader, elect another, and take the old one back', async () => {
  await layOutEnsemble(folder, emptyDataDirs(folder, 3));
  const [one, two, three] = [start(1), start(2), start(3)] as const;
  const established = await Promise.race(
    [one, two, three].map((server) => server.until(['leader-established'])),
  );
  const leader = [one, two, three].find((server) => server.facts.includes(established)) as ServedServer;
  await Promise.all([one, two, three].map((server) => server.serving()));
  const others = [one, two, three].filter((server) => server !== leader);
  const [a, b] = (await Promise.all(others.map(clientOf))) as [RealClient, RealClient];
  expect(await create(a, '/before')).toBe(0);
  expect(await create(a, '/gone-with-its-session', 1)).toBe(0);
  expect(await exists(b, '/before')).toBe(true);
  expect(await tell(leader.clientPort, 'srvr')).toMatch(/Mode: leader/);
  expect(await tell((others[0] as ServedServer).clientPort, 'stat')).toMatch(/not in the whitelist/);

  const seen = others.map(({ facts }) => facts.length);
  leader.stop();
  await Promise.all(others.map((server, i) => server.serving(seen[i])));
  const c = await clientOf(others[1] as ServedServer);
  expect(await exists(c, '/before')).toBe(true);
  expect(await create(c, '/after')).toBe(0);

  const again = start(1 + [one, two, three].indexOf(leader));
  await again.serving();
  const trees = await Promise.all(
    [again, ...others].map(async (server) => servedTree(await clientOf(server))),
  );
  expect(trees[0]?.has('/after')).toBe(true);
  expect(trees[1]).toEqual(trees[0]);
  expect(trees[2]).toEqual(trees[0]);
});

test('what they had answered is there after all of them ended at once', async () => {
  await layOutEnsemble(folder, emptyDataDirs(folder, 3));
  const before = [start(1), start(2), start(3)];
  await Promise.all(before.map((server) => server.serving()));
  const client = await clientOf(before[0] as ServedServer);
  for (let i = 0; i < 50; i++) expect(await create(client, `/n${i}`)).toBe(0);
  for (const server of before) server.stop();
  const after = [start(1), start(2), start(3)];
  await Promise.all(after.map((server) => server.serving()));
  const tree = await servedTree(await clientOf(after[2] as ServedServer));
  expect([...tree.keys()].filter((path) => path.startsWith('/n'))).toHaveLength(50);
});

test('a session that nobody speaks for any more ends, and its nodes with it', async () => {
  await layOutEnsemble(folder, emptyDataDirs(folder, 1));
  const server = start(1);
  await server.serving();
  const gone = await clientOf(server, 2000);
  expect(await create(gone, '/mine', 1)).toBe(0);
  gone.close();
  const other = await clientOf(server);
  expect(await exists(other, '/mine')).toBe(true);
  await server.until(['session-expired']);
  expect(await exists(other, '/mine')).toBe(false);
});
