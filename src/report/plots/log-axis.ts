/** A logarithmic axis: where values stand, and which of them are written beside it. */
export interface LogAxis {
  /** The place of a value, in tenths of a unit of the drawing. */
  at(value: number): number;
  readonly ticks: readonly number[];
}

/**
 * An axis from the least to the greatest of some positive values, in powers of ten; values below the least
 * count as the least.
 */
export function logAxis(values: readonly number[], from: number, to: number): LogAxis {
  const positive = values.filter((value) => value > 0);
  const least = Math.min(...positive, Number.MAX_VALUE);
  const greatest = Math.max(...positive, 1);
  const low = Math.floor(Math.log10(Math.min(least, greatest)) * 2) / 2;
  const high = Math.max(low + 0.5, Math.ceil(Math.log10(greatest) * 2 - 1e-9) / 2);
  const at = (value: number): number => {
    const share = (Math.log10(Math.max(value, 10 ** low)) - low) / (high - low);
    return Math.round((from + (to - from) * share) * 10) / 10;
  };
  const ticks: number[] = [];
  for (let power = Math.floor(low); power <= high; power++) {
    for (const digit of [1, 2, 5]) {
      const tick = digit * 10 ** power;
      if (Math.log10(tick) >= low - 1e-9 && Math.log10(tick) <= high + 1e-9) ticks.push(tick);
    }
  }
  return { at, ticks: ticks.length > 9 ? ticks.filter((tick) => String(tick).startsWith('1')) : ticks };
}
