import type { EventPacket, ReplyPacket, RequestPacket } from '../../../src/wire/client-packets.ts';
import type { RequestBody } from '../../../src/wire/client-requests.ts';
import type { ElectionItem } from '../../../src/wire/election-stream.ts';
import type { MultiPart } from '../../../src/wire/multi.ts';
import { OPCODES, type OpName, opName } from '../../../src/wire/opcodes.ts';
import { PACKETS, type PacketData, type QuorumPacket } from '../../../src/wire/quorum-packets.ts';
import type { TxnBody } from '../../../src/wire/txn-bodies.ts';
import type { LoggedTxn } from '../../../src/wire/txn-record.ts';

/** What the independent decoder wrote, field by field; what a test does not read is left out. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** The fields of a record as the captured data spells them: longs in decimal, buffers in hex, no `kind`. */
export function plain(value: unknown): Json {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (value === undefined) return null;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value as Json;
  const fields = Object.entries(value).filter(([name]) => name !== 'kind');
  return Object.fromEntries(fields.map(([name, field]) => [name, plain(field)]));
}

const STATES = ['LOOKING', 'FOLLOWING', 'LEADING', 'OBSERVING'];

/** A message on the election port. */
export function electionJson(item: ElectionItem): Json {
  switch (item.kind) {
    case 'hello':
      return {
        protocolVersion: String(item.protocolVersion),
        sid: String(item.sid),
        addrLength: item.addresses.length,
        addr: item.addresses,
      };
    case 'notification': {
      const length = item.config?.length ?? 0;
      return {
        ...(plain(item) as object),
        frameLength: 44 + length,
        stateName: STATES[item.state] ?? '',
        configLength: length,
      };
    }
    default:
      throw new Error(`a captured message came back as ${item.kind}`);
  }
}

/** A packet on the quorum port. */
export function packetJson({ type, zxid, data, authinfo }: QuorumPacket, length: number): Json {
  const typeName = Object.entries(PACKETS).find(([, number]) => number === type)?.[0] ?? '';
  return {
    type,
    typeName,
    zxid: String(zxid),
    zxidHex: `0x${BigInt.asUintN(64, zxid).toString(16)}`,
    data: dataJson(data),
    dataLength: length,
    authinfo: plain(authinfo),
  };
}

function dataJson(data: PacketData): Json {
  switch (data.kind) {
    case 'none':
      return null;
    case 'learner-info':
      return { k: 'LearnerInfo', v: plain(data) };
    case 'leader-info':
      return { k: 'int', name: 'protocolVersion', v: data.protocolVersion };
    case 'ack-epoch':
      return { k: 'int', name: 'currentEpoch', v: data.currentEpoch };
    case 'txn':
      return { k: 'txn', v: txnJson(data.txn) };
    case 'activated': {
      const suggestedLeader = String(data.suggestedLeader);
      if (data.txn === undefined) return { k: 'activate', v: { suggestedLeader } };
      return { k: 'informActivate', v: { suggestedLeader, txn: txnJson(data.txn) } };
    }
    case 'config':
      return { k: 'utf8', name: 'quorumVerifier', v: data.text };
    case 'touches':
      return { k: 'touches', v: plain(data.sessions) };
    case 'revalidate':
      return { k: 'revalidateReq', v: plain(data) };
    case 'revalidated':
      return { k: 'revalidateResp', v: plain(data) };
    case 'raw':
      return { k: 'raw', v: plain(data.bytes) };
    case 'request': {
      const { sessionId, cxid, type, body } = data;
      const head = { sessionId: String(sessionId), cxid, type, opName: opName(type) ?? null };
      if (body.kind === 'createSession') {
        return {
          k: 'request',
          v: { ...head, record: 'CreateSessionBody', body: { timeout: body.timeOut } },
        };
      }
      if (body.kind === 'closeSession') return { k: 'request', v: { ...head, record: 'None', body: null } };
      return { k: 'request', v: { ...head, record: REQUESTS[body.kind] ?? '', body: requestJson(body) } };
    }
  }
}

function txnJson({ header, body, digest }: LoggedTxn): Json {
  return {
    header: plain(header),
    typeName: opName(header.type) ?? null,
    record: TXNS[body.kind] ?? '',
    body: body.kind === 'multi' ? body.parts.map(subTxnJson) : plain(body),
    digest: plain(digest),
  };
}

function subTxnJson(body: TxnBody): Json {
  return { type: OPCODES[body.kind as OpName], record: TXNS[body.kind] ?? '', body: plain(body) };
}

