import { assert } from '../../core/assert.ts';
import type { Zxid } from '../../core/zxid.ts';
import type { ClientMessage } from '../../node/content.ts';
import type { Chunk } from '../../node/service.ts';
import type { Conversation } from '../../node/wire-format.ts';
import type { TxnRecord } from '../../protocols/zab/messages.ts';
import {
  connectRequestFrame,
  connectResponseFrame,
  requestPacket,
  serverPacket,
} from '../../wire/client-packets.ts';
import { ClientReplyStream, ClientRequestStream, frameBytes } from '../../wire/client-stream.ts';
import { JuteReader, JuteWriter } from '../../wire/jute.ts';
import type { StatRecord } from '../../wire/jute-records.ts';
import { OPCODES } from '../../wire/opcodes.ts';
import type { NodeEntry } from '../../wire/snapshot-body.ts';
import type { LoggedTxn } from '../../wire/txn-record.ts';
import type { Add, CounterChunk, CounterSet } from '../../znode/counter.ts';
import type { CounterMessage } from '../../znode/counter-messages.ts';
import { sessionIdOf } from '../../znode/session-id.ts';
import { packedZxid, safeTime } from '../txn-records.ts';
import type { ServiceBytes } from './service-bytes.ts';

/** Where the counter lies in the records of a tree. */
const PATH = '/counter';

/**
 * The counter in ZooKeeper's records, as a client of the tree would keep one: requests and transactions are
 * those of setData, a snapshot has a node for each of its pieces.
 */
export const counterBytes: ServiceBytes = {
  loggedTxn: ({ session, cxid, position, timeMs, txn }, digest) => {
    const { value, slot, digest: sum } = txn as CounterSet;
    const data = longs(value, slot, sum);
    const header = {
      clientId: longOf(session),
      cxid,
      zxid: BigInt(position),
      time: BigInt(timeMs),
      type: OPCODES.setData,
    };
    return { header, body: { kind: 'setData', path: PATH, data, version: 0 }, digest };
  },
  txnRecord: ({ header, body }: LoggedTxn): TxnRecord => {
    assert(body.kind === 'setData' && body.data !== null, 'a counter is only set');
    const [value = 0, slot = 0, digest = 0] = readLongs(body.data);
    const txn: CounterSet = { kind: 'set', digest, value, slot };
    return {
      kind: 'txn',
      position: packedZxid(header.zxid, 'the zxid of a transaction'),
      digest,
      session: sessionIdOf(header.clientId),
      cxid: header.cxid,
      timeMs: safeTime(header.time, 'the time of a transaction'),
      txn,
    };
  },
  request: (body) => {
    const data = longs((body as Add).amount);
    return {
      type: OPCODES.setData,
      body: { kind: 'setData', path: PATH, data, version: -1 },
      authinfo: null,
    };
  },
  requestBody: ({ body }) => {
    assert(body.kind === 'setData' && body.data !== null, 'a counter is only added to');
    const [amount = 0] = readLongs(body.data);
    const add: Add = { kind: 'add', amount };
    return add;
  },
  snapshot: (chunks) => ({ sessions: [], acls: [], nodes: chunks.map(nodeOf) }),
  chunks: ({ nodes }) => nodes.map(chunkOf),
  client: () => ({ forth: new FromCounterClient(), back: new ToCounterClient() }),
};

function nodeOf(chunk: Chunk): NodeEntry {
  const { first, value, digest, changes } = chunk as CounterChunk;
  return { path: `${PATH}/${first}`, data: longs(first, value, digest, ...changes), acl: -1n, stat: NO_STAT };
}

function chunkOf({ data }: NodeEntry): CounterChunk {
  assert(data !== null, 'a piece of a counter has content');
  const [first = 0, value = 0, digest = 0, ...changes] = readLongs(data);
  return { kind: 'slots', digest, value, first, changes };
}

/** What a client of the counter sends. */
class FromCounterClient implements Conversation<ClientMessage> {
  readonly #stream = new ClientRequestStream();
  #session = '';

