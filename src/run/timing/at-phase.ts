/** The longest tick of the standard matrix: a fault may come at any moment of it. */
export const PHASES_MS = 2000;

/** Coprime to the number of phases, so that a hundred seeds are spread evenly over them. */
const STRIDE = 613;

/**
 * The scenario of a seed: `$4000` in its text stands for 4000 ms and a moment of the tick, another one with
 * each seed, for a leader counts its followers at whole ticks only.
 */
export function atPhase(text: string, seed: number): string {
  const phaseMs = (seed * STRIDE) % PHASES_MS;
  return text.replaceAll(/\$(\d+)/g, (_, ms) => `${Number(ms) + phaseMs}ms`);
}
