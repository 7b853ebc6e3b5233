import type { JuteReader, JuteWriter } from './jute.ts';
import { bool, buffer, type Codec, type Decoded, int, long, tagged, ustring, vector } from './jute-codec.ts';
import { acl } from './jute-records.ts';
import { OPCODES } from './opcodes.ts';
import { WireError } from './wire-error.ts';

const pathOnly = { path: ustring };
const dataAndVersion = { path: ustring, data: buffer, version: int };
const created = { path: ustring, data: buffer, acl, ephemeral: bool, parentCVersion: int };
const createdContainer = { path: ustring, data: buffer, acl, parentCVersion: int };

/** A request, or a part of a multi, that failed. Source: ErrorTxn. */
export const errorTxn = tagged('error', { err: int });

const changed = tagged('setData', dataAndVersion);

/** By hand, for most transactions are of this kind. */
const setData: typeof changed = {
  shape: changed.shape,
  least: changed.least,
  read: (from) => ({
    kind: 'setData',
    path: from.ustring(),
    data: from.buffer(),
    version: from.int(),
  }),
  write: (to, { path, data, version }) => {
    to.ustring(path);
    to.buffer(data);
    to.int(version);
  },
};

/** The bodies of transactions that hold no other, and that a multi may hold. */
const parts = {
  create: tagged('create', created),
  create2: tagged('create2', created),
  createContainer: tagged('createContainer', createdContainer),
  createTTL: tagged('createTTL', { ...createdContainer, ttl: long }),
  delete: tagged('delete', pathOnly),
  deleteContainer: tagged('deleteContainer', pathOnly),
  setData,
  check: tagged('check', { path: ustring, version: int }),
  error: errorTxn,
};

/** The bodies of the other transactions of one record each. */
const alone = {
  setACL: tagged('setACL', { path: ustring, acl, version: int }),
  reconfig: tagged('reconfig', dataAndVersion),
  createSession: tagged('createSession', { timeOut: int }),
  closeSession: tagged('closeSession', { paths2Delete: vector(ustring) }),
};

/**
 * A part of a multi. Sources: CreateTxn, CreateContainerTxn, CreateTTLTxn, DeleteTxn, SetDataTxn,
 * CheckVersionTxn, ErrorTxn.
 */
export type TxnPart = Decoded<(typeof parts)[keyof typeof parts]>;

/** All or nothing: one `error` among the parts, and none of them is applied. Source: MultiTxn. */
export interface MultiTxnBody {
  readonly kind: 'multi';
  readonly parts: readonly TxnPart[];
}

/** A create as it was logged before 3.3: it does not say the parent's cversion. Source: CreateTxnV0. */
export type OldCreateTxn = Omit<Decoded<typeof parts.create>, 'kind' | 'parentCVersion'> & {
  readonly kind: 'oldCreate';
};

/** The end of a session as it was logged before 3.6: it does not list the nodes that go. */
export interface OldCloseSessionTxn {
  readonly kind: 'oldCloseSession';
}

/** What a transaction changes, by the name of its operation. */
export type TxnBody =
  | TxnPart
  | Decoded<(typeof alone)[keyof typeof alone]>
  | MultiTxnBody
  | OldCreateTxn
  | OldCloseSessionTxn;

/** The codecs of the bodies that are one record, by the names of their operations. */
export const TXN_RECORDS = Object.freeze({ ...parts, ...alone });

const oldCreate: Codec<OldCreateTxn> = tagged('oldCreate', {
  path: ustring,
  data: buffer,
  acl,
  ephemeral: bool,
});

const PARTS = byType<TxnPart>(parts);
const RECORDS = byType<Exclude<TxnBody, MultiTxnBody | OldCreateTxn | OldCloseSessionTxn>>(TXN_RECORDS);

/** The number of a body's type, as the header carries it. */
export function txnType(body: TxnBody): number {
  if (body.kind === 'oldCreate') return OPCODES.create;
  if (body.kind === 'oldCloseSession') return OPCODES.closeSession;
  return OPCODES[body.kind];
}

/**
 * Reads the body of a transaction of this type. Where a create or a closeSession ends early, it is one of the
 * old form. Source: SerializeUtils.deserializeTxn.
 */
export function readTxnBody(from: JuteReader, type: number): TxnBody {
  if (type === OPCODES.multi) return readMulti(from);
  if (type === OPCODES.closeSession && from.left === 0) return { kind: 'oldCloseSession' };
  if (type === OPCODES.create) return readCreate(from);
  const codec = RECORDS.get(type);
  if (codec === undefined) throw new WireError('unknown', from.at, `no transaction has type ${type}`);
  return codec.read(from);
}

/** Writes the body of a transaction. */
export function writeTxnBody(to: JuteWriter, body: TxnBody): void {
  switch (body.kind) {
    case 'multi':
      writeMulti(to, body);
      return;
    case 'oldCreate':
      oldCreate.write(to, body);
      return;
    case 'oldCloseSession':
      return;
    default:
      (RECORDS.get(OPCODES[body.kind]) as Codec<TxnBody>).write(to, body);
  }
}

function readCreate(from: JuteReader): TxnBody {
  const path = from.ustring();
  const data = from.buffer();
  const list = acl.read(from);
  const ephemeral = from.bool();
  if (from.left === 0) return { kind: 'oldCreate', path, data, acl: list, ephemeral };
  return { kind: 'create', path, data, acl: list, ephemeral, parentCVersion: from.int() };
}

function readMulti(from: JuteReader): MultiTxnBody {
  const at = from.at;
  const count = from.count(8);
  if (count < 0) throw new WireError('length', at, 'a multi without parts is null');
  const found: TxnPart[] = [];
  for (let i = 0; i < count; i++) {
    const place = from.at;
    const type = from.int();
    const codec = PARTS.get(type);
    if (codec === undefined) {
      const known = type === OPCODES.multi || RECORDS.has(type);
      throw new WireError(known ? 'nesting' : 'unknown', place, `a multi cannot hold a part of type ${type}`);
    }
    const inside = from.nested();
    if (inside === null) throw new WireError('length', place, 'a part of a multi is null');
    found.push(codec.read(inside));
    inside.finish();
  }
  return { kind: 'multi', parts: found };
}

function writeMulti(to: JuteWriter, { parts: written }: MultiTxnBody): void {
  to.int(written.length);
  for (const part of written) {
    const type = OPCODES[part.kind];
    to.int(type);
    to.nested(() => (PARTS.get(type) as Codec<TxnPart>).write(to, part));
  }
}

function byType<T>(codecs: Readonly<Partial<Record<keyof typeof OPCODES, unknown>>>): Map<number, Codec<T>> {
  return new Map(
    Object.entries(codecs).map(([name, codec]) => [OPCODES[name as keyof typeof OPCODES], codec as Codec<T>]),
  );
}
