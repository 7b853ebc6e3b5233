import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ScenarioErrors } from '../core/errors.ts';
import { foundStory } from '../report/found-story.ts';
import { confirm } from '../run/confirmation.ts';
import { readScenario } from '../run/files.ts';
import type { FailedRun } from '../run/fuzz/chunk.ts';
import type { Failure } from '../run/fuzz/failures.ts';
import { foundPlan } from '../run/fuzz/found-plan.ts';
import type { JournalHead } from '../run/fuzz/journal.ts';
import { type CampaignSettings, cook } from '../run/fuzz/recipe.ts';
import { findingsOf } from '../run/fuzz/run-chunk.ts';
import { runWhole } from '../run/fuzz/run-whole.ts';
import { shrink } from '../run/fuzz/shrink/shrink.ts';
import type { ShrinkBudget } from '../run/fuzz/shrink/trial.ts';
import type { Outcome } from '../run/outcome.ts';
import type { Plan } from '../run/plan.ts';
import { writeScenario } from '../run/scenario-writer.ts';
import { simulate } from '../run/simulate.ts';
import { writeText } from './report-files.ts';
import { version } from './version.ts';

/** A failure that was written to a file. */
export interface Filed {
  readonly failure: Failure;
  readonly file: string;
  /** Of the file's plan. */
  readonly fileSeed: number;
  /** In the first run that showed the failure, and in the file. */
  readonly faultsBefore: number;
  readonly faultsAfter: number;
  /** Whether the run went again as it had gone before. */
  readonly repeated: boolean;
}

/** A plan that shows failures, and a run of it. */
interface Shown {
  readonly plan: Plan;
  readonly outcome: Outcome;
}

/** A file, and what it shows; undefined: its run does not come to an end. */
interface Kept extends Omit<Filed, 'failure'> {
  readonly shown: Shown | undefined;
}

/** The directory in which a campaign keeps what it found, as scenario files. */
export class FoundFiles {
  readonly #directory: string;
  readonly #settings: CampaignSettings;

  constructor(directory: string, settings: CampaignSettings) {
    this.#directory = directory;
    this.#settings = settings;
  }

  /** What the campaign's journal begins with. */
  head(): JournalHead {
    const settings = this.#settings;
    let probe = '';
    try {
      probe = runWhole(cook({ seed: settings.seed, ancestors: [] }, settings)).fingerprint;
    } catch {
      // The campaign will come upon it, and tell.
    }
    return { journal: 1, version: version(), settings, probe };
  }

  /**
   * Writes failures to files, one each, made as small as the budget allows; what was made small for one
   * serves the others that its run shows. What clients and operators could see comes first.
   *
   * @param budget that of the next failure
   * @returns the failures in their order
   */
  file(failures: readonly Failure[], budget: () => ShrinkBudget): readonly Filed[] {
    const files = new Map<Failure, Kept>();
    for (const failure of failures.toSorted((a, b) => a.tier - b.tier)) {
      files.set(failure, this.#keep(failure, [...files.values()], budget));
    }
    return failures.flatMap((failure) => {
      const own = files.get(failure);
      return own === undefined ? [] : [{ ...own, failure }];
    });
  }

  #keep(failure: Failure, others: readonly Kept[], budget: () => ShrinkBudget): Kept {
    const { recipe } = failure.first;
    const faultsBefore = cook(recipe, this.#settings).faults.length;
    const file = this.#fileOf(failure, recipe.seed);
    const kept = (shown: Shown, repeated: boolean): Kept => {
      const { seed, faults } = shown.plan;
      return { file, fileSeed: seed, faultsBefore, faultsAfter: faults.length, repeated, shown };
    };
    const before = this.#before(file, failure);
    if (before !== undefined) return kept(before, true);
    const write = (plan: Plan, outcome: Outcome): void => {
      const story = foundStory(outcome, failure.signature);
      writeText(file, writeScenario(foundPlan(plan, failure, outcome, version(), story)));
    };
    for (const { shown, repeated } of others) {
      if (shown === undefined || shown.plan.faults.length > faultsBefore) continue;
      if (!findingsOf(shown.outcome).some(({ signature }) => signature === failure.signature)) continue;
      write(shown.plan, shown.outcome);
      return kept(shown, repeated);
    }
    const run = this.#plainest(failure);
    const plan = cook(run.recipe, this.#settings);
    if (run.fingerprint === '') {
      writeText(file, writeScenario(plan));
      const faults = { faultsBefore, faultsAfter: faultsBefore };
      return { file, fileSeed: plan.seed, ...faults, repeated: true, shown: undefined };
    }
    const outcome = runWhole(plan);
    write(plan, outcome);
    const small = shrink(plan, outcome, failure.signature, budget(), write);
    return kept(small, outcome.fingerprint === run.fingerprint);
  }

  /** A name that no other failure has: a run may show several, and each file one of them. */
  #fileOf({ invariant, signature }: Failure, seed: number): string {
    for (let nth = 1; ; nth++) {
      const file = join(this.#directory, `${invariant}-${seed}${nth === 1 ? '' : `-${nth}`}.yaml`);
      const held = scenarioIn(file)?.found?.signature;
      if (held === undefined || held === signature) return file;
    }
  }

  /** Of the runs that showed it the one with the fewest faults: it is made small sooner, and smaller. */
  #plainest({ first, early }: Failure): FailedRun {
    // Without a fingerprint a run did not come to its end, and cannot be made small.
    if (first.fingerprint === '') return first;
    const faults = ({ recipe }: FailedRun) => cook(recipe, this.#settings).faults.length;
    const [plainest = { run: first }] = early
      .filter(({ fingerprint }) => fingerprint !== '')
      .map((run) => ({ run, faults: faults(run) }))
      .sort((a, b) => a.faults - b.faults);
    return plainest.run;
  }

  /** What an earlier session has kept of the failure, if it still shows it. */
  #before(file: string, failure: Failure): Shown | undefined {
    const plan = scenarioIn(file);
    if (plan?.found?.signature !== failure.signature) return undefined;
    const outcome = simulate(plan);
    return confirm(plan.found, outcome, version()).confirmed ? { plan, outcome } : undefined;
  }
}

/** The scenario that the file holds; undefined: there is none, or none that can be read. */
function scenarioIn(file: string): Plan | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return readScenario(file);
  } catch (error) {
    if (error instanceof ScenarioErrors) return undefined;
    throw error;
  }
}
