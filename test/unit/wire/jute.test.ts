import { describe, expect, test } from 'vitest';
import { JuteReader, JuteWriter, MAX_BUFFER } from '../../../src/wire/jute.ts';
import { bool, decode, encode, int, record, ustring, vector } from '../../../src/wire/jute-codec.ts';
import { loggedTxn } from '../../../src/wire/txn-record.ts';
import { WireError, type WireProblem } from '../../../src/wire/wire-error.ts';

/** The bytes of a text of hex digits; blanks are for the reader. */
function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
}

/** What a read finds wrong, and where. */
function problemOf(read: () => unknown): [WireProblem, number] {
  try {
    read();
  } catch (error) {
    if (error instanceof WireError) return [error.problem, error.at];
    throw error;
  }
  throw new Error('nothing was found wrong');
}

const names = vector(ustring);

describe('jute', () => {
  test('keeps apart what is null and what is empty', () => {
    expect(decode(names, hex('00000002 ffffffff 00000000'))).toEqual([null, '']);
    expect(decode(names, hex('ffffffff'))).toBeNull();
    expect(encode(names, [null, ''])).toEqual(hex('00000002 ffffffff 00000000'));
  });

  test('keeps all 64 bits of a long', () => {
    const to = new JuteWriter(1);
    for (const value of [-1n, -0x8000_0000_0000_0000n, 0x0100_0000_0000_0001n]) to.long(value);
    expect(to.take()).toEqual(hex('ffffffffffffffff 8000000000000000 0100000000000001'));
    const from = new JuteReader(to.take());
    expect([from.long(), from.long(), from.long()]).toEqual([-1n, -(2n ** 63n), 72057594037927937n]);
  });

  test('writes a surrogate pair as Java does, and reads it from either form', () => {
    expect(encode(ustring, '\u{1f600}')).toEqual(hex('00000006 eda0bd edb880'));
    expect(decode(ustring, hex('00000006 eda0bd edb880'))).toBe('\u{1f600}');
    expect(decode(ustring, hex('00000004 f09f9880'))).toBe('\u{1f600}');
  });

  test.each<[string, string, number]>([
    ['a byte that continues nothing', '80', 1],
    ['a form that is longer than it need be', 'c080', 2],
    ['the same in three bytes', 'e08080', 3],
    ['the same in four', 'f0808080', 4],
    ['a code point beyond the last', 'f4908080', 4],
    ['a character that is cut short', 'e282', 1],
    ['a byte that must not occur', 'ff', 1],
  ])('makes U+FFFD of what is no text, as Java does: %s', (_, bytes, count) => {
    const length = (bytes.length / 2).toString(16).padStart(8, '0');
    expect(decode(ustring, hex(length + bytes))).toBe('\ufffd'.repeat(count));
  });

  test('takes any byte but 0 as true, and a count below −1 as an empty vector, as Java does', () => {
    expect(decode(bool, hex('02'))).toBe(true);
    expect(decode(bool, hex('ff'))).toBe(true);
    expect(decode(names, hex('ffffffff'))).toBe(null);
    expect(decode(names, hex('fffffffe'))).toEqual([]);
    expect(decode(names, hex('80000000'))).toEqual([]);
  });

  test('refuses a length that no buffer may have, before it asks for memory', () => {
    expect(problemOf(() => new JuteReader(hex('7fffffff')).buffer())).toEqual(['length', 0]);
    expect(problemOf(() => new JuteReader(hex('fffffffe')).ustring())).toEqual(['length', 0]);
    expect(problemOf(() => new JuteReader(hex('00000009 00'), 8).buffer())).toEqual(['length', 0]);
    expect(MAX_BUFFER).toBe(2 * 0xfffff);
  });

  test('refuses a count that the bytes cannot hold, before it makes the vector', () => {
    expect(problemOf(() => decode(names, hex('7fffffff 00000000')))).toEqual(['truncated', 0]);
  });

  test('says where a value is cut short, and how much too much there is', () => {
    const pair = record({ a: int, b: ustring });
    expect(problemOf(() => decode(pair, hex('00000001 00000004 6162')))).toEqual(['truncated', 8]);
    expect(problemOf(() => decode(pair, hex('00000001 00000000 61')))).toEqual(['trailing', 8]);
  });

  test('takes a number of more bits than it has room for as a defect of its caller', () => {
    expect(() => new JuteWriter().int(2 ** 31)).toThrow('32 bits');
    expect(() => new JuteWriter().int(0.5)).toThrow('32 bits');
    expect(() => new JuteWriter().long(2n ** 63n)).toThrow('64 bits');
  });
});

/** A header of the given type, and a body. */
function txn(type: string, body: string): Uint8Array {
  return hex(`0100000000000001 00000002 0000000100000003 000001a20271f176 ${type} ${body}`);
}

describe('a transaction', () => {
  test('reads as it lies in a log, with its digest', () => {
    expect(decode(loggedTxn, txn('fffffff6', '00002710 00000002 0000000051c6d660'))).toEqual({
      header: { clientId: 0x0100000000000001n, cxid: 2, zxid: 0x100000003n, time: 0x1a20271f176n, type: -10 },
      body: { kind: 'createSession', timeOut: 10000 },
      digest: { version: 2, treeDigest: 1371985504n },
    });
  });

  test('of before 3.3 does not say the parent’s cversion, one of before 3.6 no paths to delete', () => {
    const create = decode(loggedTxn, txn('00000001', '00000002 2f61 ffffffff ffffffff 00'));
    expect(create.body).toEqual({ kind: 'oldCreate', path: '/a', data: null, acl: null, ephemeral: false });
    expect(decode(loggedTxn, txn('fffffff5', '')).body).toEqual({ kind: 'oldCloseSession' });
  });

  test.each<[string, string, string, WireProblem]>([
    ['of a type that nobody knows', '00000063', '', 'unknown'],
    ['with a multi inside of a multi', '0000000e', '00000001 0000000e 00000004 00000000', 'nesting'],
    ['with a session opened by a multi', '0000000e', '00000001 fffffff6 00000004 00002710', 'nesting'],
    [
      'with a part of a multi that is too long',
      '0000000e',
      '00000001 ffffffff 00000005 00000000 00',
      'trailing',
    ],
    ['with a part of a multi that is null', '0000000e', '00000001 ffffffff ffffffff', 'length'],
    ['that is cut within its digest', 'ffffffff', 'ffffff9b 00000002 0000', 'truncated'],
    ['with something behind its digest', 'ffffffff', 'ffffff9b 00000002 0000000000000000 00', 'trailing'],
  ])('%s is refused', (_, type, body, problem) => {
    expect(problemOf(() => decode(loggedTxn, txn(type, body)))[0]).toBe(problem);
  });
});
