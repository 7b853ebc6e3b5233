/** Whether the ascending numbers have this one. */
export function isAmong(ascending: readonly number[], wanted: number): boolean {
  return ascending[countBelow(ascending, wanted)] === wanted;
}

/** How many of the ascending numbers are below `limit`. */
export function countBelow(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
