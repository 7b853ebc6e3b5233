import type { FailedRun, Finding, TimedChunk } from './chunk.ts';

/** Runs that failed with one signature. */
export interface Failure extends Finding {
  /** The first run of the campaign that showed it. */
  readonly first: FailedRun;
  /** The first and some more, in their order: one of them may be easier to understand. */
  readonly early: readonly FailedRun[];
  /** How many did. */
  readonly count: number;
  /** How long the campaign had gone on when that run was done, in ms of the machine's time. */
  readonly wallMsToFind: number;
}

/** So many runs of one signature are kept. */
const EARLY = 20;

/** What a campaign did, all together. */
export interface CampaignSum {
  readonly runs: number;
  readonly events: number;
  readonly virtualUs: number;
  readonly commits: number;
  /** How many runs failed, with whatever signature. */
  readonly failedRuns: number;
  /** By signature, in the order in which the first of each was found. */
  readonly failures: readonly Failure[];
}

/** Sums up what was done: the same for the same chunks, but for the times. */
export function sumUp(chunks: readonly TimedChunk[]): CampaignSum {
  const sum = { runs: 0, events: 0, virtualUs: 0, commits: 0, failedRuns: 0 };
  const bySignature = new Map<string, Failure>();
  for (const chunk of chunks) {
    sum.runs += chunk.to - chunk.from + 1;
    sum.events += chunk.events;
    sum.virtualUs += chunk.virtualUs;
    sum.commits += chunk.commits;
    sum.failedRuns += chunk.failed.length;
    for (const run of chunk.failed) {
      for (const finding of run.findings) {
        const known = bySignature.get(finding.signature);
        if (known === undefined) {
          const wallMsToFind = chunk.wallMs - run.msBeforeEnd;
          const failure = { ...finding, first: run, early: [run], count: 1, wallMsToFind };
          bySignature.set(finding.signature, failure);
        } else {
          const early = known.early.length < EARLY ? [...known.early, run] : known.early;
          bySignature.set(finding.signature, { ...known, early, count: known.count + 1 });
        }
      }
    }
  }
  return { ...sum, failures: [...bySignature.values()] };
}
