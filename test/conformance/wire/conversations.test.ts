import { describe, expect, test } from 'vitest';
import type { NodeId } from '../../../src/node/ids.ts';
import type { Conversation } from '../../../src/node/wire-format.ts';
import { ElectionConversation } from '../../../src/run/bytes/election-conversation.ts';
import { QuorumConversation } from '../../../src/run/bytes/quorum-conversation.ts';
import { treeBytes } from '../../../src/run/bytes/tree-bytes.ts';
import { treeClient } from '../../../src/run/bytes/tree-client.ts';
import { parseServer, type QuorumAddress } from '../../../src/run/quorum-config.ts';
import { connectRequestFrame } from '../../../src/wire/client-packets.ts';
import { frameBytes } from '../../../src/wire/client-stream.ts';
import { encode } from '../../../src/wire/jute-codec.ts';
import { quorumPacket } from '../../../src/wire/quorum-packets.ts';
import { QuorumStream } from '../../../src/wire/quorum-stream.ts';
import { bytesOf, captures, type Vector, vectorsOf } from './captured.ts';

/*
 * What real servers and clients said, as the messages that our servers understand, and said again by them:
 * the same bytes. Left out is what our servers have no messages for.
 */

interface Captured extends Vector {
  /** `s1->s2`; clients are `client`. */
  readonly direction: string;
  /** Ends with `->` and who was dialled. */
  readonly conn: string;
}

/** Reconfiguration and SASL are not known, nor are requests that no client of ZooKeeper sends. */
const UNKNOWN =
  /ANDACTIVATE|reconfig|sasl|[.](createSession|error|notification|unknown|check|auth)[.]request|decoded-as/;

/** Reconfigurations that a follower forwards or that are proposed, and a zxid that no server has ever had. */
const STRANGE = /"opName":"reconfig"|Reconfig|"path":"[/]zookeeper[/]config"|"1152921504606846976"/;

/** SNAP, so that the raw state that follows is read as one. */
const SNAP = Buffer.from('0000000f0000000000000000ffffffffffffffff', 'hex');

const CONNECT = frameBytes(connectRequestFrame, {
  protocolVersion: 0,
  lastZxidSeen: 0n,
  timeOut: 0,
  sessionId: 0n,
  passwd: null,
  readOnly: false,
});

/** How a handshake begins that may name several addresses. */
const MANY_ADDRESSES = 'ffffffffffff0001';

/** All that is read of these bytes, written again. */
function again<M>(reads: Conversation<M>, writes: Conversation<M>, bytes: Uint8Array): string {
  reads.push(bytes);
  let text = '';
  for (let message = reads.next(); message !== undefined; message = reads.next()) {
    text += Buffer.from(writes.write(message)).toString('hex');
  }
  return text;
}

/** Its bytes without the digest of the tree behind a transaction, which our servers do not say. */
function withoutDigest(vector: Vector, from: 'leader' | 'learner'): string {
  if (!/PROPOSAL|INFORM/.test(vector.name)) return vector.hex;
  const stream = new QuorumStream(from);
  stream.push(bytesOf(vector));
  const item = stream.next();
  if (item?.kind !== 'packet' || item.packet.data.kind !== 'txn') throw new Error('no transaction');
  const { packet } = item;
  const data = { kind: 'txn' as const, txn: { ...item.packet.data.txn, digest: undefined } };
  return Buffer.from(encode(quorumPacket, { ...packet, data })).toString('hex');
}

/** The text of the configuration in a message. */
function configIn(vector: Vector): string {
  return (
    /server[.]1=[\s\S]*?version=[0-9a-f]+/.exec(Buffer.from(bytesOf(vector)).toString('utf8'))?.[0] ?? ''
  );
}

function capturesOf(port: string): Captured[] {
  const files = captures.filter((file) => file.startsWith(port));
  const vectors = files.flatMap(vectorsOf) as Captured[];
  return vectors.filter(({ name, decoded }) => !UNKNOWN.test(name) && !STRANGE.test(JSON.stringify(decoded)));
}

describe('our servers say what real ones said', () => {
  test('as leaders and as learners', () => {
    const vectors = capturesOf('quorum');
    for (const vector of vectors) {
      const dialled = /->(s\d+)$/.exec(vector.conn)?.[1];
      const byName = /INFO$|ACK/.test(vector.name) && vector.name !== 'quorum.LEADERINFO';
      const learner = dialled === undefined ? byName : vector.direction.endsWith(dialled);
      const from = learner ? 'learner' : 'leader';
      const reads = new QuorumConversation(from, treeBytes, '');
      if (vector.name === 'quorum.SNAP.payload') again(reads, reads, SNAP);
      const writes = new QuorumConversation(from, treeBytes, configIn(vector));
      const hex = again(reads, writes, bytesOf(vector));
      // The version of a configuration that was never changed is 0.
      const own = withoutDigest(vector, from).replace(
        /^(000000(?:0b|10).{48})0000000100000000/,
        '$10000000000000000',
      );
      expect({ name: vector.name, hex }).toEqual({ name: vector.name, hex: own });
    }
    expect(vectors.length).toBeGreaterThan(150);
  });

  test('in elections', () => {
    const vectors = capturesOf('election').filter(({ decoded }) => 'config' in decoded || 'addr' in decoded);
    for (const vector of vectors) {
      const hello = vector.name === 'election.initial';
      const text = Buffer.from(bytesOf(vector)).toString('utf8');
      // Several addresses are named only with `multiAddress.enabled`.
      if (hello && vector.hex.startsWith(MANY_ADDRESSES)) continue;
      const [, host = '', port = ''] = /([\d.]+):(\d+)$/.exec(text) ?? [];
      const server = parseServer(1 as NodeId, `${host}:1:${port}`);
      const own: readonly QuorumAddress[] = typeof server === 'string' ? [] : server.addresses;
      const addresses = new Map([1, 2, 3, 4, 5].map((id) => [id as NodeId, own]));
      const reader = hello ? 'dialled' : 'dialler';
      const reads = new ElectionConversation(reader, '', addresses);
      const writes = new ElectionConversation(reader, configIn(vector), addresses);
      expect({ name: vector.name, hex: again(reads, writes, bytesOf(vector)) }).toEqual({
        name: vector.name,
        hex: vector.hex,
      });
    }
    expect(vectors.length).toBeGreaterThan(20);
  });

  test('as clients', () => {
    // Our clients are no old ones: these say nothing of read-only servers.
    const old = '0000002c';
    const vectors = capturesOf('client').filter(
      ({ name, hex }) => /request$/.test(name) && !(name.includes('connect') && hex.startsWith(old)),
    );
    for (const vector of vectors) {
      const { forth } = treeClient('');
      if (vector.name !== 'client.connect.request') again(forth, forth, CONNECT);
      const hex = again(forth, forth, bytesOf(vector));
      expect({ name: vector.name, hex }).toEqual({ name: vector.name, hex: vector.hex });
    }
    expect(vectors.length).toBeGreaterThan(60);
  });
});
