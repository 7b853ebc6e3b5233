import type { ZabBug } from './zab-bug.ts';

/**
 * A snapshot that is written while nodes go need not hold the parent that a logged creation had: it went
 * later. A start took that for damage, and gave up. Also ZOOKEEPER-1333.
 */
export const ZOOKEEPER_1573: ZabBug = {
  jira: 'ZOOKEEPER-1573',
  title: 'A start fails over a creation whose parent is gone',
  releases: [['3.4.0', '3.4.5']],
  breaks: 'restartable',
  difficulty: 'D3',
  rules: {
    isReplayable: ({ kind }, result) =>
      !(kind.startsWith('create') && result.kind === 'failed' && isNoNode(result)),
  },
};

function isNoNode(result: object): boolean {
  return 'err' in result && result.err === NO_NODE;
}

const NO_NODE = -101;
