import type { Chunk, ChunkTask, TimedChunk } from './chunk.ts';
import type { CampaignSettings, Recipe } from './recipe.ts';

/** Runs that are handed to a worker in one go: few enough that all end at about the same time. */
export const CHUNK_RUNS = 16;

/** When a campaign ends: whichever comes first. */
export interface CampaignLimits {
  /** After so many runs, those done earlier included; undefined: no matter how many. */
  readonly runs: number | undefined;
  /** Asked before each chunk; true: no new chunk is begun. `done`: the chunks from the first on, no gap. */
  readonly enough: (done: readonly TimedChunk[]) => boolean;
}

/** Who does the work of a campaign. */
export interface Crew {
  /** How many chunks are under way at a time. */
  readonly size: number;
  readonly work: (task: ChunkTask) => Promise<Chunk>;
  /** Time since the campaign began, all its sessions together, in ms of the machine's time. */
  readonly wallMs: () => number;
  /** Told each chunk as it is done, in no order. */
  readonly onDone: (chunk: TimedChunk) => void;
}

/**
 * Explores: chunk by chunk, several at a time. What a run is depends on its place in the campaign alone, and
 * chunks that were begun are waited for: the same runs are done whatever the number of workers, and whether
 * or not the campaign was interrupted.
 *
 * @param earlier chunks that were done in an earlier session; they are not done again
 * @returns the chunks from the first on, without a gap, in their order
 */
export async function explore(
  settings: CampaignSettings,
  limits: CampaignLimits,
  earlier: readonly TimedChunk[],
  crew: Crew,
): Promise<readonly TimedChunk[]> {
  const known = new Map(earlier.map((chunk) => [chunk.from, chunk]));
  const row = new Row();
  let next = 0;
  const takeTask = (): ChunkTask | undefined => {
    for (;;) {
      const task = taskAt(next, settings, limits.runs);
      if (task === undefined) return undefined;
      const before = known.get(next);
      // One that was the last, of fewer runs, is done anew.
      const fits = before !== undefined && before.to - before.from + 1 === task.recipes.length;
      if (!fits && limits.enough(row.chunks)) return undefined;
      next += CHUNK_RUNS;
      if (!fits) return task;
      row.add(before);
    }
  };
  const lane = async (): Promise<void> => {
    for (let task = takeTask(); task !== undefined; task = takeTask()) {
      const chunk = { ...(await crew.work(task)), wallMs: Math.round(crew.wallMs()) };
      row.add(chunk);
      crew.onDone(chunk);
    }
  };
  await Promise.all(Array.from({ length: crew.size }, lane));
  return row.chunks;
}

function taskAt(from: number, settings: CampaignSettings, runs: number | undefined): ChunkTask | undefined {
  const count = Math.min(CHUNK_RUNS, (runs ?? Number.POSITIVE_INFINITY) - from);
  if (count <= 0) return undefined;
  const recipes = Array.from({ length: count }, (_, i): Recipe => ({ seed: settings.seed + from + i }));
  return { from, recipes };
}

/** Chunks that come in any order, as far as they follow on each other. */
class Row {
  readonly chunks: TimedChunk[] = [];
  readonly #waiting = new Map<number, TimedChunk>();

  add(chunk: TimedChunk): void {
    this.#waiting.set(chunk.from, chunk);
    for (;;) {
      const from = this.chunks.length * CHUNK_RUNS;
      const following = this.#waiting.get(from);
      if (following === undefined) return;
      this.#waiting.delete(from);
      this.chunks.push(following);
    }
  }
}
