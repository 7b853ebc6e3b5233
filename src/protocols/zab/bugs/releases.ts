import type { EndOfSync } from '../end-of-sync.ts';
import type { ZabRules } from '../rules.ts';
import { ZOOKEEPER_3911 } from './zookeeper-3911.ts';
import { ZOOKEEPER_4394 } from './zookeeper-4394.ts';

/**
 * How the releases answered NEWLEADER. The bugs there are versions of the same dozen lines, so that no two of
 * them can be switched on together; a release has a version of its own, with all of its bugs.
 */
const VERSIONS: readonly {
  readonly releases: RegExp;
  readonly rules: Partial<ZabRules>;
}[] = [
  // What a DIFF brings is not logged before UPTODATE (ZOOKEEPER-3911).
  {
    releases: /^(3[.]4[.]1[0-4]|3[.]5[.][3-9]|3[.]6[.][0-2])$/,
    rules: { ...ZOOKEEPER_3911.rules, takesCommit: () => true },
  },
  // The epoch, then all proposals into the queue of the log's thread, then the ack: ZOOKEEPER-3023, -4394,
  // -4643, -4646 and -4685 in one.
  {
    releases: /^(3[.]5[.]10|3[.]6[.][34]|3[.]7[.]\d+|3[.]8[.][0-4]|3[.]9[.][01])$/,
    rules: { ...ZOOKEEPER_4394.rules, endSync: hurried, appliesHistory: false },
  },
  // All proposals are made durable, then the epoch, then the ack; ZOOKEEPER-3023 and -4394 remain.
  {
    releases: /^(3[.]8[.]5|3[.]9[.]2)$/,
    rules: { ...ZOOKEEPER_4394.rules, endSync: thorough, appliesHistory: false },
  },
];

/** The rules of a release in which it differs from its bugs one by one. */
export function releaseRules(release: string): Partial<ZabRules> {
  return VERSIONS.find(({ releases }) => releases.test(release))?.rules ?? {};
}

function hurried(end: EndOfSync): void {
  const adopt = () =>
    end.adoptEpoch(() => {
      end.logAll();
      end.ack();
    });
  if (end.inMemory) adopt();
  else end.persist(adopt);
}

function thorough(end: EndOfSync): void {
  const adopt = () => end.adoptEpoch(() => end.ack());
  if (end.inMemory) end.persistAll(adopt);
  else end.persist(() => end.persistAll(adopt));
}
