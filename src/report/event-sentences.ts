import { formatZxid } from '../core/zxid.ts';
import type { TraceEvent } from '../node/facts.ts';
import { type NodeId, nameOf, nodeId } from '../node/ids.ts';
import type { RecipeStep } from '../run/workload/recipe-step.ts';
import { whomText } from './whom-text.ts';

type Sentences = { readonly [K in TraceEvent['kind']]: (event: TraceEvent & { readonly kind: K }) => string };

/** What happened, as a sentence whose subject is the participant that the trace names beside it. */
export function sentenceOf(event: TraceEvent): string {
  const sentence = SENTENCES[event.kind] as ((event: TraceEvent) => string) | undefined;
  // A trace of another version may hold kinds that this one does not know.
  return sentence === undefined ? event.kind : sentence(event);
}

interface VoteLike {
  readonly leader: NodeId;
  readonly zxid: number;
  readonly peerEpoch: number;
  readonly electionEpoch: number;
}

function vote(event: VoteLike): string {
  // A non-voter's vote carries Long.MIN_VALUE in its numbers.
  if (event.leader < 0) return `for nobody in round ${event.electionEpoch}`;
  const { leader, peerEpoch, zxid, electionEpoch } = event;
  return `for ${leader} (epoch ${peerEpoch}, zxid ${formatZxid(zxid)}) in round ${electionEpoch}`;
}

/** `1, 2, 3`, with those who have no vote in brackets. */
function members(voters: readonly NodeId[], observers: readonly NodeId[]): string {
  return voters.join(', ') + (observers.length === 0 ? '' : ` (${observers.join(', ')})`);
}

/** What a client that follows a recipe believes from now on: `lock acquired, /lock, token 0x100000004`. */
function belief({ claim }: RecipeStep): string {
  if (claim === undefined) return 'believes that nothing came of it';
  const { recipe, step, object } = claim;
  const more =
    'token' in claim ? `, token ${formatZxid(claim.token)}` : 'item' in claim ? `, ${claim.item}` : '';
  const verdict = 'accepted' in claim ? (claim.accepted ? ', accepted' : ', refused') : '';
  return `believes: ${recipe} ${step}, ${object}${more}${verdict}`;
}

