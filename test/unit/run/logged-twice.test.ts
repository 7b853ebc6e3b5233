import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeZxid, type Zxid } from '../../../src/core/zxid.ts';
import { NO_SESSION, nodeId } from '../../../src/node/ids.ts';
import type { TxnRecord } from '../../../src/protocols/zab/messages.ts';
import { diskFiles } from '../../../src/protocols/zab/zab.ts';
import { diskBytes } from '../../../src/run/bytes/disk-bytes.ts';
import { treeBytes } from '../../../src/run/bytes/tree-bytes.ts';
import { parseScenarioOf } from '../../../src/run/files.ts';
import { simulate } from '../../../src/run/simulate.ts';
import { treeTxnAt } from '../../../src/run/tree-service.ts';
import { DEFAULT_FRONTEND_OPTIONS } from '../../../src/znode/options.ts';
import { znodeService } from '../../../src/znode/service.ts';

/*
 * What servers of ZooKeeper leave that log transactions which they have logged before: their logs go back.
 * They start from that, and so do ours.
 */

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zabsim-twice-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function record(position: Zxid): TxnRecord {
  const txn = treeTxnAt(position);
  return { kind: 'txn', position, digest: txn.digest, session: NO_SESSION, cxid: 0, timeMs: 0, txn };
}

/** A data directory in epoch 1 whose one log holds these counters, in this order. */
function logged(counters: readonly number[]): string {
  const records = counters.map((counter) => record(makeZxid(1, counter)));
  const content = { acceptedEpoch: 1, currentEpoch: 1, log: [], snapshot: undefined };
  const files = diskFiles(content, treeTxnAt, znodeService(DEFAULT_FRONTEND_OPTIONS).machine);
  const path = join(folder, 'data');
  mkdirSync(join(path, 'version-2'), { recursive: true });
  for (const [name, kept] of [...files, ['log.100000001', records] as const]) {
    writeFileSync(join(path, 'version-2', name), diskBytes(treeBytes).write(name, kept));
  }
  return path;
}

test.each([
  ['in the middle', [1, 2, 1, 2, 3, 4]],
  ['at the end', [1, 2, 3, 4, 2, 3]],
  ['again and again', [1, 1, 2, 1, 2, 3, 1, 2, 3, 4]],
])(
  'a log that goes back %s is replayed up to its highest zxid, and goes on from there',
  (_where, counters) => {
    const dataDir = logged(counters);
    const plan = parseScenarioOf(
      `title: logged twice
duration: 20s
ensemble: { voters: 3 }
initial: { 1: { dataDir: ${JSON.stringify(dataDir)} } }
clients: { count: 1, operations: 5, mix: { create: 1 }, start: 5s }
expect: { leader: 1 }`,
      join(folder, 'twice.yaml'),
    );
    let votes = 0;
    const outcome = simulate(plan, {
      witnesses: [
        {
          wants: (kind) => kind === 'recovered',
          observe: (event) => {
            if (event.kind === 'recovered' && event.server === nodeId(1)) votes = event.zxid;
          },
        },
      ],
    });
    expect(votes).toBe(makeZxid(1, 4));
    expect(outcome.violations).toEqual([]);
    expect(outcome.unmet).toEqual([]);
    expect(outcome.commits).toBeGreaterThan(4);
  },
);
