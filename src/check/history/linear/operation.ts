/** One operation of a concurrent history. */
export interface Operation<I, O> {
  readonly id: number;
  readonly input: I;
  /** `undefined`: nobody knows what it answered. */
  readonly output: O | undefined;
  readonly invoked: number;
  /** `Infinity`: nobody knows. It may take effect at any time from `invoked` on, or never. */
  readonly returned: number;
  /**
   * Where it stands in an order that is worth trying first; `Infinity` for no idea. It guides the search and
   * decides nothing: an order that is found is checked all the same, and when it fails all others are tried.
   */
  readonly hint: number;
}
