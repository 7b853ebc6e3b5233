import type { TxnRecord } from './messages.ts';

/** The steps with which a learner answers NEWLEADER. What has to wait for the disk calls `done` after it. */
export interface EndOfSync {
  /** Whether the history came as a DIFF, as transactions that are not on the disk yet. */
  readonly inMemory: boolean;
  /** Proposals that are not logged yet, oldest first. */
  readonly notLogged: readonly TxnRecord[];
  /** Makes the history up to the last commit durable, and takes it into memory. */
  persist(done: () => void): void;
  /** Makes all proposals durable; they are applied, and those not committed acked, after UPTODATE. */
  persistAll(done: () => void): void;
  /** Hands all proposals to the log's thread, and waits for nothing; it acks them. */
  logAll(): void;
  /** Puts all proposals aside, to be logged after UPTODATE. */
  setAside(): void;
  /** Makes currentEpoch durable. */
  adoptEpoch(done: () => void): void;
  /** Acks NEWLEADER; what comes next is read. */
  ack(): void;
}
