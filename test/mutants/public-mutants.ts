import type { Zxid } from '../../src/core/zxid.ts';
import type { NodeId } from '../../src/node/ids.ts';
import type { QuorumSystem, Tally } from '../../src/node/quorum.ts';
import { FIXED_RULES } from '../../src/protocols/zab/rules.ts';
import type { Candidate } from '../../src/protocols/zab/vote.ts';
import type { Mutant } from './mutation.ts';

/** Half of the voters decide: with an even number of them, two halves do. */
function atLeastHalf(quorums: QuorumSystem): QuorumSystem {
  const enough = Math.ceil(quorums.voters.length / 2);
  const lenient = (tally: Tally): Tally => ({
    add: (sid) => tally.add(sid),
    has: (sid) => tally.has(sid),
    remove: (sid) => tally.remove(sid),
    clear: () => tally.clear(),
    get size() {
      return tally.size;
    },
    hasQuorum: () => tally.size >= enough,
  });
  return {
    voters: quorums.voters,
    isVoter: (sid) => quorums.isVoter(sid),
    weightOf: (sid) => quorums.weightOf(sid),
    tally: () => lenient(quorums.tally()),
  };
}

/** The sid is compared before the zxid. */
function sidFirst(a: Candidate, b: Candidate, weight: number): boolean {
  if (weight === 0) return false;
  if (a.peerEpoch !== b.peerEpoch) return a.peerEpoch > b.peerEpoch;
  if (a.leader !== b.leader) return a.leader > b.leader;
  return a.zxid > b.zxid;
}

/** A server that does not vote is counted in the place of a voter that has not answered yet. */
function countEverybody(tally: Tally, sid: NodeId): boolean {
  if (tally.add(sid)) return true;
  if (tally.has(sid)) return false;
  for (let voter = 1; voter < sid; voter++) if (tally.add(voter as NodeId)) return true;
  return false;
}

const anyHistory = { isAhead: () => false };
const anyRound = { isOldRound: () => false };
const asIfCurrent = [
  {
    file: 'election.ts',
    find: "voteFor(n, n.electionEpoch, 'looking', 0)",
    put: "voteFor(n, this.#electionEpoch, 'looking', 0)",
  },
];

