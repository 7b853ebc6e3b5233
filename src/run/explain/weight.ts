import { epochOf } from '../../core/zxid.ts';
import type { TraceEvent } from '../../node/facts.ts';
import { isServer } from '../../node/ids.ts';

/** What a story is about: transactions and epochs that its title names. */
export interface Topic {
  readonly zxids: ReadonlySet<number>;
  readonly epochs: ReadonlySet<number>;
}

const TURNS: ReadonlySet<string> = new Set([
  'fault-fired',
  'crashed',
  'restarted',
  'paused',
  'resumed',
  'wiped',
  'corrupted',
  'leader-established',
]);
const WEIGHTS: { readonly [K in TraceEvent['kind']]?: number } = {
  'log-truncated': 90,
  'snapshot-installed': 85,
  'fault-ended': 85,
  'leader-resigned': 85,
  'message-unexpected': 85,
  'ack-unmatched': 85,
  'proposal-gap': 85,
  'commit-unmatched': 85,
  'session-expired': 80,
  'handing-over': 82,
  'handed-over': 82,
  'hand-over-ended': 82,
  'catching-up': 82,
  'catch-up-ended': 82,
  'config-adopted': 92,
  'leader-elected': 80,
  'sync-chosen': 78,
  'sync-refused': 78,
  'leader-left': 75,
  'leader-synchronizing': 72,
  'follower-synced': 70,
  'fast-forwarded': 70,
  recovered: 65,
  'epoch-acked': 64,
  'leader-followed': 62,
  looking: 60,
  'epoch-accepted': 58,
  'epoch-adopted': 56,
  'new-leader-acked': 54,
  'epoch-offered': 45,
  'vote-changed': 42,
  'snapshot-taken': 40,
};

/** How much a happening matters to a story; 0: not at all. */
export function weightOf(event: TraceEvent, { zxids, epochs }: Topic): number {
  // The first start of a server says little, that of a client nothing.
  if (event.kind === 'restarted' && event.incarnation === 1) return isServer(event.server) ? 35 : 0;
  if (TURNS.has(event.kind)) return 100;
  // A file without records has lost nothing worth telling.
  if (event.kind === 'lost') return event.file.startsWith('log') || event.torn ? 90 : 50;
  if (event.kind === 'appended') return zxids.has(event.position) && isLog(event.file) ? 60 : 0;
  if (event.kind === 'synced') return isTaken(event.file) ? 50 : 0;
  if (event.kind === 'delivered') return bringsTxn(event.message, zxids) ? 58 : 0;
  if ('zxid' in event && zxids.has(event.zxid)) return TXN_WEIGHTS[event.kind] ?? WEIGHTS[event.kind] ?? 0;
  const weight = WEIGHTS[event.kind] ?? 0;
  if (weight === 0) return 0;
  const epoch = epochIn(event);
  return epoch !== undefined && epochs.has(epoch) ? weight + 6 : weight;
}

/** Of the transactions that a story is about. */
const TXN_WEIGHTS: { readonly [K in TraceEvent['kind']]?: number } = {
  'txn-proposed': 96,
  'txn-logged': 92,
  'txn-acked': 93,
  'txn-committed': 97,
  'txn-applied': 91,
  'snapshot-taken': 88,
};

function isLog(file: string): boolean {
  return file.startsWith('log.');
}

/** Whether it is a snapshot that holds something. */
function isTaken(file: string): boolean {
  return file.startsWith('snapshot.') && file !== 'snapshot.0';
}

/** Whether it proposes one of them to a learner. */
function bringsTxn(message: string, zxids: ReadonlySet<number>): boolean {
  const [, zxid] = /^proposal (0x[0-9a-f]+)/.exec(message) ?? [];
  return zxid !== undefined && zxids.has(Number(zxid));
}

function epochIn(event: TraceEvent): number | undefined {
  if ('epoch' in event) return event.epoch;
  return 'zxid' in event && event.zxid > 0 ? epochOf(event.zxid) : undefined;
}
