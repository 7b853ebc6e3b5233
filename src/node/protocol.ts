import type { Digest } from '../core/digest.ts';
import type { Body, ClientMessage, ServingRole, Txn } from './content.ts';
import type { Env, Stored } from './env.ts';
import type { NodeEvent } from './events.ts';
import type { Fact } from './facts.ts';
import type { Chunk, Service } from './service.ts';

/**
 * A participant of a run: a deterministic object. A crash is no event: the world drops the object and makes a
 * new one.
 */
export interface Participant<M> {
  handle(event: NodeEvent<M>): void;
  /** For people and results only, never for monitors. */
  inspect(): NodeView;
}

/** What a running server says of itself. */
export interface NodeView {
  readonly state: 'looking' | 'following' | 'leading' | 'observing';
  readonly acceptedEpoch: number;
  readonly currentEpoch: number;
  readonly lastZxid: number;
  readonly lastCommitted: number;
  /** How it serves clients; undefined: it does not, or its protocol does not tell. */
  readonly serves?: ServingRole | undefined;
}

/** How the world reads messages: for transcripts, for the fingerprint, for bandwidth. */
export interface Language<M> {
  /** One line, e.g. `proposal 0x100000003`. */
  describe(message: M): string;
  /** Folds the message's kind and numbers into the fingerprint. */
  fold(message: M, digest: Digest): void;
  /** Its size on the wire in bytes, near enough for buffers and bandwidth. */
  sizeOf(message: M): number;
}

/** How the world reads a service's clients, and how long is what servers carry for it. */
export interface ServiceLanguage extends Language<ClientMessage> {
  /** Bytes of the body of a request, near enough. */
  requestSize(body: Body): number;
  /** Bytes of the body of a transaction, near enough. */
  txnSize(txn: Txn): number;
  /** Bytes of a piece of a snapshot, near enough. */
  chunkSize(chunk: Chunk): number;
}

/** A consensus protocol, as a plug-in. */
export interface Protocol<C, M, R extends Stored> {
  readonly name: string;
  language(clients: ServiceLanguage): Language<M>;
  /**
   * Makes the server that `env.self` names, for one incarnation. `env` and `service` are of the same
   * incarnation.
   */
  createNode(config: C, env: Env<M, R, Fact>, service: Service): Participant<M>;
}
