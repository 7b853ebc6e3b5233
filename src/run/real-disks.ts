import type { ChunkRecord, TxnRecord } from '../protocols/zab/messages.ts';
import type { ZnodeChunk } from '../znode/snapshot.ts';
import type { Plan } from './plan.ts';
import type { DiskFiles } from './stored-disk.ts';

/** Whether a server of the plan begins with a real server's files. */
export function hasRealDisks(plan: Plan): boolean {
  return [...plan.initial.values()].some(({ dataDir }) => dataDir !== undefined);
}

/**
 * When a run with real files begins, ms since 1970: right behind the last change in them, so that what has a
 * time to live is as old as it was. Undefined where there are none.
 */
export function startOf(plan: Plan): number | undefined {
  let latest: number | undefined;
  for (const { dataDir } of plan.initial.values()) {
    if (dataDir !== undefined) latest = Math.max(latest ?? 0, lastChange(dataDir.files) + 1);
  }
  return latest;
}

function lastChange(files: DiskFiles): number {
  let last = 0;
  for (const record of [...files.values()].flat()) {
    if (record.kind === 'txn') last = Math.max(last, (record as TxnRecord).timeMs);
    else if (record.kind === 'chunk')
      last = Math.max(last, lastIn((record as ChunkRecord).chunk as ZnodeChunk));
  }
  return last;
}

function lastIn(chunk: ZnodeChunk): number {
  let last = 0;
  if (chunk.kind !== 'nodes') return last;
  for (const { stat } of chunk.nodes) last = Math.max(last, stat.ctimeMs, stat.mtimeMs);
  return last;
}
