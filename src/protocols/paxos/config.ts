import type { NodeId } from '../../node/ids.ts';
import type { QuorumSystem } from '../../node/quorum.ts';
import type { PaxosRules } from './rules.ts';

/** How fast and how patient a server is. Ticks are those of the scenario. */
export interface PaxosSettings {
  readonly tickTimeUs: number;
  /** Ticks of silence after which a president is taken for gone, at least; twice as many at most. */
  readonly syncLimit: number;
  /** How long a proposer that was overtaken waits before its next ballot, at first. */
  readonly minNotificationIntervalUs: number;
  /** The longest that this wait may grow. */
  readonly maxNotificationIntervalUs: number;
  readonly leaderServes: boolean;
}

/** What every server of an ensemble knows of it, the same for all. */
export interface PaxosConfig {
  readonly quorums: QuorumSystem;
  /** They learn, and neither vote nor propose. Ascending. */
  readonly observers: readonly NodeId[];
  readonly settings: PaxosSettings;
  readonly rules: PaxosRules;
  /**
   * `president`: one proposes, after one phase 1 for all slots. `leaderless`: whoever has a request
   * proposes it in a ballot of its own.
   */
  readonly mode: 'president' | 'leaderless';
  /** `fixed`: an overtaken proposer always waits equally long; duels may then go on for ever. */
  readonly backOff: 'random' | 'fixed';
}
