import { z } from 'zod';
import { uniform } from '../core/distribution.ts';
import {
  DURATION_PATTERN,
  parseDurationUs,
  parseRangeUs,
  RANGE_PATTERN,
  scaledDecimal,
} from '../core/units.ts';
import { MAX_COUNTER, makeZxid, type Zxid } from '../core/zxid.ts';
import { MAX_SID, type NodeId, nodeId } from '../node/ids.ts';
import { longTail } from './spread.ts';

/** Why a text that fits its pattern is refused all the same: the narrower expectation. */
export class Refused {
  readonly expected: string;

  constructor(expected: string) {
    this.expected = expected;
  }
}

/** The longest virtual time, in µs: 720 h. */
export const MAX_TIME_US = 720 * 3600000000;

/** The largest value of a distribution of delays, in µs: 1 h. A draw has 32 bits. */
const MAX_SPREAD_US = 3600000000;

/**
 * A text of a given pattern, turned into a value. `expected` is the phrase of every error, unless it is
 * refused.
 */
export function text<T>(expected: string, pattern: RegExp, convert: (text: string) => T | Refused) {
  return z
    .string({ error: expected })
    .regex(pattern, { error: expected })
    .meta({ description: expected })
    .transform((value, context): T => {
      const result = convert(value);
      if (!(result instanceof Refused)) return result;
      context.issues.push({ code: 'custom', message: result.expected, input: value });
      return z.NEVER;
    });
}

/** An integer between two bounds. */
export function integer(what: string, min: number, max: number) {
  const expected = `${what} (an integer from ${min} to ${max})`;
  return z.int({ error: expected }).min(min, { error: expected }).max(max, { error: expected }).meta({
    description: expected,
  });
}

/** A map with exactly these keys. An unknown key's issue carries the known ones, separated by spaces. */
export function map<S extends z.ZodRawShape>(expected: string, shape: S) {
  const known = Object.keys(shape).join(' ');
  return z.strictObject(shape, { error: (issue) => (issue.code === 'unrecognized_keys' ? known : expected) });
}

/** A list with something in it. */
export function list<T extends z.ZodType>(expected: string, item: T) {
  return z.array(item, { error: expected }).min(1, { error: expected });
}

/** One of some words. */
export function word<const W extends readonly string[]>(what: string, words: W) {
  const expected = `${what} (${words.join(', ')})`;
  return z.enum(words, { error: expected }).meta({ description: expected });
}

const DURATION = 'a duration such as 250ms';

/** A duration, in µs, at least `minUs` and at most 720 h. */
export function duration(minUs = 0) {
  return text(DURATION, DURATION_PATTERN, (value) => {
    const us = parseDurationUs(value);
    if (us === undefined) return new Refused('a duration in whole microseconds, of at most 720h');
    if (us > MAX_TIME_US) return new Refused('a duration of at most 720h');
    return us < minUs ? new Refused(`a duration of at least ${minUs === 1000 ? '1ms' : '1us'}`) : us;
  });
}

/** A duration that may be negative, in whole ms: how far a wall clock is moved. */
export const offsetMs = text(
  'an offset such as 500ms or -2s',
  /^-?\d{1,15}(?:\.\d{1,15})?(?:us|ms|s|m|h)$/,
  (value) => {
    const us = parseDurationUs(value.replace('-', ''));
    if (us === undefined || us % 1000 !== 0 || us > MAX_TIME_US) {
      return new Refused('an offset in whole milliseconds, of at most 720h');
    }
    return value.startsWith('-') && us > 0 ? -us / 1000 : us / 1000;
  },
);

const rangeSpread = text('a duration or a range such as 1ms..4ms', RANGE_PATTERN, (value) => {
  const range = parseRangeUs(value);
  if (range === undefined) return new Refused('a range of whole microseconds, the smaller first');
  if (range[1] > MAX_SPREAD_US) return new Refused('a range of at most 1h');
  return uniform(range[0], range[1]);
});

const tailSpread = map('{ median: 1ms, p99: 20ms }', { median: duration(1), p99: duration(1) }).transform(
  ({ median, p99 }, context) => {
    if (median <= p99 && p99 <= MAX_SPREAD_US) return longTail(median, p99);
    const message = p99 < median ? 'a p99 that is not below the median' : 'a p99 of at most 1h';
    context.issues.push({ code: 'custom', message, path: ['p99'], input: p99 });
    return z.NEVER;
  },
);

/** A distribution of delays: `2ms`, `1ms..4ms`, `{ median: 1ms, p99: 20ms }`. */
export const spread = z.union([rangeSpread, tailSpread], {
  error: 'a duration, a range such as 1ms..4ms, or { median: 1ms, p99: 20ms }',
});

/** A range of clock rates, `0ppm..200ppm`; the distribution is over ppm. */
export const ppmSpread = text('a range such as 0ppm..200ppm', /^\d{1,9}ppm(?:\.\.\d{1,9}ppm)?$/, (value) => {
  const [min = 0, max = min] = value.split('..').map((part) => Number(part.slice(0, -3)));
  return max < min || max > 100000
    ? new Refused('a range up to 100000ppm, the smaller first')
    : uniform(min, max);
});

