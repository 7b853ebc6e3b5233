import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeId } from '../../../src/node/ids.ts';
import { readScenario } from '../../../src/run/files.ts';
import { openDataDirectory } from '../../../src/run/open-data-directory.ts';
import { recover } from '../../../src/run/recovery.ts';
import type { RunningWorld } from '../../../src/run/running-world.ts';
import { simulate } from '../../../src/run/simulate.ts';
import { writeDataDirectory } from '../../../src/run/write-data-directory.ts';
import { childPath } from '../../../src/znode/path.ts';
import type { Tree } from '../../../src/znode/tree.ts';
import { RealClient } from './real-client.ts';
import { INSTALLED, type RealServer, startEnsemble } from './real-servers.ts';
import { type Seen, servedTree } from './served-tree.ts';

/*
 * The other direction: real servers of ZooKeeper start on what a simulated ensemble wrote, and serve its
 * tree.
 */

const SCENARIOS = fileURLToPath(new URL('../../../scenarios/real-files/', import.meta.url));
const IDS = [1, 2, 3];

if (!INSTALLED)
  process.stderr.write('real servers: skipped, as ZooKeeper is not installed (package zookeeper)\n');

/** The tree outside of `/zookeeper/`, where each server has things of its own. */
function expectedTree(tree: Tree): Map<string, Seen> {
  const seen = new Map<string, Seen>();
  const visit = (path: string): void => {
    const node = tree.get(path);
    if (node === undefined) return;
    const readable = tree.aclOf(node).some(({ scheme, perms }) => scheme === 'world' && (perms & 1) !== 0);
    const data = node.data === null ? null : Buffer.from(node.data).toString('hex');
    const { czxid, mzxid, pzxid, version, cversion, aversion, ctimeMs, mtimeMs, ephemeralOwner } =
      tree.statOf(node);
    const numbers = { czxid, mzxid, pzxid, version, cversion, aversion, ctime: ctimeMs, mtime: mtimeMs };
    const stat = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, String(value)]));
    stat['ephemeralOwner'] = BigInt.asIntN(64, BigInt(`0x${ephemeralOwner}`)).toString();
    seen.set(path, { data: readable ? data : 'not allowed', stat });
    if (path === '/zookeeper') return;
    for (const name of tree.childrenOf(node)) visit(childPath(path, name));
  };
  visit('/');
  return seen;
}

describe.skipIf(!INSTALLED).each(['as-found', 'without-the-longest-log'])(
  'real servers on the directories that the run of %s leaves',
  (scenario) => {
    let folder = '';
    let servers: RealServer[] = [];
    let expected = new Map<string, Seen>();

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'zabsim-real-'));
      let world: RunningWorld | undefined;
      simulate(readScenario(join(SCENARIOS, `${scenario}.yaml`)), {
        ended: (ended) => {
          world = ended;
        },
      });
      const dataDirs = IDS.map((id) => {
        const path = join(folder, `server${id}`);
        writeDataDirectory(path, nodeId(id), world?.files(nodeId(id)) ?? []);
        return path;
      });
      const directory = openDataDirectory(dataDirs[0] ?? '');
      if (directory === undefined) throw new Error('nothing was written');
      expected = expectedTree(recover(directory).store.tree);
      servers = await startEnsemble(folder, dataDirs);
      for (const server of servers) await server.mode();
    });

    afterAll(async () => {
      for (const server of servers) await server.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    test.each(IDS)('server %i serves the tree, node by node', async (id) => {
      const client = await RealClient.open(servers[id - 1]?.clientPort ?? 0);
      const served = await servedTree(client);
      client.close();
      expect(served.size).toBeGreaterThan(8);
      expect(Object.fromEntries(served)).toEqual(Object.fromEntries(expected));
    });

    test('one of them leads, by the votes that the directories give', async () => {
      const modes = [];
      for (const server of servers) modes.push(await server.mode());
      expect(modes.toSorted()).toEqual(['follower', 'follower', 'leader']);
    });

    test('none finds fault with a digest or a file', () => {
      for (const server of servers) {
        const log = server.log();
        expect(log).toContain('LEADER ELECTION TOOK');
        expect(log).not.toMatch(/Digests are not matching|CRC|corrupt|Unreasonable|Invalid snapshot/i);
      }
    });
  },
);
