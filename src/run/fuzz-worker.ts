import type { Chunk, ChunkTask } from './fuzz/chunk.ts';
import type { CampaignSettings } from './fuzz/recipe.ts';
import { runChunk } from './fuzz/run-chunk.ts';

/** Runs of a campaign, as a worker thread is given them. */
export interface FuzzTask {
  readonly task: ChunkTask;
  readonly settings: CampaignSettings;
}

/** Does a chunk of a campaign: the work of a worker thread. */
export function fuzz({ task, settings }: FuzzTask): Chunk {
  return runChunk(task, settings);
}
