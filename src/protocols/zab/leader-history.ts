import type { CommitStage } from './commit-stage.ts';
import type { RoleHost } from './role.ts';
import type { LeaderHistory } from './sync.ts';

/** What a leader can bring a learner up to date with, and by what settings it chooses how. */
export function historyOf({ database, config }: RoleHost, commitStage: CommitStage): LeaderHistory {
  const { settings, rules } = config;
  const committed = database.committed.entries();
  return {
    lastProcessed: database.lastProcessed,
    committed: rules.countsUnapplied ? committed.concat(commitStage.pending()) : committed,
    forceSnapshot: settings.forceSnapshotSync,
    fromDisk: (zxid) => database.historyFrom(zxid, settings.snapshotSizeFactorPpm),
  };
}
