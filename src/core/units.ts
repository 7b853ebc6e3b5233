const UNITS_US: ReadonlyMap<string, bigint> = new Map([
  ['us', 1n],
  ['ms', 1000n],
  ['s', 1000000n],
  ['m', 60000000n],
  ['h', 3600000000n],
]);

const NUMBER = '\\d{1,15}(?:\\.\\d{1,15})?';
const DURATION = `${NUMBER}(?:us|ms|s|m|h)`;

/** What a duration looks like: `250us`, `2000ms`, `1.5s`, `2m`, `1h`. The unit is part of it. */
export const DURATION_PATTERN = new RegExp(`^${DURATION}$`);

/** What a duration or a range of two looks like: `2ms`, `1ms..4ms`. */
export const RANGE_PATTERN = new RegExp(`^${DURATION}(?:\\.\\.${DURATION})?$`);

/**
 * A decimal number times `scale`, exactly; undefined when the text is no plain decimal, or the product is no
 * safe integer. `scaledDecimal('1.5', 1000n)` is 1500.
 */
export function scaledDecimal(text: string, scale: bigint): number | undefined {
  const match = /^(\d{1,15})(?:\.(\d{1,15}))?$/.exec(text);
  if (match === null) return undefined;
  const fraction = match[2] ?? '';
  const digits = BigInt((match[1] ?? '') + fraction) * scale;
  const divisor = BigInt(`1${'0'.repeat(fraction.length)}`);
  if (digits % divisor !== 0n) return undefined;
  const value = Number(digits / divisor);
  return Number.isSafeInteger(value) ? value : undefined;
}

/**
 * The duration in integer µs; undefined when it has no unit, is finer than 1 µs, or is not a duration at all.
 */
export function parseDurationUs(text: string): number | undefined {
  const match = /^([\d.]+)(us|ms|s|m|h)$/.exec(text);
  const unit = UNITS_US.get(match?.[2] ?? '');
  return match === null || unit === undefined ? undefined : scaledDecimal(match[1] ?? '', unit);
}

/**
 * A range `1ms..4ms`, or one duration, as [min, max] in integer µs; undefined when it is neither, or runs
 * backwards.
 */
export function parseRangeUs(text: string): readonly [number, number] | undefined {
  const [low, high, ...more] = text.split('..');
  if (low === undefined || more.length > 0) return undefined;
  const minUs = parseDurationUs(low);
  const maxUs = high === undefined ? minUs : parseDurationUs(high);
  if (minUs === undefined || maxUs === undefined || maxUs < minUs) return undefined;
  return [minUs, maxUs];
}

/**
 * The duration exactly, in the largest unit that needs no fraction: `parseDurationUs` reads the same number
 * back.
 */
export function durationText(us: number): string {
  if (us === 0) return '0s';
  for (const [unit, scale] of [
    ['h', 3600000000],
    ['m', 60000000],
    ['s', 1000000],
    ['ms', 1000],
  ] as const) {
    if (us % scale === 0) return `${us / scale}${unit}`;
  }
  return `${us}us`;
}

/** A range as a scenario file has it: `1ms..4ms`, or one duration when both ends are equal. */
export function rangeText(minUs: number, maxUs: number): string {
  return minUs === maxUs ? durationText(minUs) : `${durationText(minUs)}..${durationText(maxUs)}`;
}

/** The duration for people, rounded to four digits or so: `250us`, `12.35ms`, `1.234s`, `12m 30s`. */
export function formatUs(us: number): string {
  if (us < 0) return `-${formatUs(-us)}`;
  if (us < 1000) return `${us}us`;
  if (us < 1000000) return `${rounded(us / 1000, 100)}ms`;
  if (us < 120000000) return `${rounded(us / 1000000, 1000)}s`;
  const seconds = Math.round(us / 1000000);
  if (seconds < 7200) return join(Math.floor(seconds / 60), 'm', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  return join(Math.floor(minutes / 60), 'h', minutes % 60, 'm');
}

function rounded(value: number, steps: number): string {
  return String(Math.round(value * steps) / steps);
}

function join(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit} ${small}${smallUnit}`;
}
