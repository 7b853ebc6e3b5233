import { assert } from '../core/assert.ts';
import { type RequestBody, readRequestBody, requestType, writeRequestBody } from './client-requests.ts';
import type { JuteReader, JuteWriter } from './jute.ts';
import { bool, type Codec, type Decoded, int, long, record, type Shape, vector } from './jute-codec.ts';
import { type IdRecord, id } from './jute-records.ts';
import { type LoggedTxn, loggedTxn } from './txn-record.ts';
import { WireError } from './wire-error.ts';

/** The types of packets between a learner and its leader. Source: Leader. */
export const PACKETS = Object.freeze({
  REQUEST: 1,
  PROPOSAL: 2,
  ACK: 3,
  COMMIT: 4,
  PING: 5,
  REVALIDATE: 6,
  SYNC: 7,
  INFORM: 8,
  COMMITANDACTIVATE: 9,
  NEWLEADER: 10,
  FOLLOWERINFO: 11,
  UPTODATE: 12,
  DIFF: 13,
  TRUNC: 14,
  SNAP: 15,
  OBSERVERINFO: 16,
  LEADERINFO: 17,
  ACKEPOCH: 18,
  INFORMANDACTIVATE: 19,
} as const);

/** How long a session may stay silent: an entry of a touch table, or who asks to be revalidated. */
export const sessionTimeout = record({ sessionId: long, timeout: int });

const revalidated = record({ sessionId: long, valid: bool });

/** What the data of a packet say, by its type. */
export type PacketData =
  | { readonly kind: 'none' }
  /** REQUEST. `type` is that of the body. */
  | {
      readonly kind: 'request';
      readonly sessionId: bigint;
      readonly cxid: number;
      readonly type: number;
      readonly body: RequestBody;
    }
  /** PROPOSAL, INFORM. */
  | { readonly kind: 'txn'; readonly txn: LoggedTxn }
  /** COMMITANDACTIVATE, and INFORMANDACTIVATE with the transaction. */
  | {
      readonly kind: 'activated';
      readonly suggestedLeader: bigint;
      readonly txn: LoggedTxn | undefined;
    }
  /** PING from a learner: the sessions that it heard from. */
  | { readonly kind: 'touches'; readonly sessions: readonly Decoded<typeof sessionTimeout>[] }
  /** REVALIDATE from a learner. */
  | { readonly kind: 'revalidate'; readonly sessionId: bigint; readonly timeout: number }
  /** REVALIDATE from the leader. */
  | { readonly kind: 'revalidated'; readonly sessionId: bigint; readonly valid: boolean }
  /** NEWLEADER: the text of the configuration. */
  | { readonly kind: 'config'; readonly text: string }
  /** FOLLOWERINFO, OBSERVERINFO. Versions before 3.4 end early. Source: LearnerInfo. */
  | {
      readonly kind: 'learner-info';
      readonly serverid: bigint;
      readonly protocolVersion: number | undefined;
      readonly configVersion: bigint | undefined;
    }
  /** LEADERINFO. */
  | { readonly kind: 'leader-info'; readonly protocolVersion: number }
  /** ACKEPOCH: the learner's currentEpoch; −1 for an epoch that it had promised before. */
  | { readonly kind: 'ack-epoch'; readonly currentEpoch: number }
  /** Data of a packet that should have none, or of a type that nobody knows. */
  | { readonly kind: 'raw'; readonly bytes: Uint8Array };

/** A packet on the quorum port. Source: QuorumPacket. */
export interface QuorumPacket {
  readonly type: number;
  readonly zxid: bigint;
  readonly data: PacketData;
  readonly authinfo: readonly IdRecord[] | null;
}

const authinfo = vector(id);

/** How a packet lies in the stream, which has no frames. */
export const PACKET_SHAPE: Shape = {
  record: [
    ['type', 'int'],
    ['zxid', 'long'],
    ['data', 'buffer'],
    ['authinfo', authinfo.shape],
  ],
};

const NO_DATA = Object.freeze({ kind: 'none' } as const);

