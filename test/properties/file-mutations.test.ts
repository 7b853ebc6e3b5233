import { describe, expect, test } from 'vitest';
import { seeded } from '../../src/core/decisions.ts';
import { ScenarioErrors } from '../../src/core/errors.ts';
import type { DataDirectory } from '../../src/run/data-directory.ts';
import { decodeDisk } from '../../src/run/decode-disk.ts';
import { loggedTxns } from '../../src/run/logged-txns.ts';
import { unframeSnappy } from '../../src/run/snappy-frames.ts';
import { snapshotChunks } from '../../src/run/snapshot-chunks.ts';
import { txnRecordOf } from '../../src/run/txn-records.ts';
import { ZooCfg } from '../../src/run/zoo-cfg.ts';
import { Adler32 } from '../../src/wire/adler32.ts';
import { ClientReplyStream, ClientRequestStream } from '../../src/wire/client-stream.ts';
import { ElectionStream } from '../../src/wire/election-stream.ts';
import { decodeEpoch } from '../../src/wire/epoch-file.ts';
import { JuteWriter } from '../../src/wire/jute.ts';
import { decode, encode } from '../../src/wire/jute-codec.ts';
import { LogReader } from '../../src/wire/log-file.ts';
import { OPCODES } from '../../src/wire/opcodes.ts';
import { QuorumStream } from '../../src/wire/quorum-stream.ts';
import { SnapshotReader } from '../../src/wire/snapshot-file.ts';
import { loggedTxn, txnHeader } from '../../src/wire/txn-record.ts';
import { WireError } from '../../src/wire/wire-error.ts';
import { diskBytes, inPieces, realFiles } from '../conformance/disk/real-disk.ts';
import { MUTATIONS, mutated, NASTY, SEED } from './mutated.ts';

/*
 * The readers of files under damaged bytes: a typed error, an end that is named, or what the bytes say.
 */

type Draw = (bound: number) => number;

/** A reader of one kind of file: what it is tried with, and how it reads; it returns how much it read. */
interface FileReader {
  readonly inputs: readonly Uint8Array[];
  readonly read: (bytes: Uint8Array, pieceSize: number) => number;
}

const bytesOf = (prefix: string) => realFiles(prefix).map(({ bytes }) => withoutPadding(bytes));

/** Preallocated zeros would take nearly all of the mutations. */
function withoutPadding(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.slice(0, Math.min(bytes.length, end + 16));
}

const payloads = bytesOf('log.').flatMap((bytes) => {
  const reader = new LogReader([bytes]);
  reader.header();
  return [...loggedTxns(reader)].map(({ payload }) => payload.slice());
});

const READERS: Readonly<Record<string, FileReader>> = {
  log: {
    inputs: bytesOf('log.'),
    read: (bytes, size) => {
      const reader = new LogReader(inPieces(bytes, size));
      if (reader.header() === undefined) return 0;
      let count = 0;
      for (const _ of loggedTxns(reader)) count++;
      if (reader.end === undefined) throw new Error('a log ends somehow');
      return count;
    },
  },
  /** Behind a checksum that is right: damage that no checksum finds. */
  transaction: {
    inputs: payloads,
    read: (bytes) => {
      const txn = decode(loggedTxn, bytes);
      expect(decode(loggedTxn, encode(loggedTxn, txn))).toEqual(txn);
      txnRecordOf(txn);
      return 1;
    },
  },
  snapshot: {
    inputs: bytesOf('snapshot.'),
    read: (bytes, size) => {
      const reader = new SnapshotReader(inPieces(bytes, size));
      reader.header();
      let count = 0;
      for (const _ of snapshotChunks(reader)) count++;
      reader.trailer();
      return count;
    },
  },
  /** With its seals made right again. */
  'sealed snapshot': {
    inputs: bytesOf('snapshot.'),
    read: (bytes, size) => {
      const sealed = resealed(bytes);
      const reader = new SnapshotReader(inPieces(sealed, size));
      reader.header();
      let count = 0;
      for (const _ of snapshotChunks(reader)) count++;
      reader.trailer();
      return count;
    },
  },
  epoch: {
    inputs: [...bytesOf('acceptedEpoch'), Uint8Array.of(0x31, 0x32, 0x33, 0x0a), new Uint8Array(0)],
    read: (bytes) => (decodeEpoch(bytes) >= 0 ? 1 : 0),
  },
  snappy: {
    inputs: [diskBytes('compressed/snapshot.100000029.snappy')],
    read: (bytes) => {
      let count = 0;
      for (const piece of unframeSnappy(bytes, (block) => block)) count += Math.min(1, piece.length);
      return count;
    },
  },
  directory: {
    inputs: bytesOf('log.100000021'),
    read: (bytes) => decodeDisk(directoryWith('log.100000021', bytes)).size,
  },
  'zoo.cfg': {
    inputs: ['zoo.cfg', 'zoo.cfg.dynamic.100000000'].map((name) => diskBytes(`../config/${name}`)),
    read: (bytes) => {
      const cfg = new ZooCfg(new TextDecoder().decode(bytes), 'zoo.cfg');
      const { servers } = cfg.quorum();
      cfg.throwIfAny();
      return servers.length;
    },
  },
};

const sound = new Map(
  realFiles('')
    .filter(({ server }) => server === 'server1')
    .map(({ name, bytes }) => [name, bytes]),
);

