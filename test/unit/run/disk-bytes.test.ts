import { describe, expect, test } from 'vitest';
import { makeZxid, type Zxid } from '../../../src/core/zxid.ts';
import type { Damaged } from '../../../src/node/env.ts';
import type { DiskRecord } from '../../../src/protocols/zab/messages.ts';
import { diskFiles } from '../../../src/protocols/zab/zab.ts';
import { counterBytes } from '../../../src/run/bytes/counter-bytes.ts';
import { diskBytes } from '../../../src/run/bytes/disk-bytes.ts';
import type { ServiceBytes } from '../../../src/run/bytes/service-bytes.ts';
import { treeBytes } from '../../../src/run/bytes/tree-bytes.ts';
import { treeTxnAt } from '../../../src/run/tree-service.ts';
import { counterService, counterTxnAt } from '../../../src/znode/counter.ts';
import { ZnodeStore } from '../../../src/znode/store.ts';
import { inPieces } from '../../conformance/disk/real-disk.ts';

/*
 * A simulated server's files in bytes: sound, and with every bit of them in turn damaged.
 */

const log = Array.from({ length: 4 }, (_, i) => makeZxid(1, i + 1));
const content = { acceptedEpoch: 12, currentEpoch: 12, log, snapshot: makeZxid(1, 2) };

const services: readonly (readonly [string, ServiceBytes, ReadonlyMap<string, readonly DiskRecord[]>])[] = [
  ['a counter', counterBytes, diskFiles(content, counterTxnAt, counterService().machine)],
  ['the tree', treeBytes, diskFiles(content, treeTxnAt, new ZnodeStore())],
];

const LOG = 'log.100000001';
const SNAPSHOT = 'snapshot.100000002';

/** Many drawn numbers, spread over all that a draw gives. */
const draws = Array.from({ length: 3000 }, (_, i) => (i * 715827) % 0x7fffffff);

function damage(record: DiskRecord, how: Damaged['how'], at: number): Damaged {
  return { kind: 'damaged', how, position: record.position, digest: record.digest, hit: { record, at } };
}

describe.each(services)('the files of %s', (_name, service, files) => {
  const format = diskBytes(service);
  const recordsOf = (file: string): readonly DiskRecord[] => files.get(file) ?? [];
  const readBack = (file: string, records: readonly (DiskRecord | Damaged)[]) =>
    format.read(file, inPieces(format.write(file, records), 7));

  test('come back as they were', () => {
    expect(readBack(LOG, recordsOf(LOG))).toEqual(recordsOf(LOG));
    expect(readBack('currentEpoch', recordsOf('currentEpoch'))).toMatchObject([
      { kind: 'epoch', position: 12 as Zxid },
    ]);
    const snapshot = readBack(SNAPSHOT, recordsOf(SNAPSHOT));
    expect(snapshot.at(-1)?.kind).toBe('seal');
    expect(readBack(SNAPSHOT, snapshot as readonly DiskRecord[])).toEqual(snapshot);
  });

  test('without its seal a snapshot is not whole', () => {
    expect(readBack(SNAPSHOT, recordsOf(SNAPSHOT).slice(0, -1))).toMatchObject([{ kind: 'damaged' }]);
  });

  test.each(['torn', 'flipped'] as const)('show a %s record of the log for what it is', (how) => {
    for (const at of draws) {
      const index = at % log.length;
      const records = recordsOf(LOG);
      const damaged = records.map((record, i) => (i === index ? damage(record, how, at) : record));
      const read = readBack(LOG, damaged);
      expect(read.slice(0, -1)).toEqual(records.slice(0, index));
      expect(read.at(-1)).toMatchObject({ kind: 'damaged', how, position: records[index]?.position });
    }
  });

  test.each(['torn', 'flipped'] as const)('show a %s snapshot and a %s epoch for what they are', (how) => {
    for (const at of draws.slice(0, 600)) {
      const records = recordsOf(SNAPSHOT);
      const hit = records.map((record, i) => (i === at % records.length ? damage(record, how, at) : record));
      expect(readBack(SNAPSHOT, hit).some(({ kind }) => kind === 'damaged')).toBe(true);
      const epoch = recordsOf('acceptedEpoch').map((record) => damage(record, how, at));
      expect(readBack('acceptedEpoch', epoch)).toMatchObject([{ kind: 'damaged' }]);
    }
  });
});
