import type { ClientMessage } from '../../node/content.ts';
import type { Env, Stored } from '../../node/env.ts';
import type { Fact } from '../../node/facts.ts';
import { FIRST_CLIENT, type NodeId } from '../../node/ids.ts';

/** What a client may do. */
export type ClientEnv = Env<ClientMessage, Stored, Fact>;

/** How a handle connects. Times in µs. */
export interface HandleOptions {
  readonly servers: readonly NodeId[];
  readonly sessionTimeoutUs: number;
  /** `''`, or the path below which the client lives. */
  readonly chroot: string;
  /** Whether a server without a quorum will do. */
  readonly readOnly: boolean;
}

/** How long a client hears nothing before it gives a connection up, µs: two thirds of the timeout. */
export function readTimeoutUs(sessionTimeoutUs: number): number {
  return Math.floor((sessionTimeoutUs * 2) / 3);
}

/**
 * How long a client hears of no server before it gives its session up, µs: four thirds of the timeout. Where
 * there is a leader it has long ended the session by then (ZOOKEEPER-4508).
 */
export function expirationTimeoutUs(sessionTimeoutUs: number): number {
  return Math.floor((sessionTimeoutUs * 4) / 3);
}

/** The address that servers see of a client. */
export function addressOf(client: NodeId): string {
  const number = client - FIRST_CLIENT;
  return `10.1.${number >> 8}.${number & 255}`;
}
