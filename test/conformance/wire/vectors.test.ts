import { describe, expect, test } from 'vitest';
import {
  connectRequestFrame,
  connectResponseFrame,
  requestPacket,
  serverPacket,
} from '../../../src/wire/client-packets.ts';
import { ClientReplyStream, ClientRequestStream, frameBytes } from '../../../src/wire/client-stream.ts';
import { ElectionStream, electionBytes } from '../../../src/wire/election-stream.ts';
import { numberOfWord } from '../../../src/wire/four-letter-words.ts';
import { Inbox } from '../../../src/wire/inbox.ts';
import type { ItemStream } from '../../../src/wire/item-stream.ts';
import { JuteWriter, MAX_BUFFER } from '../../../src/wire/jute.ts';
import { encode } from '../../../src/wire/jute-codec.ts';
import { OPCODES, type OpName } from '../../../src/wire/opcodes.ts';
import { quorumPacket } from '../../../src/wire/quorum-packets.ts';
import { QuorumStream } from '../../../src/wire/quorum-stream.ts';
import { type SnapshotItem, SnapshotReader, snapshotItem } from '../../../src/wire/snapshot-stream.ts';
import {
  electionJson,
  type Json,
  packetJson,
  plain,
  requestPacketJson,
  serverPacketJson,
} from './as-json.ts';
import { bytesOf, captures, type Vector, vectorsOf } from './captured.ts';

/** What became of a vector: its bytes again, and what they say. */
interface Back {
  readonly hex: string;
  readonly decoded: Json;
}

/** Some first frames that open a connection, so that what is tested comes second. */
const CONNECT = frameBytes(connectRequestFrame, {
  protocolVersion: 0,
  lastZxidSeen: 0n,
  timeOut: 0,
  sessionId: 0n,
  passwd: null,
  readOnly: undefined,
});
const CONNECTED = frameBytes(connectResponseFrame, {
  protocolVersion: 0,
  timeOut: 0,
  sessionId: 0n,
  passwd: null,
  readOnly: undefined,
});

/** The one item that these bytes are, pushed in pieces of `size`; it must come with the last of them. */
function only<T>(stream: ItemStream<T>, bytes: Uint8Array, size: number): T {
  const items: T[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    expect(items).toEqual([]);
    stream.push(bytes.subarray(at, at + size));
    for (let item = stream.next(); item !== undefined; item = stream.next()) items.push(item);
  }
  expect(items).toHaveLength(1);
  return items[0] as T;
}

function readBack({ name, hex, decoded }: Vector, size: number): Back {
  const bytes = bytesOf({ hex });
  if (name.startsWith('election.')) {
    const stream = new ElectionStream(name === 'election.initial' ? 'dialled' : 'dialler');
    const item = only(stream, bytes, size);
    if (item.kind === 'malformed-notification') throw item.error;
    return { hex: hexOf(electionBytes(item)), decoded: electionJson(item) };
  }
  if (name === 'quorum.SNAP.payload') return snapshotBack(bytes, size);
  if (name.startsWith('quorum.')) {
    const item = only(new QuorumStream('leader'), bytes, size);
    if (item.kind !== 'packet') throw new Error('a packet was not read as one');
    const length = Buffer.from(bytes).readInt32BE(12);
    return { hex: hexOf(encode(quorumPacket, item.packet)), decoded: packetJson(item.packet, length) };
  }
  if (name.startsWith('client.4lw.') && !name.endsWith('.reply')) {
    const item = only(new ClientRequestStream(), bytes, size);
    if (item.kind !== 'four-letter-word') throw new Error('a four-letter word was not read as one');
    const word = Buffer.alloc(4);
    word.writeInt32BE(numberOfWord(item.word));
    return { hex: word.toString('hex'), decoded: { text: item.word } };
  }
  // What a server answers to it is text, up to the end of the connection.
  if (name.startsWith('client.4lw.')) return { hex, decoded: { text: Buffer.from(bytes).toString('utf8') } };
  if (name === 'client.connect.request' || name.endsWith('.request')) {
    return requestBack(name, bytes, size, decoded);
  }
  return replyBack(name, bytes, size, decoded);
}

