import { expect, test } from 'vitest';
import { seeded } from '../../src/core/decisions.ts';
import {
  connectRequestFrame,
  connectResponseFrame,
  requestPacket,
  serverPacket,
} from '../../src/wire/client-packets.ts';
import {
  ClientReplyStream,
  ClientRequestStream,
  type FromClient,
  type FromServer,
  frameBytes,
} from '../../src/wire/client-stream.ts';
import { type ElectionItem, ElectionStream, electionBytes } from '../../src/wire/election-stream.ts';
import { numberOfWord } from '../../src/wire/four-letter-words.ts';
import type { ItemStream } from '../../src/wire/item-stream.ts';
import { JuteWriter } from '../../src/wire/jute.ts';
import { encode } from '../../src/wire/jute-codec.ts';
import { OPCODES } from '../../src/wire/opcodes.ts';
import { quorumPacket } from '../../src/wire/quorum-packets.ts';
import { type QuorumItem, QuorumStream } from '../../src/wire/quorum-stream.ts';
import { snapshotItem } from '../../src/wire/snapshot-stream.ts';
import { WireError } from '../../src/wire/wire-error.ts';
import { bytesOf, captures, type Vector, vectorsOf } from '../conformance/wire/captured.ts';
import { MUTATIONS, mutated, SEED } from './mutated.ts';

/** One direction of one port: what reads it, and what writes again what was read. */
interface Way<T> {
  readonly inputs: readonly Uint8Array[];
  readonly open: (draw: (bound: number) => number) => ItemStream<T>;
  readonly write: (item: T) => Uint8Array;
}

const vectors = captures.flatMap(vectorsOf).filter(({ hex }) => hex.length < 4000);

/** The captured messages of one kind; also runs of several, as they come on a connection. */
function inputs(wanted: (vector: Vector) => boolean): Uint8Array[] {
  const single = vectors.filter(wanted).map(bytesOf);
  const runs = single.map((bytes, i) => Buffer.concat([bytes, ...single.slice(i + 1, i + 4)]));
  return [...single, ...runs.map((run) => new Uint8Array(run))];
}

function framed(...parts: readonly Uint8Array[]): Uint8Array {
  const to = new JuteWriter();
  to.buffer(Buffer.concat(parts));
  return to.take();
}

const election: Way<ElectionItem> = {
  inputs: inputs(({ name }) => name.startsWith('election.')),
  open: (draw) => new ElectionStream(draw(2) === 0 ? 'dialled' : 'dialler'),
  write: (item) => {
    return item.kind === 'malformed-notification' ? framed(item.body) : electionBytes(item);
  },
};

const quorum: Way<QuorumItem> = {
  inputs: inputs(({ name }) => name.startsWith('quorum.')),
  open: (draw) => new QuorumStream(draw(8) === 0 ? 'learner' : 'leader'),
  write: (item) => (item.kind === 'packet' ? encode(quorumPacket, item.packet) : encode(snapshotItem, item)),
};

const requests: Way<FromClient> = {
  inputs: inputs(({ name }) => /^client[.].*[.]request$|4lw[.]\w+$/.test(name)),
  open: () => new ClientRequestStream(),
  write: (item) => {
    if (item.kind === 'connect') return framed(encode(connectRequestFrame, item.request), item.rest);
    if (item.kind === 'request') return frameBytes(requestPacket, item.request);
    const to = new JuteWriter();
    to.int(numberOfWord(item.word));
    return to.take();
  },
};

const opcodes = Object.values(OPCODES);
const replies: Way<FromServer> = {
  inputs: inputs(({ name }) => /^client[.].*([.]reply|[.]event|[.]response|error-\d+)$/.test(name)),
  open: (draw) => new ClientReplyStream(() => opcodes[draw(opcodes.length)] ?? 0),
  write: (item) =>
    item.kind === 'connected'
      ? frameBytes(connectResponseFrame, item.response)
      : frameBytes(serverPacket, item),
};

/** What became of some bytes: how many items came out of them, and what was found wrong. */
interface Fate {
  readonly items: number;
  readonly problem: string;
}

/**
 * Reads the bytes in drawn pieces. Whatever comes out must be exactly what the bytes say, in order; all else
 * must be a `WireError`.
 */
function fateOf<T>(way: Way<T>, bytes: Uint8Array, draw: (bound: number) => number): Fate {
  const stream = way.open(draw);
  const written: Uint8Array[] = [];
  let problem = 'none';
  for (let at = 0; at < bytes.length && problem === 'none'; ) {
    const size = 1 + draw(draw(2) === 0 ? 8 : bytes.length);
    stream.push(bytes.subarray(at, at + size));
    at += size;
    try {
      for (let item = stream.next(); item !== undefined; item = stream.next()) written.push(way.write(item));
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      problem = error.problem;
    }
  }
  const again = Buffer.concat(written);
  // A character of four bytes is written in six, as Java does, and U+FFFD where there was no text.
  if (!bytes.some((byte) => byte >= 0xf0 && byte <= 0xf4) && !again.includes('\ufffd')) {
    if (!saysTheSame(again, bytes)) {
      throw new Error(`${Buffer.from(bytes).toString('hex')} was read as ${again.toString('hex')}`);
    }
  }
  return { items: written.length, problem };
}

/** Whether bytes are the first of others, but for what Java takes as true, and as an empty vector. */
function saysTheSame(written: Uint8Array, read: Uint8Array): boolean {
  return written.every((byte, i) => {
    const was = read[i] ?? -1;
    return byte === was || (byte === 1 && was > 1) || [0, 1, 2, 3].some((k) => isNoCount(i - k));
  });
  function isNoCount(at: number): boolean {
    return (read[at] ?? 0) >= 0x80 && [0, 1, 2, 3].every((k) => written[at + k] === 0);
  }
}

test('damaged bytes end in a typed error or are read as what they say, whatever port they come from', () => {
  const stream = seeded(SEED).stream('mutations');
  const draw = (bound: number) => stream.draw(bound);
  const ways = [election, quorum, requests, replies] as Way<unknown>[];
  const problems = new Map<string, number>();
  let items = 0;
  for (let i = 0; i < MUTATIONS; i++) {
    const way = ways[i % ways.length] as Way<unknown>;
    const input = way.inputs[draw(way.inputs.length)] as Uint8Array;
    const bytes = mutated(input, draw);
    try {
      const fate = fateOf(way, bytes, draw);
      items += fate.items;
      problems.set(fate.problem, (problems.get(fate.problem) ?? 0) + 1);
    } catch (error) {
      throw new Error(`input ${i}, ${Buffer.from(bytes).toString('hex')}`, { cause: error });
    }
  }
  // Every way to be wrong was met, and a good part was right: a test that never gets past the first field
  // proves little.
  const met = [...problems.keys()];
  expect(met).toEqual(expect.arrayContaining(['none', 'truncated', 'length', 'unknown', 'trailing']));
  expect(items).toBeGreaterThan(MUTATIONS / 4);
  if (process.env['MUTATIONS'] !== undefined) {
    console.log({
      items,
      problems: Object.fromEntries(problems),
      maxRssMB: process.resourceUsage().maxRSS >> 10,
    });
  }
});
