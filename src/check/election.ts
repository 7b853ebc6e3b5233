import { counterOf, epochOf, formatZxid, type Zxid } from '../core/zxid.ts';
import type { Moment, TraceEvent } from '../node/facts.ts';
import { MAX_SID, type NodeId } from '../node/ids.ts';
import type { QuorumSystem } from '../node/quorum.ts';
import { concerned } from './concerned.ts';
import type { Ledger } from './ledger.ts';
import type { Accuse, Monitor } from './monitor.ts';
import { SentVotes } from './sent-votes.ts';

type Vote = Extract<TraceEvent, { kind: 'looking' | 'vote-changed' | 'leader-elected' | 'leader-followed' }>;
type Decision = Extract<TraceEvent, { kind: 'leader-elected' | 'leader-followed' }>;

/** What a running server last voted. */
interface Ballot {
  round: number;
  leader: NodeId;
  zxid: number;
  peerEpoch: number;
}

/**
 * Steps of the fast leader election: E-1 `decision-backed`, E-2 `round-never-regresses`, E-3
 * `vote-only-improves`, E-4 `self-lead`, E-7 `vote-truthful`. Election need not be safe for Zab to be safe:
 * these are steps, not outcomes.
 *
 * E-1 looks at what voters ever sent, since they may have changed their minds. The round may fall when a
 * server joins an established ensemble (lookForLeader takes its round), and begins anew with each process.
 */
export class Election implements Monitor {
  readonly invariants: readonly string[] = [
    'decision-backed',
    'round-never-regresses',
    'vote-only-improves',
    'self-lead',
    'vote-truthful',
  ];
  readonly source = 'FastLeaderElection; SandTable NoVoteCircle; ZOOKEEPER-790, -975, -1419, -2845';
  readonly observes: readonly TraceEvent['kind'][] = [
    'looking',
    'vote-changed',
    'leader-elected',
    'leader-followed',
    'follower-synced',
    'leader-established',
    'restarted',
    'crashed',
  ];
  readonly #ledger: Ledger;
  readonly #accuse: Accuse;
  readonly #ballots: (Ballot | undefined)[] = new Array(MAX_SID + 1).fill(undefined);
  readonly #sent = new SentVotes();
  /** By leader: who had a vote when it was elected, as its log said then. */
  readonly #electorates = new Map<NodeId, QuorumSystem>();

  constructor(ledger: Ledger, accuse: Accuse) {
    this.#ledger = ledger;
    this.#accuse = accuse;
  }

  observe(event: TraceEvent, _moment: Moment): void {
    switch (event.kind) {
      case 'looking':
        this.#onLooking(event);
        return;
      case 'vote-changed':
        this.#onChanged(event);
        return;
      case 'leader-elected':
      case 'leader-followed':
        this.#onDecided(event);
        return;
      case 'follower-synced':
      case 'leader-established':
        this.#onServing(event.server, event.epoch);
        return;
      case 'restarted':
      case 'crashed':
        this.#ballots[event.server] = undefined;
        return;
      default:
    }
  }

  #onLooking(vote: Vote): void {
    const ballot = this.#ballots[vote.server];
    if (ballot !== undefined && vote.electionEpoch <= ballot.round) this.#sayRound(vote, ballot.round);
    this.#cast(vote);
    if (this.#ledger.configurations.everVotes(vote.server)) this.#checkTruth(vote);
  }

