import { assert } from '../../core/assert.ts';
import { decodeUtf8, encodeUtf8 } from '../../core/utf8.ts';
import type { Zxid } from '../../core/zxid.ts';
import type { ClientMessage } from '../../node/content.ts';
import type { Conversation, Exchange } from '../../node/wire-format.ts';
import {
  connectRequestFrame,
  connectResponseFrame,
  requestPacket,
  serverPacket,
  XIDS,
} from '../../wire/client-packets.ts';
import { ClientReplyStream, ClientRequestStream, frameBytes } from '../../wire/client-stream.ts';
import { type FourLetterWord, numberOfWord } from '../../wire/four-letter-words.ts';
import { JuteWriter } from '../../wire/jute.ts';
import { OPCODES } from '../../wire/opcodes.ts';
import { WireError } from '../../wire/wire-error.ts';
import {
  type ClientRequest,
  EVENT_TYPES,
  type EventType,
  type Reply,
  type WatchEvent,
  XID_PING,
  type ZnodeMessage,
} from '../../znode/client-messages.ts';
import { sessionIdOf } from '../../znode/session-id.ts';
import { packedZxid, seenZxid } from '../txn-records.ts';
import { nodeReply, realReply } from './tree-replies.ts';
import { nodeOperation, realRequest, type TypedBody } from './tree-requests.ts';

/** The state in an event: SyncConnected. Source: Watcher.Event.KeeperState. */
const SYNC_CONNECTED = 3;

/** What one end of a client's connection remembers: a reply does not say what it answers. */
class Unanswered {
  /** Requests that are not answered yet, by xid; pings and the like one after the other. */
  readonly #asked = new Map<number, ClientRequest['operation'][]>();

  ask({ xid, operation }: ClientRequest): void {
    const asked = this.#asked.get(xid);
    if (asked === undefined) this.#asked.set(xid, [operation]);
    else asked.push(operation);
  }

  /** What the next reply with this xid answers. */
  peek(xid: number): ClientRequest['operation'] {
    return this.#asked.get(xid)?.[0] ?? { kind: 'ping' };
  }

  /** It has been answered. */
  answered(xid: number): void {
    const asked = this.#asked.get(xid);
    asked?.shift();
    if (asked?.length === 0) this.#asked.delete(xid);
  }
}

/** What the ends of a client's connection know beyond its packets; each end its own, but for the address. */
class Connection {
  /** What the client has asked, and what the server has been asked. */
  readonly byClient = new Unanswered();
  readonly byServer = new Unanswered();
  /** The client's address, as the server's socket tells it. */
  address: string;
  /** Whether the client sent a four-letter word instead of a request. */
  toldWord = false;
  /** Whether the client knows nothing of read-only servers: then no answer mentions it (ServerCnxn). */
  old = false;

  constructor(address: string) {
    this.address = address;
  }
}

/**
 * A client's connection to a server that keeps the tree.
 *
 * @param address where the client calls from; empty where both ends are here: the client says it
 */
export function treeClient(address: string): Exchange<ClientMessage> {
  const connection = new Connection(address);
  return { forth: new FromClient(connection), back: new ToClient(connection) };
}

class FromClient implements Conversation<ClientMessage> {
  readonly #connection: Connection;
  readonly #stream = new ClientRequestStream();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  write(message: ClientMessage): Uint8Array {
    const m = message as ZnodeMessage;
    if (m.kind === 'connect') {
      this.#connection.address = m.address;
      return frameBytes(connectRequestFrame, {
        protocolVersion: 0,
        lastZxidSeen: BigInt(m.lastZxidSeen),
        timeOut: m.timeoutMs,
        sessionId: longOf(m.session),
        passwd: bytesOf(m.password),
        readOnly: m.readOnly,
      });
    }
    if (m.kind === 'word') {
      this.#connection.toldWord = true;
      const to = new JuteWriter();
      to.int(numberOfWord(m.word as FourLetterWord));
      return to.take();
    }
    assert(m.kind === 'client-request', 'a client connects, asks, or sends a word');
    this.#connection.byClient.ask(m);
    return frameBytes(requestPacket, { xid: m.xid, ...typedBody(m.operation) });
  }

  push(piece: Uint8Array): void {
    this.#stream.push(piece);
  }

  next(): ClientMessage | undefined {
    const item = this.#stream.next();
    if (item === undefined) return undefined;
    let message: ZnodeMessage;
    if (item.kind === 'four-letter-word') message = { kind: 'word', word: item.word };
    else if (item.kind === 'connect') {
      const { request } = item;
      this.#connection.old = request.readOnly === undefined;
      message = {
        kind: 'connect',
        lastZxidSeen: seenZxid(request.lastZxidSeen),
        timeoutMs: request.timeOut,
        session: sessionIdOf(request.sessionId),
        password: hexOf(request.passwd),
        readOnly: request.readOnly ?? false,
        address: this.#connection.address,
      };
    } else {
      const { type, body } = item.request;
      const operation = operationOf({ type, body });
      // A ping is answered under its own number, whatever it came with (FinalRequestProcessor).
      const xid = operation.kind === 'ping' ? XID_PING : item.request.xid;
      const request: ClientRequest = { kind: 'client-request', xid, operation };
      this.#connection.byServer.ask(request);
      return request;
    }
    return message;
  }
}

function typedBody(operation: ClientRequest['operation']): TypedBody {
  switch (operation.kind) {
    case 'ping':
      return { type: OPCODES.ping, body: { kind: 'ping' } };
    case 'auth': {
      const { scheme, auth } = operation;
      return { type: OPCODES.auth, body: { kind: 'auth', type: 0, scheme, auth: encodeUtf8(auth) } };
    }
    case 'unsupported':
      return { type: operation.opcode, body: { kind: 'unknown', bytes: new Uint8Array(0) } };
    case 'malformed':
      return { type: operation.opcode, body: { kind: 'undecodable', bytes: new Uint8Array(0) } };
    default:
      return realRequest(operation);
  }
}

