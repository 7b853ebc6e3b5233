import type { ZabBug } from './zab-bug.ts';

/**
 * A leader takes a snapshot when it begins, with all that it has logged, committed or not. TRUNC cuts the
 * log, and the reload starts from that snapshot. Also ZOOKEEPER-4837; open.
 */
export const ZOOKEEPER_1549: ZabBug = {
  jira: 'ZOOKEEPER-1549',
  title: 'TRUNC keeps snapshots that hold what it cuts',
  releases: [
    ['3.4.0', '3.4.5'],
    ['3.5.0', undefined],
    ['3.6.0', undefined],
    ['3.7.0', undefined],
    ['3.8.0', undefined],
    ['3.9.0', undefined],
  ],
  breaks: 'no-resurrection',
  difficulty: 'D3',
  rules: { truncatesSnapshots: false, isCutRight: () => true },
};
