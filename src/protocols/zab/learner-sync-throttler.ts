import type { SyncMode } from '../../node/facts.ts';
import type { ZabSettings } from './config.ts';

/**
 * How many learners one leader brings up to date at a time: so many with a snapshot, so many with a DIFF or
 * TRUNC. An observer beyond that is refused, and comes again. Voters are never refused, since a quorum may
 * wait for them, but they are counted. Source: LearnerSyncThrottler, LearnerMaster, LearnerHandler.run.
 */
export class LearnerSyncThrottler {
  readonly #maxSnaps: number;
  readonly #maxDiffs: number;
  #snaps = 0;
  #diffs = 0;

  constructor(settings: Pick<ZabSettings, 'maxConcurrentSnapSyncs' | 'maxConcurrentDiffSyncs'>) {
    this.#maxSnaps = settings.maxConcurrentSnapSyncs;
    this.#maxDiffs = settings.maxConcurrentDiffSyncs;
  }

  /** Whether the learner may be brought up to date; then it is counted until `end`. */
  begin(mode: SyncMode, essential: boolean): boolean {
    if (mode === 'snap') {
      if (!essential && this.#snaps >= this.#maxSnaps) return false;
      this.#snaps++;
    } else {
      if (!essential && this.#diffs >= this.#maxDiffs) return false;
      this.#diffs++;
    }
    return true;
  }

  /** The learner has acked NEWLEADER, or is gone. */
  end(mode: SyncMode): void {
    if (mode === 'snap') this.#snaps--;
    else this.#diffs--;
  }
}
