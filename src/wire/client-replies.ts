import type { JuteReader, JuteWriter } from './jute.ts';
import { buffer, type Codec, type Decoded, int, record, tagged, ustring, vector } from './jute-codec.ts';
import { acl, stat } from './jute-records.ts';
import { multiBody } from './multi.ts';
import { OPCODES, type OpName } from './opcodes.ts';

const pathOnly = { path: ustring };
const statOnly = { stat };
const pathAndStat = { path: ustring, stat };
const dataAndStat = { data: buffer, stat };
const nothing = {};

/** An id that a connection has proven. Source: ClientInfo. */
const clientInfo = record({ authScheme: ustring, user: ustring });

const parts = {
  create: tagged('create', pathOnly),
  /** Also the answer to createContainer and createTTL within a multi. */
  create2: tagged('create2', pathAndStat),
  delete: tagged('delete', nothing),
  setData: tagged('setData', statOnly),
  check: tagged('check', nothing),
  error: tagged('error', { err: int }),
};

const readParts = {
  getData: tagged('getData', dataAndStat),
  getChildren: tagged('getChildren', { children: vector(ustring) }),
  error: parts.error,
};

/** The codecs of the replies that are one record, by the names of their operations. */
export const REPLY_RECORDS = Object.freeze({
  create: parts.create,
  create2: parts.create2,
  createContainer: tagged('createContainer', pathAndStat),
  createTTL: tagged('createTTL', pathAndStat),
  delete: parts.delete,
  setData: parts.setData,
  check: parts.check,
  getData: readParts.getData,
  getChildren: readParts.getChildren,
  exists: tagged('exists', statOnly),
  getACL: tagged('getACL', { acl, stat }),
  setACL: tagged('setACL', statOnly),
  sync: tagged('sync', pathOnly),
  ping: tagged('ping', nothing),
  getChildren2: tagged('getChildren2', { children: vector(ustring), stat }),
  reconfig: tagged('reconfig', dataAndStat),
  checkWatches: tagged('checkWatches', nothing),
  removeWatches: tagged('removeWatches', nothing),
  deleteContainer: tagged('deleteContainer', nothing),
  auth: tagged('auth', nothing),
  setWatches: tagged('setWatches', nothing),
  sasl: tagged('sasl', { token: buffer }),
  getEphemerals: tagged('getEphemerals', { ephemerals: vector(ustring) }),
  getAllChildrenNumber: tagged('getAllChildrenNumber', { totalNumber: int }),
  setWatches2: tagged('setWatches2', nothing),
  addWatch: tagged('addWatch', { err: int }),
  whoAmI: tagged('whoAmI', { clientInfo: vector(clientInfo) }),
  closeSession: tagged('closeSession', nothing),
});

/** A reply of one record. */
export type PlainReply = Decoded<(typeof REPLY_RECORDS)[keyof typeof REPLY_RECORDS]>;

/** What became of a part of a multi. Source: MultiResponse. */
export type MultiReplyPart = Decoded<(typeof parts)[keyof typeof parts]>;

/** What a part of a multiRead found. */
export type MultiReadReplyPart = Decoded<(typeof readParts)[keyof typeof readParts]>;

/** The results of a multi. */
export const multiReply = multiBody<'multi', MultiReplyPart>('multi', parts);

/** The results of a multiRead. */
export const multiReadReply = multiBody<'multiRead', MultiReadReplyPart>('multiRead', readParts);

/** What a reply says behind its header. */
export type ReplyBody =
  | PlainReply
  | Decoded<typeof multiReply>
  | Decoded<typeof multiReadReply>
  /** The request failed, or it was of an operation whose replies have no body: nothing follows. */
  | { readonly kind: 'none' }
  /** The body of a reply to an operation that nobody knows. */
  | { readonly kind: 'unknown'; readonly bytes: Uint8Array };

const codecs: ReadonlyMap<number, Pick<Codec<ReplyBody>, 'read' | 'write'>> = new Map(
  Object.entries({ ...REPLY_RECORDS, multi: multiReply, multiRead: multiReadReply }).map(([name, codec]) => [
    OPCODES[name as OpName],
    codec as Pick<Codec<ReplyBody>, 'read' | 'write'>,
  ]),
);

/** Reads the rest of a reply to a request of this type; `err` is its header's. */
export function readReplyBody(from: JuteReader, type: number, err: number): ReplyBody {
  if (err !== 0) return { kind: 'none' };
  const codec = codecs.get(type);
  return codec === undefined ? { kind: 'unknown', bytes: from.rest() } : codec.read(from);
}

/** Writes a reply without its header. */
export function writeReplyBody(to: JuteWriter, body: ReplyBody): void {
  if (body.kind === 'none') return;
  if (body.kind === 'unknown') to.raw(body.bytes);
  else (codecs.get(OPCODES[body.kind]) as Pick<Codec<ReplyBody>, 'write'>).write(to, body);
}
