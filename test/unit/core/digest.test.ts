import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chain32, Digest, mix32 } from '../../../src/core/digest.ts';

function digestOf(values: readonly number[]): string {
  const digest = new Digest();
  for (const value of values) digest.integer(value);
  return digest.hex();
}

const words = fc.integer({ min: -0x80000000, max: 0x7fffffff });

describe('the digest', () => {
  test('differs when any one word is another', () => {
    const some = fc.array(words, { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(some, fc.nat(), words, (values, where, other) => {
        const i = where % values.length;
        fc.pre(values[i] !== other);
        const [one, two] = [new Digest(), new Digest()];
        for (const [k, value] of values.entries()) {
          one.word(value);
          two.word(k === i ? other : value);
        }
        expect(one.hex()).not.toBe(two.hex());
      }),
    );
  });

  test('differs when any one safe integer is another', () => {
    const some = fc.array(fc.maxSafeInteger(), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(some, fc.nat(), fc.maxSafeInteger(), (values, where, other) => {
        const i = where % values.length;
        fc.pre(values[i] !== other);
        expect(digestOf(values.with(i, other))).not.toBe(digestOf(values));
      }),
    );
  });

  test('differs when two neighbours change places', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), (a, b) => {
        fc.pre(a !== b);
        expect(digestOf([a, b])).not.toBe(digestOf([b, a]));
      }),
    );
  });

  test('notices leading and trailing zeros', () => {
    const zeros = Array.from({ length: 20 }, (_, count) => digestOf(new Array<number>(count).fill(0)));
    expect(new Set(zeros).size).toBe(20);
  });

  test('sees the high half of an integer, and its sign', () => {
    const all = [1, -1, 4294967296, 4294967297, 0xffffffff, -4294967296, Number.MAX_SAFE_INTEGER].map((n) =>
      digestOf([n]),
    );
    expect(new Set(all).size).toBe(all.length);
  });

  test('tells where one text ends and the next begins', () => {
    const [one, two] = [new Digest(), new Digest()];
    for (const text of ['ab', 'c']) one.text(text);
    for (const text of ['a', 'bc']) two.text(text);
    expect(one.hex()).not.toBe(two.hex());
  });

  test('may be read while folding goes on', () => {
    const digest = new Digest();
    digest.word(1);
    const before = digest.hex();
    expect(digest.hex()).toBe(before);
    digest.word(2);
    const whole = new Digest();
    whole.word(1);
    whole.word(2);
    expect(digest.hex()).toBe(whole.hex());
  });

  test('is the same in every release and on every engine', () => {
    const digest = new Digest();
    expect(digest.hex()).toBe('db6e264e609254c1');
    digest.word(42);
    digest.integer(0x500000003);
    digest.integer(-1);
    digest.text('leader-elected ⟨5, 3⟩');
    expect(digest.hex()).toBe('80297b160c3f667a');
  });

  test('has 16 digits even when it begins with zeros, and no twin among ten thousand', () => {
    const seen = new Set<string>();
    for (let i = 0; i < 10_000; i++) seen.add(digestOf([i]));
    expect(seen.size).toBe(10_000);
    expect([...seen].every((hex) => /^[0-9a-f]{16}$/.test(hex))).toBe(true);
  });
});

describe('the chain hash', () => {
  test('differs when a value, or the hash before it, differs', () => {
    fc.assert(
      fc.property(words, words, words, (hash, a, b) => {
        fc.pre(a !== b);
        expect(chain32(hash, a)).not.toBe(chain32(hash, b));
        expect(chain32(a, hash)).not.toBe(chain32(b, hash));
      }),
    );
  });

  test('notices leading zeros and order', () => {
    expect(chain32(0, 0)).not.toBe(0);
    expect(chain32(chain32(0, 0), 7)).not.toBe(chain32(0, 7));
    expect(chain32(chain32(0, 1), 2)).not.toBe(chain32(chain32(0, 2), 1));
  });

  test('is the same in every release, an unsigned 32-bit number', () => {
    expect([chain32(0, 0), chain32(1, 0x500000003), chain32(0xffffffff, -1)]).toEqual([
      668325256, 753012598, 2716610545,
    ]);
  });
});

test('the mixer is the finalizer of MurmurHash3', () => {
  // Vectors from the reference implementation, fmix32.
  expect([0, 1, 0xffffffff].map(mix32)).toEqual([0, 0x514e28b7, 0x81f16f39]);
});
