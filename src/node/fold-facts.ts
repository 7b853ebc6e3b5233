import { unreachable } from '../core/assert.ts';
import type { Digest } from '../core/digest.ts';
import { type ClientFact, foldClientFact, isClientFact } from './client-facts.ts';
import type { Fact } from './facts.ts';
import { foldOperatorFact } from './operator-facts.ts';

/** The kinds of fact that come with every transaction, by their numbers in the fingerprint. */
export const FREQUENT_FACTS = {
  'txn-proposed': 17,
  'txn-acked': 18,
  'txn-committed': 19,
  'txn-applied': 20,
  invoked: 32,
  returned: 33,
} as const satisfies { readonly [K in Fact['kind']]?: number };

/**
 * Folds the numbers of a fact into the fingerprint; the kind goes first. Returns the number of its kind, if
 * it is a frequent one, else 0: whoever is told next need not look at the kind once more.
 */
export function foldFact(fact: Fact, digest: Digest): number {
  // The frequent ones first, with their codes in place: a switch over strings compares one after the other.
  switch (fact.kind) {
    case 'txn-applied':
      digest.word(20 * 4096 + fact.server);
      digest.integer(fact.zxid);
      digest.word(fact.digest | 0);
      digest.word(fact.state | 0);
      return 20;
    case 'txn-acked':
      digest.word(18 * 4096 + fact.server);
      digest.word(fact.leader);
      digest.integer(fact.zxid);
      return 18;
    case 'txn-committed':
      digest.word(19 * 4096 + fact.server);
      digest.integer(fact.zxid);
      return 19;
    case 'txn-proposed':
      digest.word(17 * 4096 + fact.server);
      digest.integer(fact.zxid);
      digest.word(fact.digest | 0);
      return 17;
    case 'invoked':
      digest.word(32 * 4096 + fact.server);
      digest.word(fact.cxid);
      digest.word(fact.via);
      return 32;
    case 'returned':
      digest.word(33 * 4096 + fact.server);
      digest.word(fact.cxid);
      digest.word(OUTCOMES[fact.outcome]);
      digest.integer(fact.zxid);
      return 33;
    default:
      foldOther(fact, digest);
      return 0;
  }
}

function foldOther(fact: Exclude<Fact, { readonly kind: FrequentKind }>, digest: Digest): void {
  if (isClientFact(fact)) {
    foldClientFact(fact, digest);
    return;
  }
  digest.word(FACT_CODES[fact.kind] * 4096 + fact.server);
  foldRareFact(fact, digest);
}

type RareFact = Exclude<Fact, ClientFact | { readonly kind: FrequentKind }>;

type FrequentKind = keyof typeof FREQUENT_FACTS;

function foldRareFact(fact: RareFact, digest: Digest): void {
  switch (fact.kind) {
    case 'looking':
    case 'vote-changed':
      foldVote(fact, digest);
      return;
    case 'leader-elected':
    case 'leader-followed':
      foldVote(fact, digest);
      digest.word(fact.settled ? 1 : 0);
      return;
    case 'epoch-offered':
    case 'epoch-accepted':
    case 'epoch-adopted':
    case 'leader-established':
      digest.word(fact.epoch);
      return;
    case 'epoch-acked':
      digest.word(fact.leader);
      digest.word(fact.epoch);
      digest.word(fact.currentEpoch);
      digest.integer(fact.lastZxid);
      return;
    case 'leader-synchronizing':
      digest.word(fact.epoch);
      digest.integer(fact.zxid);
      return;
    case 'sync-chosen':
      digest.word(fact.learner);
      digest.text(fact.mode);
      digest.integer(fact.from);
      digest.integer(fact.zxid);
      return;
    case 'sync-refused':
      digest.word(fact.learner);
      digest.text(fact.mode);
      return;
    case 'log-truncated':
    case 'snapshot-taken':
    case 'txn-skipped':
      digest.integer(fact.zxid);
      return;
    case 'snapshot-installed':
      digest.word(fact.leader);
      digest.integer(fact.zxid);
      return;
    case 'new-leader-acked':
      digest.word(fact.leader);
      digest.word(fact.epoch);
      return;
    case 'up-to-date-sent':
      digest.word(fact.learner);
      digest.word(fact.epoch);
      return;
    case 'follower-synced':
      digest.word(fact.leader);
      digest.word(fact.epoch);
      digest.integer(fact.zxid);
      return;
    case 'recovered':
      digest.integer(fact.snapshot);
      digest.integer(fact.zxid);
      digest.word(fact.records);
      digest.word(fact.state);
      return;
    case 'fast-forwarded':
      digest.integer(fact.zxid);
      digest.word(fact.state);
      return;
    case 'handing-over':
    case 'handed-over':
    case 'hand-over-ended':
    case 'catching-up':
    case 'catch-up-ended':
    case 'config-adopted':
      foldOperatorFact(fact, digest);
      return;
    case 'leader-resigned':
      digest.word(fact.epoch);
      digest.text(fact.because);
      return;
    case 'leader-left':
      digest.word(fact.leader);
      digest.text(fact.because);
      return;
    case 'message-unexpected':
      digest.word(fact.from);
      digest.text(fact.message);
      digest.text(fact.state);
      return;
    case 'ack-unmatched':
      digest.word(fact.from);
      digest.integer(fact.zxid);
      return;
    case 'proposal-gap':
      digest.integer(fact.after);
      digest.integer(fact.zxid);
      return;
    case 'commit-unmatched':
      digest.integer(fact.pending);
      digest.integer(fact.zxid);
      return;
    case 'session-opened':
      digest.text(fact.session);
      return;
    case 'session-expired':
      digest.text(fact.session);
      digest.integer(fact.idleUs);
      return;
    default:
      unreachable(fact);
  }
}

type Vote = Omit<Extract<Fact, { readonly kind: 'looking' }>, 'kind'>;

function foldVote(vote: Vote, digest: Digest): void {
  digest.integer(vote.electionEpoch);
  digest.integer(vote.leader);
  digest.integer(vote.zxid);
  digest.integer(vote.peerEpoch);
}

/** Each rare kind of fact as a small number, for the fingerprint; those of `FREQUENT_FACTS` are taken. */
const FACT_CODES: { readonly [K in RareFact['kind']]: number } = {
  looking: 1,
  'vote-changed': 2,
  'leader-elected': 3,
  'leader-followed': 4,
  'epoch-offered': 5,
  'epoch-accepted': 6,
  'epoch-acked': 7,
  'leader-synchronizing': 8,
  'sync-chosen': 9,
  'log-truncated': 10,
  'snapshot-installed': 11,
  'epoch-adopted': 12,
  'new-leader-acked': 13,
  'leader-established': 14,
  'up-to-date-sent': 15,
  'follower-synced': 16,
  recovered: 21,
  'fast-forwarded': 22,
  'snapshot-taken': 23,
  'leader-resigned': 24,
  'leader-left': 25,
  'message-unexpected': 26,
  'ack-unmatched': 27,
  'proposal-gap': 28,
  'commit-unmatched': 29,
  'session-opened': 30,
  'session-expired': 31,
  'handing-over': 34,
  'handed-over': 35,
  'hand-over-ended': 36,
  'txn-skipped': 37,
  'catching-up': 38,
  'catch-up-ended': 39,
  'config-adopted': 49,
  'sync-refused': 48,
};

const OUTCOMES = { ok: 0, failed: 1, unknown: 2 } as const;
