import type { Bytes } from '../request.ts';
import { parentOf } from './path-parts.ts';

/** How many nodes there are at and below a path, and how many bytes they hold. */
export interface Usage {
  readonly count: number;
  readonly bytes: number;
}

/** What a quota is judged by. */
export interface QuotaView {
  get(path: string): { readonly data: Bytes } | undefined;
  /** What there is at and below a path. */
  usage(path: string): Usage;
}

const QUOTAS = '/zookeeper/quota';

/**
 * Whether a change at `path` goes beyond a hard limit of the nearest quota above it, counted anew from the
 * tree as it is. Only what the change adds to is judged; a quota without its count of what is used does not
 * count yet. Source: ZooKeeperServer.checkQuota, DataTree.checkQuota, StatsTrack.
 */
export function exceedsQuota(tree: QuotaView, path: string, more: Usage): boolean {
  const root = quotaAbove(tree, path);
  if (root === undefined) return false;
  const limits = tree.get(`${QUOTAS}${root}/zookeeper_limits`);
  if (limits === undefined || tree.get(`${QUOTAS}${root}/zookeeper_stats`) === undefined) return false;
  const used = tree.usage(root);
  const count = limitIn(limits.data, 'countHardLimit');
  if (more.count !== 0 && count >= 0 && used.count + more.count > count) return true;
  const bytes = limitIn(limits.data, 'byteHardLimit');
  return more.bytes !== 0 && bytes >= 0 && used.bytes + more.bytes > bytes;
}

/** The path that the nearest quota above is set on; undefined: there is none. */
export function quotaAbove(tree: Pick<QuotaView, 'get'>, path: string): string | undefined {
  for (let at = path; at !== '/'; at = parentOf(at))
    if (tree.get(`${QUOTAS}${at}/zookeeper_limits`) !== undefined) return at;
  return undefined;
}

/** −1: no such limit. */
function limitIn(data: Bytes, name: string): number {
  return Number(new RegExp(`(?:^|[,;])${name}=([+-]?\\d{1,15})(?:[=,;]|$)`).exec(data ?? '')?.[1] ?? -1);
}

/** The bytes of a node. */
export function sizeOf(data: Bytes): number {
  return data === null ? 0 : data.length;
}
