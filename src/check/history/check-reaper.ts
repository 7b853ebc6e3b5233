import { formatZxid } from '../../core/zxid.ts';
import { type LogEntry, NO_SESSION } from './client-history.ts';
import type { ModelTree } from './model/model-tree.ts';
import type { Verdicts } from './verdicts.ts';

/**
 * K6 for what no client asked for: the leader reaps only containers that had children, or were never used
 * for long, and TTL nodes that are due; both only without children. Source: ContainerManager.
 */
export function checkReaper(entry: LogEntry, tree: ModelTree, verdicts: Verdicts): void {
  if (entry.txn.type !== 'delete' || entry.session !== NO_SESSION) return;
  const node = tree.get(entry.txn.path);
  if (node === undefined) return;
  verdicts.checked('K6');
  const accusation = {
    predicate: 'K6',
    ops: [],
    zxid: entry.zxid,
    expected: 'only containers and TTL nodes that are due',
    seen: `${node.life} ${entry.txn.path} at ${formatZxid(entry.zxid)}`,
  } as const;
  if (node.life !== 'container' && node.life !== 'ttl') {
    verdicts.accuse({ ...accusation, rule: 'the reaper took a znode that is neither container nor TTL' });
  } else if (node.life === 'ttl' && entry.timeMs - node.mtime <= node.ttl) {
    verdicts.excuse('W6', { ...accusation, rule: 'the reaper took a TTL node that was just refreshed' });
  }
}
