import type { Chunk, ChunkTask } from './fuzz/chunk.ts';
import type { CampaignSettings } from './fuzz/recipe.ts';
import { runChunk } from './fuzz/run-chunk.ts';
import type { FuzzTask } from './fuzz-worker.ts';
import { openThreads, workerEntry } from './pool.ts';

/** Those who do the chunks of a campaign. */
export interface FuzzCrew {
  readonly size: number;
  readonly work: (task: ChunkTask) => Promise<Chunk>;
  /** Ends the threads. */
  readonly dismiss: () => Promise<void>;
}

/** Worker threads that do chunks; with one worker, this thread does. */
export function fuzzCrew(settings: CampaignSettings, workers: number): FuzzCrew {
  if (workers === 1) {
    return {
      size: 1,
      work: async (task) => {
        const chunk = runChunk(task, settings);
        // Lets signals and whoever shows the progress have a turn.
        await new Promise((resolve) => setImmediate(resolve));
        return chunk;
      },
      dismiss: async () => {},
    };
  }
  const threads = openThreads<FuzzTask, Chunk>(workerEntry(import.meta.url, 'fuzz-worker'), 'fuzz', workers);
  return {
    size: workers,
    work: (task) => threads.run({ task, settings }),
    dismiss: () => threads.close(),
  };
}
