import type { Chunk, ChunkTask, TimedChunk } from './chunk.ts';
import { type Discovery, Tally } from './discovery.ts';
import { type CampaignSettings, mayBreed, type Recipe, recipeAt } from './recipe.ts';

/** Runs that are handed to a worker in one go: few enough that all end at about the same time. */
export const CHUNK_RUNS = 16;

/** When a campaign ends: whichever comes first. */
export interface CampaignLimits {
  /** After so many runs, those done earlier included; undefined: no matter how many. */
  readonly runs: number | undefined;
  /** With the first run that fails; absent: no matter how many do. */
  readonly first?: boolean;
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
 * Explores: chunk by chunk, several at a time, in generations. What a run is depends on its place in the
 * campaign and on what the generations before the last one came upon, and chunks that were begun are waited
 * for: the same runs are done whatever the number of workers, and whether or not the campaign was
 * interrupted.
 *
 * @param earlier chunks that were done in an earlier session; they are not done again
 * @returns the chunks from the first on, without a gap, in their order
 */
export async function explore(
  settings: CampaignSettings,
  limits: CampaignLimits,
  earlier: readonly TimedChunk[],
  crew: Crew,
): Promise<Explored> {
  const known = new Map(earlier.map((chunk) => [chunk.from, chunk]));
  const first = limits.first === true;
  const row = new Row(first);
  let next = 0;
  let ended = false;
  const takeTask = async (): Promise<ChunkTask | undefined> => {
    while (!ended) {
      const from = next;
      const count = Math.min(CHUNK_RUNS, (limits.runs ?? Number.POSITIVE_INFINITY) - from);
      if (count <= 0) return undefined;
      const before = known.get(from);
      // One that was the last, of fewer runs, is done anew.
      const whole = before !== undefined && before.to - before.from + 1 === count;
      const fits = whole || (first && before !== undefined && before.failed.length > 0);
      if (!fits && (row.over || limits.enough(row.chunks))) {
        ended = true;
        row.wake();
        return undefined;
      }
      next += CHUNK_RUNS;
      if (fits) row.add(before);
      else {
        const lore = await row.loreFor(from);
        if (lore === undefined) return undefined;
        const at = (i: number): Recipe => recipeAt(from + i, settings, lore.corpus);
        const recipes = Array.from({ length: count }, (_, i) => at(i));
        return { from, recipes, frequent: lore.frequent, first };
      }
    }
    return undefined;
  };
  const lane = async (): Promise<void> => {
    for (let task = await takeTask(); task !== undefined; task = await takeTask()) {
      const chunk = { ...(await crew.work(task)), wallMs: Math.round(crew.wallMs()) };
      crew.onDone(chunk);
      row.add(chunk);
    }
  };
  await Promise.all(Array.from({ length: crew.size }, lane));
  return { chunks: row.chunks, discovery: row.tally.sum() };
}

/** What came of a campaign. */
export interface Explored {
  /** From the first on, without a gap. */
  readonly chunks: readonly TimedChunk[];
  readonly discovery: Discovery;
}

/** What is known when a generation begins. */
interface Lore {
  /** The recipes that came upon something new. */
  readonly corpus: readonly Recipe[];
  readonly frequent: readonly number[];
}

/** Runs that are drawn with the same knowledge. */
const GENERATION_CHUNKS = 16;

/**
 * Chunks that come in any order, as far as they follow on each other, and what can be learnt from them. If it
 * ends with the first failure, what others had begun by then does not count.
 */
class Row {
  readonly chunks: TimedChunk[] = [];
  readonly tally = new Tally();
  readonly #first: boolean;
  readonly #waiting = new Map<number, TimedChunk>();
  readonly #corpus: Recipe[] = [];
  /** By generation: what was known when it had ended. */
  readonly #lore: Lore[] = [];
  #sleepers: (() => void)[] = [];

  /** @param first it ends with the first failure */
  constructor(first: boolean) {
    this.#first = first;
  }

  /** Whether nothing is added any more. */
  get over(): boolean {
    return this.#first && (this.chunks.at(-1)?.failed ?? []).length > 0;
  }

  add(chunk: TimedChunk): void {
    this.#waiting.set(chunk.from, chunk);
    while (!this.over) {
      const following = this.#waiting.get(this.chunks.length * CHUNK_RUNS);
      if (following === undefined) return;
      this.#waiting.delete(following.from);
      this.chunks.push(following);
      this.#learn(following);
    }
  }

  /**
   * What the generation of a run is drawn with: all that was found up to the last generation but one, so that
   * no worker waits for the last run of a generation. Undefined: it will not be known any more.
   */
  async loreFor(index: number): Promise<Lore | undefined> {
    const generation = Math.floor(index / CHUNK_RUNS / GENERATION_CHUNKS);
    if (generation < 2) return { corpus: [], frequent: [] };
    if (this.#lore[generation - 2] === undefined) {
      await new Promise<void>((resolve) => {
        this.#sleepers.push(resolve);
      });
    }
    return this.#lore[generation - 2];
  }

  /** Lets go who waits. */
  wake(): void {
    const sleepers = this.#sleepers;
    this.#sleepers = [];
    for (const wakeUp of sleepers) wakeUp();
  }

  #learn(chunk: TimedChunk): void {
    const fresh = this.tally.add(chunk);
    for (const { index, recipe } of chunk.rare) {
      if (fresh.has(index) && mayBreed(recipe)) this.#corpus.push(recipe);
    }
    if (this.chunks.length % GENERATION_CHUNKS !== 0) return;
    this.#lore.push({ corpus: [...this.#corpus], frequent: this.tally.frequent() });
    this.wake();
  }
}
