/** The order of numbers, for `sort`. */
export function ascending(a: number, b: number): number {
  return a - b;
}

/** The order of texts by their UTF-16 units, for `sort`: the same everywhere, unlike a locale's. */
export function byUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The entries of a map with number keys, ascending: a map is for look-up, its own order is an accident. */
export function sortedEntries<K extends number, V>(map: ReadonlyMap<K, V>): [K, V][] {
  return [...map].sort((a, b) => a[0] - b[0]);
}

/** The keys of a map with text keys, ascending by UTF-16 units. */
export function sortedNames(map: ReadonlyMap<string, unknown>): string[] {
  return [...map.keys()].sort(byUnits);
}
