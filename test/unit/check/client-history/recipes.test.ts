import { describe, expect, test } from 'vitest';
import type { RecipeEntry } from '../../../../src/check/history/recipe-entry.ts';
import { ToldHistory, z } from './told-history.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Entries of one recipe; clients 1 and 2 have sessions. */
function tell(
  recipe: RecipeEntry['recipe'],
  entries: readonly Fields[],
  told = ToldHistory.two(),
): ToldHistory {
  for (const fields of entries) told.recipe({ ...fields, recipe } as never);
  return told;
}

const rules = (told: ToldHistory) => told.broken().map((rule) => rule.replace('recipe: ', ''));

describe('locks and latches', () => {
  const hold = (handle: number, step: string, atUs: number, token = handle) => ({
    handle,
    step,
    atUs,
    token,
  });
  const over = [hold(1, 'acquired', 10), hold(2, 'acquired', 20)];

  test('two hold one', () => {
    expect(rules(tell('lock', over))).toEqual(['two hold a lock']);
    expect(rules(tell('latch', over))).toEqual(['two hold a latch']);
  });

  test('one after the other', () => {
    expect(
      rules(tell('lock', [hold(1, 'acquired', 10), hold(1, 'released', 15), hold(2, 'acquired', 20)])),
    ).toEqual([]);
    expect(
      rules(tell('latch', [hold(1, 'acquired', 10), hold(1, 'lost', 20), hold(2, 'acquired', 20)])),
    ).toEqual([]);
  });

  test('one whose session has ended does not hold', () => {
    const ended = ToldHistory.two()
      .log(z(3), { type: 'closeSession', paths: [] }, 1)
      .apply(1, z(3), { atUs: 15 });
    const told = tell('lock', over, ended);
    expect(rules(told)).toEqual([]);
    expect(told.excused()).toEqual(['paused-holder']);
    expect(told.broken({ refuse: ['paused-holder'] })).toEqual(['recipe: two hold a lock']);
  });

  test('who learns that he has acquired one when his session has ended holds nothing', () => {
    const ended = ToldHistory.two()
      .log(z(3), { type: 'closeSession', paths: [] }, 1)
      .apply(1, z(3), { atUs: 15 });
    const late = [hold(2, 'acquired', 20, 5), hold(1, 'acquired', 25, 3), hold(1, 'lost', 25, 3)];
    const told = tell('lock', [...late, hold(2, 'released', 30, 5)], ended);
    expect(rules(told)).toEqual([]);
    expect(told.excused()).toEqual(['paused-holder']);
  });

  test('an older token after a newer one', () => {
    const entries = [hold(1, 'acquired', 10, 9), hold(1, 'released', 15, 9), hold(2, 'acquired', 20, 8)];
    expect(rules(tell('lock', entries))).toEqual(['a lock went to an older token than before']);
  });
});

describe('fencing', () => {
  const use = (token: number, accepted: boolean, fenced = true) => ({
    step: 'used',
    token,
    accepted,
    fenced,
  });

  test('an old token must be refused, the newest must not', () => {
    expect(rules(tell('resource', [use(2, true), use(1, true)]))).toEqual(['a fence let an old token pass']);
    expect(rules(tell('resource', [use(2, true), use(1, true, false)]))).toEqual([
      'an unfenced resource was used by an old holder',
    ]);
    expect(rules(tell('resource', [use(2, true), use(3, false)]))).toEqual([
      'a fence refused the newest token',
    ]);
    expect(rules(tell('resource', [use(1, true), use(2, true), use(1, false), use(2, true)]))).toEqual([]);
  });
});

