import { ERRORS, type ErrorCode } from './errors.ts';
import type { Preparation } from './preparation.ts';
import {
  exceedsQuota,
  isQuota,
  limitsPath,
  nearestQuota,
  readQuota,
  statsPath,
  type Usage,
} from './quota.ts';

/**
 * Whether a change at `path` would go beyond a hard limit of the nearest quota: QUOTAEXCEEDED; where nobody
 * can read the limits, MARSHALLINGERROR. Only judged when the server enforces quotas. Source:
 * ZooKeeperServer.checkQuota.
 */
export function checkQuota(at: Preparation, path: string, more: Usage): ErrorCode {
  if (!at.options.enforceQuota) return ERRORS.OK;
  const find = at.options.rules.quotaCountsPending
    ? (node: string) => at.pending.find(node)
    : (node: string) => at.tree.get(node);
  const root = nearestQuota(path, (above) => find(limitsPath(above)) !== undefined);
  if (root === undefined) return ERRORS.OK;
  const limits = find(limitsPath(root));
  const stats = find(statsPath(root));
  if (limits === undefined || stats === undefined) return ERRORS.OK;
  if (!isQuota(limits.data)) return ERRORS.MARSHALLINGERROR;
  const used = at.options.rules.quotaCountsPending ? usedWithPending(at, root) : readQuota(stats.data);
  return exceedsQuota(readQuota(limits.data), used, more) ? ERRORS.QUOTAEXCEEDED : ERRORS.OK;
}

/** What is used of a quota once everything prepared is applied. */
function usedWithPending(at: Preparation, root: string): Usage {
  const stats = at.tree.get(statsPath(root));
  // A quota whose nodes are not applied themselves will count what is there when they are.
  const applied = stats === undefined ? at.tree.usageBelow(root) : readQuota(stats.data);
  const used = { count: applied.count, bytes: applied.bytes };
  for (const { path, stat, data } of at.pending.latest()) {
    if (nearestQuota(path, (above) => at.pending.find(limitsPath(above)) !== undefined) !== root) continue;
    const before = at.tree.get(path);
    used.count += (stat === null ? 0 : 1) - (before === undefined ? 0 : 1);
    used.bytes += (data?.length ?? 0) - (before?.data?.length ?? 0);
  }
  return used;
}