/** A signed clock rate, in ppm. */
export const ppm = text('a clock rate such as 200ppm or -200ppm', /^-?\d{1,9}ppm$/, (value) => {
  const rate = Number(value.slice(0, -3));
  return rate < -100000 || rate > 100000
    ? new Refused('a clock rate from -100000ppm to 100000ppm')
    : rate + 0;
});

/** A share, `5%`, in ppm. */
export const share = text('a share such as 5%', /^\d{1,3}(?:\.\d{1,4})?%$/, (value) => {
  const result = scaledDecimal(value.slice(0, -1), 10000n);
  return result === undefined || result > 1000000 ? new Refused('a share of at most 100%') : result;
});

const BYTES: ReadonlyMap<string, bigint> = new Map([
  ['B', 1n],
  ['kB', 1000n],
  ['MB', 1000000n],
  ['GB', 1000000000n],
  ['KiB', 1024n],
  ['MiB', 1048576n],
  ['GiB', 1073741824n],
]);

/** A number with a unit of bytes in front of whatever else. */
function bytesOf(value: string): number | undefined {
  const match = /^([\d.]+)(\w+)/.exec(value);
  return scaledDecimal(match?.[1] ?? '', BYTES.get(match?.[2] ?? '') ?? 1n);
}

/** A bandwidth, `100kB/s`, in bytes per second. */
export const bandwidth = text(
  'a bandwidth such as 100kB/s',
  /^\d{1,12}(?:\.\d{1,9})?(?:B|kB|MB|GB|KiB|MiB|GiB)\/s$/,
  (value) => {
    const bytes = bytesOf(value);
    return bytes === undefined || bytes < 1
      ? new Refused('a bandwidth in whole bytes, of at least 1B/s')
      : bytes;
  },
);

/** A size, `64KiB`, in bytes. */
export const byteSize = text(
  'a size such as 64KiB',
  /^\d{1,12}(?:\.\d{1,9})?(?:B|kB|MB|GB|KiB|MiB|GiB)$/,
  (value) => {
    const bytes = bytesOf(value);
    return bytes === undefined || bytes < 1 ? new Refused('a size in whole bytes, of at least 1B') : bytes;
  },
);

/** Operations per second, `100/s`, in thousandths. */
export const operationRate = text('a rate such as 100/s', /^\d{1,9}(?:\.\d{1,3})?\/s$/, (value) => {
  const milli = scaledDecimal(value.slice(0, -2), 1000n) ?? 0;
  return milli < 1 || milli > 1000000000 ? new Refused('a rate from 0.001/s to 1000000/s') : milli;
});

const ZXID = 'a zxid such as 0x100000003 or 1:3';

/** The last epoch in a scenario: what MAX_EPOCH leaves beyond it is for the elections of the run. */
export const LAST_EPOCH = 2_000_000;

/**
 * A zxid. YAML reads the hexadecimal form as a number; whether it was hexadecimal is checked where the text
 * is known.
 */
export const zxid = z.union(
  [
    text(ZXID, /^(?:0x[0-9a-fA-F]{1,16}|\d{1,10}:\d{1,10})$/, readZxid),
    z
      .int({ error: ZXID })
      .min(0, { error: ZXID })
      .transform((value, context): Zxid => {
        if (value < (LAST_EPOCH + 1) * 4294967296) return value as Zxid;
        context.issues.push({ code: 'custom', message: TOO_LATE, input: value });
        return z.NEVER;
      }),
  ],
  { error: ZXID },
);

const TOO_LATE = `a zxid whose epoch is at most ${LAST_EPOCH}`;

/** Reads `0x100000003` or `1:3`. */
export function readZxid(value: string): Zxid | Refused {
  const [epoch, counter] = value.split(':').map(Number);
  if (epoch === undefined) return new Refused(ZXID);
  if (counter === undefined)
    return epoch < (LAST_EPOCH + 1) * 4294967296 ? (epoch as Zxid) : new Refused(TOO_LATE);
  if (epoch > LAST_EPOCH) return new Refused(TOO_LATE);
  return counter > MAX_COUNTER
    ? new Refused(`a zxid whose counter is at most ${MAX_COUNTER}`)
    : makeZxid(epoch, counter);
}

/** An epoch that a run may begin with. */
export const epoch = integer('an epoch', 0, LAST_EPOCH);

/** A map by server id. Keys are text in YAML's eyes or ours; the output is a Map, ascending. */
export function byServer<T extends z.ZodType>(expected: string, value: T) {
  const key = z
    .string()
    .regex(/^(?:[1-9]\d?|1\d\d|2[0-4]\d|25[0-4])$/, { error: `a server id (1 to ${MAX_SID})` });
  return z.record(key, value, { error: expected }).transform((found): ReadonlyMap<NodeId, z.output<T>> => {
    const entries = Object.entries(found).map(
      ([id, entry]) => [nodeId(Number(id)), entry as z.output<T>] as const,
    );
    return new Map(entries.toSorted((a, b) => a[0] - b[0]));
  });
}

const PRINTABLE = /^[^\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}]*$/u;

/** Text for people, in one line. */
export function line(what: string, longest: number) {
  const expected = `${what} (text in one line, at most ${longest} characters)`;
  return z
    .string({ error: expected })
    .transform((value) => value.trim())
    .refine((value) => value !== '' && value.length <= longest && PRINTABLE.test(value), { error: expected })
    .meta({ description: expected });
}
