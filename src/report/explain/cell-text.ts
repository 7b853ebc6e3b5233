import { counterOf, epochOf, type Zxid } from '../../core/zxid.ts';
import type { TraceEvent } from '../../node/facts.ts';
import { nameOf } from '../../node/ids.ts';
import { sentenceOf } from '../event-sentences.ts';

type Phrases = { readonly [K in TraceEvent['kind']]?: (event: TraceEvent & { readonly kind: K }) => string };

/** A zxid as its epoch and counter: `2:17`. */
export function shortZxid(zxid: number): string {
  return zxid < 0 ? '–' : `${epochOf(zxid as Zxid)}:${counterOf(zxid as Zxid).toString(16)}`;
}

/** What happened, in the few words that the column of a server holds. */
export function cellText(event: TraceEvent): string {
  const phrase = PHRASES[event.kind] as ((event: TraceEvent) => string) | undefined;
  return phrase === undefined ? sentenceOf(event) : phrase(event);
}

const PHRASES: Phrases = {
  looking: (e) =>
    `LOOKING, round ${e.electionEpoch}${e.leader < 0 ? '' : `, votes for itself (${voteText(e)})`}`,
  'vote-changed': (e) => `votes for ${e.leader} (${voteText(e)})`,
  'leader-elected': (e) => `elected${e.settled ? ' by an ensemble' : ''}, round ${e.electionEpoch}`,
  'leader-followed': (e) => `joins ${e.leader}`,
  'epoch-offered': (e) => `LEADERINFO: epoch ${e.epoch}`,
  'epoch-accepted': (e) => `acceptedEpoch ${e.epoch}`,
  'epoch-acked': (e) => `ACKEPOCH ${e.epoch}: has ${shortZxid(e.lastZxid)}, ${ownEpoch(e.currentEpoch)}`,
  'leader-synchronizing': (e) => `quorum for epoch ${e.epoch}, history to ${shortZxid(e.zxid)}`,
  'sync-chosen': (e) =>
    `${e.mode.toUpperCase()} to ${e.learner}: ${shortZxid(e.from)} → ${shortZxid(e.zxid)}`,
  'sync-refused': (e) => `sends ${e.learner} away: no more ${e.mode.toUpperCase()} at a time`,
  'log-truncated': (e) => `log cut after ${shortZxid(e.zxid)}`,
  'snapshot-installed': (e) => `loads the snapshot of ${e.leader} at ${shortZxid(e.zxid)}`,
  'epoch-adopted': (e) => `currentEpoch ${e.epoch}`,
  'new-leader-acked': (e) => `acks NEWLEADER ${e.epoch}`,
  'leader-established': (e) => `LEADS epoch ${e.epoch}`,
  'up-to-date-sent': (e) => `UPTODATE to ${e.learner}`,
  'follower-synced': (e) => `FOLLOWS ${e.leader}, epoch ${e.epoch}, at ${shortZxid(e.zxid)}`,
  'txn-proposed': (e) => `proposes ${shortZxid(e.zxid)}`,
  'txn-acked': (e) => `acks ${shortZxid(e.zxid)}`,
  'txn-committed': (e) => `COMMITS ${shortZxid(e.zxid)}`,
  'txn-applied': (e) => `applies ${shortZxid(e.zxid)}`,
  'txn-logged': (e) => `${shortZxid(e.zxid)} is on disk`,
  recovered: (e) => `reads its disk: up to ${shortZxid(e.zxid)}${sourcesOf(e)}`,
  'fast-forwarded': (e) => `applies what is logged, to ${shortZxid(e.zxid)}`,
  'snapshot-taken': (e) => `snapshot at ${shortZxid(e.zxid)}`,
  'handing-over': (e) => `hands over to ${e.heir}`,
  'handed-over': (e) => `asks ${e.heir} to lead`,
  'hand-over-ended': (e) => `goes on leading: ${e.because}`,
  'catching-up': (e) => `brings ${e.member} up to date`,
  'catch-up-ended': (e) => `does not let ${e.member} vote: ${e.because}`,
  'config-adopted': (e) => `voters are ${e.voters.join(', ')}`,
  'leader-resigned': (e) => `resigns, epoch ${e.epoch}: ${e.because}`,
  'leader-left': (e) => `leaves ${e.leader}: ${e.because}`,
  restarted: (e) => (e.incarnation === 1 ? 'starts' : 'starts again'),
  crashed: (e) =>
    ({ crash: 'KILLED', stop: 'STOPPED', 'power-cut': 'POWER LOST', exit: 'EXITS' })[e.how] + why(e),
  paused: () => 'PAUSED',
  resumed: () => 'goes on',
  wiped: () => 'DISK WIPED',
  appended: (e) => `writes ${e.record} ${shortZxid(e.position)} to ${e.file}, not yet synced`,
  lost: (e) => `keeps ${e.count} of ${e.file}${e.torn ? ', torn' : ''}`,
  sent: (e) => `→ ${nameOf(e.to)} ${e.message}`,
  delivered: (e) => `gets ${e.message}`,
  synced: (e) => `${e.file} is on disk`,
};

function ownEpoch(epoch: number): string {
  return epoch < 0 ? 'no currentEpoch' : `currentEpoch ${epoch}`;
}

/** What a vote is compared by: the epoch first, then the zxid. */
function voteText({ peerEpoch, zxid }: { readonly peerEpoch: number; readonly zxid: Zxid }): string {
  return `epoch ${peerEpoch}, zxid ${shortZxid(zxid)}`;
}

/** Of what memory was rebuilt, where a snapshot had a part in it. */
function sourcesOf({ snapshot, records }: Extract<TraceEvent, { kind: 'recovered' }>): string {
  if (snapshot === 0) return '';
  const logged = records === 0 ? 'no record' : records === 1 ? '1 record' : `${records} records`;
  return ` (snapshot ${shortZxid(snapshot)}, ${logged})`;
}

function why({ reason }: { readonly reason: string }): string {
  return reason === '' ? '' : `: ${reason}`;
}
