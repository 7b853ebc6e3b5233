import type { ZabBug } from './zab-bug.ts';

/**
 * The end of a session is lost on the way to a learner that is brought up to date: its nodes stay there.
 * Open, and what causes it is not known: no release counts as having it.
 */
export const ZOOKEEPER_5010: ZabBug = {
  jira: 'ZOOKEEPER-5010',
  title: 'Ephemeral nodes of a dead session stay after a DIFF',
  releases: [],
  breaks: 'digests-agree',
  difficulty: 'D3',
  rules: { syncApplies: ({ kind }) => kind !== 'closeSession' },
};
