import { assert, unreachable } from '../../core/assert.ts';
import { epochOf, makeZxid, type Zxid } from '../../core/zxid.ts';
import { type Chunk, NO_TOUCHES } from '../../node/service.ts';
import type { Conversation } from '../../node/wire-format.ts';
import type { WireMessage, ZabMessage } from '../../protocols/zab/messages.ts';
import { JuteWriter } from '../../wire/jute.ts';
import { encode } from '../../wire/jute-codec.ts';
import { OPCODES } from '../../wire/opcodes.ts';
import { PACKETS, type PacketData, type QuorumPacket, quorumPacket } from '../../wire/quorum-packets.ts';
import { type QuorumItem, QuorumStream } from '../../wire/quorum-stream.ts';
import type { AclTableEntry, NodeEntry, SessionEntry } from '../../wire/snapshot-body.ts';
import { type SnapshotItem, snapshotItem } from '../../wire/snapshot-stream.ts';
import { sessionIdOf } from '../../znode/session-id.ts';
import { ITEMS_IN_CHUNK } from '../../znode/snapshot.ts';
import type { SnapshotState } from '../snapshot-chunks.ts';
import { packedZxid } from '../txn-records.ts';
import { serverNumberOf } from './server-number.ts';
import type { ServiceBytes } from './service-bytes.ts';

/** Learner and leader speak version 1.0 of the protocol. Source: Learner.registerWithLeader. */
const PROTOCOL_VERSION = 0x10000;

/** The zxid of packets that have none. */
const NO_ZXID = -1n;

const NO_BYTES = new Uint8Array(0);

/**
 * One direction of a connection on the quorum port. A snapshot goes out when its end is sent, for it begins
 * with how much there is of everything; its pieces are handed on as they come in, and show that the leader
 * lives.
 */
export class QuorumConversation implements Conversation<WireMessage> {
  readonly #service: ServiceBytes;
  readonly #config: string;
  readonly #from: 'leader' | 'learner';
  readonly #stream: QuorumStream;
  /** Sender: the pieces of the snapshot that is under way. */
  #unsent: Chunk[] = [];
  /** Receiver: what of a snapshot has come, and what is to be handed on. */
  #state: { sessions: SessionEntry[]; acls: AclTableEntry[]; nodes: NodeEntry[] } = emptyState();
  #read: WireMessage[] = [];

  /** @param config the text that NEWLEADER carries */
  constructor(from: 'leader' | 'learner', service: ServiceBytes, config: string) {
    this.#service = service;
    this.#config = config;
    this.#from = from;
    this.#stream = new QuorumStream(from);
  }

