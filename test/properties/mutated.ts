/** How many inputs are tried: a few in every run, a million by hand with `MUTATIONS=1000000`. */
export const MUTATIONS = Number(process.env['MUTATIONS'] ?? 6000);

/** What the mutations are drawn from. */
export const SEED = Number(process.env['MUTATIONS_SEED'] ?? 1);

/** Numbers that lengths and counts go wrong with. */
export const NASTY = [-1, -2, 0, 1, 14, 0x7fff_ffff, -0x8000_0000, 0x00ff_ffff, 2_097_150, 2_097_151, 0xffff];

/** Some changes to the bytes: bits turned over, an end cut off, a number that is wrong, a part twice. */
export function mutated(bytes: Uint8Array, draw: (bound: number) => number): Uint8Array {
  let changed = bytes.slice();
  for (let left = 1 + draw(3); left > 0; left--) {
    const at = draw(changed.length + 1);
    const choice = draw(5);
    if (choice === 0 && at < changed.length) {
      changed[at] = (changed[at] as number) ^ (1 << draw(8));
    } else if (choice === 1) {
      changed = changed.slice(0, at);
    } else if (choice === 2 && at + 4 <= changed.length) {
      new DataView(changed.buffer).setInt32(at, NASTY[draw(NASTY.length)] as number);
    } else if (choice === 3) {
      const from = draw(changed.length + 1);
      const part = changed.slice(from, from + draw(64));
      changed = new Uint8Array([...changed.slice(0, at), ...part, ...changed.slice(at)]);
    } else if (choice === 4) {
      changed = new Uint8Array([...changed.slice(0, at), ...changed.slice(at + draw(8))]);
    }
  }
  return changed;
}
