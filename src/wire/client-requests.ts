import type { JuteReader, JuteWriter } from './jute.ts';
import { bool, buffer, type Codec, type Decoded, int, long, tagged, ustring, vector } from './jute-codec.ts';
import { acl } from './jute-records.ts';
import { multiBody } from './multi.ts';
import { OPCODES, type OpName, opName } from './opcodes.ts';
import { WireError } from './wire-error.ts';

const path = { path: ustring };
const pathAndWatch = { path: ustring, watch: bool };
const pathAndVersion = { path: ustring, version: int };
const pathAndType = { path: ustring, type: int };
const created = { path: ustring, data: buffer, acl, flags: int };
const paths = vector(ustring);
const watches = { relativeZxid: long, dataWatches: paths, existWatches: paths, childWatches: paths };

/** What a multi may hold. Source: MultiOperationRecord. */
const writes = {
  create: tagged('create', created),
  create2: tagged('create2', created),
  createContainer: tagged('createContainer', created),
  createTTL: tagged('createTTL', { ...created, ttl: long }),
  delete: tagged('delete', pathAndVersion),
  setData: tagged('setData', { path: ustring, data: buffer, version: int }),
  check: tagged('check', pathAndVersion),
};

/** What a multiRead may hold. */
const reads = {
  getData: tagged('getData', pathAndWatch),
  getChildren: tagged('getChildren', pathAndWatch),
};

/** The codecs of the requests that are one record, by the names of their operations. */
export const REQUEST_RECORDS = Object.freeze({
  ...writes,
  ...reads,
  exists: tagged('exists', pathAndWatch),
  getACL: tagged('getACL', path),
  setACL: tagged('setACL', { path: ustring, acl, version: int }),
  sync: tagged('sync', path),
  ping: tagged('ping', {}),
  getChildren2: tagged('getChildren2', pathAndWatch),
  /** The three texts are lists with commas; null where there is nothing to say. */
  reconfig: tagged('reconfig', {
    joiningServers: ustring,
    leavingServers: ustring,
    newMembers: ustring,
    curConfigId: long,
  }),
  checkWatches: tagged('checkWatches', pathAndType),
  removeWatches: tagged('removeWatches', pathAndType),
  deleteContainer: tagged('deleteContainer', path),
  auth: tagged('auth', { type: int, scheme: ustring, auth: buffer }),
  setWatches: tagged('setWatches', watches),
  sasl: tagged('sasl', { token: buffer }),
  getEphemerals: tagged('getEphemerals', { prefixPath: ustring }),
  getAllChildrenNumber: tagged('getAllChildrenNumber', path),
  setWatches2: tagged('setWatches2', {
    ...watches,
    persistentWatches: paths,
    persistentRecursiveWatches: paths,
  }),
  addWatch: tagged('addWatch', { path: ustring, mode: int }),
  whoAmI: tagged('whoAmI', {}),
  /** What a learner sends to its leader; clients send a connect request instead. */
  createSession: tagged('createSession', { timeOut: int }),
  closeSession: tagged('closeSession', {}),
});

/** A request of one record. */
export type PlainRequest = Decoded<(typeof REQUEST_RECORDS)[keyof typeof REQUEST_RECORDS]>;

/** A part of a multi. */
export type MultiRequestPart = Decoded<(typeof writes)[keyof typeof writes]>;

/** A part of a multiRead. */
export type MultiReadRequestPart = Decoded<(typeof reads)[keyof typeof reads]>;

/** The parts of a multi, and what its headers say beyond that. */
export const multiRequest = multiBody<'multi', MultiRequestPart>('multi', writes);

/** The parts of a multiRead. */
export const multiReadRequest = multiBody<'multiRead', MultiReadRequestPart>('multiRead', reads);

/**
 * What is asked for, by the name of its operation; or, as raw bytes, a body that makes no sense under its
 * operation's number (answered with MARSHALLINGERROR), or one under a number that no request has (answered
 * with UNIMPLEMENTED).
 */
export type RequestBody =
  | PlainRequest
  | Decoded<typeof multiRequest>
  | Decoded<typeof multiReadRequest>
  | { readonly kind: 'undecodable'; readonly bytes: Uint8Array }
  /** A request with more behind it, which nobody looks at (ByteBufferInputStream.byteBuffer2Record). */
  | { readonly kind: 'overlong'; readonly body: PlainRequest; readonly rest: Uint8Array }
  | { readonly kind: 'unknown'; readonly bytes: Uint8Array };

const codecs: ReadonlyMap<number, Pick<Codec<RequestBody>, 'read' | 'write'>> = new Map(
  Object.entries({ ...REQUEST_RECORDS, multi: multiRequest, multiRead: multiReadRequest }).map(
    ([name, codec]) => [OPCODES[name as OpName], codec as Pick<Codec<RequestBody>, 'read' | 'write'>],
  ),
);

/** Reads the rest of a request under this number; what makes no sense is kept as it is. */
export function readRequestBody(from: JuteReader, type: number): RequestBody {
  const codec = codecs.get(type);
  if (codec === undefined) return { kind: 'unknown', bytes: from.rest() };
  const body = from.fork();
  try {
    const request = codec.read(body);
    const { left } = body;
    from.skip(from.left - left);
    return left === 0 ? request : { kind: 'overlong', body: request as PlainRequest, rest: from.rest() };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return { kind: 'undecodable', bytes: from.rest() };
  }
}

/** Writes a request without its header; the header has the number of its operation. */
export function writeRequestBody(to: JuteWriter, body: RequestBody): void {
  if (body.kind === 'undecodable' || body.kind === 'unknown') to.raw(body.bytes);
  else if (body.kind === 'overlong') {
    writeRequestBody(to, body.body);
    to.raw(body.rest);
  } else (codecs.get(OPCODES[body.kind]) as Pick<Codec<RequestBody>, 'write'>).write(to, body);
}

/** The number that the header of a request has; undefined for a body that does not tell. */
export function requestType(body: RequestBody): number | undefined {
  if (body.kind === 'overlong') return requestType(body.body);
  return body.kind === 'undecodable' || body.kind === 'unknown' ? undefined : OPCODES[body.kind];
}

/** Whether the name is that of an operation that requests may have. */
export function isRequest(type: number): boolean {
  return opName(type) !== undefined && codecs.has(type);
}
