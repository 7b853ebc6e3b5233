import type { Stream } from '../../core/decisions.ts';

/** One of several, each equally likely; the first is the calm choice. */
export function pick<T>(stream: Stream, from: readonly T[]): T {
  return from[stream.draw(from.length)] as T;
}

/** An integer of `least..most`, each equally likely. */
export function within(stream: Stream, least: number, most: number): number {
  return least + stream.draw(most - least + 1);
}

/** True in `percent` of all cases. */
export function happens(stream: Stream, percent: number): boolean {
  return stream.draw(100) >= 100 - percent;
}

/**
 * A positive integer up to `most`, each order of magnitude (by twos) equally likely: short spans matter as
 * much as long ones, and there are few of them.
 */
export function anyScale(stream: Stream, most: number): number {
  let top = 1;
  while (top * 2 <= most) top *= 2;
  let scale = 1;
  for (let steps = stream.draw(Math.clz32(1) - Math.clz32(top) + 1); steps > 0; steps--) scale *= 2;
  return Math.min(most, scale + stream.draw(scale));
}

/** So many different ones of `from`, in the order in which they are drawn; all, when there are fewer. */
export function several<T>(stream: Stream, from: readonly T[], count: number): readonly T[] {
  const pool = from.slice();
  const drawn: T[] = [];
  while (drawn.length < count && pool.length > 0) drawn.push(...pool.splice(stream.draw(pool.length), 1));
  return drawn;
}
