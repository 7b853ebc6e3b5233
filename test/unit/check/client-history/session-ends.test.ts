import { test } from 'vitest';
import type { ConnectionEntry, FinalEntry } from '../../../../src/check/history/client-history.ts';
import { ask, ToldHistory, z } from './told-history.ts';
import { a3, only, silent } from './told-steps.ts';

const FORSAKEN = 'K14: a session lived on that nobody was heard of';
const OUTLIVED = 'K14: a connection went on after the end of its session';
const HUNG_UP = 'K14: a server closed the connection of a session that lived on';
const S = 1_000_000;

/** Client 1 closes its session at once; client 2 is heard of for the last time after `lastS` seconds. */
const forsaken = (lastS: number, end: Partial<FinalEntry>, header = {}) => {
  const final = { kind: 'final', atUs: 60 * S, healedUs: 10 * S, leaderSinceUs: 5 * S, quiet: true } as const;
  return a3(ToldHistory.two(header))
    .write(1, ask.close, { type: 'closeSession', paths: [] }, z(4), [100, 200])
    .op(2, ask.ping, z(4), [lastS * S, lastS * S + 100], {}, { cxid: -2 })
    .tell({ ...final, servers: [], ...end });
};
const heals = (told: ToldHistory) => told.broken().filter((rule) => !rule.startsWith('K17'));

test('a session that nobody was heard of for its timeout has ended', ({ expect }) => {
  expect(heals(forsaken(20, {}))).toEqual([FORSAKEN]);
  expect(heals(forsaken(20, { atUs: 28 * S }))).toEqual([]);
  expect(heals(forsaken(20, { atUs: 29 * S }))).toEqual([FORSAKEN]);
  expect(heals(forsaken(55, {}))).toEqual([]);
});

test('time counts from when all was well, and a leader led', ({ expect }) => {
  expect(heals(forsaken(0, { healedUs: 55 * S }))).toEqual([]);
  expect(heals(forsaken(0, { healedUs: -1 }))).toEqual([]);
  expect(heals(forsaken(0, { leaderSinceUs: 55 * S }))).toEqual([]);
  expect(heals(forsaken(0, { leaderSinceUs: undefined }))).toEqual([]);
  expect(heals(forsaken(0, { atUs: 18 * S + 1 }))).toEqual([FORSAKEN]);
  expect(heals(forsaken(0, { atUs: 18 * S + 1 }, { slackUs: 1000 }))).toEqual([]);
});

test('a session that no server has applied yet need not have ended', ({ expect }) => {
  const begun = () => forsaken(55, {}).log(z(5), { type: 'createSession', timeoutMs: 4000 }, 3);
  expect(heals(begun().apply(2, z(4)))).toEqual([]);
  expect(heals(begun().apply(2, z(5)))).toEqual([FORSAKEN]);
  expect(heals(begun())).toEqual([FORSAKEN]);
});

/** Client 2's session is ended; its server hears so after 50 µs, and the client asks once more. */
const outlived = (sentUs: number, outcome: 'ok' | 'unknown' = 'ok') =>
  a3(ToldHistory.two())
    .log(z(4), { type: 'closeSession', paths: [] }, 2)
    .apply(2, z(4), { atUs: 50 })
    .op(2, ask.ping, outcome === 'ok' ? z(4) : -1, [sentUs, sentUs + 5], {}, { cxid: -2 });

test('a connection ends with its session', () => {
  only(outlived(51), OUTLIVED);
  silent(outlived(51, 'unknown'));
  silent(outlived(50));
});

/** Client 2's connection is closed after 10 s, and it goes on with its session on the next. */
const hungUp = (
  fields: Partial<ConnectionEntry> = {},
  next: Partial<ConnectionEntry> = {},
  other: Partial<ConnectionEntry> = {},
) => {
  const own = { handle: 2, requested: '0xb', session: '0xb' };
  const told = new ToldHistory()
    .conn(1)
    .conn(2)
    .conn(3, { ...own, ...other })
    .conn(4, { ...own, invokedUs: S, returnedUs: S, closedUs: 10 * S, ...fields })
    .conn(5, { ...own, invokedUs: 11 * S, returnedUs: 12 * S, ...next });
  return a3(told.session(1, z(1)).session(2, z(2))).op(
    4,
    ask.ping,
    z(3),
    [9 * S, 9 * S + 100],
    {},
    { cxid: -2 },
  );
};

test('a server that serves on does not hang up on a session that lives', () => {
  only(hungUp(), HUNG_UP);
  silent(hungUp({ closedUs: undefined }));
  silent(hungUp({ role: 'read-only' }));
  silent(hungUp({}, { outcome: 'expired', session: '0x0' }));
});

test('but it may after the silence of a timeout', () => {
  only(hungUp({ closedUs: 13 * S - 1 }), HUNG_UP);
  silent(hungUp({ closedUs: 13 * S }));
});

test('and where another server may ask for the session late, or another client has it', () => {
  silent(hungUp({}, {}, { outcome: 'lost', session: '0x0', returnedUs: -1 }));
  silent(hungUp({}, {}, { handle: 3 }));
});
