import fc from 'fast-check';
import type {
  ConnectRequest,
  ConnectResponse,
  EventPacket,
  ReplyPacket,
  RequestPacket,
} from '../../src/wire/client-packets.ts';
import {
  type MultiReplyPart,
  type PlainReply,
  REPLY_RECORDS,
  type ReplyBody,
} from '../../src/wire/client-replies.ts';
import {
  type MultiRequestPart,
  type PlainRequest,
  REQUEST_RECORDS,
  type RequestBody,
} from '../../src/wire/client-requests.ts';
import type { ElectionHello, ElectionNotification } from '../../src/wire/election-messages.ts';
import type { Codec, Shape } from '../../src/wire/jute-codec.ts';
import { acl, id, statPersisted } from '../../src/wire/jute-records.ts';
import { type Multi, multiHeader } from '../../src/wire/multi.ts';
import { OPCODES, type OpName } from '../../src/wire/opcodes.ts';
import { PACKETS, type PacketData, type QuorumPacket } from '../../src/wire/quorum-packets.ts';
import type { SnapshotItem } from '../../src/wire/snapshot-stream.ts';
import { TXN_RECORDS, type TxnBody, type TxnPart, txnType } from '../../src/wire/txn-bodies.ts';
import { type LoggedTxn, txnDigest, txnHeader } from '../../src/wire/txn-record.ts';

/** Every 64-bit integer, the ends and small ones more often. */
const anyLong = fc.oneof(
  fc.bigInt({ min: -0x8000_0000_0000_0000n, max: 0x7fff_ffff_ffff_ffffn }),
  fc.constantFrom(0n, 1n, -1n, 0x1_0000_0003n, -0x8000_0000_0000_0000n, 0x7fff_ffff_ffff_ffffn),
);

/** Every 32-bit integer, the ends and small ones more often. */
export const anyInt = fc.oneof(fc.integer(), fc.constantFrom(0, 1, -1, -0x8000_0000, 0x7fff_ffff));

const anyUnit = fc.nat(0xffff).map((unit) => String.fromCharCode(unit));

/** Any text that a string of JavaScript or Java may be, halves of surrogate pairs included. */
export const anyText = fc.oneof(
  fc.constantFrom('', '/', '/a/b', 'é', '\u{1f600}', '\ud83d'),
  fc.string({ maxLength: 12 }),
  fc.string({ unit: anyUnit, maxLength: 12 }),
);

/** Any value of this shape. */
export function anyOf(shape: Shape): fc.Arbitrary<unknown> {
  if (typeof shape === 'object') {
    if ('vector' in shape) return fc.option(fc.array(anyOf(shape.vector), { maxLength: 4 }));
    return fc.record(Object.fromEntries(shape.record.map(([name, field]) => [name, anyOf(field)])));
  }
  switch (shape) {
    case 'bool':
      return fc.boolean();
    case 'int':
      return anyInt;
    case 'long':
      return anyLong;
    case 'buffer':
      return fc.option(fc.uint8Array({ maxLength: 20 }));
    case 'ustring':
      return fc.option(anyText);
  }
}

/** Any value that this codec writes. */
export function valuesOf<T>(codec: Codec<T>): fc.Arbitrary<T> {
  return anyOf(codec.shape).map((value) => value as T);
}

/** Any value of one of these records, with the name of its kind. */
export function taggedOf<T extends object>(codecs: { readonly [kind: string]: Codec<T> }): fc.Arbitrary<T> {
  const choices = Object.entries(codecs).map(([kind, codec]) =>
    anyOf(codec.shape).map((value) => ({ kind, ...(value as T) })),
  );
  return fc.oneof(...choices);
}

const { setACL, reconfig, createSession, closeSession, ...parts } = TXN_RECORDS;
const anyPart: fc.Arbitrary<TxnPart> = taggedOf<TxnPart>(parts as never);
const oldCreate = valuesOf(parts.create).map(({ parentCVersion: _, ...rest }) => ({
  ...rest,
  kind: 'oldCreate',
}));