/** The position of a stored record: an epoch is small, a zxid is not. */
function place(position: number): string {
  return position >= 2 ** 32 ? formatZxid(position) : String(position);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

const SENTENCES: Sentences = {
  looking: (e) => `looks for a leader, with a vote ${vote(e)}`,
  'vote-changed': (e) => `changes its vote: ${vote(e)}`,
  'leader-elected': (e) => `is elected: ${vote(e)}${e.settled ? ', as an established ensemble says' : ''}`,
  'leader-followed': (e) => `will follow: ${vote(e)}${e.settled ? ', as an established ensemble says' : ''}`,
  'epoch-offered': (e) => `offers epoch ${e.epoch}`,
  'epoch-accepted': (e) => `has accepted epoch ${e.epoch}, durably`,
  'epoch-acked': (e) =>
    `acks epoch ${e.epoch} to ${e.leader}: ` +
    `its history is of ${e.currentEpoch < 0 ? 'no epoch' : `epoch ${e.currentEpoch}`}, ` +
    `and ends at ${formatZxid(e.lastZxid)}`,
  'leader-synchronizing': (e) =>
    `has a quorum for epoch ${e.epoch}, whose initial history ends at ${formatZxid(e.zxid)}`,
  'sync-chosen': (e) =>
    `sends ${e.mode.toUpperCase()} to ${e.learner}: from ${formatZxid(e.from)} to ${formatZxid(e.zxid)}`,
  'sync-refused': (e) =>
    `sends ${e.learner} away: it brings as many as it may up to date with ${e.mode.toUpperCase()} already`,
  'log-truncated': (e) => `has cut its log after ${formatZxid(e.zxid)}`,
  'snapshot-installed': (e) => `has loaded the snapshot of ${e.leader} at ${formatZxid(e.zxid)}`,
  'epoch-adopted': (e) => `is in epoch ${e.epoch}, durably`,
  'new-leader-acked': (e) => `acks NEWLEADER of epoch ${e.epoch} to ${e.leader}`,
  'leader-established': (e) => `is established: it leads epoch ${e.epoch}`,
  'up-to-date-sent': (e) => `sends UPTODATE to ${e.learner} in epoch ${e.epoch}`,
  'follower-synced': (e) => `follows ${e.leader} in epoch ${e.epoch}, in sync at ${formatZxid(e.zxid)}`,
  'txn-proposed': (e) => `proposes ${formatZxid(e.zxid)}`,
  'txn-acked': (e) => `acks ${formatZxid(e.zxid)} to ${e.leader}`,
  'txn-committed': (e) => `commits ${formatZxid(e.zxid)}`,
  'txn-applied': (e) => `applies ${formatZxid(e.zxid)}`,
  'txn-skipped': (e) => `passes over what was decided for ${formatZxid(e.zxid)}: it changes nothing`,
  recovered: (e) =>
    `has rebuilt its memory up to ${formatZxid(e.zxid)}: ` +
    `snapshot ${formatZxid(e.snapshot)} and ${counted(e.records, 'log record')}`,
  'fast-forwarded': (e) => `has put what it had logged into memory, up to ${formatZxid(e.zxid)}`,
  'snapshot-taken': (e) => `has written a snapshot at ${formatZxid(e.zxid)}`,
  'handing-over': (e) => `takes no requests any more, to hand over epoch ${e.epoch} to ${e.heir}`,
  'handed-over': (e) => `asks ${e.heir} to begin an epoch after ${e.epoch}`,
  'hand-over-ended': (e) => `takes requests again, not having handed over to ${e.heir}: ${e.because}`,
  'catching-up': (e) => `brings ${e.member} up to date, to let it vote in epoch ${e.epoch}`,
  'catch-up-ended': (e) => `does not let ${e.member} vote: ${e.because}`,
  'config-adopted': (e) =>
    `goes by the configuration of ${formatZxid(e.zxid)}: ${members(e.voters, e.observers)}`,
  'leader-resigned': (e) => `resigns from epoch ${e.epoch}: ${e.because}`,
  'leader-left': (e) => `leaves ${e.leader}: ${e.because}`,
  'message-unexpected': (e) => `gets ${e.message} from ${e.from}, which nobody sends it while ${e.state}`,
  'ack-unmatched': (e) => `gets an ack of ${formatZxid(e.zxid)} from ${e.from} that it cannot account for`,
  'proposal-gap': (e) => `gets proposal ${formatZxid(e.zxid)} after ${formatZxid(e.after)}`,
  'commit-unmatched': (e) =>
    `gets a commit of ${formatZxid(e.zxid)} ` +
    `while ${e.pending === 0 ? 'nothing' : formatZxid(e.pending)} is pending`,
  'session-opened': (e) => `opens session ${e.session}`,
  'session-expired': (e) =>
    `expires session ${e.session}, of which it has not heard for ${Math.floor(e.idleUs / 1000)} ms`,
  'client-admitted': (e) =>
    `${ADMISSIONS[e.outcome]} ${e.session} on link ${e.link}, at ${formatZxid(e.zxid)}`,
  'client-connecting': (e) =>
    `asks ${e.via} for session ${e.session} on link ${e.link}, having seen ${formatZxid(e.lastZxidSeen)}`,
  'client-connected': (e) =>
    e.outcome === 'accepted'
      ? `has session ${e.session} (${e.timeoutMs} ms) on link ${e.link}${e.readOnly ? ', to read only' : ''}`
      : `learns that session ${e.session} has expired`,
  'quorum-sought': (e) =>
    e.answer === 'none' ? `asks ${e.via} whether it has a quorum` : `hears from ${e.via}: ${e.answer}`,
  'client-disconnected': (e) => `loses link ${e.link}: ${e.because}`,
  'client-sent': (e) => `sends ${e.operation.kind} on link ${e.link} (request ${e.xid})`,
  'client-received': (e) => `gets ${e.message.kind} on link ${e.link}`,
  'recipe-step': (e) => belief(e.step as RecipeStep),
  restarted: (e) => (e.incarnation === 1 ? 'starts' : `starts again, for the ${ordinal(e.incarnation)} time`),
  crashed: (e) => ENDINGS[e.how] + (e.reason === '' ? '' : `: ${e.reason}`),
  paused: () => 'is paused',
  resumed: () => 'goes on after a pause',
  wiped: () => 'loses its disk',
  appended: (e) => `appends ${e.record} ${place(e.position)} to ${e.file}`,
  replaced: (e) => `replaces ${e.file} by ${e.record} ${place(e.position)}`,
  synced: (e) => `has synced ${e.file}: ${counted(e.count, 'record')}`,
  truncated: (e) => `cuts ${e.file} to ${counted(e.count, 'record')}`,
  removed: (e) => `removes ${e.file}`,
  lost: (e) => `is left with ${counted(e.count, 'record')} of ${e.file}${e.torn ? ' and a torn one' : ''}`,
  corrupted: (e) => `has record ${e.index} of ${e.file} damaged (${place(e.position)})`,
  found: (e) => `finds ${e.record} ${place(e.position)} in ${e.file}`,
  'txn-logged': (e) => `has logged ${formatZxid(e.zxid)}, durably`,
  'fault-fired': (e) => `${e.name} fires: ${e.verb}${whomText(e)}${e.effect ? '' : ', without effect'}`,
  'fault-ended': (e) => `${e.name} ends: ${e.verb}`,
  reachable: (e) =>
    `${e.reachable ? 'can reach' : 'cannot reach'} ${nameOf(e.to)}${e.reachable ? ' again' : ''}`,
  'link-opened': (e) => `is connected to ${nameOf(e.to)} for ${e.port} (link ${e.link})`,
  'link-closed': (e) => `sees link ${e.link} end: ${e.reason}`,
  sent: (e) => `sends ${nameOf(e.to)} ${e.message}`,
  delivered: (e) => `delivers to ${nameOf(e.to)} ${e.message}`,
  'timer-fired': (e) =>
    `has timer ${e.timer} go off${e.subject === 0 ? '' : ` for ${nameOf(nodeId(e.subject))}`}`,
  worked: (e) => `is done with ${e.work}`,
  invoked: (e) => `asks for ${e.operation} (request ${e.cxid})`,
  returned: (e) =>
    `has request ${e.cxid} end: ${e.outcome}${e.zxid === 0 ? '' : ` at ${formatZxid(e.zxid)}`}`,
};

const ADMISSIONS = {
  accepted: 'accepts the client of session',
  behind: 'has seen less than the client of session',
  expired: 'knows no session',
  refused: 'refuses the client of session',
} as const;

const ENDINGS = {
  crash: 'is killed',
  stop: 'is stopped',
  'power-cut': 'loses power',
  exit: 'exits',
} as const;

function ordinal(value: number): string {
  const tens = value % 100;
  if (tens >= 11 && tens <= 13) return `${value}th`;
  return `${value}${['th', 'st', 'nd', 'rd'][value % 10] ?? 'th'}`;
}
