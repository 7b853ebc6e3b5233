/** A measured value over the rounds. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** The median and the ends of at least one value. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (low === undefined || high === undefined || min === undefined || max === undefined) {
    throw new Error('nothing was measured');
  }
  return { median: (low + high) / 2, min, max };
}

const UNITS: readonly (readonly [least: number, factor: number, unit: string])[] = [
  [1e6, 1e-6, ' M'],
  [1e4, 1e-3, ' k'],
];

/** A value with three digits that count. */
export function short(value: number): string {
  for (const [least, factor, unit] of UNITS) {
    if (Math.abs(value) >= least) return `${digits(value * factor)}${unit}`;
  }
  return digits(value);
}

/** `median [min–max]`. */
export function spreadText({ median, min, max }: Spread): string {
  return min === max ? short(median) : `${short(median)} [${short(min)}–${short(max)}]`;
}

function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= 100 || size === 0) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  return size >= 0.1 ? value.toFixed(2) : value.toFixed(3);
}
