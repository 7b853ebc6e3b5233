import type { ZabBug } from './zab-bug.ts';

/**
 * The log's thread dies, nothing commits any more, and since PINGs go on, the followers are content.
 */
export const ZOOKEEPER_2247: ZabBug = {
  jira: 'ZOOKEEPER-2247',
  title: 'A leader whose disk fails goes on to lead',
  releases: [
    ['3.4.0', '3.4.8'],
    ['3.5.0', '3.5.2'],
  ],
  breaks: 'queues-drain',
  difficulty: 'D1',
  rules: { heedsDiskError: false },
};
