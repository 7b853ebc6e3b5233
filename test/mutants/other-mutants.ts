import { ZOOKEEPER_480 } from '../../src/protocols/zab/bugs/zookeeper-480.ts';
import { ZOOKEEPER_4646 } from '../../src/protocols/zab/bugs/zookeeper-4646.ts';
import { instead, lyingSync, type Mutant } from './mutation.ts';

/** Further mistakes, each for the sake of an invariant that none of the catalogue breaks as plainly. */
export const OTHER_MUTANTS = {
  lyingLogSync: {
    name: 'the disk says that the log is synced, and it is not',
    env: (env) => lyingSync(env, (file) => file.startsWith('log.')),
  },
  lyingEpochSync: {
    name: 'the disk says that currentEpoch is synced, and it is not',
    env: (env) => lyingSync(env, (file) => file === 'currentEpoch'),
  },
  lyingPromiseSync: {
    name: 'the disk says that acceptedEpoch is synced, and it is not',
    env: (env) => lyingSync(env, (file) => file === 'acceptedEpoch'),
  },
  noPromise: {
    name: 'acceptedEpoch is never written after the first start',
    env: (env) =>
      instead(env, {
        replace: (file, record) => {
          if (file !== 'acceptedEpoch' || env.read(file).length === 0) env.replace(file, record);
        },
      }),
  },
  offersEarly: {
    name: 'LEADERINFO leaves before acceptedEpoch is durable',
    patches: [
      {
        file: 'leader.ts',
        find: 'const epoch = this.#proposedEpoch;',
        put: 'const epoch = this.#proposedEpoch;\n    this.#offer(epoch);',
      },
    ],
  },
  deliversEarly: {
    name: 'a follower applies a transaction when it is proposed',
    patches: [
      {
        file: 'learner.ts',
        find: 'this.#pending.push(record);\n    this.#logStage.log(record);',
        put: `this.#pending.push(record);
    this.#host.database.deliver(record);
    this.#logStage.log(record);`,
      },
    ],
  },
  deliversAgain: {
    name: 'a learner applies its recent transactions once more at UPTODATE',
    patches: [
      {
        file: 'learner.ts',
        find: 'for (const record of this.#unacked) this.#logged(record);',
        put: `const { database } = this.#host;
    for (const record of database.committed.entries()) database.deliver(record);`,
      },
    ],
  },
  skipsDelivery: {
    name: 'every eighth transaction is not applied',
    patches: [
      {
        file: 'commit-stage.ts',
        find: 'const result = this.#database.deliver(record);',
        put: 'if (record.position % 8 === 0) return;\n    const result = this.#database.deliver(record);',
      },
    ],
  },
  logsWithoutApplying: {
    name: 'what a DIFF brings is logged and not applied',
    patches: [
      {
        file: 'learner-sync.ts',
        find: 'if (config.rules.appliesHistory) this.#deliver(head);\n      else this.#later(head);',
        put: '',
      },
    ],
  },
  appliesWithoutLogging: {
    name: 'what a DIFF brings is applied and not logged',
    patches: [
      {
        file: 'learner-sync.ts',
        find: 'database.log.append(head);\n      if (config.rules.appliesHistory)',
        put: 'if (config.rules.appliesHistory)',
      },
    ],
  },
  acksBeforeHistory: {
    name: 'NEWLEADER is acked before the history of a DIFF is synced',
    rules: ZOOKEEPER_4646.rules,
  },
  noFastForward: {
    name: 'what was logged and not applied is forgotten at the end of a role',
    rules: { fastForward: () => {} },
  },
  leadsUnapplied: {
    name: 'a leader claims what it has logged, and does not apply it',
    patches: [
      {
        file: 'peer.ts',
        find: 'if (this.database.loaded && role.served) this.config.rules.fastForward(this.database);',
        put: `const { last } = this.database.log;
    if (last > this.database.lastProcessed) this.database.moveTo(last);`,
      },
      { file: 'leader.ts', find: 'database.snapshotNow();', put: '' },
    ],
  },
  keepsRefused: {
    name: 'what the disk refused to sync stays in memory and in the file',
    patches: [
      {
        file: 'peer.ts',
        find: `if (this.config.rules.forgetsRefused) this.database.clear();
    const cut = this.database.log.discardUnsynced();`,
        put: 'const cut = undefined;',
      },
    ],
  },
  staleSnapshots: {
    name: 'snapshots newer than the target of a TRUNC stay',
    rules: { truncatesSnapshots: false },
  },
  purgesTooMuch: {
    name: 'purging removes the log that the oldest kept snapshot needs',
    patches: [
      {
        file: 'txn-log.ts',
        find: 'if (next !== undefined && next.first <= zxid + 1 && file.name !== this.#current)',
        put: 'if (next !== undefined && file.name !== this.#current)',
      },
    ],
  },
  refusesOwnEpoch: {
    name: 'a start refuses a log that is newer than currentEpoch',
    patches: [
      {
        file: 'epoch-files.ts',
        find: "const current = this.#read('currentEpoch');",
        put: `const current = this.#read('currentEpoch');
    if (current !== undefined && current < lastEpoch) throw new RecoveryError('the log is newer');`,
      },
    ],
  },
  losesChunk: {
    name: 'the last piece of a snapshot is not loaded',
    patches: [
      {
        file: 'snapshots.ts',
        find: "if (record.kind === 'chunk') machine.restore(record.chunk);",
        put: "if (record.kind === 'chunk' && record.chunk.first < 12) machine.restore(record.chunk);",
      },
    ],
  },
  welcomesTwice: {
    name: 'UPTODATE is sent twice',
    patches: [
      {
        file: 'learner-handler.ts',
        find: "this.send({ kind: 'up-to-date' });",
        put: "this.send({ kind: 'up-to-date' });\n    this.send({ kind: 'up-to-date' });",
      },
    ],
  },
  acksTwice: {
    name: 'a transaction is acked twice',
    patches: [
      {
        file: 'learner.ts',
        find: "this.#send({ kind: 'ack', zxid: record.position });",
        put: `this.#send({ kind: 'ack', zxid: record.position });
    this.#logStage.testify(this.leader, record.position);
    this.#send({ kind: 'ack', zxid: record.position });`,
      },
    ],
  },
  skipsZxid: {
    name: 'a leader skips a zxid now and then',
    patches: [
      {
        file: 'prepare-stage.ts',
        find: 'const zxid = (this.#proposer.lastProposed + 1) as Zxid;',
        put: 'const last = this.#proposer.lastProposed; const zxid = (last + 1 + +(last % 8 === 7)) as Zxid;',
      },
    ],
  },
  commitsTwice: {
    name: 'COMMIT is sent twice',
    env: (env) =>
      instead(env, {
        send: (link, message) =>
          env.send(link, message) && (message.kind !== 'commit' || env.send(link, message)),
      }),
  },
  believesAnybody: {
    name: 'one settled server is believed who leads',
    patches: [
      {
        file: 'election.ts',
        find: 'if (!this.#isDecided(this.#settled, n)) return;',
        put: 'if (this.#settled.size === 0) return;',
      },
    ],
  },
  roundStartsAnew: {
    name: 'each election begins in round 1',
    patches: [{ file: 'election.ts', find: 'this.#electionEpoch++;', put: 'this.#electionEpoch = 1;' }],
  },
  leadsForOthers: {
    name: 'a server that joins an established ensemble says that it leads',
    patches: [
      {
        file: 'election.ts',
        find: 'const leads = candidate.leader === self;',
        put: 'const leads = candidate.leader === self || settled;',
      },
    ],
  },
  claimsMore: {
    name: 'a vote claims one transaction more than the server has',
    patches: [
      {
        file: 'election.ts',
        find: 'this.#proposal = initial;',
        put: 'this.#proposal = { ...initial, zxid: initial.zxid + 1 };',
      },
    ],
  },
  neverDecides: {
    name: 'an election never ends',
    patches: [
      {
        file: 'election.ts',
        find: "if (this.#phase === 'finalizing') this.#finish(this.#proposal, this.#electionEpoch, false);",
        put: '',
      },
    ],
  },
  neverCommits: {
    name: 'a leader never finds a quorum of acks',
    patches: [
      {
        file: 'leader.ts',
        find: 'if (this.#host.config.rules.count(proposal.acks, sid)) this.#tryCommit();',
        put: '',
      },
    ],
  },
  resignsAlways: {
    name: 'a leader resigns at its second tick',
    patches: [{ file: 'leader.ts', find: 'if (!alive.hasQuorum()) {', put: 'if (this.tick >= 2) {' }],
  },
  staysOut: {
    name: 'a server that was down does not look for a leader',
    patches: [
      {
        file: 'peer.ts',
        find: "this.env.listen('election');",
        put: "if (this.env.files().length > 0) return;\n    this.env.listen('election');",
      },
    ],
  },
  triesOnce: {
    name: 'a learner whose connection was refused does nothing any more',
    patches: [
      {
        file: 'learner.ts',
        find: "env.setTimer('connect-retry', config.settings.leaderConnectDelayDuringRetryUs);",
        put: "env.cancelTimer('silence');",
      },
    ],
  },
  countsInSilence: {
    name: 'a leader counts its own ack of NEWLEADER and does not look whether that makes a quorum',
    rules: { ownAckOpens: false },
  },
  countsLate: {
    name: 'a leader does not count a learner before it has heard it in the broadcast',
    rules: { firstDeadline: () => -1 },
  },
  keepsLearners: {
    name: 'a leader that resigns leaves the connections of its learners open',
    patches: [
      {
        file: 'leader.ts',
        find: 'for (const handler of [...this.#handlers]) handler.close();',
        put: '',
      },
    ],
  },
  shrinksBack: {
    name: 'server 1 leaves its leader whenever it is told that it is up to date',
    patches: [
      {
        file: 'learner.ts',
        find: "this.#send({ kind: 'ack', zxid: makeZxid(epoch, 0) });\n    this.#stage = 'broadcast';",
        put: `if (env.self === 1) {
      this.leave('it shrinks back');
      return;
    }
    this.#stage = 'broadcast';`,
      },
    ],
  },
  deafToFollowers: {
    name: 'who looks for a leader does not count those that have decided',
    rules: ZOOKEEPER_480.rules,
  },
  leadsWithoutDisk: {
    name: 'a leader whose disk has refused a write goes on',
    rules: { heedsDiskError: false },
  },
  neverSnapshots: {
    name: 'the log is rolled, and no snapshot taken',
    patches: [{ file: 'log-stage.ts', find: '    this.#host.database.startSnapshot();\n', put: '' }],
  },
  keepsSnapshots: {
    name: 'old snapshots are never removed',
    patches: [
      {
        file: 'database.ts',
        find: 'if (snapRetainCount === 0) return;',
        put: 'if (snapRetainCount >= 0) return;',
      },
    ],
  },
  keepsLogs: {
    name: 'old snapshots are removed, and their logs are not',
    patches: [{ file: 'database.ts', find: '    this.log.purge(oldest.zxid);\n', put: '' }],
  },
  takesSnapshotAway: {
    name: 'a snapshot whose sync fails is removed, also if memory was rebuilt from it meanwhile',
    patches: [
      { file: 'database.ts', find: 'name === zxid && zxid !== this.#restored', put: 'name === zxid' },
    ],
  },
  waitsForEver: {
    name: 'a leader keeps a follower that acks nothing',
    patches: [{ file: 'learner-handler.ts', find: '    this.#syncLimit.start();\n', put: '' }],
  },
} as const satisfies Record<string, Mutant>;