describe('double barriers', () => {
  const step = (handle: number, name: string, atUs: number) => ({ handle, step: name, atUs, size: 2 });
  const enter = [
    step(1, 'entering', 1),
    step(2, 'entering', 2),
    step(1, 'entered', 3),
    step(2, 'entered', 4),
  ];

  test('nobody through before all are there, nobody out before all leave', () => {
    expect(rules(tell('barrier', [step(1, 'entering', 1), step(1, 'entered', 2)]))).toEqual([
      'somebody was through a barrier before all were there',
    ]);
    expect(rules(tell('barrier', [...enter, step(1, 'leaving', 5), step(1, 'left', 6)]))).toEqual([
      'somebody left a barrier while others stayed',
    ]);
    expect(
      rules(tell('barrier', [...enter, step(1, 'leaving', 5), step(2, 'leaving', 6), step(1, 'left', 7)])),
    ).toEqual([]);
  });

  test('a member whose session ended need not leave', () => {
    const ended = ToldHistory.two()
      .log(z(3), { type: 'closeSession', paths: [] }, 2)
      .apply(1, z(3), { atUs: 5 });
    expect(rules(tell('barrier', [...enter, step(1, 'leaving', 5), step(1, 'left', 6)], ended))).toEqual([]);
  });

  test('a session whose end nobody delivered, but the next epoch begins with, has ended', () => {
    const ended = ToldHistory.two().log(z(3), { type: 'closeSession', paths: [] }, 2);
    expect(rules(tell('barrier', [...enter, step(1, 'leaving', 5), step(1, 'left', 6)], ended))).toEqual([]);
  });

  test('nobody need wait for who comes back while the node of his last session is still there', () => {
    const back = [
      step(1, 'entering', 1),
      { ...step(2, 'entering', 2), member: 'c2' },
      { ...step(3, 'entering', 3), member: 'c2' },
      step(1, 'entered', 4),
      step(1, 'leaving', 5),
      step(3, 'entered', 6),
      step(1, 'left', 7),
    ];
    expect(rules(tell('barrier', back))).toEqual([]);
  });

  test('nobody need wait for who comes back with a new session when the barrier is open', () => {
    const again = [step(3, 'entering', 7), step(3, 'entered', 8), step(1, 'left', 9)];
    const leave = [step(1, 'leaving', 5), step(2, 'leaving', 6)];
    expect(rules(tell('barrier', [...enter, ...leave, ...again]))).toEqual([]);
    const ended = ToldHistory.two()
      .log(z(3), { type: 'closeSession', paths: [] }, 2)
      .apply(1, z(3), { atUs: 5 });
    const back = [step(3, 'entering', 6), step(1, 'leaving', 7), step(3, 'entered', 8), step(1, 'left', 9)];
    expect(rules(tell('barrier', [...enter, ...back], ended))).toEqual([]);
    expect(rules(tell('barrier', [...enter, ...back]))).not.toEqual([]);
  });
});

describe('queues', () => {
  const item = (name: string, step: string, invokedUs: number, fields: Fields = {}) => ({
    item: name,
    step,
    invokedUs,
    atUs: invokedUs + 1,
    outcome: 'ok',
    zxid: invokedUs,
    listZxid: -1,
    priority: 0,
    ...fields,
  });
  const ended = (entries: Fields[], recipe: 'queue' | 'priority-queue' = 'queue') =>
    tell('queue-end', [{ step: 'drained', atUs: 100 }], tell(recipe, entries));
  const put = [item('a', 'produced', 1), item('b', 'produced', 3)];

  test('lost, twice, from nowhere, out and still there', () => {
    expect(rules(ended([...put, item('a', 'consumed', 5)]))).toEqual(['an item was lost']);
    expect(
      rules(
        ended([item('a', 'produced', 1), item('a', 'consumed', 5), item('a', 'consumed', 7, { handle: 2 })]),
      ),
    ).toEqual(['an item was consumed twice']);
    expect(rules(ended([item('a', 'consumed', 5)]))).toEqual(['an item was consumed that nobody produced']);
    expect(
      rules(ended([item('a', 'produced', 1), item('a', 'consumed', 5), item('a', 'remaining', 90)])),
    ).toEqual(['an item was consumed and is still there']);
  });

  test('an answer that did not come leaves doubt', () => {
    expect(
      rules(ended([...put, item('a', 'consumed', 5), item('b', 'consumed', 7, { outcome: 'unknown' })])),
    ).toEqual([]);
    expect(rules(ended([item('a', 'produced', 1, { outcome: 'unknown' })]))).toEqual([]);
    expect(rules(ended([...put, item('a', 'consumed', 5), item('b', 'remaining', 90)]))).toEqual([]);
    expect(rules(tell('queue', put))).toEqual([]);
  });

  test('the order of a producer', () => {
    expect(rules(ended([...put, item('b', 'consumed', 5), item('a', 'consumed', 9)]))).toEqual([
      'an item overtook an earlier one of its producer',
    ]);
    expect(rules(ended([...put, item('b', 'consumed', 5, { atUs: 12 }), item('a', 'consumed', 9)]))).toEqual(
      [],
    );
    const other = [item('a', 'produced', 1), item('b', 'produced', 3, { handle: 2 })];
    expect(rules(ended([...other, item('b', 'consumed', 5), item('a', 'consumed', 9)]))).toEqual([]);
  });

  test('the more urgent first, if it could be seen', () => {
    const mixed = [item('a', 'produced', 1, { priority: 5 }), item('b', 'produced', 3, { priority: 1 })];
    const story = (listZxid: number) =>
      ended(
        [
          ...mixed,
          item('a', 'consumed', 5, { priority: 5, listZxid }),
          item('b', 'consumed', 9, { priority: 1 }),
        ],
        'priority-queue',
      );
    expect(rules(story(4))).toEqual(['a less urgent item was taken first']);
    expect(rules(story(2))).toEqual([]);
  });
});