  write(message: WireMessage): Uint8Array {
    const m = message as ZabMessage;
    if (m.kind === 'snapshot-piece') {
      this.#unsent.push(m.chunk);
      return NO_BYTES;
    }
    if (m.kind === 'snapshot-end') {
      const state = this.#service.snapshot(this.#unsent);
      this.#unsent = [];
      return snapshotBytes(state);
    }
    return encode(quorumPacket, this.#packet(m));
  }

  push(piece: Uint8Array): void {
    this.#stream.push(piece);
  }

  next(): WireMessage | undefined {
    for (;;) {
      const waiting = this.#read.shift();
      if (waiting !== undefined) return waiting;
      const item = this.#stream.next();
      if (item === undefined) return undefined;
      this.#take(item);
    }
  }

  #take(item: QuorumItem): void {
    switch (item.kind) {
      case 'packet':
        this.#read.push(this.#message(item.packet));
        return;
      case 'session':
        this.#state.sessions.push(item.session);
        return;
      case 'acl':
        this.#state.acls.push(item.entry);
        return;
      case 'node':
        this.#state.nodes.push(item.node);
        if (this.#state.nodes.length >= ITEMS_IN_CHUNK) this.#handOn();
        return;
      case 'signature':
        this.#handOn();
        this.#read.push({ kind: 'snapshot-end' });
        return;
      default:
    }
  }

  #handOn(): void {
    for (const chunk of this.#service.chunks(this.#state)) this.#read.push({ kind: 'snapshot-piece', chunk });
    this.#state = emptyState();
  }

  #packet(m: ZabMessage): QuorumPacket {
    switch (m.kind) {
      case 'follower-info':
      case 'observer-info': {
        const type = m.kind === 'follower-info' ? PACKETS.FOLLOWERINFO : PACKETS.OBSERVERINFO;
        return packet(type, epochZxid(m.acceptedEpoch), {
          kind: 'learner-info',
          serverid: BigInt(m.sid),
          protocolVersion: PROTOCOL_VERSION,
          configVersion: 0n,
        });
      }
      case 'ack-epoch':
        return packet(PACKETS.ACKEPOCH, BigInt(m.lastZxid), {
          kind: 'ack-epoch',
          currentEpoch: m.currentEpoch,
        });
      case 'leader-info':
        return packet(PACKETS.LEADERINFO, epochZxid(m.epoch), {
          kind: 'leader-info',
          protocolVersion: PROTOCOL_VERSION,
        });
      case 'new-leader':
        return packet(PACKETS.NEWLEADER, epochZxid(m.epoch), { kind: 'config', text: this.#config });
      case 'proposal':
      case 'inform': {
        const txn = this.#service.loggedTxn(m.record, undefined);
        const type = m.kind === 'proposal' ? PACKETS.PROPOSAL : PACKETS.INFORM;
        return packet(type, txn.header.zxid, { kind: 'txn', txn });
      }
      case 'ping':
        // A leader sends no buffer, where a learner without sessions sends an empty one (Learner.ping).
        if (this.#from === 'leader') return packet(PACKETS.PING, BigInt(m.zxid));
        return packet(PACKETS.PING, BigInt(m.zxid), {
          kind: 'touches',
          sessions: m.touches.map(({ session, timeoutMs }) => ({
            sessionId: longOf(session),
            timeout: timeoutMs,
          })),
        });
      case 'request': {
        const { origin, body } = m.request;
        const { authinfo, ...forwarded } = this.#service.request(body);
        const data: PacketData = {
          kind: 'request',
          sessionId: longOf(origin.session),
          cxid: origin.cxid,
          ...forwarded,
        };
        return { type: PACKETS.REQUEST, zxid: NO_ZXID, data, authinfo };
      }
      case 'revalidate':
        return packet(PACKETS.REVALIDATE, NO_ZXID, {
          kind: 'revalidate',
          sessionId: longOf(m.session),
          timeout: m.timeoutMs,
        });
      case 'revalidated':
        return packet(PACKETS.REVALIDATE, NO_ZXID, {
          kind: 'revalidated',
          sessionId: longOf(m.session),
          valid: m.valid,
        });
      case 'sync':
        return packet(PACKETS.SYNC, 0n);
      case 'up-to-date':
        return packet(PACKETS.UPTODATE, NO_ZXID);
      case 'ack':
      case 'commit':
      case 'diff':
      case 'trunc':
      case 'snap':
        return packet(BARE[m.kind], BigInt(m.zxid));
      case 'hello':
      case 'notification':
      case 'snapshot-piece':
      case 'snapshot-end':
        return assert(false, `${m.kind} is no packet of the quorum port`) as never;
      default:
        return unreachable(m);
    }
  }

  #message({ type, zxid, data, authinfo }: QuorumPacket): WireMessage {
    switch (data.kind) {
      case 'learner-info': {
        const kind = type === PACKETS.FOLLOWERINFO ? 'follower-info' : 'observer-info';
        return { kind, sid: serverNumberOf(data.serverid), acceptedEpoch: epochOf(zxidOf(zxid)) };
      }
      case 'ack-epoch':
        return { kind: 'ack-epoch', lastZxid: zxidOf(zxid), currentEpoch: data.currentEpoch };
      case 'leader-info':
        return { kind: 'leader-info', epoch: epochOf(zxidOf(zxid)) };
      case 'config':
        return { kind: 'new-leader', epoch: epochOf(zxidOf(zxid)) };
      case 'txn': {
        const record = this.#service.txnRecord(data.txn);
        return { kind: type === PACKETS.PROPOSAL ? 'proposal' : 'inform', record };
      }
      case 'touches': {
        const touches = data.sessions.map(({ sessionId, timeout }) => ({
          session: sessionIdOf(sessionId),
          timeoutMs: timeout,
        }));
        return { kind: 'ping', zxid: zxidOf(zxid), touches: touches.length === 0 ? NO_TOUCHES : touches };
      }
      case 'request': {
        const { type: operation, body, sessionId, cxid } = data;
        const origin = { session: sessionIdOf(sessionId), cxid };
        const request = { origin, body: this.#service.requestBody({ type: operation, body, authinfo }) };
        return { kind: 'request', request, barrier: operation === OPCODES.sync };
      }
      case 'revalidate':
        return { kind: 'revalidate', session: sessionIdOf(data.sessionId), timeoutMs: data.timeout };
      case 'revalidated':
        return { kind: 'revalidated', session: sessionIdOf(data.sessionId), valid: data.valid };
      default:
        return bareMessage(type, zxid);
    }
  }
}

const BARE = {
  ack: PACKETS.ACK,
  commit: PACKETS.COMMIT,
  diff: PACKETS.DIFF,
  trunc: PACKETS.TRUNC,
  snap: PACKETS.SNAP,
} as const;

function bareMessage(type: number, zxid: bigint): WireMessage {
  if (type === PACKETS.SYNC) return { kind: 'sync' };
  if (type === PACKETS.PING) return { kind: 'ping', zxid: zxidOf(zxid), touches: NO_TOUCHES };
  if (type === PACKETS.UPTODATE) return { kind: 'up-to-date' };
  if (type === PACKETS.ACK) return { kind: 'ack', zxid: zxidOf(zxid) };
  if (type === PACKETS.COMMIT) return { kind: 'commit', zxid: zxidOf(zxid) };
  const order = ORDERS.get(type);
  assert(order !== undefined, 'a server of the run sends only packets that it has messages for');
  return { kind: order, zxid: zxidOf(zxid) };
}

const ORDERS: ReadonlyMap<number, 'diff' | 'trunc' | 'snap'> = new Map([
  [PACKETS.DIFF, 'diff'],
  [PACKETS.TRUNC, 'trunc'],
  [PACKETS.SNAP, 'snap'],
]);

const NO_DATA: PacketData = Object.freeze({ kind: 'none' });

function packet(type: number, zxid: bigint, data: PacketData = NO_DATA): QuorumPacket {
  return { type, zxid, data, authinfo: null };
}

function snapshotBytes({ sessions, acls, nodes }: SnapshotState): Uint8Array {
  const to = new JuteWriter();
  const write = (item: SnapshotItem): void => snapshotItem.write(to, item);
  write({ kind: 'session-count', count: sessions.length });
  for (const session of sessions) write({ kind: 'session', session });
  write({ kind: 'acl-count', count: acls.length });
  for (const entry of acls) write({ kind: 'acl', entry });
  for (const node of nodes) write({ kind: 'node', node });
  write({ kind: 'nodes-end' });
  write({ kind: 'signature' });
  return to.take();
}

function emptyState(): { sessions: SessionEntry[]; acls: AclTableEntry[]; nodes: NodeEntry[] } {
  return { sessions: [], acls: [], nodes: [] };
}

function epochZxid(epoch: number): bigint {
  return BigInt(makeZxid(epoch, 0));
}

function zxidOf(zxid: bigint): Zxid {
  return packedZxid(zxid, 'the zxid of a packet');
}

function longOf(session: string): bigint {
  return BigInt.asIntN(64, BigInt(`0x${session}`));
}