/** A packet on the quorum port. */
export const quorumPacket: Pick<Codec<QuorumPacket>, 'read' | 'write'> = {
  read: (from) => {
    const type = from.int();
    const zxid = from.long();
    const { at } = from;
    const inside = from.nested();
    let data: PacketData = NO_DATA;
    if (inside !== null) {
      data = readData(inside, type);
      inside.finish();
    } else if (NEEDS_DATA.has(type)) {
      throw new WireError('length', at, `a packet of type ${type} has no data`);
    }
    return { type, zxid, data, authinfo: authinfo.read(from) };
  },
  write: (to, packet) => {
    to.int(packet.type);
    to.long(packet.zxid);
    if (packet.data.kind === 'none') to.int(-1);
    else to.nested(() => writeData(to, packet.data));
    authinfo.write(to, packet.authinfo);
  },
};

const NEEDS_DATA: ReadonlySet<number> = new Set([
  PACKETS.REQUEST,
  PACKETS.PROPOSAL,
  PACKETS.INFORM,
  PACKETS.REVALIDATE,
  PACKETS.COMMITANDACTIVATE,
  PACKETS.INFORMANDACTIVATE,
  PACKETS.LEADERINFO,
  PACKETS.ACKEPOCH,
]);

function readData(from: JuteReader, type: number): PacketData {
  switch (type) {
    case PACKETS.PROPOSAL:
    case PACKETS.INFORM:
      return { kind: 'txn', txn: loggedTxn.read(from) };
    case PACKETS.REQUEST:
      return readRequest(from);
    case PACKETS.PING:
      return readTouches(from);
    case PACKETS.REVALIDATE:
      return from.left === 9
        ? { kind: 'revalidated', ...revalidated.read(from) }
        : { kind: 'revalidate', ...sessionTimeout.read(from) };
    case PACKETS.COMMITANDACTIVATE:
      return { kind: 'activated', suggestedLeader: from.long(), txn: undefined };
    case PACKETS.INFORMANDACTIVATE:
      return { kind: 'activated', suggestedLeader: from.long(), txn: loggedTxn.read(from) };
    case PACKETS.NEWLEADER:
      return { kind: 'config', text: from.text(from.left) };
    case PACKETS.FOLLOWERINFO:
    case PACKETS.OBSERVERINFO:
      return readLearnerInfo(from);
    case PACKETS.LEADERINFO:
      return { kind: 'leader-info', protocolVersion: from.int() };
    case PACKETS.ACKEPOCH:
      return { kind: 'ack-epoch', currentEpoch: from.int() };
    default:
      return { kind: 'raw', bytes: from.rest() };
  }
}

function readRequest(from: JuteReader): PacketData {
  const sessionId = from.long();
  const cxid = from.int();
  const type = from.int();
  return { kind: 'request', sessionId, cxid, type, body: readRequestBody(from, type) };
}

function readTouches(from: JuteReader): PacketData {
  const sessions: Decoded<typeof sessionTimeout>[] = [];
  while (from.left > 0) sessions.push(sessionTimeout.read(from));
  return { kind: 'touches', sessions };
}

function readLearnerInfo(from: JuteReader): PacketData {
  const serverid = from.long();
  const protocolVersion = from.left === 0 ? undefined : from.int();
  const configVersion = from.left === 0 ? undefined : from.long();
  return { kind: 'learner-info', serverid, protocolVersion, configVersion };
}

function writeData(to: JuteWriter, data: PacketData): void {
  switch (data.kind) {
    case 'none':
      return;
    case 'txn':
      loggedTxn.write(to, data.txn);
      return;
    case 'request':
      assert((requestType(data.body) ?? data.type) === data.type, "a request's type is that of its body");
      to.long(data.sessionId);
      to.int(data.cxid);
      to.int(data.type);
      writeRequestBody(to, data.body);
      return;
    case 'touches':
      for (const session of data.sessions) sessionTimeout.write(to, session);
      return;
    case 'revalidate':
      sessionTimeout.write(to, data);
      return;
    case 'revalidated':
      revalidated.write(to, data);
      return;
    case 'activated':
      to.long(data.suggestedLeader);
      if (data.txn !== undefined) loggedTxn.write(to, data.txn);
      return;
    case 'config':
      to.text(data.text);
      return;
    case 'learner-info':
      to.long(data.serverid);
      if (data.protocolVersion !== undefined) to.int(data.protocolVersion);
      if (data.configVersion !== undefined) to.long(data.configVersion);
      return;
    case 'leader-info':
      to.int(data.protocolVersion);
      return;
    case 'ack-epoch':
      to.int(data.currentEpoch);
      return;
    case 'raw':
      to.raw(data.bytes);
  }
}