/** Any body of a transaction. */
export const anyTxnBody: fc.Arbitrary<TxnBody> = fc.oneof(
  { weight: 4, arbitrary: anyPart },
  { weight: 2, arbitrary: taggedOf<TxnBody>({ setACL, reconfig, createSession, closeSession } as never) },
  {
    weight: 2,
    arbitrary: fc.array(anyPart, { maxLength: 4 }).map((list) => ({ kind: 'multi', parts: list })),
  },
  { weight: 1, arbitrary: oldCreate as fc.Arbitrary<TxnBody> },
  { weight: 1, arbitrary: fc.constant({ kind: 'oldCloseSession' }) },
) as fc.Arbitrary<TxnBody>;

/** Any transaction; the old forms come without a digest, which is younger than they are. */
export const anyLoggedTxn: fc.Arbitrary<LoggedTxn> = fc
  .tuple(valuesOf(txnHeader), anyTxnBody, fc.option(valuesOf(txnDigest), { nil: undefined }))
  .map(([header, body, digest]) => ({
    header: { ...header, type: txnType(body) },
    body,
    digest: body.kind.startsWith('old') ? undefined : digest,
  }));

const anyBytes = fc.uint8Array({ maxLength: 20 });
const maybe = fc.option(fc.boolean(), { nil: undefined });

function multiOf<K extends string, T>(kind: K, part: fc.Arbitrary<T>): fc.Arbitrary<Multi<K, T>> {
  const anyPartOf = fc.record({ err: anyInt, body: part });
  return fc
    .tuple(fc.array(anyPartOf, { maxLength: 4 }), valuesOf(multiHeader))
    .map(([list, end]) => ({ kind, parts: list, end: { ...end, done: true } }));
}

const { create, create2, createContainer, createTTL, delete: gone, setData, check } = REQUEST_RECORDS;
const writeParts = { create, create2, createContainer, createTTL, delete: gone, setData, check };
const { getData, getChildren } = REQUEST_RECORDS;

/** Any body of a request, and the type of its header. */
const anyRequestBody: fc.Arbitrary<readonly [type: number, body: RequestBody]> = fc.oneof(
  {
    weight: 6,
    arbitrary: taggedOf<PlainRequest>(REQUEST_RECORDS as never).map((body) => typed(body)),
  },
  { weight: 1, arbitrary: multiOf('multi', taggedOf<MultiRequestPart>(writeParts as never)).map(typed) },
  {
    weight: 1,
    arbitrary: multiOf('multiRead', taggedOf<never>({ getData, getChildren } as never)).map(typed),
  },
  {
    weight: 1,
    arbitrary: anyBytes.map((bytes) => [99, { kind: 'unknown', bytes }] as const),
  },
);

function typed(body: RequestBody): readonly [number, RequestBody] {
  return [OPCODES[body.kind as OpName], body];
}

/** Any request of a client. */
export const anyRequest: fc.Arbitrary<RequestPacket> = fc
  .tuple(anyInt, anyRequestBody)
  .map(([xid, [type, body]]) => ({ xid, type, body }));

const replyParts = {
  create: REPLY_RECORDS.create,
  create2: REPLY_RECORDS.create2,
  delete: REPLY_RECORDS.delete,
  setData: REPLY_RECORDS.setData,
  check: REPLY_RECORDS.check,
};

/** Any body of a reply that succeeded. */
export const anyReplyBody: fc.Arbitrary<ReplyBody> = fc.oneof(
  { weight: 4, arbitrary: taggedOf<PlainReply>(REPLY_RECORDS as never) },
  { weight: 1, arbitrary: multiOf('multi', taggedOf<MultiReplyPart>(replyParts as never)) },
  {
    weight: 1,
    arbitrary: multiOf(
      'multiRead',
      taggedOf<never>({ getData: REPLY_RECORDS.getData, getChildren: REPLY_RECORDS.getChildren } as never),
    ),
  },
);

