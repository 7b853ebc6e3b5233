import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeZxid } from '../../../src/core/zxid.ts';
import { FileDisk } from '../../../src/host/file-disk.ts';
import type { NodeEvent } from '../../../src/node/events.ts';
import { NO_SESSION, type Ticket } from '../../../src/node/ids.ts';
import type {
  ChunkRecord,
  DiskRecord,
  EpochRecord,
  SealRecord,
  TxnRecord,
} from '../../../src/protocols/zab/messages.ts';
import { diskBytes } from '../../../src/run/bytes/disk-bytes.ts';
import { treeBytes } from '../../../src/run/bytes/tree-bytes.ts';
import { openDataFile } from '../../../src/run/open-data-directory.ts';
import { treeTxnAt } from '../../../src/run/tree-service.ts';
import { DEFAULT_FRONTEND_OPTIONS } from '../../../src/znode/options.ts';
import { znodeService } from '../../../src/znode/service.ts';

/*
 * A node's files on a real disk, in ZooKeeper's formats.
 */

let folder = '';
let told: NodeEvent<never>[] = [];
let heard: (() => void) | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zabsim-disk-'));
  told = [];
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The disk as a process finds it that starts now. */
function disk(): FileDisk<DiskRecord> {
  return new FileDisk<DiskRecord>({
    folderOf: () => folder,
    format: diskBytes(treeBytes),
    found: new Map(readdirSync(folder).map((name) => [name, join(folder, name)])),
    open: openDataFile,
    hand: (event) => {
      told.push(event);
      heard?.();
    },
  });
}

/** What comes of a sync. */
async function outcomeOf(ticket: Ticket): Promise<string> {
  for (;;) {
    const event = told.find((one) => 'ticket' in one && one.ticket === ticket);
    if (event !== undefined) return event.kind === 'failed' ? event.error : event.kind;
    await new Promise<void>((resolve) => {
      heard = resolve;
    });
  }
}

function txn(counter: number): TxnRecord {
  const position = makeZxid(1, counter);
  const made = treeTxnAt(position);
  return { kind: 'txn', position, digest: made.digest, session: NO_SESSION, cxid: 0, timeMs: 0, txn: made };
}

function epoch(position: number): EpochRecord {
  return { kind: 'epoch', position, digest: position };
}

const LOG = 'log.100000001';

test('a log grows record by record, and the next process reads it', async () => {
  const before = disk();
  before.append(LOG, txn(1));
  before.append(LOG, txn(2));
  expect(await outcomeOf(before.sync(LOG))).toBe('synced');
  before.append(LOG, txn(3));
  before.stop();
  const after = disk();
  expect(after.files()).toEqual([LOG]);
  expect(after.read(LOG)).toEqual([txn(1), txn(2), txn(3)]);
});

test('what another process wrote is cut and continued', async () => {
  const before = disk();
  for (const counter of [1, 2, 3, 4]) before.append(LOG, txn(counter));
  before.stop();
  const after = disk();
  after.truncate(LOG, 2);
  expect(after.read(LOG)).toEqual([txn(1), txn(2)]);
  after.append(LOG, txn(5));
  expect(await outcomeOf(after.sync(LOG))).toBe('synced');
  after.stop();
  expect(disk().read(LOG)).toEqual([txn(1), txn(2), txn(5)]);
});

test('a record that a crash tore is damage at the end, and can be cut off', () => {
  const before = disk();
  for (const counter of [1, 2]) before.append(LOG, txn(counter));
  before.stop();
  const bytes = readFileSync(join(folder, LOG));
  writeFileSync(join(folder, LOG), bytes.subarray(0, bytes.length - 3));
  const after = disk();
  expect(after.read(LOG).map(({ kind }) => kind)).toEqual(['txn', 'damaged']);
  after.truncate(LOG, 1);
  after.append(LOG, txn(2));
  after.stop();
  expect(disk().read(LOG)).toEqual([txn(1), txn(2)]);
});

test('an older log is read again from the disk when another one goes on', () => {
  const before = disk();
  before.append(LOG, txn(1));
  before.append('log.100000002', txn(2));
  expect(before.read(LOG)).toEqual([txn(1)]);
  before.append(LOG, txn(3));
  expect(before.read(LOG)).toEqual([txn(1), txn(3)]);
  before.stop();
  expect(disk().read(LOG)).toEqual([txn(1), txn(3)]);
});

test('an epoch replaces another at its sync, and not before', async () => {
  const before = disk();
  before.replace('currentEpoch', epoch(1));
  expect(await outcomeOf(before.sync('currentEpoch'))).toBe('synced');
  before.replace('currentEpoch', epoch(2));
  expect(before.read('currentEpoch')).toEqual([epoch(2)]);
  expect(readFileSync(join(folder, 'currentEpoch'), 'utf8')).toBe('1');
  expect(await outcomeOf(before.sync('currentEpoch'))).toBe('synced');
  expect(readFileSync(join(folder, 'currentEpoch'), 'utf8')).toBe('2');
  expect(readdirSync(folder)).toEqual(['currentEpoch']);
});

test('a snapshot is written as a whole, and comes back with its seal', async () => {
  const { machine } = znodeService(DEFAULT_FRONTEND_OPTIONS);
  const position = makeZxid(1, 3);
  machine.apply(txn(3).txn, position);
  const name = 'snapshot.100000003';
  const before = disk();
  const cursor = machine.capture();
  let sum = 0;
  for (let chunk = cursor.next(); chunk !== undefined; chunk = cursor.next()) {
    const record: ChunkRecord = { kind: 'chunk', position, digest: chunk.digest, chunk };
    before.append(name, record);
    sum = (sum + chunk.digest) >>> 0;
  }
  const seal: SealRecord = { kind: 'seal', position, digest: sum };
  before.append(name, seal);
  const written = before.read(name);
  expect(await outcomeOf(before.sync(name))).toBe('synced');
  expect(disk().read(name)).toEqual(written);
});

test('a disk that takes nothing says so at the sync', async () => {
  mkdirSync(join(folder, 'inner'));
  const gone = join(folder, 'inner');
  const refusing = new FileDisk<DiskRecord>({
    folderOf: () => gone,
    format: diskBytes(treeBytes),
    found: new Map(),
    open: openDataFile,
    hand: (event) => {
      told.push(event);
      heard?.();
    },
  });
  rmSync(gone, { recursive: true });
  refusing.append(LOG, txn(1));
  expect(await outcomeOf(refusing.sync(LOG))).toBe('io');
  refusing.replace('acceptedEpoch', epoch(1));
  expect(await outcomeOf(refusing.sync('acceptedEpoch'))).toBe('io');
});

test('a file that was removed is gone, and a sync of it is done', async () => {
  const before = disk();
  before.append(LOG, txn(1));
  before.remove(LOG);
  expect(before.files()).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
  expect(await outcomeOf(before.sync(LOG))).toBe('synced');
});

test('a file that was removed while it was being written does not come back', async () => {
  const before = disk();
  const seal: SealRecord = { kind: 'seal', position: makeZxid(1, 3), digest: 0 };
  before.append('install.100000003', seal);
  const ticket = before.sync('install.100000003');
  before.remove('install.100000003');
  expect(await outcomeOf(ticket)).toBe('synced');
  expect(readdirSync(folder)).toEqual([]);
});