/** The numbers of requests that become transactions. */
const WRITES: ReadonlySet<number> = new Set([
  OPCODES.create,
  OPCODES.create2,
  OPCODES.createContainer,
  OPCODES.createTTL,
  OPCODES.delete,
  OPCODES.setData,
  OPCODES.setACL,
  OPCODES.multi,
  OPCODES.reconfig,
]);

function operationOf({ type, body: told }: TypedBody): ClientRequest['operation'] {
  const body = told.kind === 'overlong' ? told.body : told;
  if (body.kind === 'ping') return { kind: 'ping' };
  if (body.kind === 'auth') {
    // No data at all proves as little to `digest` as a scheme that there is not (handleAuthentication).
    const known = body.auth !== null || body.scheme === 'ip';
    const scheme = known ? (body.scheme ?? '') : '';
    return { kind: 'auth', scheme, auth: decodeUtf8(body.auth ?? new Uint8Array(0)) };
  }
  if (body.kind === 'undecodable') return senseless(type);
  try {
    return nodeOperation(body) ?? { kind: 'unsupported', opcode: type };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return senseless(type);
  }
}

/** What a body is that makes no sense under its number: a write is refused by the leader, a read at once. */
function senseless(type: number): ClientRequest['operation'] {
  // No packet is answered behind one that proves nothing (ZooKeeperServer.processPacket).
  if (type === OPCODES.auth) throw new WireError('range', 0, 'an auth packet makes no sense');
  // Whose body nobody reads as one, and whose path is wrong whatever it says (3.8.0, pRequest2Txn).
  if (type === OPCODES.deleteContainer) return { kind: 'deleteContainer', path: '' };
  return WRITES.has(type) ? { kind: 'undecodable' } : { kind: 'malformed', opcode: type };
}

class ToClient implements Conversation<ClientMessage> {
  readonly #connection: Connection;
  readonly #stream: ClientReplyStream;
  /** What has come of the answer to a word. */
  #text = '';

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#stream = new ClientReplyStream((xid) => typedBody(connection.byClient.peek(xid)).type);
  }

  write(message: ClientMessage): Uint8Array {
    const m = message as ZnodeMessage;
    switch (m.kind) {
      case 'connected':
        return frameBytes(connectResponseFrame, {
          protocolVersion: 0,
          timeOut: m.timeoutMs,
          sessionId: longOf(m.session),
          passwd: bytesOf(m.password),
          readOnly: this.#connection.old ? undefined : m.readOnly,
        });
      case 'word-answer':
        return encodeUtf8(m.text);
      case 'event':
        return frameBytes(serverPacket, {
          kind: 'event',
          header: { xid: XIDS.event, zxid: BigInt(m.zxid), err: 0 },
          event: { type: EVENT_TYPES[m.type], state: SYNC_CONNECTED, path: m.path },
        });
      default:
        assert(m.kind === 'reply', 'a server greets, replies and tells of events');
        return this.#replyBytes(m);
    }
  }

  push(piece: Uint8Array): void {
    if (this.#connection.toldWord) this.#text += decodeUtf8(piece);
    else this.#stream.push(piece);
  }

  next(): ClientMessage | undefined {
    if (this.#connection.toldWord) return this.#wordAnswer();
    const item = this.#stream.next();
    if (item === undefined) return undefined;
    let message: ZnodeMessage;
    if (item.kind === 'connected') {
      const { timeOut, sessionId, passwd, readOnly } = item.response;
      message = {
        kind: 'connected',
        timeoutMs: timeOut,
        session: sessionIdOf(sessionId),
        password: hexOf(passwd),
        readOnly: readOnly ?? false,
      };
    } else if (item.kind === 'event') {
      const { type, path } = item.event;
      const event: WatchEvent = {
        kind: 'event',
        zxid: zxidOf(item.header.zxid),
        type: eventType(type),
        path: path ?? '',
      };
      message = event;
    } else {
      const { xid, zxid, err } = item.header;
      const result = err === 0 ? nodeReply(this.#connection.byClient.peek(xid), item.body) : undefined;
      this.#connection.byClient.answered(xid);
      message = { kind: 'reply', xid, zxid: zxidOf(zxid), err, result };
    }
    return message;
  }

  #replyBytes({ xid, zxid, err, result }: Reply): Uint8Array {
    const header = { xid, zxid: BigInt(zxid), err };
    const { byServer } = this.#connection;
    const body = realReply(byServer.peek(xid), err, result);
    byServer.answered(xid);
    return frameBytes(serverPacket, { kind: 'reply', header, body });
  }

  #wordAnswer(): ClientMessage | undefined {
    const text = this.#text;
    if (text !== 'rw' && text !== 'ro' && text !== 'null') return undefined;
    this.#text = '';
    const answer: ZnodeMessage = { kind: 'word-answer', text };
    return answer;
  }
}

function eventType(number: number): EventType {
  const types = Object.keys(EVENT_TYPES) as EventType[];
  const type = types.find((name) => EVENT_TYPES[name] === number);
  assert(type !== undefined, 'a server of the run sends events of the types that it knows');
  return type;
}

function zxidOf(zxid: bigint): Zxid {
  return zxid === -1n ? (-1 as Zxid) : packedZxid(zxid, 'the zxid of a reply');
}

function longOf(session: string): bigint {
  return BigInt.asIntN(64, BigInt(`0x${session}`));
}

function bytesOf(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

function hexOf(bytes: Uint8Array | null): string {
  return [...(bytes ?? [])].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