/** Any reply or event; a reply's body names the request that it answers. */
export const anyServerPacket: fc.Arbitrary<ReplyPacket | EventPacket> = fc.oneof(
  fc
    .tuple(fc.integer({ min: 0 }), anyLong, anyReplyBody)
    .map(([xid, zxid, body]): ReplyPacket => ({ kind: 'reply', header: { xid, zxid, err: 0 }, body })),
  fc.tuple(fc.integer({ min: 0 }), anyLong, fc.integer({ max: -1 })).map(
    ([xid, zxid, err]): ReplyPacket => ({
      kind: 'reply',
      header: { xid, zxid, err },
      body: { kind: 'none' },
    }),
  ),
  fc.tuple(anyLong, anyInt, anyInt, anyInt, fc.option(anyText)).map(
    ([zxid, err, type, state, path]): EventPacket => ({
      kind: 'event',
      header: { xid: -1, zxid, err },
      event: { type, state, path },
    }),
  ),
);

/** Any first frame of a client. */
export const anyConnectRequest: fc.Arbitrary<ConnectRequest> = fc.record({
  protocolVersion: anyInt,
  lastZxidSeen: anyLong,
  timeOut: anyInt,
  sessionId: anyLong,
  passwd: fc.option(anyBytes),
  readOnly: maybe,
});

/** Any first frame of a server. */
export const anyConnectResponse: fc.Arbitrary<ConnectResponse> = anyConnectRequest.map(
  ({ lastZxidSeen: _, ...rest }) => rest,
);

const unsigned = fc.bigInt({ min: 0n, max: 0x7fff_ffff_ffff_ffffn });
const anyAddress = fc.constantFrom('localhost:3888', '10.0.0.1:1', '[2001:db8::1]:65535');

/** Any handshake on the election port. */
export const anyHello: fc.Arbitrary<ElectionHello> = fc.oneof(
  unsigned.map((sid): ElectionHello => ({ kind: 'old-hello', sid })),
  fc
    .tuple(fc.constantFrom(-65536n, -65535n), anyLong, fc.array(anyAddress, { minLength: 1, maxLength: 3 }))
    .map(([protocolVersion, sid, list]): ElectionHello => {
      return { kind: 'hello', protocolVersion, sid, addresses: list.join('|') };
    }),
);

const vote = { kind: fc.constant('notification' as const), state: fc.nat(3), leader: anyLong, zxid: anyLong };

/** Any notification, in the three forms. */
export const anyNotification: fc.Arbitrary<ElectionNotification> = fc.oneof(
  fc.record({
    ...vote,
    electionEpoch: anyLong,
    peerEpoch: fc.constant(undefined),
    version: fc.constant(undefined),
    config: fc.constant(undefined),
  }),
  fc.record({
    ...vote,
    electionEpoch: anyLong,
    peerEpoch: anyLong,
    version: anyInt,
    config: fc.constant(undefined),
  }),
  fc.record({
    ...vote,
    electionEpoch: anyLong,
    peerEpoch: anyLong,
    version: fc.integer({ min: 2 }),
    config: anyText,
  }),
);

const anyTouch = fc.record({ sessionId: anyLong, timeout: anyInt });
const anyRequestData = fc
  .tuple(anyLong, anyInt, anyRequestBody)
  .map(([sessionId, cxid, [type, body]]) => ({ kind: 'request', sessionId, cxid, type, body }) as const);
const anyTxnData = anyLoggedTxn.map((txn) => ({ kind: 'txn', txn }) as const);
const nothing = fc.constant({ kind: 'none' } as const);

const anyLearnerInfo = fc
  .tuple(anyLong, fc.nat(2), anyInt, anyLong)
  .map(([serverid, more, protocolVersion, configVersion]): PacketData => {
    return {
      kind: 'learner-info',
      serverid,
      protocolVersion: more > 0 ? protocolVersion : undefined,
      configVersion: more > 1 ? configVersion : undefined,
    };
  });