describe('counters', () => {
  const add = (value: number, invokedUs: number, outcome = 'ok') => ({
    step: 'added',
    outcome,
    invokedUs,
    atUs: invokedUs + 1,
    amount: 1,
    value,
  });
  const look = (value: number, invokedUs: number) => ({ ...add(value, invokedUs), step: 'read', amount: 0 });

  test('two at one value, one lost, one too many', () => {
    expect(rules(tell('counter', [add(1, 1), add(1, 3)]))).toEqual(['two additions ended at one value']);
    expect(rules(tell('counter', [add(1, 1), add(2, 3), look(1, 5)]))).toEqual(['an addition was lost']);
    expect(rules(tell('counter', [add(1, 1), look(2, 5)]))).toEqual(['more was counted than added']);
  });

  test('what got no answer may count once or not', () => {
    expect(rules(tell('counter', [add(1, 1), add(0, 3, 'unknown'), look(1, 5)]))).toEqual([]);
    expect(rules(tell('counter', [add(1, 1), add(0, 3, 'unknown'), look(2, 5)]))).toEqual([]);
    expect(rules(tell('counter', [add(1, 1), add(0, 3, 'unknown'), look(3, 5)]))).toEqual([
      'more was counted than added',
    ]);
  });
});

describe('two-phase commit', () => {
  const step = (handle: number, name: string, choice: string) => ({
    handle,
    step: name,
    choice,
    participants: 2,
    atUs: handle,
  });
  const votes = [step(1, 'voted', 'commit'), step(2, 'voted', 'commit')];

  test('one decision, and all votes for a commit', () => {
    expect(
      rules(tell('two-phase-commit', [...votes, step(3, 'decided', 'commit'), step(4, 'decided', 'abort')])),
    ).toEqual(['two decisions on one transaction']);
    expect(rules(tell('two-phase-commit', [votes[0] as Fields, step(3, 'decided', 'commit')]))).toEqual([
      'it was committed without all votes',
    ]);
    expect(
      rules(tell('two-phase-commit', [...votes, step(3, 'decided', 'commit'), step(4, 'decided', 'commit')])),
    ).toEqual([]);
    expect(rules(tell('two-phase-commit', [...votes, step(3, 'decided', 'abort')]))).toEqual([]);
  });
});

describe('configurations', () => {
  const see = (handle: number, version: number, atUs: number, value = `v${version}`) => ({
    handle,
    version,
    atUs,
    value,
    step: 'observed',
  });

  test('never back for one client, one value a version', () => {
    expect(rules(tell('configuration', [see(1, 5, 1), see(1, 4, 2)]))).toEqual([
      'a client saw a configuration go back',
    ]);
    expect(rules(tell('configuration', [see(1, 5, 1), see(2, 4, 2), see(2, 5, 3)]))).toEqual([]);
    expect(rules(tell('configuration', [see(1, 5, 1), see(2, 5, 2, 'other')]))).toEqual([
      'one version of a configuration has two values',
    ]);
  });
});