  write(message: ClientMessage): Uint8Array {
    const m = message as CounterMessage;
    if (m.kind === 'counter-connect') {
      return frameBytes(connectRequestFrame, {
        protocolVersion: 0,
        lastZxidSeen: 0n,
        timeOut: 0,
        sessionId: longOf(m.session),
        passwd: null,
        readOnly: false,
      });
    }
    assert(m.kind === 'counter-add', 'a client connects and adds');
    const body = { kind: 'setData', path: PATH, data: longs(m.amount), version: -1 } as const;
    return frameBytes(requestPacket, { xid: m.cxid, type: OPCODES.setData, body });
  }

  push(piece: Uint8Array): void {
    this.#stream.push(piece);
  }

  next(): ClientMessage | undefined {
    const item = this.#stream.next();
    if (item === undefined) return undefined;
    if (item.kind === 'connect') {
      this.#session = sessionIdOf(item.request.sessionId);
      const connect: CounterMessage = { kind: 'counter-connect', session: this.#session };
      return connect;
    }
    assert(item.kind === 'request' && item.request.body.kind === 'setData', 'a client only adds');
    const [amount = 0] = readLongs(item.request.body.data ?? new Uint8Array(0));
    const { xid } = item.request;
    const add: CounterMessage = { kind: 'counter-add', session: this.#session, cxid: xid, amount };
    return add;
  }
}

/** What a client of the counter hears. */
class ToCounterClient implements Conversation<ClientMessage> {
  readonly #stream = new ClientReplyStream(() => OPCODES.getData);

  write(message: ClientMessage): Uint8Array {
    const m = message as CounterMessage;
    if (m.kind === 'counter-connected') {
      return frameBytes(connectResponseFrame, {
        protocolVersion: 0,
        timeOut: 0,
        sessionId: longOf(m.session),
        passwd: null,
        readOnly: false,
      });
    }
    assert(m.kind === 'counter-answer', 'a server greets and answers');
    const header = { xid: m.cxid, zxid: BigInt(m.zxid), err: 0 };
    const body = {
      kind: 'getData',
      data: longs(m.value),
      stat: { ...NO_STAT, dataLength: 0, numChildren: 0 },
    };
    return frameBytes(serverPacket, {
      kind: 'reply',
      header,
      body: body as { kind: 'getData'; data: Uint8Array; stat: StatRecord },
    });
  }

  push(piece: Uint8Array): void {
    this.#stream.push(piece);
  }

  next(): ClientMessage | undefined {
    const item = this.#stream.next();
    if (item === undefined) return undefined;
    if (item.kind === 'connected') {
      const connected: CounterMessage = {
        kind: 'counter-connected',
        session: sessionIdOf(item.response.sessionId),
      };
      return connected;
    }
    assert(item.kind === 'reply' && item.body.kind === 'getData', 'a server only answers');
    const [value = 0] = readLongs(item.body.data ?? new Uint8Array(0));
    const zxid: Zxid = packedZxid(item.header.zxid, 'the zxid of a reply');
    const answer: CounterMessage = { kind: 'counter-answer', cxid: item.header.xid, value, zxid };
    return answer;
  }
}

const NO_STAT = Object.freeze({
  czxid: 0n,
  mzxid: 0n,
  ctime: 0n,
  mtime: 0n,
  version: 0,
  cversion: 0,
  aversion: 0,
  ephemeralOwner: 0n,
  pzxid: 0n,
});

function longs(...values: readonly number[]): Uint8Array {
  const to = new JuteWriter();
  for (const value of values) to.long(BigInt(value));
  return to.take();
}

function readLongs(bytes: Uint8Array): number[] {
  const from = new JuteReader(bytes);
  const values: number[] = [];
  while (from.left > 0) values.push(Number(from.long()));
  return values;
}

function longOf(session: string): bigint {
  return BigInt.asIntN(64, BigInt(`0x${session}`));
}
