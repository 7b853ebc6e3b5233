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

/** It pings after so long without sending, whatever the session's timeout (MAX_SEND_PING_INTERVAL). */
const LONGEST_SILENCE_US = 10_000_000;

/** How long a client hears nothing before it gives a connection up, µs: two thirds of the timeout. */
export function readTimeoutUs(sessionTimeoutUs: number): number {
  return Math.floor((sessionTimeoutUs * 2) / 3);
}

/**
 * How long a client sends nothing before it pings, µs: half of its read timeout, but up to a second less.
 * Source: ClientCnxn.SendThread.run.
 */
export function silenceUs(sessionTimeoutUs: number): number {
  const half = Math.floor(readTimeoutUs(sessionTimeoutUs) / 2);
  return Math.min(LONGEST_SILENCE_US, half <= 1_000_000 ? half : Math.max(1_000_000, half - 1_000_000));
}

/** The address that servers see of a client. */
export function addressOf(client: NodeId): string {
  const number = client - FIRST_CLIENT;
  return `10.1.${number >> 8}.${number & 255}`;
}
