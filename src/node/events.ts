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
  | { readonly kind: 'posted'; readonly from: NodeId; readonly message: M };

/**
 * Why a connection ended. `opened` tells the dialler whom it reached; the dialled end gets `peer: undefined`,
 * as a TCP acceptor does, and learns it from the first message.
 */
export type CloseReason = 'closed' | 'reset' | 'refused' | 'timeout';