/** What the data of each type of packet may be. */
const PACKET_DATA: { readonly [type: number]: fc.Arbitrary<PacketData> } = {
  [PACKETS.REQUEST]: anyRequestData,
  [PACKETS.PROPOSAL]: anyTxnData,
  [PACKETS.ACK]: nothing,
  [PACKETS.COMMIT]: nothing,
  [PACKETS.PING]: fc.oneof(
    nothing,
    fc.array(anyTouch, { maxLength: 3 }).map((sessions) => ({ kind: 'touches', sessions }) as const),
  ),
  [PACKETS.REVALIDATE]: fc.oneof(
    anyTouch.map((touch) => ({ kind: 'revalidate', ...touch }) as const),
    fc
      .tuple(anyLong, fc.boolean())
      .map(([sessionId, valid]) => ({ kind: 'revalidated', sessionId, valid }) as const),
  ),
  [PACKETS.SYNC]: nothing,
  [PACKETS.INFORM]: anyTxnData,
  [PACKETS.COMMITANDACTIVATE]: anyLong.map(
    (suggestedLeader) => ({ kind: 'activated', suggestedLeader, txn: undefined }) as const,
  ),
  [PACKETS.NEWLEADER]: fc.oneof(
    nothing,
    anyText.map((text) => ({ kind: 'config', text }) as const),
  ),
  [PACKETS.FOLLOWERINFO]: anyLearnerInfo,
  [PACKETS.OBSERVERINFO]: anyLearnerInfo,
  [PACKETS.UPTODATE]: nothing,
  [PACKETS.DIFF]: nothing,
  [PACKETS.TRUNC]: fc.oneof(
    nothing,
    anyBytes.map((bytes) => ({ kind: 'raw', bytes }) as const),
  ),
  [PACKETS.SNAP]: nothing,
  [PACKETS.LEADERINFO]: anyInt.map((protocolVersion) => ({ kind: 'leader-info', protocolVersion }) as const),
  [PACKETS.ACKEPOCH]: anyInt.map((currentEpoch) => ({ kind: 'ack-epoch', currentEpoch }) as const),
  [PACKETS.INFORMANDACTIVATE]: fc
    .tuple(anyLong, anyLoggedTxn)
    .map(([suggestedLeader, txn]) => ({ kind: 'activated', suggestedLeader, txn }) as const),
  99: anyBytes.map((bytes) => ({ kind: 'raw', bytes }) as const),
};

/** Any packet on the quorum port. */
export const anyPacket: fc.Arbitrary<QuorumPacket> = fc.oneof(
  ...Object.entries(PACKET_DATA).map(([type, data]) =>
    fc
      .tuple(anyLong, data, fc.option(fc.array(valuesOf(id), { maxLength: 3 })))
      .map(([zxid, said, authinfo]): QuorumPacket => ({ type: Number(type), zxid, data: said, authinfo })),
  ),
);

const anyNode = fc
  .tuple(anyText, fc.option(anyBytes), anyLong, valuesOf(statPersisted))
  .filter(([path]) => path !== '/')
  .map(([path, data, list, persisted]): SnapshotItem => {
    return { kind: 'node', node: { path, data, acl: list, stat: persisted } };
  });

/** Any state as it follows SNAP, up to its signature. */
export const anySnapshot: fc.Arbitrary<readonly SnapshotItem[]> = fc
  .tuple(
    fc.array(fc.record({ id: anyLong, timeout: anyInt }), { maxLength: 3 }),
    fc.array(fc.tuple(anyLong, valuesOf(acl)), { maxLength: 3 }),
    fc.array(anyNode, { maxLength: 4 }),
  )
  .map(([sessions, lists, nodes]): SnapshotItem[] => [
    { kind: 'session-count', count: sessions.length },
    ...sessions.map((session): SnapshotItem => ({ kind: 'session', session })),
    { kind: 'acl-count', count: lists.length },
    ...lists.map(([key, list]): SnapshotItem => ({ kind: 'acl', entry: { key, acl: list } })),
    ...nodes,
    { kind: 'nodes-end' },
    { kind: 'signature' },
  ]);
