import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  connectRequestFrame,
  connectResponseFrame,
  readServerPacket,
  requestPacket,
  serverPacket,
} from '../../src/wire/client-packets.ts';
import { REPLY_RECORDS } from '../../src/wire/client-replies.ts';
import { REQUEST_RECORDS } from '../../src/wire/client-requests.ts';
import { electionHello, electionNotification } from '../../src/wire/election-messages.ts';
import { ElectionStream, electionBytes } from '../../src/wire/election-stream.ts';
import type { ItemStream } from '../../src/wire/item-stream.ts';
import { JuteWriter } from '../../src/wire/jute.ts';
import { type Codec, decode, encode } from '../../src/wire/jute-codec.ts';
import { acl, aclEntry, id, stat, statPersisted } from '../../src/wire/jute-records.ts';
import { OPCODES, type OpName } from '../../src/wire/opcodes.ts';
import { PACKETS, type QuorumPacket, quorumPacket } from '../../src/wire/quorum-packets.ts';
import { type QuorumItem, QuorumStream } from '../../src/wire/quorum-stream.ts';
import { aclTableEntry, nodeEntry, sessionEntry } from '../../src/wire/snapshot-body.ts';
import { snapshotItem } from '../../src/wire/snapshot-stream.ts';
import { TXN_RECORDS } from '../../src/wire/txn-bodies.ts';
import { loggedTxn, txnDigest, txnHeader } from '../../src/wire/txn-record.ts';
import {
  anyConnectRequest,
  anyConnectResponse,
  anyHello,
  anyLoggedTxn,
  anyNotification,
  anyPacket,
  anyRequest,
  anyServerPacket,
  anySnapshot,
  valuesOf,
} from './wire-arbitrary.ts';

/** Records of one codec each. */
const records: Record<string, Codec<never>> = {
  acl: acl as Codec<never>,
  aclEntry: aclEntry as Codec<never>,
  id: id as Codec<never>,
  stat: stat as Codec<never>,
  statPersisted: statPersisted as Codec<never>,
  aclTableEntry: aclTableEntry as Codec<never>,
  nodeEntry: nodeEntry as Codec<never>,
  sessionEntry: sessionEntry as Codec<never>,
  txnDigest: txnDigest as Codec<never>,
  txnHeader: txnHeader as Codec<never>,
};

/** The value comes back from its bytes, and the bytes from what came back. */
function comesBack<T>(codec: Pick<Codec<T>, 'read' | 'write'>, values: fc.Arbitrary<T>, numRuns = 100): void {
  fc.assert(
    fc.property(values, (value) => {
      const bytes = encode(codec, value);
      const back = decode(codec, bytes);
      expect(back).toEqual(value);
      expect(encode(codec, back)).toEqual(bytes);
    }),
    { numRuns },
  );
}

/** So many that each kind comes up dozens of times. */
const MANY = 3000;

/** The same for values of several kinds, of which each comes up. */
function allComeBack<T>(
  codec: Pick<Codec<T>, 'read' | 'write'>,
  values: fc.Arbitrary<T>,
  kindOf: (value: T) => string | number,
  kinds: readonly (string | number)[],
): void {
  const seen = new Set<string | number>();
  const noted = values.map((value) => {
    seen.add(kindOf(value));
    return value;
  });
  comesBack(codec, noted, MANY);
  expect(kinds.filter((kind) => !seen.has(kind))).toEqual([]);
}

describe('what is written comes back', () => {
  test.each(Object.entries(records))('as %s', (_, codec) => {
    comesBack(codec, valuesOf(codec));
  });

  test('as a transaction of any kind', () => {
    const kinds = [...Object.keys(TXN_RECORDS), 'multi', 'oldCreate', 'oldCloseSession'];
    allComeBack(loggedTxn, anyLoggedTxn, ({ body }) => body.kind, kinds);
  });
  test('as a handshake', () => comesBack(electionHello, anyHello));
  test('as a notification', () => comesBack(electionNotification, anyNotification));
  test('as a packet of any type', () => {
    allComeBack(quorumPacket, anyPacket, ({ type }) => type, Object.values(PACKETS));
  });
  test('as a connect request', () => comesBack(connectRequestFrame, anyConnectRequest));
  test('as a connect response', () => comesBack(connectResponseFrame, anyConnectResponse));
  test('as a request of any kind', () => {
    const kinds = [...Object.keys(REQUEST_RECORDS), 'multi', 'multiRead'];
    allComeBack(requestPacket, anyRequest, ({ body }) => body.kind, kinds);
  });

  test('as a reply of any kind, or an event', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(anyServerPacket, (packet) => {
        const isReply = packet.kind === 'reply';
        seen.add(isReply ? packet.body.kind : 'event');
        const type = isReply ? OPCODES[packet.body.kind as OpName] : 0;
        const bytes = encode(serverPacket, packet);
        expect(decode({ read: (from) => readServerPacket(from, () => type) }, bytes)).toEqual(packet);
      }),
      { numRuns: MANY },
    );
    const kinds = [...Object.keys(REPLY_RECORDS), 'multi', 'multiRead', 'event'];
    expect(kinds.filter((kind) => !seen.has(kind))).toEqual([]);
  });
});

/** Takes everything out of a stream into which `bytes` come in pieces that end at `cuts`. */
function inPieces<T>(stream: ItemStream<T>, bytes: Uint8Array, cuts: readonly number[]): T[] {
  const items: T[] = [];
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1))), bytes.length];
  let start = 0;
  for (const end of ends.sort((a, b) => a - b)) {
    stream.push(bytes.subarray(start, end));
    start = end;
    for (let item = stream.next(); item !== undefined; item = stream.next()) items.push(item);
  }
  expect(stream.pending).toBe(0);
  return items;
}

const anyCuts = fc.array(fc.nat(5000), { maxLength: 30 });
const anyQuorumItems: fc.Arbitrary<QuorumItem[]> = fc
  .array(
    fc.oneof(
      anyPacket.filter(({ type }) => type !== PACKETS.SNAP).map((packet) => [packetItem(packet)]),
      anySnapshot.map((items) => [packetItem(SNAP), ...items]),
    ),
    { maxLength: 6 },
  )
  .map((groups) => groups.flat());

const SNAP: QuorumPacket = { type: PACKETS.SNAP, zxid: 5n, data: { kind: 'none' }, authinfo: null };

function packetItem(packet: QuorumPacket): QuorumItem {
  return { kind: 'packet', packet };
}

describe('a stream reads the same, however it is cut', () => {
  test('on the quorum port, with snapshots in it', () => {
    fc.assert(
      fc.property(anyQuorumItems, anyCuts, (items, cuts) => {
        const to = new JuteWriter();
        for (const item of items) {
          if (item.kind === 'packet') quorumPacket.write(to, item.packet);
          else snapshotItem.write(to, item);
        }
        expect(inPieces(new QuorumStream('leader'), to.take(), cuts)).toEqual(items);
      }),
    );
  });

  test('on the election port', () => {
    fc.assert(
      fc.property(anyHello, fc.array(anyNotification, { maxLength: 4 }), anyCuts, (hello, votes, cuts) => {
        const bytes = [hello, ...votes].flatMap((message) => [...electionBytes(message)]);
        const items = inPieces(new ElectionStream('dialled'), Uint8Array.from(bytes), cuts);
        expect(items).toEqual([hello, ...votes]);
      }),
    );
  });
});
