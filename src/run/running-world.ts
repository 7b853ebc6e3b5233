import type { NodeId } from '../node/ids.ts';
import type { NodeView } from '../node/protocol.ts';
import type { Unfired } from '../sim/fault.ts';
import type { EncodedFile } from './encode-disk.ts';

/** What a stopped server's disk says of it. */
export type StoredView = Omit<NodeView, 'state'>;

/** A world that runs a plan, whatever its protocol: what `simulate` needs of it. */
export interface RunningWorld {
  readonly nowUs: number;
  readonly events: number;
  readonly checkpoints: readonly string[];
  fingerprint(): string;
  /** Lets everything happen that is due until then; at most so many events, counted from the start. */
  run(untilUs: number, mostEvents?: number): void;
  /** What a server says of itself; undefined when it does not run. */
  inspect(server: NodeId): NodeView | undefined;
  /** What the server's disk holds. */
  stored(server: NodeId): StoredView;
  /** What the server's disk holds, as ZooKeeper's files; undefined where the service has no such form. */
  files(server: NodeId): Iterable<EncodedFile> | undefined;
  /** Whether the server runs, and is not paused. */
  isUp(server: NodeId): boolean;
  /** Whether no fault cuts the way from one server to another. */
  canReach(from: NodeId, to: NodeId): boolean;
  /** Faults that never fired and are not optional. */
  unfired(): readonly Unfired[];
  /** Faults that fired and found nothing to do. */
  withoutEffect(): readonly string[];
  /** Faults in force that are more than clean cuts and dead servers. */
  unclean(): readonly string[];
  /** When a fault last began, ended or changed anything; −1: never. */
  readonly lastDisturbanceUs: number;
  /** The longest disturbance that has ended. */
  readonly longestDisturbanceUs: number;
}