  #onChanged(vote: Vote): void {
    const ballot = this.#ballots[vote.server];
    if (ballot !== undefined) {
      if (vote.electionEpoch < ballot.round) this.#sayRound(vote, ballot.round);
      else if (vote.electionEpoch === ballot.round && !beats(vote, ballot)) {
        this.#say('vote-only-improves', 2, [vote.server], 'a vote did not improve within its round', vote);
      }
    }
    const { server, leader } = vote;
    const quorums = this.#quorumsOf(server);
    // Who does not vote itself begins with a vote for nobody.
    if (leader !== server && quorums.isVoter(leader) && quorums.weightOf(leader) === 0) {
      const whom = concerned(server, leader);
      this.#say('vote-only-improves', 2, whom, 'a vote went to a server without weight', vote);
    }
    this.#cast(vote);
  }

  #cast(vote: Vote): void {
    this.#ballots[vote.server] = {
      round: vote.electionEpoch,
      leader: vote.leader,
      zxid: vote.zxid,
      peerEpoch: vote.peerEpoch,
    };
    this.#sent.add(vote.server, vote.electionEpoch, vote.leader, vote.zxid, vote.peerEpoch, false);
  }

  #onDecided(decision: Decision): void {
    const ballot = this.#ballots[decision.server];
    if (!decision.settled && ballot !== undefined && decision.electionEpoch < ballot.round) {
      this.#sayRound(decision, ballot.round);
    }
    if (decision.kind === 'leader-elected') {
      this.#checkSelf(decision, ballot);
      this.#electorates.set(decision.server, this.#quorumsOf(decision.server));
    }
    this.#checkBacked(decision);
    this.#sent.add(
      decision.server,
      decision.electionEpoch,
      decision.leader,
      decision.zxid,
      decision.peerEpoch,
      true,
    );
    // An established ensemble may be in a lower round than this server: it takes that round.
    if (ballot !== undefined) {
      ballot.round = decision.electionEpoch;
      ballot.leader = decision.leader;
      ballot.zxid = decision.zxid;
    }
  }

  /** Who serves answers with the epoch that it serves in: that may back a vote of the same round. */
  #onServing(sid: NodeId, epoch: number): void {
    const ballot = this.#ballots[sid];
    if (ballot !== undefined) this.#sent.add(sid, ballot.round, ballot.leader, ballot.zxid, epoch, true);
  }

  #checkSelf(decision: Decision, ballot: Ballot | undefined): void {
    if (decision.leader !== decision.server) {
      this.#say(
        'self-lead',
        3,
        concerned(decision.server, decision.leader),
        'a server leads for another',
        decision,
      );
    } else if (!decision.settled && ballot !== undefined && ballot.leader !== decision.server) {
      this.#say('self-lead', 3, [decision.server], 'a server leads that votes for another', decision);
    }
  }

  #quorumsOf(sid: NodeId): QuorumSystem {
    return this.#ledger.configurations.of(sid).quorums;
  }

  #checkBacked(decision: Decision): void {
    const { server, leader } = decision;
    const quorums = this.#electorates.get(leader) ?? this.#quorumsOf(leader);
    if (decision.settled) {
      if (!this.#sent.hasSettledQuorum(quorums, decision.electionEpoch, leader)) {
        this.#say(
          'decision-backed',
          2,
          [server],
          'a settled leader without a quorum that chose it',
          decision,
        );
      } else if (leader !== server && !this.#sent.everDecided(leader, leader)) {
        this.#say(
          'decision-backed',
          2,
          concerned(server, leader),
          'a settled leader that never led',
          decision,
        );
      }
      return;
    }
    // Who does not vote is answered with the last decision, under the round of now, and may be misled by it
    // (WorkerReceiver).
    const votes = this.#ledger.configurations.everVotes(server);
    const { electionEpoch, zxid, peerEpoch } = decision;
    if (!votes && this.#sent.mayMislead(quorums, electionEpoch, leader)) return;
    if (this.#sent.hasQuorum(quorums, electionEpoch, leader, zxid, peerEpoch)) return;
    this.#say(
      'decision-backed',
      2,
      [server],
      'a decision without a quorum that voted so in its round',
      decision,
    );
  }

  /** E-7: the first vote of a round says what a restart would find; never more, and not less. */
  #checkTruth(vote: Vote): void {
    const disk = this.#ledger.server(vote.server).disk;
    if (vote.zxid < 0 || disk.damaged || vote.leader !== vote.server) return;
    const { written, durable } = disk.current;
    if (written >= 0 && vote.peerEpoch !== written && vote.peerEpoch !== durable) {
      this.#say('vote-truthful', 3, [vote.server], 'a vote claims another epoch than the disk holds', vote);
    }
    const last = disk.lastZxid(false);
    if (vote.zxid === last) return;
    if (vote.zxid < last) {
      this.#say('vote-truthful', 3, [vote.server], 'a vote claims less than the disk holds', vote, last);
      return;
    }
    // ⟨e, 0⟩ of a server that led e carries no transaction, nor does a TRUNC target that names none.
    const epochStart = counterOf(vote.zxid) === 0 && epochOf(vote.zxid) <= written;
    if (counterOf(vote.zxid) === 0 && written >= 0 && !epochStart) {
      this.#say(
        'vote-truthful',
        3,
        [vote.server],
        'a vote claims an epoch that its server was not in',
        vote,
        last,
      );
      return;
    }
    if (epochStart || !this.#ledger.book.knows(vote.zxid)) return;
    this.#say('vote-truthful', 3, [vote.server], 'a vote claims more than the disk holds', vote, last);
  }

  #sayRound(vote: Vote, before: number): void {
    this.#accuse({
      invariant: 'round-never-regresses',
      tier: 3,
      servers: [vote.server],
      rule: 'the round of a running server went back',
      message: `${vote.server}: round ${vote.electionEpoch} after ${before}`,
    });
  }

  #say(
    invariant: string,
    tier: 2 | 3,
    servers: readonly NodeId[],
    rule: string,
    vote: Vote,
    disk?: number,
  ): void {
    const held = disk === undefined ? '' : `; the disk holds up to ${formatZxid(disk)}`;
    const zxid = formatZxid(vote.zxid as Zxid);
    const choice = `${vote.leader} (${vote.peerEpoch}, ${zxid})`;
    const message = `${vote.server} in round ${vote.electionEpoch}: ${choice}${held}`;
    this.#accuse({ invariant, tier, servers, rule, message });
  }
}

/** Whether the vote beats the ballot: epoch, then zxid, then sid (FastLeaderElection.totalOrderPredicate). */
function beats(vote: Vote, ballot: Ballot): boolean {
  if (vote.peerEpoch !== ballot.peerEpoch) return vote.peerEpoch > ballot.peerEpoch;
  if (vote.zxid !== ballot.zxid) return vote.zxid > ballot.zxid;
  return vote.leader > ballot.leader;
}
