import { epochOf, type Zxid } from '../../core/zxid.ts';
import type { LogEntry } from './client-history.ts';
import { countBelow } from './sorted-search.ts';

/** The commits of one epoch in the order of their times: when, and the highest zxid by then. */
interface Epoch {
  readonly timesUs: number[];
  readonly zxids: number[];
}

/** What the leader of each epoch had committed by when. Source: Leader.tryToCommit. */
export class Commits {
  readonly #epochs = new Map<number, Epoch>();

  constructor(log: readonly LogEntry[]) {
    const timed = log.flatMap(({ zxid, committedUs }) =>
      committedUs === undefined ? [] : [{ zxid, committedUs }],
    );
    timed.sort((a, b) => a.committedUs - b.committedUs || a.zxid - b.zxid);
    for (const { zxid, committedUs } of timed) {
      const number = epochOf(zxid as Zxid);
      let epoch = this.#epochs.get(number);
      if (epoch === undefined) {
        epoch = { timesUs: [], zxids: [] };
        this.#epochs.set(number, epoch);
      }
      epoch.timesUs.push(committedUs);
      epoch.zxids.push(Math.max(zxid, epoch.zxids.at(-1) ?? 0));
    }
  }

  /** The highest zxid of the epoch that was committed strictly before then; 0: none. */
  before(number: number, atUs: number): number {
    const epoch = this.#epochs.get(number);
    return epoch === undefined ? 0 : (epoch.zxids[countBelow(epoch.timesUs, atUs) - 1] ?? 0);
  }
}
