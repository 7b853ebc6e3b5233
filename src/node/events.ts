import type { Port } from './env.ts';
import type { LinkId, NodeId, Ticket } from './ids.ts';

/**
 * Everything that may happen to a node. An event is lent: valid until `handle` returns. Its message may be
 * kept.
 */
export type NodeEvent<M> =
  | { readonly kind: 'started' }
  | { readonly kind: 'timer'; readonly timer: string; readonly subject: number }
  | { readonly kind: 'turn'; readonly stage: string }
  | { readonly kind: 'opened'; readonly link: LinkId; readonly port: Port; readonly peer: NodeId | undefined }
  | { readonly kind: 'received'; readonly link: LinkId; readonly message: M }
  | { readonly kind: 'writable'; readonly link: LinkId }
  | { readonly kind: 'closed'; readonly link: LinkId; readonly reason: CloseReason }
  | { readonly kind: 'synced'; readonly ticket: Ticket }
  | { readonly kind: 'failed'; readonly ticket: Ticket; readonly error: 'io' | 'full' }
  | { readonly kind: 'posted'; readonly from: NodeId; readonly message: M }
  | Asked;

/**
 * An operator asks the server for something, by a word of its protocol. `subject`: the server that it is
 * about; 0: none in particular. Whoever does as asked says so under `taken`, the only thing of an event that
 * is written to; whoever does not know the word leaves it.
 */
export interface Asked {
  readonly kind: 'asked';
  readonly request: string;
  readonly subject: NodeId;
  taken: boolean;
}

/**
 * Why a connection ended. `opened` tells the dialler whom it reached; the dialled end gets `peer: undefined`,
 * as a TCP acceptor does, and learns it from the first message.
 */
export type CloseReason = 'closed' | 'reset' | 'refused' | 'timeout';