/** The mutants of the public catalogue, by their numbers in it. M19 and M24 need sessions and reads. */
export const PUBLIC_MUTANTS = {
  M01: {
    name: 'a proposal is acked before it is synced',
    patches: [
      {
        file: 'log-stage.ts',
        find: 'if (record !== undefined) log.append(record);',
        put: 'if (record !== undefined) { log.append(record); this.#logged(record); }',
      },
      {
        file: 'log-stage.ts',
        find: 'if (record !== undefined) this.#logged(record);',
        put: '',
      },
    ],
  },
  M02: { name: 'half of the voters are a quorum', quorums: atLeastHalf },
  M03: { name: 'a vote of an older round counts as one of this', rules: anyRound, patches: asIfCurrent },
  M04: { name: 'votes are compared by sid before zxid', rules: { isBetterVote: sidFirst } },
  M05: {
    name: 'acceptedEpoch stays in memory until NEWLEADER',
    patches: [
      {
        file: 'epoch-files.ts',
        find: 'this.#put(file, epoch);\n    return this.#env.sync(file);',
        put: `if (file === 'acceptedEpoch') return this.#env.sync('currentEpoch');
          this.#put('acceptedEpoch', this.#accepted);
          this.#env.sync('acceptedEpoch');
          this.#put(file, epoch);
          return this.#env.sync(file);`,
      },
    ],
  },
  M06: {
    name: 'a proposal with a quorum is committed before the older ones',
    patches: [
      {
        file: 'leader.ts',
        find: 'if (this.#host.config.rules.count(proposal.acks, sid)) this.#tryCommit();',
        put: `if (!this.#host.config.rules.count(proposal.acks, sid) || !proposal.acks.hasQuorum()) return;
          if (this.#proposals.first() === proposal) this.#tryCommit();
          else this.#commit(proposal.record);`,
      },
    ],
  },
  M07: {
    name: 'TRUNC is not carried out',
    patches: [
      {
        file: 'learner-sync.ts',
        find: 'this.#truncate(order.zxid);',
        put: 'database.moveTo(order.zxid);',
      },
    ],
  },
  M08: {
    name: 'UPTODATE is sent before a quorum acked NEWLEADER',
    patches: [
      {
        file: 'leader.ts',
        find: 'if (zxid !== makeZxid(this.epoch, 0)) return;',
        put: 'if (zxid !== makeZxid(this.epoch, 0)) return;\n    handler.welcome();',
      },
    ],
  },
  M09: { name: 'votes of the last round are kept when the round is raised', rules: { raiseRound: () => {} } },
  M10: {
    name: 'currentEpoch is written at ACKEPOCH',
    patches: [
      {
        file: 'learner.ts',
        find: 'this.unblock(() => this.#ackEpoch(current));',
        put: `epochs.setCurrent(
          epoch,
          () => this.unblock(() => this.#ackEpoch(current)),
          () => this.leave('currentEpoch could not be written'),
        );`,
      },
    ],
  },
  M11: {
    name: 'the leader counts itself before its own sync',
    patches: [
      {
        file: 'leader.ts',
        find: 'this.#logStage.log(record);',
        put: 'this.#logStage.log(record);\n    this.#logged(record);',
      },
      {
        file: 'leader.ts',
        find: '(record) => this.#logged(record),',
        put: '() => {},',
      },
    ],
  },
  M12: {
    name: 'a new epoch is the highest accepted one, not one more',
    rules: { raiseEpoch: (proposed, accepted) => Math.max(1, proposed, accepted) },
  },
  M13: {
    name: 'the counter goes on in a new epoch',
    patches: [
      {
        file: 'leader.ts',
        find: 'this.lastProposed = makeZxid(epoch, config.settings.initialCounter);',
        put: 'this.lastProposed = makeZxid(epoch, this.#history.lastZxid >>> 0);',
      },
    ],
  },
  M14: {
    name: 'a follower goes on with the connection of a leader that it left',
    patches: [
      {
        file: 'learner.ts',
        find: 'if (this.#link !== undefined) this.#host.links.close(this.#link);',
        put: "if (this.served) this.#stage = 'broadcast';",
      },
      {
        file: 'learner.ts',
        find: "if (stage === 'commit' && this.#stage === 'broadcast') this.#commitStage.turn();",
        put: "if (stage === 'commit') this.#commitStage.turn();",
      },
      {
        file: 'learner.ts',
        find: 'this.#commitStage.commit(head);',
        put: 'this.#commitStage.commit(head);\n    if (this.drained) this.#commitStage.turn();',
      },
      { file: 'learner.ts', find: 'this.#link = undefined;\n    // Memory', put: '// Memory' },
    ],
  },
  M15: {
    name: 'TRUNC keeps one record too many',
    rules: { keptRecords: (records, zxid) => FIXED_RULES.keptRecords(records, (zxid + 1) as Zxid) },
  },
  M16: {
    name: 'DIFF begins one transaction too late',
    rules: {
      chooseSync: (peer, history) => {
        const plan = FIXED_RULES.chooseSync(peer, history);
        return plan.mode === 'diff' ? { ...plan, txns: plan.txns.slice(1) } : plan;
      },
    },
  },
  M17: {
    name: 'what is committed and not yet applied is not sent to a learner that joins',
    rules: { countsUnapplied: false },
    patches: [
      {
        file: 'leader.ts',
        find: 'for (const record of this.#commitStage.pending()) {',
        put: 'for (const record of [] as TxnRecord[]) {',
      },
    ],
  },
  M18: { name: 'observers are counted', rules: { count: countEverybody } },
  M20: {
    name: 'a leader without a quorum goes on',
    patches: [{ file: 'leader.ts', find: 'if (!alive.hasQuorum()) {', put: 'if (this.tick < 0) {' }],
  },
  M21: {
    name: 'a snapshot is named after the last logged transaction',
    patches: [
      {
        file: 'database.ts',
        find: "writer: this.snapshots.begin('snapshot', this.#lastProcessed),",
        put: "writer: this.snapshots.begin('snapshot', this.log.last),",
      },
    ],
  },
  M22: {
    name: 'a snapshot without its seal counts',
    patches: [
      {
        file: 'snapshots.ts',
        find: 'const records = this.#env.read(name);',
        put: 'const records = this.#env.read(name);\n    if (records.length > 0) return true;',
      },
    ],
  },
  M23: {
    name: 'a torn record at the end of the log counts',
    patches: [
      {
        file: 'txn-log.ts',
        find: "if (record.kind === 'damaged' && record.how === 'torn') return;",
        put: `if (record.kind === 'damaged') {
          const { position, digest } = record;
          const txn = { kind: 'set', value: 0, slot: position % 16, digest };
          yield { kind: 'txn', position: position as Zxid, digest, session: 0, cxid: 0, timeMs: 0, txn };
          return;
        }`,
      },
    ],
  },
  M25: { name: 'histories are not compared at ACKEPOCH', rules: anyHistory },
  'M03+M25': { name: 'M03 and M25', rules: { ...anyRound, ...anyHistory }, patches: asIfCurrent },
  'M04+M25': { name: 'M04 and M25', rules: { isBetterVote: sidFirst, ...anyHistory } },
} as const satisfies Record<string, Mutant>;
