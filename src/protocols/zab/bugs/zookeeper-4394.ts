import type { ZabBug } from './zab-bug.ts';

/**
 * NEWLEADER emptied the queue of proposals into another. The commit of one of them then met a null
 * pointer, and the synchronization began anew.
 */
export const ZOOKEEPER_4394: ZabBug = {
  jira: 'ZOOKEEPER-4394',
  title: 'A COMMIT between NEWLEADER and UPTODATE finds an empty queue',
  releases: [
    ['3.4.10', undefined],
    ['3.5.3', undefined],
    ['3.6.0', undefined],
    ['3.7.0', undefined],
    ['3.8.0', undefined],
    ['3.9.0', '3.9.2'],
  ],
  breaks: 'no-bad-commit',
  difficulty: 'D2',
  rules: {
    endSync: (end) =>
      end.persist(() => {
        end.setAside();
        end.adoptEpoch(() => end.ack());
      }),
    takesCommit: (notLogged) => notLogged.length > 0,
  },
};
