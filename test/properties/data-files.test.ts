import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DataDirectory } from '../../src/run/data-directory.ts';
import { loggedTxns } from '../../src/run/logged-txns.ts';
import { recover } from '../../src/run/recovery.ts';
import { snapshotChunks, snapshotContent } from '../../src/run/snapshot-chunks.ts';
import { adler32 } from '../../src/wire/adler32.ts';
import { decodeEpoch, encodeEpoch } from '../../src/wire/epoch-file.ts';
import { encode } from '../../src/wire/jute-codec.ts';
import { encodeLogHeader, encodeLogRecord, LogReader } from '../../src/wire/log-file.ts';
import { encodeSnapshot, SnapshotReader } from '../../src/wire/snapshot-file.ts';
import { loggedTxn } from '../../src/wire/txn-record.ts';
import { WireError } from '../../src/wire/wire-error.ts';
import { joined, realFiles } from '../conformance/disk/real-disk.ts';
import { anyPieces, anySnapshot, anySpoiling, spoilt } from './data-files-arbitrary.ts';
import { anyLoggedTxn } from './wire-arbitrary.ts';

/** Spoilt files per kind: few here, many by hand (`SPOILT=100000 npx vitest run …`). */
const many = process.env['SPOILT'];
const SPOILT = many === undefined ? { seed: 3, numRuns: 300 } : { numRuns: Number(many) };
const ROUND_TRIPS = { seed: 4, numRuns: 100 };

/** Adler-32 as RFC 1950 words it. */
function slowAdler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return b * 65536 + a;
}

test('Adler-32 is that of RFC 1950, also past the stretch after which its sums are reduced', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(9000), (bytes, filling) => {
      const long = Uint8Array.from([...new Uint8Array(filling).fill(0xff), ...bytes]);
      expect(adler32(long)).toBe(slowAdler32(long));
    }),
    { seed: 5, numRuns: 30 },
  );
});

describe('a log', () => {
  const header = { version: 2, dbid: 0n };

  test('of any transactions comes back, in whatever pieces it is read', () => {
    const anyLog = fc.array(anyLoggedTxn, { maxLength: 6 }).chain((txns) => {
      const records = txns.map((txn) => encodeLogRecord(encode(loggedTxn, txn)));
      const bytes = joined([encodeLogHeader(header), ...records]);
      return fc.tuple(
        fc.constant(txns),
        anyPieces(joined([bytes, new Uint8Array(40)])),
        fc.constant(bytes.length),
      );
    });
    fc.assert(
      fc.property(anyLog, ([txns, pieces, length]) => {
        const reader = new LogReader(pieces);
        expect(reader.header()).toEqual(header);
        expect([...loggedTxns(reader)].map(({ txn, problem }) => ({ txn, problem }))).toEqual(
          txns.map((txn) => ({ txn, problem: '' })),
        );
        expect(reader.end).toEqual({
          kind: 'padding',
          offset: length,
          reason: '',
          unread: 40,
          remains: false,
        });
      }),
      ROUND_TRIPS,
    );
  });
});

describe('a snapshot', () => {
  test('of any content comes back, in whatever pieces it is read', () => {
    const anyFile = anySnapshot.chain((content) =>
      fc.tuple(fc.constant(content), anyPieces(joined(encodeSnapshot(content)))),
    );
    fc.assert(
      fc.property(anyFile, ([content, pieces]) => {
        const reader = new SnapshotReader(pieces);
        const header = reader.header();
        const sessions = [...reader.sessions()];
        const acls = [...reader.acls()];
        const nodes = [...reader.nodes()];
        const { unread, ...trailer } = reader.trailer();
        expect({ header, sessions, acls, nodes, ...trailer, unread }).toEqual({ ...content, unread: 0 });
      }),
      ROUND_TRIPS,
    );
  });

  test('of a real server survives the pieces that nodes keep of it', () => {
    for (const { bytes } of realFiles('snapshot.')) {
      const chunks = [...chunksOf(bytes)];
      const content = snapshotContent(chunks, undefined);
      const again = [...chunksOf(joined(encodeSnapshot(content)))];
      expect(again).toEqual(chunks);
    }
  });
});

function chunksOf(bytes: Uint8Array) {
  const reader = new SnapshotReader([bytes]);
  reader.header();
  return snapshotChunks(reader);
}

test('an epoch comes back', () => {
  fc.assert(
    fc.property(fc.nat(2097151), (epoch) => {
      expect(decodeEpoch(encodeEpoch(epoch))).toBe(epoch);
    }),
    ROUND_TRIPS,
  );
});

/** The digests of the tree that a log holds, as a store words them. */
function digestsOf(bytes: Uint8Array): string[] {
  const reader = new LogReader([bytes]);
  reader.header();
  const digests = [...loggedTxns(reader)].map(({ txn }) => txn?.digest?.treeDigest ?? 0n);
  return digests.map((digest) => BigInt.asUintN(64, digest).toString(16).padStart(16, '0'));
}

/** A directory in memory. */
function inMemory(files: ReadonlyMap<string, Uint8Array>): DataDirectory {
  const bytesOf = (name: string): Uint8Array => files.get(name) ?? new Uint8Array(0);
  return {
    path: 'memory',
    myid: undefined,
    names: [...files.keys()].sort((a, b) => (a < b ? -1 : 1)),
    sizeOf: (name) => bytesOf(name).length,
    open: (name) => [bytesOf(name)],
  };
}

describe('a spoilt file of a real server', () => {
  const files = realFiles('').filter(({ server }) => server === 'server1');
  const sound = new Map(files.map(({ name, bytes }) => [name, bytes]));

  const digests = files
    .filter(({ name }) => name.startsWith('log.'))
    .flatMap(({ bytes }) => digestsOf(bytes));

  test('is told apart, or does not matter', () => {
    const victims = fc.constantFrom(...files.map(({ name }) => name));
    fc.assert(
      fc.property(victims, fc.array(anySpoiling, { minLength: 1, maxLength: 3 }), (name, spoilings) => {
        const before = sound.get(name) ?? new Uint8Array(0);
        const spoiled = new Map(sound);
        spoiled.set(name, spoilings.reduce(spoilt, before));
        const recovery = recover(inMemory(spoiled));
        expect(recovery.store.tree.size).toBeLessThan(40);
        // What is neither refused nor remarked on is what the sound files said, as far as it goes.
        if (recovery.refusal !== '' || recovery.notes.length > 0) return;
        expect(digests).toContain(recovery.store.treeDigest());
      }),
      SPOILT,
    );
  });

  test('makes a typed error of a snapshot, or leaves it readable', () => {
    const snapshot = sound.get('snapshot.10000001f') ?? new Uint8Array(0);
    fc.assert(
      fc.property(anySpoiling, (spoiling) => {
        const bytes = spoilt(snapshot, spoiling);
        try {
          const reader = new SnapshotReader([bytes]);
          reader.header();
          for (const _ of snapshotChunks(reader));
          reader.trailer();
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
      SPOILT,
    );
  });
});
