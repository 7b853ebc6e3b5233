import { ascending, byUnits } from '../core/order.ts';

/**
 * Sessions by when they expire, in buckets of one tick: one that was touched at `now` expires at the first
 * whole multiple of the interval after `now + timeout`. Times are monotonic ms. Source: ExpiryQueue.
 */
export class ExpiryQueue {
  readonly #intervalMs: number;
  readonly #dueMs = new Map<string, number>();
  readonly #buckets = new Map<number, Set<string>>();

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  has(key: string): boolean {
    return this.#dueMs.has(key);
  }

  update(key: string, nowMs: number, timeoutMs: number): void {
    const dueMs = (Math.floor((nowMs + timeoutMs) / this.#intervalMs) + 1) * this.#intervalMs;
    if (this.#dueMs.get(key) === dueMs) return;
    this.remove(key);
    this.#dueMs.set(key, dueMs);
    const bucket = this.#buckets.get(dueMs);
    if (bucket === undefined) this.#buckets.set(dueMs, new Set([key]));
    else bucket.add(key);
  }

  remove(key: string): void {
    const dueMs = this.#dueMs.get(key);
    if (dueMs === undefined) return;
    this.#dueMs.delete(key);
    const bucket = this.#buckets.get(dueMs);
    bucket?.delete(key);
    if (bucket?.size === 0) this.#buckets.delete(dueMs);
  }

  /** When the next one expires; undefined: there is none. */
  nextMs(): number | undefined {
    let next: number | undefined;
    for (const dueMs of this.#buckets.keys()) if (next === undefined || dueMs < next) next = dueMs;
    return next;
  }

  /** Takes out what has expired, bucket by bucket. */
  expired(nowMs: number): string[] {
    const due = [...this.#buckets.keys()].filter((dueMs) => dueMs <= nowMs).sort(ascending);
    const keys = due.flatMap((dueMs) => [...(this.#buckets.get(dueMs) ?? [])].sort(byUnits));
    for (const key of keys) this.remove(key);
    return keys;
  }

  clear(): void {
    this.#dueMs.clear();
    this.#buckets.clear();
  }
}
