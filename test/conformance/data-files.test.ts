import { describe, expect, test } from 'vitest';
import { decodeDisk } from '../../src/run/decode-disk.ts';
import { encodeDisk } from '../../src/run/encode-disk.ts';
import { openDataDirectory, openDataFile } from '../../src/run/open-data-directory.ts';
import { type Recovery, recover } from '../../src/run/recovery.ts';
import { storedDisk } from '../../src/run/stored-disk.ts';
import { loggedTxnOf, txnRecordOf } from '../../src/run/txn-records.ts';
import { decodeEpoch, encodeEpoch } from '../../src/wire/epoch-file.ts';
import { decode, encode } from '../../src/wire/jute-codec.ts';
import { encodeLogHeader, encodeLogRecord, LogReader } from '../../src/wire/log-file.ts';
import { encodeSnapshot, SnapshotReader } from '../../src/wire/snapshot-file.ts';
import { type LoggedTxn, loggedTxn } from '../../src/wire/txn-record.ts';
import { DEFAULT_ZNODE_OPTIONS } from '../../src/znode/options.ts';
import { ZnodeStore } from '../../src/znode/store.ts';
import { diskBytes, diskPath, inPieces, joined, realFiles } from './disk/real-disk.ts';
import { aclOf, bytesOf, realHistory } from './znode/real-history.ts';

/*
 * The files of a real ensemble of ZooKeeper 3.8.0, byte for byte, and what they come to.
 */

const each = (prefix: string) =>
  realFiles(prefix).map((file) => [`${file.server} ${file.name}`, file] as const);

function txnsOf(bytes: Uint8Array): LoggedTxn[] {
  const reader = new LogReader([bytes]);
  const txns: LoggedTxn[] = [];
  reader.header();
  for (let entry = reader.next(); entry !== undefined; entry = reader.next()) {
    txns.push(decode(loggedTxn, entry.payload));
  }
  return txns;
}

function recovered(path: string): Recovery {
  const directory = openDataDirectory(diskPath(path));
  if (directory === undefined) throw new Error(`no data directory at ${path}`);
  return recover(directory);
}

describe('the logs', () => {
  test.each(each('log.'))('%s is written again as it was', (_name, { bytes }) => {
    const reader = new LogReader(inPieces(bytes, 61));
    const header = reader.header();
    if (header === undefined) throw new Error('no header');
    const pieces = [encodeLogHeader(header)];
    for (let entry = reader.next(); entry !== undefined; entry = reader.next()) {
      expect(entry.stored).toBe(BigInt(entry.computed));
      pieces.push(encodeLogRecord(encode(loggedTxn, decode(loggedTxn, entry.payload))));
    }
    expect(reader.end).toMatchObject({ kind: 'padding', reason: '', remains: false });
    pieces.push(new Uint8Array(reader.end?.unread ?? 0));
    expect(joined(pieces)).toEqual(bytes);
  });

  test.each(['server1', 'server2'])('of %s replay to every digest in them', (server) => {
    const store = new ZnodeStore({ ...DEFAULT_ZNODE_OPTIONS, extendedTypes: true });
    const txns = realFiles('log.')
      .filter((file) => file.server === server)
      .flatMap(({ bytes }) => txnsOf(bytes));
    let compared = 0;
    for (const txn of txns) {
      const record = txnRecordOf(txn);
      store.apply(record.txn, record.position);
      if (txn.digest === undefined) continue;
      expect(store.treeDigest()).toBe(
        BigInt.asUintN(64, txn.digest.treeDigest).toString(16).padStart(16, '0'),
      );
      compared++;
    }
    expect({ txns: txns.length, compared }).toEqual({ txns: 41, compared: 40 });
  });

  test('survive the records that nodes keep of them', () => {
    for (const txn of realFiles('log.').flatMap(({ bytes }) => txnsOf(bytes))) {
      expect(loggedTxnOf(txnRecordOf(txn), txn.digest)).toEqual(txn);
    }
  });
});

describe('the snapshots', () => {
  test.each(each('snapshot.'))('%s is written again as it was', (_name, { bytes }) => {
    const reader = new SnapshotReader(inPieces(bytes, 61));
    const header = reader.header();
    const sessions = [...reader.sessions()];
    const acls = [...reader.acls()];
    const nodes = [...reader.nodes()];
    const content = { header, sessions, acls, nodes, ...reader.trailer() };
    expect(joined(encodeSnapshot(content))).toEqual(bytes);
  });

  test.each(['gz', 'snappy'])('open when they are compressed with %s', (method) => {
    const path = diskPath(`compressed/snapshot.100000029.${method}`);
    const reader = new SnapshotReader(openDataFile(path));
    reader.header();
    expect([...reader.sessions()]).toHaveLength(2);
    expect([...reader.acls()]).toHaveLength(4);
    expect([...reader.nodes()]).toHaveLength(16);
    expect(reader.trailer().digest).toEqual({ zxid: 0x100000029n, version: 2, digest: 36429144463n });
  });
});

test('the epochs are written again as they were', () => {
  for (const name of ['acceptedEpoch', 'currentEpoch']) {
    const bytes = diskBytes(`server1/version-2/${name}`);
    expect(decodeEpoch(bytes)).toBe(1);
    expect(encodeEpoch(1)).toEqual(bytes);
  }
});

describe('a start from', () => {
  test.each(['server1', 'server2'])('%s comes to the tree that a client read', (server) => {
    const { store, lastZxid, refusal, mismatches } = recovered(server);
    expect({ lastZxid, refusal, mismatches }).toEqual({
      lastZxid: 0x100000029n,
      refusal: '',
      mismatches: [],
    });
    const { tree } = realHistory();
    for (const { path, data, stat, children, acl } of tree) {
      const node = store.tree.get(path);
      if (node === undefined) throw new Error(`no node at ${path}`);
      expect(node.data, path).toEqual(bytesOf(data));
      expect(store.tree.childrenOf(node), path).toEqual(children);
      expect(store.tree.aclOf(node), path).toEqual(aclOf(acl));
      expect(store.tree.statOf(node), path).toMatchObject({ version: stat.version, cversion: stat.cversion });
    }
    expect(store.tree.size).toBe(tree.length);
  });

  test('server2 notes that its snapshots are fuzzy, and replays over them', () => {
    const { logs, snapshots } = recovered('server2');
    expect(snapshots.map(({ file, used }) => [file.name, used])).toEqual([
      ['snapshot.0', false],
      ['snapshot.10000000a', false],
      ['snapshot.10000001a', true],
    ]);
    expect(logs.map(({ replayed }) => replayed)).toEqual([0, 1, 14]);
  });
});

describe.each(['server1', 'server2'])('the disk of %s, as a simulated server keeps it', (server) => {
  const directory = openDataDirectory(diskPath(server));
  if (directory === undefined) throw new Error(`no data directory at ${server}`);
  const written = new Map([...encodeDisk(storedDisk(decodeDisk(directory)), 1024)].map((f) => [f.name, f]));

  test('has all of its files', () => {
    expect([...written.keys()].sort()).toEqual(directory.names);
  });

  test.each(directory.names)('is written again as it was: %s', (name) => {
    const file = written.get(name);
    if (file === undefined) throw new Error(`${name} was not written`);
    const bytes = joined(file.pieces);
    const padding = new Uint8Array(file.size - bytes.length);
    expect(joined([bytes, padding])).toEqual(diskBytes(`${server}/version-2/${name}`));
  });
});
