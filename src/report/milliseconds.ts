/**
 * Virtual µs as milliseconds with one digit after the point, without the unit: `12.3`; `–` for what did not
 * happen.
 */
export function milliseconds(us: number): string {
  return us < 0 ? '–' : (us / 1000).toFixed(1);
}
