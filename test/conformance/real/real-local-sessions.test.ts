import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { END_OF_MULTI } from '../../../src/wire/multi.ts';
import { OPEN_ACL } from '../../../src/znode/acl.ts';
import { RealClient } from './real-client.ts';
import { emptyDataDirs, INSTALLED, type RealServer, startEnsemble } from './real-servers.ts';

/*
 * What a local session is answered that asks for an ephemeral node. The same is told of simulated servers in
 * test/unit/znode/frontend.test.ts.
 */

let folder = '';
let servers: RealServer[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zabsim-local-'));
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
});

test.skipIf(!INSTALLED)('a local session is refused with a zxid', { timeout: 60_000 }, async () => {
  servers = await startEnsemble(folder, emptyDataDirs(folder, 3), () => ({
    lines: ['localSessionsEnabled=true'],
  }));
  const modes = await Promise.all(servers.map((server) => server.mode()));
  const acl = OPEN_ACL.map(({ perms, scheme, id }) => ({ perms, id: { scheme, id } }));
  const data = new Uint8Array();
  for (const [i, server] of servers.entries()) {
    const client = await RealClient.open(server.clientPort);
    const create = (path: string, flags: number) => ({ kind: 'create', path, data, acl, flags }) as const;
    const made = await client.ask(create(`/${i}`, 0));
    const refused = await client.ask(create(`/e${i}`, 1));
    expect([made.err, refused.err]).toEqual([0, -120]);
    expect(refused.zxid).toBe(made.zxid + 1n);
    const parts = [create(`/m${i}`, 0), create('/e', 1), create('/f', 0)].map((body) => ({ err: -1, body }));
    const { body } = await client.ask({ kind: 'multi', parts, end: END_OF_MULTI });
    // Only the leader's own sessions are local ones to the leader.
    const code = modes[i] === 'leader' ? -120 : -112;
    expect(body).toMatchObject({ parts: [{ err: 0 }, { err: code }, { err: -2 }] });
  }
});
