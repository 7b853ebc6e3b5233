import { expect, test } from 'vitest';
import type { ConnectionEntry, FinalEntry, OpEntry } from '../../../../src/check/history/client-history.ts';
import { ask, ToldHistory, z } from './told-history.ts';
import { a3, at, set } from './told-steps.ts';

const RULE = 'K17: a server that was well answered others, and not a client that had asked before';
const S = 1_000_000;

interface Story {
  readonly conn?: Partial<ConnectionEntry>;
  readonly final?: Partial<FinalEntry>;
  /** When client 2 asks for what is never answered. */
  readonly askedUs?: number;
  /** Client 1, whose server is the same, is answered later. */
  readonly later?: Partial<OpEntry>;
  readonly more?: (told: ToldHistory) => ToldHistory;
}

/** All is well from the second second on, and a tick later. */
function starved({ conn, final, askedUs = 20 * S, later, more = (told) => told }: Story = {}): string[] {
  const told = new ToldHistory()
    .conn(1)
    .conn(2, { server: 1, lostUs: 24 * S, ...conn })
    .session(1, z(1))
    .session(2, z(2));
  a3(told).op(2, ask.get('/b'), z(3), at(15 * S), {}, { error: -101 });
  told.op(2, ask.sync, -1, at(askedUs), {}, { outcome: 'unknown' });
  const cxid = 50;
  const times = at(later?.invokedUs ?? 21 * S, later?.returnedUs ?? 22 * S);
  told.op(1, ask.set('/a', 'x'), z(4), times, {}, { cxid, ...later }).log(z(4), set('x', 1), 1, cxid);
  more(told).tell({
    kind: 'final',
    atUs: 30 * S,
    healedUs: 2 * S,
    quiet: false,
    leaderSinceUs: 1 * S,
    servers: [1, 2, 3].map((server) => ({ server, zxid: z(4), state: 1 })),
    ...final,
  });
  return told.broken().filter((rule) => rule === RULE);
}

test('a client that waits while others are served who asked later', () => {
  expect(starved()).toEqual([RULE]);
});

test('nobody served later, on that server, in that time', () => {
  expect(starved({ later: { invokedUs: 19 * S } })).toEqual([]);
  expect(starved({ later: { returnedUs: 25 * S } })).toEqual([]);
  expect(starved({ conn: { server: 2 } })).toEqual([]);
});

test('not all was well when it asked, or when it heard anything', () => {
  expect(starved({ final: { healedUs: -1 } })).toEqual([]);
  expect(starved({ final: { healedUs: 14 * S } })).toEqual([]);
  expect(starved({ final: { leaderSinceUs: 19 * S } })).toEqual([]);
  expect(starved({ final: { leaderSinceUs: undefined } })).toEqual([]);
  expect(starved({ final: { healedUs: 12 * S } })).toEqual([RULE]);
});

test('nothing went wrong for a while, whatever came later', () => {
  const calm = (calmUs: number | undefined) => starved({ conn: { calmUs }, final: { healedUs: -1 } });
  expect(calm(12 * S)).toEqual([RULE]);
  expect(calm(14 * S)).toEqual([]);
  expect(calm(undefined)).toEqual([]);
  expect(starved({ conn: { calmUs: 14 * S } })).toEqual([RULE]);
});

test('its session ended, or it has not given up', () => {
  expect(starved({ conn: { lostUs: undefined } })).toEqual([]);
  const expiry = { kind: 'expiry', server: 1, session: '0xb', timeoutUs: 4 * S } as const;
  const expired = (preparedUs: number) =>
    starved({ more: (told) => told.tell({ ...expiry, touchedUs: preparedUs - 4 * S, preparedUs }) });
  expect(expired(23 * S)).toEqual([]);
  expect(expired(25 * S)).toEqual([RULE]);
});