/** A request of a client. */
export function requestPacketJson({ xid, type, body }: RequestPacket): Json {
  const opaque = body.kind === 'unknown' || body.kind === 'undecodable' || body.kind === 'sasl';
  return {
    header: { xid, type },
    opName: opName(type) ?? 'unknown',
    record: opaque ? 'Raw' : (REQUESTS[body.kind] ?? ''),
    body: requestJson(body),
  };
}

function requestJson(body: RequestBody): Json {
  if (body.kind === 'unknown' || body.kind === 'undecodable') return plain(body.bytes);
  if (body.kind === 'multi' || body.kind === 'multiRead') {
    return {
      ops: (body.parts as MultiPart<RequestBody>[]).map(({ err, body: part }) => ({
        header: { type: OPCODES[part.kind as OpName], done: false, err },
        record: REQUESTS[part.kind] ?? '',
        body: plain(part),
      })),
      end: plain(body.end),
    };
  }
  return plain(body);
}

/** A reply or an event. `opName` is that of the request. */
export function serverPacketJson(packet: ReplyPacket | EventPacket, name: string): Json {
  const header = plain(packet.header);
  if (packet.kind === 'event') {
    return { header, opName: 'notification', record: 'WatcherEvent', body: plain(packet.event) };
  }
  const { body } = packet;
  const empty = { header, opName: name, record: 'Empty', body: {} };
  if (body.kind === 'none') return empty;
  // The independent decoder left the reply to SASL as it was: a buffer that is null.
  if (body.kind === 'sasl') return { header, opName: name, record: 'Raw', body: 'ffffffff' };
  if (body.kind === 'unknown') return { header, opName: name, record: 'Raw', body: plain(body.bytes) };
  if (body.kind === 'multi' || body.kind === 'multiRead') {
    const ops = (body.parts as MultiPart<{ kind: string }>[]).map(({ err, body: part }) => ({
      header: { type: OPCODES[part.kind as OpName], done: false, err },
      record: REPLIES[part.kind] ?? 'Empty',
      body: plain(part),
    }));
    return { header, opName: name, record: 'Multi', body: { ops, end: plain(body.end) } };
  }
  return { header, opName: name, record: REPLIES[body.kind] ?? 'Empty', body: plain(body) };
}

/** The independent decoder's names of the records of requests. */
const REQUESTS: { readonly [kind: string]: string } = {
  create: 'CreateRequest',
  create2: 'CreateRequest',
  createContainer: 'CreateRequest',
  createTTL: 'CreateTTLRequest',
  delete: 'PathVersion',
  check: 'PathVersion',
  exists: 'PathWatch',
  getData: 'PathWatch',
  getChildren: 'PathWatch',
  getChildren2: 'PathWatch',
  setData: 'SetDataRequest',
  getACL: 'PathOnly',
  setACL: 'SetACLRequest',
  sync: 'PathOnly',
  ping: 'Empty',
  closeSession: 'Empty',
  checkWatches: 'PathType',
  removeWatches: 'PathType',
  auth: 'AuthPacket',
  setWatches: 'SetWatches',
  setWatches2: 'SetWatches2',
  addWatch: 'AddWatchRequest',
  getEphemerals: 'GetEphemeralsRequest',
  getAllChildrenNumber: 'PathOnly',
  whoAmI: 'Empty',
  reconfig: 'ReconfigRequest',
  multi: 'Multi',
  multiRead: 'Multi',
};

/** Of replies. */
const REPLIES: { readonly [kind: string]: string } = {
  create: 'PathOnly',
  create2: 'Create2Response',
  createContainer: 'Create2Response',
  createTTL: 'Create2Response',
  exists: 'StatOnly',
  getData: 'GetDataResponse',
  setData: 'StatOnly',
  getACL: 'GetACLResponse',
  setACL: 'StatOnly',
  getChildren: 'GetChildrenResponse',
  getChildren2: 'GetChildren2Response',
  sync: 'PathOnly',
  addWatch: 'ErrorResponse',
  getEphemerals: 'GetEphemeralsResponse',
  getAllChildrenNumber: 'GetAllChildrenNumberResponse',
  whoAmI: 'WhoAmIResponse',
  error: 'ErrorResponse',
  reconfig: 'GetDataResponse',
};

/** Of transactions. */
const TXNS: { readonly [kind: string]: string } = {
  create: 'CreateTxn',
  create2: 'CreateTxn',
  createContainer: 'CreateContainerTxn',
  createTTL: 'CreateTTLTxn',
  delete: 'PathOnly',
  deleteContainer: 'PathOnly',
  setData: 'SetDataTxn',
  reconfig: 'SetDataTxn',
  setACL: 'SetACLTxn',
  check: 'PathVersion',
  createSession: 'CreateSessionTxn',
  closeSession: 'CloseSessionTxn',
  error: 'ErrorTxn',
  multi: 'MultiTxn',
};
