import { expect, test } from 'vitest';
import { withTripwire } from '../tripwire.ts';

const leaks: [name: string, call: () => unknown][] = [
  ['now', () => Date.now()],
  ['new Date', () => new Date()],
  ['Date()', () => Date()],
  ['random', () => Math.random()],
  ['setTimeout', () => setTimeout(() => {}, 0)],
  ['setInterval', () => setInterval(() => {}, 1000)],
  ['setImmediate', () => setImmediate(() => {})],
  ['queueMicrotask', () => queueMicrotask(() => {})],
  ['now', () => performance.now()],
  ['hrtime', () => process.hrtime()],
  ['nextTick', () => process.nextTick(() => {})],
  ['getRandomValues', () => crypto.getRandomValues(new Uint8Array(1))],
  ['randomUUID', () => crypto.randomUUID()],
];

test.each(leaks)('the tripwire throws when a run calls %s', (name, call) => {
  expect(() => withTripwire(call)).toThrow(`tripwire: ${name} was called`);
});

test('the tripwire lets a deterministic run pass and hands back its result', () => {
  expect(withTripwire(() => [3, 1, 2].toSorted((a, b) => a - b))).toEqual([1, 2, 3]);
  expect(withTripwire(() => new Date(0).toISOString())).toBe('1970-01-01T00:00:00.000Z');
});

test('the tripwire refuses a run that goes on after it has returned', () => {
  expect(() => withTripwire(() => Promise.resolve(1))).toThrow('went on after it had returned');
});

test('everything works again after a run that tripped', () => {
  const before = [Date, Date.now, Math.random, setTimeout, queueMicrotask, performance.now, process.hrtime];
  expect(() => withTripwire(() => Math.random())).toThrow('random');
  const after = [Date, Date.now, Math.random, setTimeout, queueMicrotask, performance.now, process.hrtime];
  expect(after).toEqual(before);
  expect(Object.hasOwn(crypto, 'randomUUID')).toBe(false);
  expect(Date.now()).toBeGreaterThan(0);
});
