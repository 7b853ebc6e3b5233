/** Five points of a distribution. All −1 for an empty one. */
export interface Quantiles {
  readonly min: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** The quantiles of some values by the nearest rank: each is one of the values. */
export function quantilesOf(values: readonly number[]): Quantiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (percent: number): number => {
    const rank = Math.max(1, Math.ceil((percent * sorted.length) / 100));
    return sorted[rank - 1] ?? -1;
  };
  return { min: sorted[0] ?? -1, p50: at(50), p90: at(90), p99: at(99), max: sorted.at(-1) ?? -1 };
}
