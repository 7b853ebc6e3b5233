import { nodeId } from '../../src/node/ids.ts';
import { majority } from '../../src/node/quorum.ts';
import { FIXED_RULES } from '../../src/protocols/zab/rules.ts';
import type { SyncPlan } from '../../src/protocols/zab/sync.ts';
import type { Mutant } from './mutation.ts';

/** TRUNC goes so many transactions too far (below 0) or not far enough. */
function truncOff(by: number): NonNullable<Mutant['rules']> {
  return {
    chooseSync: (peer, history): SyncPlan => {
      const plan = FIXED_RULES.chooseSync(peer, history);
      return plan.mode === 'trunc' ? { ...plan, zxid: (plan.zxid + by) as typeof plan.zxid } : plan;
    },
  };
}

/** Where a snapshot that came from a leader begins to be written. */
const INSTALL = `this.#durability.when(
      this.snapshots.write('install', zxid, this.machine),`;

const AFRESH = "const fromNothing = order.kind === 'diff' && database.startsAfresh;";

/** Mistakes in single steps, for rules that no other mutant breaks. */
export const STEP_MUTANTS = {
  strongestLeads: {
    name: 'the voter with the highest sid leads, whoever won',
    patches: [
      {
        file: 'election.ts',
        find: "if (this.#phase === 'finalizing') this.#finish(this.#proposal, this.#electionEpoch, false);",
        put: `if (this.#phase !== 'finalizing') return;
    const leader = this.#config.quorums.voters.at(-1) ?? this.#proposal.leader;
    this.#finish({ ...this.#proposal, leader }, this.#electionEpoch, false);`,
      },
    ],
  },
  claimsNextEpoch: {
    name: 'a vote claims the epoch after the one that the server is in',
    patches: [
      {
        file: 'election.ts',
        find: 'this.#proposal = initial;',
        put: 'this.#proposal = { ...initial, peerEpoch: initial.peerEpoch + 1 };',
      },
    ],
  },
  forgetsPromise: {
    name: 'a start takes acceptedEpoch from the log',
    patches: [
      {
        file: 'epoch-files.ts',
        find: "const accepted = this.#read('acceptedEpoch');",
        put: 'const accepted = undefined;\n    this.#current = lastEpoch;',
      },
    ],
  },
  forgetsEpoch: {
    name: 'a start takes currentEpoch from the log',
    rules: { epochAtStart: (_stored, logged) => logged },
  },
  acksNext: {
    name: 'an ack names the next transaction',
    patches: [
      {
        file: 'learner.ts',
        find: 'this.#logStage.testify(this.leader, record.position);',
        put: `record = { ...record, position: record.position + 1 };
    this.#logStage.testify(this.leader, record.position);`,
      },
    ],
  },
  truncsTooLittle: { name: 'TRUNC names a transaction after the learner’s last', rules: truncOff(1000) },
  truncsTooMuch: { name: 'TRUNC names the transaction before the last common one', rules: truncOff(-1) },
  promisesTwice: {
    name: 'an epoch that was promised before is promised again',
    patches: [{ file: 'learner.ts', find: 'this.#ackEpoch(-1);', put: 'this.#ackEpoch(epochs.current);' }],
  },
  electsObserver: {
    name: 'the first observer is taken for a voter',
    quorums: (quorums) => majority([...quorums.voters, nodeId(quorums.voters.length + 1)]),
  },
  countsHeads: {
    name: 'more than half of the voters decide, whatever their groups and weights',
    quorums: (quorums) => ({ ...majority(quorums.voters), weightOf: (sid) => quorums.weightOf(sid) }),
  },
  electsWeightless: {
    name: 'a server without weight is elected like any other',
    quorums: (quorums) => ({ ...quorums, weightOf: () => 1 }),
  },
  resignsForLooking: {
    name: 'a leader gives up whenever one looks that once voted for it',
    patches: [{ file: 'leader.ts', find: "|| this.#phase !== 'discovery' || !", put: '|| !' }],
  },
  keepsTooFew: {
    name: 'purging removes one snapshot more than it was told to',
    patches: [{ file: 'database.ts', find: '[snapRetainCount - 1]', put: '[snapRetainCount - 2]' }],
  },
  ticksTwice: {
    name: 'a leader counts half ticks as whole ones',
    patches: [{ file: 'leader.ts', find: 'if (this.#wholeTick) this.tick++;', put: 'this.tick++;' }],
  },
  losesRefused: {
    name: 'a leader does not send again what a full connection did not take of a snapshot',
    patches: [
      {
        file: 'learner-handler.ts',
        find: 'if (refused !== undefined) this.#put(refused);',
        put: 'void refused;',
      },
    ],
  },
  losesUnsent: {
    name: 'a learner does not send again what a full connection did not take',
    patches: [
      { file: 'learner.ts', find: 'for (const message of unsent) this.#send(message);', put: 'void unsent;' },
    ],
  },
  logsBehindLeftover: {
    name: 'a log file goes on behind what a power cut left of one with its name',
    patches: [
      {
        file: 'txn-log.ts',
        find: 'if (this.#env.read(this.#current).length > 0) this',
        put: 'if (false) this',
      },
    ],
  },
  discardsBeforeInstall: {
    name: 'a learner discards its history before the snapshot that replaces it is on the disk',
    patches: [
      {
        file: 'database.ts',
        find: INSTALL,
        put: `this.snapshots.remove('snapshot', () => true);\n    this.log.discard();\n    ${INSTALL}`,
      },
    ],
  },
  neverPings: {
    name: 'a leader never pings',
    patches: [
      { file: 'leader.ts', find: 'for (const handler of [...this.#handlers]) handler.ping(nowUs);', put: '' },
    ],
  },
  neverOpens: {
    name: 'a leader whose processors take their time to start never serves',
    patches: [{ file: 'leader.ts', find: "else if (stage === 'start-leading') this.#open();", put: '' }],
  },
  followsBehindPromise: {
    name: 'a learner follows in any epoch that is not below the one it has followed in',
    patches: [
      { file: 'learner.ts', find: 'if (epoch < epochs.accepted) {', put: 'if (epoch < epochs.current) {' },
    ],
  },
  neverAfresh: {
    name: 'a learner that cannot cut its log asks for the same again',
    patches: [{ file: 'learner-sync.ts', find: '      database.startAfresh();\n', put: '' }],
  },
  addsToWhatThereIs: {
    name: 'a learner that begins anew takes a DIFF on top of what it has, and a SNAP for nothing',
    patches: [{ file: 'learner-sync.ts', find: AFRESH, put: AFRESH.replace('diff', 'snap') }],
  },
  servesFromGap: {
    name: 'the log on disk serves a learner that is behind its beginning',
    patches: [
      {
        file: 'sync.ts',
        find: 'first === undefined || first.position > peer ||',
        put: 'first === undefined ||',
      },
    ],
  },
} as const satisfies Record<string, Mutant>;
