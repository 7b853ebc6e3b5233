import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tell } from './real-client.ts';
import { INSTALLED, type RealServer, startEnsemble } from './real-servers.ts';

/*
 * What scenarios/election/asked-in-step.yaml tells, with real servers. Their clocks are the same, so that it
 * is the interval of server 1 that is shorter; and the leader stands still with its connections open.
 */

const IDS = [1, 2, 3];
let folder = '';
let servers: RealServer[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zabsim-election-'));
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
});

/** On a busy machine one of them may be late for once, and the two elect each other. */
const PATIENT = { retry: 2, timeout: 60_000 };

/** How often it has asked again since it began to look last. */
function questions(server: RealServer): number {
  const last = server.log().split('New election. ').at(-1) ?? '';
  return last.split('Notification time out').length - 1;
}

test.skipIf(!INSTALLED)('of two that look, who asks sooner keeps the other silent', PATIENT, async () => {
  const dataDirs = IDS.map((id) => join(folder, `data${id}`));
  for (const [i, dataDir] of dataDirs.entries()) {
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, 'myid'), String(i + 1));
  }
  // Server 1 waits for the leader until the other asks at its longest interval.
  servers = await startEnsemble(folder, dataDirs, (id) => ({
    syncLimit: id === 1 ? 9 : 2,
    properties: [`zookeeper.fastleader.maxNotificationInterval=${id === 1 ? 800 : 1000}`],
  }));
  const modes = await Promise.all(servers.map((server) => server.mode()));
  const [one, ...others] = servers as [RealServer, ...RealServer[]];
  const leader = servers[modes.indexOf('leader')] as RealServer;
  const other = others.find((server) => server !== leader) as RealServer;
  expect(leader.id).not.toBe(1);
  leader.freeze();
  while (questions(one) < 4) await setTimeout(100);
  const said = questions(other);
  await setTimeout(8000);
  expect(questions(one)).toBeGreaterThan(10);
  expect(questions(other)).toBe(said);
  for (const server of [one, other])
    expect(await tell(server.clientPort, 'srvr')).toMatch(/not currently serving/);
});