function directoryWith(name: string, bytes: Uint8Array): DataDirectory {
  const files = new Map(sound).set(name, bytes);
  return {
    path: 'memory',
    myid: undefined,
    names: [...files.keys()],
    sizeOf: (file) => files.get(file)?.length ?? 0,
    open: (file) => [files.get(file) ?? new Uint8Array(0)],
  };
}

/** The first seal fits the bytes before it again, wherever it was. */
function resealed(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  const end = copy.length - 13 - 33;
  if (end < 16) return copy;
  const sum = new Adler32();
  sum.update(copy, 0, end);
  new DataView(copy.buffer).setBigInt64(end, BigInt(sum.value));
  return copy;
}

/** What a reader made of some bytes: how much it read, or the kind of its error. */
function fateOf(reader: FileReader, bytes: Uint8Array, pieceSize: number): number | string {
  try {
    return reader.read(bytes, pieceSize);
  } catch (error) {
    if (error instanceof WireError) return error.problem;
    if (error instanceof ScenarioErrors) return 'refused';
    throw error;
  }
}

describe.each(Object.entries(READERS))('a damaged %s', (name, reader) => {
  test('is read as what it says, or ends in a typed error', () => {
    const stream = seeded(SEED).stream(`file mutations ${name}`);
    const draw: Draw = (bound) => stream.draw(bound);
    const fates = new Map<string, number>();
    for (let left = Math.ceil(MUTATIONS / 8); left > 0; left--) {
      const input = reader.inputs[draw(reader.inputs.length)] as Uint8Array;
      const bytes = mutated(input, draw);
      let fate: number | string;
      try {
        fate = fateOf(reader, bytes, 1 + draw(300));
      } catch (error) {
        throw new Error(`${Buffer.from(bytes).toString('hex')}`, { cause: error });
      }
      const kind = typeof fate === 'string' ? fate : 'read';
      fates.set(kind, (fates.get(kind) ?? 0) + 1);
    }
    expect(fates.get('read') ?? 0).toBeGreaterThan(0);
    if (process.env['MUTATIONS'] !== undefined) {
      console.log(name, Object.fromEntries(fates), `${process.resourceUsage().maxRSS >> 10} MB`);
    }
  });
});

/** A transaction of nothing but the headers of multis in multis. */
function nestedMultis(depth: number): Uint8Array {
  const to = new JuteWriter();
  txnHeader.write(to, { clientId: 1n, cxid: 1, zxid: 1n, time: 1n, type: OPCODES.multi });
  for (let i = 0; i < depth; i++) {
    to.int(1);
    to.int(OPCODES.multi);
    to.int(Math.max(0, (depth - i - 1) * 12));
  }
  return to.take();
}

test('multis in multis are refused at the first, however many follow', () => {
  expect(() => decode(loggedTxn, nestedMultis(100000))).toThrow(WireError);
  const to = new JuteWriter();
  to.nested(() => {
    to.int(1);
    to.int(OPCODES.multi);
    for (let i = 0; i < 100000; i++) {
      to.int(OPCODES.multi);
      to.bool(false);
      to.int(-1);
    }
  });
  const stream = new ClientRequestStream(1 << 21);
  const hello = new JuteWriter();
  hello.nested(() => hello.raw(new Uint8Array(28)));
  stream.push(hello.take());
  stream.next();
  stream.push(to.take());
  expect(stream.next()).toMatchObject({ request: { body: { kind: 'undecodable' } } });
});

describe('a length that lies', () => {
  /** No reader takes more than this for some hundred bytes of input. */
  const MOST_BYTES = 4 << 20;

  /** What is allocated outside of the heap while `work` runs, at most: garbage counts as well. */
  function allocatedBy(work: () => void): number {
    const before = process.memoryUsage().arrayBuffers;
    try {
      work();
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
    }
    return process.memoryUsage().arrayBuffers - before;
  }

  /** The input with each of its numbers in turn replaced by a wrong one. */
  function* liesOf(bytes: Uint8Array): Generator<Uint8Array> {
    for (let at = 0; at + 4 <= bytes.length; at += 4) {
      for (const number of NASTY) {
        const lie = bytes.slice();
        new DataView(lie.buffer).setInt32(at, number);
        yield lie;
      }
    }
  }

  test.each(['log', 'snapshot', 'transaction'])('in a %s takes no room', (kind) => {
    const reader = READERS[kind] as FileReader;
    const input = (reader.inputs[0] as Uint8Array).slice(0, 400);
    for (const lie of liesOf(input)) {
      expect(allocatedBy(() => reader.read(lie, 1000))).toBeLessThan(MOST_BYTES);
    }
  });

  test.each([
    ['election', () => new ElectionStream('dialler')],
    ['quorum', () => new QuorumStream('leader')],
    ['client', () => new ClientRequestStream()],
    ['server', () => new ClientReplyStream(() => OPCODES.getData)],
  ] as const)('on a connection of the %s port takes no room', (_port, open) => {
    for (const lie of liesOf(new Uint8Array(120))) {
      const allocated = allocatedBy(() => {
        const stream = open();
        stream.push(lie);
        while (stream.next() !== undefined);
      });
      expect(allocated).toBeLessThan(MOST_BYTES);
    }
  });
});
