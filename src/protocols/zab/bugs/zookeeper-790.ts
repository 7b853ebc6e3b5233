import type { ZabBug } from './zab-bug.ts';

/**
 * `lead` set the last zxid to ⟨e, 0⟩ at once. When the leader fails before it is established, its next
 * vote claims an epoch that nobody was in. Since votes compare epochs that were acked, it is no longer
 * elected for it.
 */
export const ZOOKEEPER_790: ZabBug = {
  jira: 'ZOOKEEPER-790',
  title: 'A leader claims the epoch that it offers, before anybody supports it',
  releases: [['3.3.0', '3.3.1']],
  breaks: 'vote-truthful',
  difficulty: 'D3',
  rules: { claimsOfferedEpoch: true },
};
