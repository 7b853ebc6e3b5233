/** How old the reads were that were not fresh: virtual µs and transactions behind, as quantiles. */
export interface Staleness {
  readonly reads: number;
  readonly stale: number;
  readonly medianUs: number;
  readonly p99Us: number;
  readonly maxUs: number;
  readonly maxZxidsBehind: number;
}
