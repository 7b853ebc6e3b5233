/** Where two lists differ first; −1 when they are equal. A list that ends earlier differs there. */
export function firstDifference(a: readonly string[], b: readonly string[]): number {
  const common = Math.min(a.length, b.length);
  for (let i = 0; i < common; i++) if (a[i] !== b[i]) return i;
  return a.length === b.length ? -1 : common;
}
