import fc from 'fast-check';
import { expect, test } from 'vitest';
import { durationText, formatUs, parseDurationUs, parseRangeUs, rangeText } from '../../../src/core/units.ts';

test.each([
  ['250us', 250],
  ['2000ms', 2000000],
  ['1.5s', 1500000],
  ['2m', 120000000],
  ['1h', 3600000000],
  ['0.000001s', 1],
  ['0.1ms', 100],
  ['0s', 0],
])('%s is %d µs, exactly', (text, us) => {
  expect(parseDurationUs(text)).toBe(us);
});

test.each([
  '',
  '5',
  '5 s',
  '5sec',
  '-1s',
  '1e3s',
  '.5s',
  '1.s',
  '0.5us',
  '1s garbage',
  '999999999999999h',
  '1S',
  's',
])('"%s" is no duration', (text) => {
  expect(parseDurationUs(text)).toBeUndefined();
});

test('a range has two ends in order, or one', () => {
  expect(parseRangeUs('1ms..4ms')).toEqual([1000, 4000]);
  expect(parseRangeUs('2ms')).toEqual([2000, 2000]);
  for (const text of ['4ms..1ms', '1ms..', '..1ms', '1ms...2ms', '1ms..2ms..3ms', '1..2ms']) {
    expect(parseRangeUs(text)).toBeUndefined();
  }
});

test('a written duration and range read back as the same number of µs', () => {
  const time = fc.integer({ min: 0, max: 2592000000000 });
  fc.assert(
    fc.property(time, time, (a, b) => {
      expect(parseDurationUs(durationText(a))).toBe(a);
      expect(parseRangeUs(rangeText(a, a + b))).toEqual([a, a + b]);
    }),
  );
});

test.each([
  [0, '0us'],
  [250, '250us'],
  [12346, '12.35ms'],
  [1234567, '1.235s'],
  [750000000, '12m 30s'],
  [7200000000, '2h'],
  [-1500, '-1.5ms'],
])('%d µs is shown to people as %s', (us, text) => {
  expect(formatUs(us)).toBe(text);
});
