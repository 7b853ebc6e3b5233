import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calm, type Decisions, pinned, type Stream, seeded } from '../../../src/core/decisions.ts';

function draws(stream: Stream, count: number, bound = 1000): number[] {
  return Array.from({ length: count }, () => stream.draw(bound));
}

describe('seeded decisions', () => {
  test('are the same in every release', () => {
    const stream = seeded(42).stream('link 1>3 quorum');
    expect(draws(stream, 6)).toEqual([325, 338, 83, 207, 162, 964]);
    expect(draws(seeded(42).stream('stage 2 commit'), 3, 4294967296)).toEqual([
      2032886378, 1397577530, 1520112666,
    ]);
  });

  test('lie in 0..bound−1 for every bound up to 2³²', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 4294967296 }), (seed, bound) => {
        for (const value of draws(seeded(seed).stream('any'), 20, bound)) {
          expect(Number.isInteger(value) && value >= 0 && value < bound).toBe(true);
        }
      }),
    );
  });

  test('of one stream do not depend on who else draws', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.boolean(), { maxLength: 60 }), (seed, turns) => {
        const decisions = seeded(seed);
        const [link, other] = [decisions.stream('link 1>3 quorum'), decisions.stream('link 3>1 quorum')];
        const seen: number[] = [];
        for (const mine of turns) {
          if (mine) seen.push(link.draw(1000));
          else other.draw(7);
        }
        expect(seen).toEqual(draws(seeded(seed).stream('link 1>3 quorum'), seen.length));
      }),
    );
  });

  test('differ between streams and between seeds', () => {
    const lines = [seeded(1), seeded(2)].flatMap((decisions) =>
      ['link 1>2 quorum', 'link 2>1 quorum', 'stage 1 commit'].map((name) =>
        draws(decisions.stream(name), 8).join(),
      ),
    );
    expect(new Set(lines).size).toBe(6);
  });

  test('take a seed as a number or as the text of that number', () => {
    expect(draws(seeded('7').stream('x'), 5)).toEqual(draws(seeded(7).stream('x'), 5));
  });

  test('reach every value of a small bound about equally often', () => {
    const counts = [0, 0, 0, 0, 0];
    for (const value of draws(seeded(3).stream('die'), 10_000, 5)) counts[value] = (counts[value] ?? 0) + 1;
    expect(Math.min(...counts)).toBeGreaterThan(1800);
    expect(Math.max(...counts)).toBeLessThan(2200);
  });
});

test('calm decisions are always 0', () => {
  expect(draws(calm().stream('anything'), 5)).toEqual([0, 0, 0, 0, 0]);
});

describe('pinned decisions', () => {
  const pins = new Map([
    [
      'link 1>3 quorum',
      new Map([
        [1, 3999],
        [3, 5],
      ]),
    ],
  ]);

  function withPins(rest: Decisions): Stream {
    return pinned(rest, pins).stream('link 1>3 quorum');
  }

  test('replace the draws that they name and leave the rest to what lies below', () => {
    expect(draws(withPins(calm()), 5, 4000)).toEqual([0, 3999, 0, 5, 0]);
    const below = draws(seeded(9).stream('link 1>3 quorum'), 5, 4000);
    expect(draws(withPins(seeded(9)), 5, 4000)).toEqual(below.with(1, 3999).with(3, 5));
  });

  test('are clamped to the bound then in force', () => {
    expect(draws(withPins(calm()), 4, 10)).toEqual([0, 9, 0, 5]);
  });

  test('do not touch another stream', () => {
    const other = 'link 3>1 quorum';
    expect(draws(pinned(seeded(9), pins).stream(other), 5)).toEqual(draws(seeded(9).stream(other), 5));
  });
});
