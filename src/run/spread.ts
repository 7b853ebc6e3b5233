import { type Distribution, longTailed } from '../core/distribution.ts';
import { durationText, rangeText } from '../core/units.ts';

/** A long-tailed distribution that remembers what it was made of, so that a file can be written of it. */
export interface LongTail extends Distribution {
  readonly medianUs: number;
  readonly p99Us: number;
}

/** `{ median: 1ms, p99: 20ms }` of a scenario file, in µs. */
export function longTail(medianUs: number, p99Us: number): LongTail {
  return { ...longTailed(medianUs, p99Us), medianUs, p99Us };
}

/** Whether the distribution was made by `longTail`; any other is written as a uniform range. */
export function isLongTail(distribution: Distribution): distribution is LongTail {
  return 'medianUs' in distribution;
}

/** The distribution as a scenario file has it: a range, or `{ median, p99 }`. */
export function spreadValue(distribution: Distribution): string | { median: string; p99: string } {
  if (!isLongTail(distribution)) return rangeText(distribution.minUs, distribution.maxUs);
  return { median: durationText(distribution.medianUs), p99: durationText(distribution.p99Us) };
}
