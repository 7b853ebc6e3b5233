import { FIXED_RULES } from '../rules.ts';
import type { ZabBug } from './zab-bug.ts';

/**
 * The position in the file was under-counted when there were several records before the cut, and nobody
 * looked where the log ended after it.
 */
export const ZOOKEEPER_1156: ZabBug = {
  jira: 'ZOOKEEPER-1156',
  title: 'TRUNC cuts a record too many',
  releases: [['3.3.0', '3.3.3']],
  breaks: 'commit-consistency',
  difficulty: 'D2',
  rules: {
    keptRecords: (records, zxid) => {
      const keep = FIXED_RULES.keptRecords(records, zxid);
      return keep >= 2 && keep < records.length ? keep - 1 : keep;
    },
    isCutRight: () => true,
  },
};
