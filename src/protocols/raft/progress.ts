import type { NodeId } from '../../node/ids.ts';
import type { Chunk } from '../../node/service.ts';

/** What a leader knows of a follower (nextIndex, matchIndex), and how it sends to it. */
export interface Progress {
  readonly peer: NodeId;
  /** The index of the next entry to send. */
  next: number;
  /** The log is known to match up to here, durably. */
  match: number;
  /**
   * `probe`: one append at a time until the logs are known to meet. `stream`: one after the other, unasked.
   */
  mode: 'probe' | 'stream' | 'snapshot';
  /** Probing: an append is under way. */
  asked: boolean;
  /** The newest heartbeat round that was answered. */
  round: number;
  /** Local µs of the last answer. */
  heardUs: number;
  /** The commit index that was told last. */
  told: number;
  /** The pieces of the snapshot that are still to be sent. */
  pieces: readonly Chunk[];
  sent: number;
}

/** Of a follower that nothing is known of: the log is tried from `next` on. */
export function newProgress(peer: NodeId, next: number, heardUs: number): Progress {
  return {
    peer,
    next,
    match: 0,
    mode: 'probe',
    asked: false,
    round: 0,
    heardUs,
    told: 0,
    pieces: [],
    sent: 0,
  };
}

/** What was sent on a connection may be lost, or was never sent: it is found out where the logs meet. */
export function beginAnew(progress: Progress): void {
  progress.mode = 'probe';
  progress.asked = false;
  progress.pieces = [];
  progress.next = progress.match + 1;
}

/** Whether a server's log is longer than another's, as far as is known, or as long and heard of later. */
export function isNearer(one: Progress, other: Progress | undefined): boolean {
  if (other === undefined || one.match !== other.match) return one.match > (other?.match ?? -1);
  return one.heardUs > other.heardUs;
}
