import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Codec, decode, encode } from '../../src/wire/jute-codec.ts';
import { acl, aclEntry, id, stat, statPersisted } from '../../src/wire/jute-records.ts';
import { aclTableEntry, nodeEntry, sessionEntry } from '../../src/wire/snapshot-body.ts';
import { loggedTxn, txnDigest, txnHeader } from '../../src/wire/txn-record.ts';
import { anyLoggedTxn, valuesOf } from './wire-arbitrary.ts';

/** Records of one codec each. */
const records: Record<string, Codec<never>> = {
  acl: acl as Codec<never>,
  aclEntry: aclEntry as Codec<never>,
  id: id as Codec<never>,
  stat: stat as Codec<never>,
  statPersisted: statPersisted as Codec<never>,
  aclTableEntry: aclTableEntry as Codec<never>,
  nodeEntry: nodeEntry as Codec<never>,
  sessionEntry: sessionEntry as Codec<never>,
  txnDigest: txnDigest as Codec<never>,
  txnHeader: txnHeader as Codec<never>,
};

/** The value comes back from its bytes, and the bytes from what came back. */
function comesBack<T>(codec: Pick<Codec<T>, 'read' | 'write'>, values: fc.Arbitrary<T>): void {
  fc.assert(
    fc.property(values, (value) => {
      const bytes = encode(codec, value);
      const back = decode(codec, bytes);
      expect(back).toEqual(value);
      expect(encode(codec, back)).toEqual(bytes);
    }),
  );
}

describe('what is written comes back', () => {
  test.each(Object.entries(records))('as %s', (_, codec) => {
    comesBack(codec, valuesOf(codec));
  });

  test('as a transaction', () => comesBack(loggedTxn, anyLoggedTxn));
});