function requestBack(name: string, bytes: Uint8Array, size: number, decoded: Json): Back {
  const stream = new ClientRequestStream(2 * MAX_BUFFER);
  if (name === 'client.connect.request') {
    const item = only(stream, bytes, size);
    if (item.kind !== 'connect') throw new Error('a connect request was not read as one');
    return { hex: hexOf(frameBytes(connectRequestFrame, item.request)), decoded: plain(item.request) };
  }
  stream.push(CONNECT);
  stream.next();
  const item = only(stream, bytes, size);
  if (item.kind !== 'request') throw new Error('a request was not read as one');
  const hex = hexOf(frameBytes(requestPacket, item.request));
  // The independent decoder left bodies that no client sends as they were.
  const asItCame = (decoded as { record: string }).record === 'Raw';
  const json = requestPacketJson(item.request) as { [name: string]: Json };
  return {
    hex,
    decoded: asItCame ? { ...json, record: 'Raw', body: hex.slice(24) } : json,
  };
}

function replyBack(name: string, bytes: Uint8Array, size: number, decoded: Json): Back {
  const asked = (decoded as { opName?: string }).opName ?? '';
  const stream = new ClientReplyStream(() => OPCODES[asked as OpName], 2 * MAX_BUFFER);
  if (name === 'client.connect.response') {
    const item = only(stream, bytes, size);
    if (item.kind !== 'connected') throw new Error('a connect response was not read as one');
    return { hex: hexOf(frameBytes(connectResponseFrame, item.response)), decoded: plain(item.response) };
  }
  stream.push(CONNECTED);
  stream.next();
  const item = only(stream, bytes, size);
  if (item.kind === 'connected') throw new Error('a reply was not read as one');
  return { hex: hexOf(frameBytes(serverPacket, item)), decoded: serverPacketJson(item, asked) };
}

function snapshotBack(bytes: Uint8Array, size: number): Back {
  const inbox = new Inbox(MAX_BUFFER);
  const reader = new SnapshotReader();
  const to = new JuteWriter();
  const items: SnapshotItem[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    inbox.push(bytes.subarray(at, at + size));
    for (let item = reader.next(inbox); item !== undefined; item = reader.next(inbox)) items.push(item);
  }
  expect(reader.done && inbox.length === 0).toBe(true);
  for (const item of items) snapshotItem.write(to, item);
  const sessions = items.flatMap((item) =>
    item.kind === 'session' ? [{ sessionId: String(item.session.id), timeout: item.session.timeout }] : [],
  );
  const acls = items.flatMap((item) => (item.kind === 'acl' ? [plain(item.entry)] : []));
  const nodes = items.flatMap((item) => {
    if (item.kind !== 'node') return [];
    const { path, data, acl, stat } = item.node;
    return [{ path, data: plain(data), aclKey: String(acl), stat: plain(stat) }];
  });
  return { hex: hexOf(to.take()), decoded: { sessions, acls, nodes, signature: 'BenWasHere' } };
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** What the independent decoder noted beside the message itself. */
function stripped(decoded: Vector['decoded']): Json {
  const { request: _, ...rest } = decoded as { [name: string]: Json };
  return rest;
}

describe('what real servers and clients sent', () => {
  test('was captured in full', () => {
    expect(captures).toHaveLength(17);
    expect(captures.flatMap(vectorsOf)).toHaveLength(697);
  });

  test.each(captures)('reads as it was meant, and is written as it came: %s', (file) => {
    for (const vector of vectorsOf(file)) {
      const back = readBack(vector, vector.hex.length);
      expect({ name: vector.name, ...back }).toEqual({
        name: vector.name,
        hex: vector.hex,
        decoded: stripped(vector.decoded),
      });
    }
  });

  test.each(captures)('reads the same when it comes byte by byte: %s', (file) => {
    for (const vector of vectorsOf(file)) {
      if (vector.hex.length > 4000) continue;
      expect(readBack(vector, 1)).toEqual(readBack(vector, vector.hex.length));
    }
  });
});
