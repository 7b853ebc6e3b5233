import { expect, test } from 'vitest';
import { serverNumberOf } from '../../../src/run/bytes/server-number.ts';
import { WireError } from '../../../src/wire/wire-error.ts';

// What a stranger calls itself must not become the length of a table.
test.each([0n, -1n, 255n, 2n ** 40n, -(2n ** 63n)])('no server has the number %s', (sid) => {
  expect(() => serverNumberOf(sid)).toThrow(WireError);
});

test.each([1n, 254n])('a server may have the number %s', (sid) => {
  expect(serverNumberOf(sid)).toBe(Number(sid));
});
