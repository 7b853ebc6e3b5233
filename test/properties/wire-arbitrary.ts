import fc from 'fast-check';
import type { Codec, Shape } from '../../src/wire/jute-codec.ts';
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
