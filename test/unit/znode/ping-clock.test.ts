import { expect, test } from 'vitest';
import type { ClientEnv } from '../../../src/znode/client/client-env.ts';
import { PingClock } from '../../../src/znode/client/ping-clock.ts';

const S = 1_000_000;

/** A clock of a session of that timeout, and when it would ping, by the time at hand. */
function clock(timeoutUs: number) {
  const at = { nowUs: 0, dueUs: -1 };
  const env = {
    now: () => at.nowUs,
    setTimer: (_timer: string, afterUs: number) => {
      at.dueUs = at.nowUs + afterUs;
    },
  } as ClientEnv;
  const pings = new PingClock(env);
  pings.begin(timeoutUs);
  return { at, pings };
}

test('a client pings after half of its read timeout, however long that is', () => {
  expect(clock(6 * S).at.dueUs).toBe(2 * S);
  expect(clock(40 * S).at.dueUs).toBe(13_333_333);
});

test('what wakes it within a second of what it said changes nothing, later up to a second is cut off', () => {
  const { at, pings } = clock(12 * S);
  at.nowUs = S;
  expect([pings.woken(), at.dueUs]).toEqual([false, 4 * S]);
  at.nowUs = S + 1;
  expect([pings.woken(), at.dueUs]).toEqual([false, 3 * S]);
  at.nowUs = 3 * S;
  expect(pings.woken()).toBe(true);
});

test('when it wakes after ten silent seconds, it pings at once', () => {
  const { at, pings } = clock(60 * S);
  at.nowUs = 10 * S;
  expect([pings.woken(), at.dueUs]).toEqual([false, 19 * S]);
  at.nowUs = 10 * S + 1;
  expect(pings.woken()).toBe(true);
  pings.said();
  expect([pings.woken(), at.dueUs]).toEqual([false, 30 * S + 1]);
});
