import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  counterOf,
  epochOf,
  formatZxid,
  MAX_COUNTER,
  MAX_EPOCH,
  makeZxid,
  ZERO_ZXID,
  type Zxid,
} from '../../../src/core/zxid.ts';

const epochs = fc.integer({ min: 0, max: MAX_EPOCH });
const counters = fc.integer({ min: 0, max: MAX_COUNTER });

test('a zxid gives back the epoch and the counter that went in', () => {
  fc.assert(
    fc.property(epochs, counters, (epoch, counter) => {
      const zxid = makeZxid(epoch, counter);
      expect([epochOf(zxid), counterOf(zxid)]).toEqual([epoch, counter]);
    }),
  );
});

test('zxids are ordered by epoch, then by counter', () => {
  fc.assert(
    fc.property(epochs, counters, epochs, counters, (e1, c1, e2, c2) => {
      const before = e1 !== e2 ? e1 < e2 : c1 < c2;
      expect(makeZxid(e1, c1) < makeZxid(e2, c2)).toBe(before);
    }),
  );
});

test('a zxid prints as the hexadecimal long that ZooKeeper prints', () => {
  fc.assert(
    fc.property(epochs, counters, (epoch, counter) => {
      const long = (BigInt(epoch) << 32n) | BigInt(counter);
      expect(formatZxid(makeZxid(epoch, counter))).toBe(`0x${long.toString(16)}`);
    }),
  );
  expect(formatZxid(makeZxid(5, 3))).toBe('0x500000003');
  expect(formatZxid(ZERO_ZXID)).toBe('0x0');
});

test('the zxid before everything is epoch 0, counter 0', () => {
  expect(makeZxid(0, 0)).toBe(ZERO_ZXID);
});

test('the largest zxid is the largest safe integer', () => {
  expect(makeZxid(MAX_EPOCH, MAX_COUNTER)).toBe(Number.MAX_SAFE_INTEGER);
});

test('the next counter after the last one of an epoch would open the next epoch', () => {
  expect(makeZxid(6, MAX_COUNTER) + 1).toBe(makeZxid(7, 0));
});

test('minus one, possibly missing data, survives as itself and reads as Java reads it', () => {
  const missing = -1 as Zxid;
  expect(epochOf(missing)).toBe(-1);
  expect(counterOf(missing)).toBe(0xffffffff);
  expect(formatZxid(missing)).toBe('-1');
});

test.each([
  ['epoch', MAX_EPOCH + 1, 0],
  ['epoch', -1, 0],
  ['epoch', 0.5, 0],
  ['epoch', Number.NaN, 0],
  ['counter', 1, MAX_COUNTER + 1],
  ['counter', 1, -1],
  ['counter', 1, 0.5],
  ['counter', 1, Number.NaN],
])('an %s out of bounds is a defect: epoch %d, counter %d', (what, epoch, counter) => {
  expect(() => makeZxid(epoch, counter)).toThrow(
    `a zxid holds an ${what}`.replace('an counter', 'a counter'),
  );
});
