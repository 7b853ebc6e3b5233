import type { NodeId } from '../../node/ids.ts';
import { slotZxid } from './ledger.ts';
import type { Accept, Prepare } from './messages.ts';
import type { ProposerHost } from './proposer.ts';

/** The server, as its voter sees it. */
export interface VoterHost extends Pick<ProposerHost, 'env' | 'config' | 'notes' | 'ledger' | 'post'> {
  /** A ballot was promised, or voted in. */
  heardOf(ballot: number): void;
  reportVote(kind: 'looking' | 'vote-changed', leader: NodeId, ballot: number): void;
}

/**
 * The voter: it promises a ballot unless it has promised a higher one, and votes in one unless it has
 * promised a higher one. What it says is on its disk.
 */
export class Voter {
  readonly #host: VoterHost;
  /** The highest ballot whose promise was told of. */
  #reported = -1;
  /** The highest ballot that is presided over. */
  #known = -1;

  constructor(host: VoterHost) {
    this.#host = host;
  }

  /** A ballot is presided over already: a promise of it that comes late changes nothing. */
  known(ballot: number): void {
    this.#known = Math.max(this.#known, ballot);
  }

  prepare(from: NodeId, { ballot, from: slot }: Prepare): void {
    const { config, notes } = this.#host;
    if (!config.rules.promises(ballot, notes.promised)) {
      this.#host.post(from, { kind: 'reject', ballot, promised: notes.promised });
      return;
    }
    this.#host.heardOf(ballot);
    const isNew = ballot > this.#reported;
    this.#reported = Math.max(this.#reported, ballot);
    notes.promise(ballot, () => {
      if (isNew && ballot > this.#known) this.#reportPromise(from, ballot);
      const votes = notes.votesFrom(slot);
      this.#host.post(from, { kind: 'promise', ballot, votes, applied: this.#host.ledger.applied });
    });
  }

  #reportPromise(from: NodeId, ballot: number): void {
    const { env } = this.#host;
    env.report({ kind: 'epoch-accepted', server: env.self, epoch: ballot });
    if (from === env.self) env.report({ kind: 'epoch-offered', server: env.self, epoch: ballot });
    this.#host.reportVote(from === env.self ? 'looking' : 'vote-changed', from, ballot);
    env.report({
      kind: 'epoch-acked',
      server: env.self,
      leader: from,
      epoch: ballot,
      currentEpoch: 0,
      lastZxid: slotZxid(0),
    });
  }

  accept(from: NodeId, { ballot, slot, value }: Accept): void {
    const { config, notes } = this.#host;
    if (!config.rules.votes(ballot, notes.promised)) {
      this.#host.post(from, { kind: 'reject', ballot, promised: notes.promised });
      return;
    }
    this.#host.heardOf(ballot);
    const before = notes.voteOn(slot);
    const accepted = { kind: 'accepted', ballot, slot } as const;
    // Doubled, or sent again: the vote stands, but it may still be on its way to the disk.
    if (before?.ballot === ballot) notes.settled(() => this.#host.post(from, accepted));
    else notes.vote(ballot, slot, value, () => this.#host.post(from, accepted));
  }
}
