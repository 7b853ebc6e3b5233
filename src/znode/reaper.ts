import { ttlOf } from './modes.ts';
import type { Tree } from './tree.ts';

/** How long a container that never had a child is kept, ms (`znode.container.maxNeverUsedIntervalMs`). */
export const MAX_NEVER_USED_MS = 300000;

/** How often the leader looks for nodes to reap, ms (`znode.container.checkIntervalMs`). */
export const REAPER_INTERVAL_MS = 60000;

/**
 * The nodes that the leader asks to delete by deleteContainer: childless containers that had a child, or are
 * older than `maxNeverUsedMs` (0: never), and childless nodes whose time to live has passed since they were
 * written. `nowMs` is the leader's wall clock. Source: ContainerManager.getCandidates.
 */
export function reapable(tree: Tree, nowMs: number, maxNeverUsedMs: number = MAX_NEVER_USED_MS): string[] {
  const found: string[] = [];
  for (const path of tree.containers()) {
    const node = tree.get(path);
    if (node === undefined || node.children.size > 0) continue;
    const { cversion, mtimeMs } = node.stat;
    const abandoned = cversion === 0 && maxNeverUsedMs !== 0 && nowMs - mtimeMs > maxNeverUsedMs;
    if (cversion > 0 || abandoned) found.push(path);
  }
  for (const path of tree.ttls()) {
    const node = tree.get(path);
    if (node === undefined || node.children.size > 0) continue;
    if (nowMs - node.stat.mtimeMs > ttlOf(node.stat.owner)) found.push(path);
  }
  return found;
}
