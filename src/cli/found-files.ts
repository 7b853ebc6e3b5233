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
  readonly faultsBefore: number;
  readonly faultsAfter: number;
  /** Whether the run went again as it had gone before. */
  readonly repeated: boolean;
}

/** A file, and all signatures that its run shows. */
interface Kept extends Omit<Filed, 'failure'> {
  readonly shows: readonly string[];
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
   * Writes failures to files, each made as small as the budget allows; failures that the run of one file
   * shows share it. What clients and operators could see comes first.
   *
   * @param budget that of the next failure
   * @returns the failures in their order
   */
  file(failures: readonly Failure[], budget: () => ShrinkBudget): readonly Filed[] {
    const kept: Kept[] = [];
    const files = new Map<Failure, Kept>();
    for (const failure of failures.toSorted((a, b) => a.tier - b.tier)) {
      const known = kept.find((one) => one.shows.includes(failure.signature));
      const own = known ?? this.#keep(failure, budget());
      if (known === undefined) kept.push(own);
      files.set(failure, own);
    }
    return failures.flatMap((failure) => {
      const own = files.get(failure);
      return own === undefined ? [] : [{ ...own, failure }];
    });
  }

  #keep(failure: Failure, budget: ShrinkBudget): Kept {
    const { recipe, fingerprint } = this.#plainest(failure);
    const plan = cook(recipe, this.#settings);
    const faultsBefore = plan.faults.length;
    const file = this.#fileOf(failure, recipe.seed);
    if (fingerprint === '') {
      writeText(file, writeScenario(plan));
      const shows = [failure.signature];
      return { file, faultsBefore, faultsAfter: faultsBefore, repeated: true, shows };
    }
    const outcome = runWhole(plan);
    const repeated = outcome.fingerprint === fingerprint;
    const before = this.#before(file, failure);
    if (before !== undefined) {
      return { file, faultsBefore, faultsAfter: before.plan.faults.length, repeated, shows: shown(before) };
    }
    const write = (small: Plan, its: Outcome): void => {
      const story = foundStory(its, failure.signature);
      writeText(file, writeScenario(foundPlan(small, failure, its, version(), story)));
    };
    write(plan, outcome);
    const small = shrink(plan, outcome, failure.signature, budget, write);
    return { file, faultsBefore, faultsAfter: small.plan.faults.length, repeated, shows: shown(small) };
  }

  /** A name that no other failure has: a run may show several, and each file one of them. */
  #fileOf({ invariant, signature }: Failure, seed: number): string {
    for (let nth = 1; ; nth++) {
      const file = join(this.#directory, `${invariant}-${seed}${nth === 1 ? '' : `-${nth}`}.yaml`);
      const held = scenarioIn(file)?.found?.signature;
      if (held === undefined || held === signature) return file;
    }
  }

  /**
   * Of the runs that showed it the one of which there is a file already, or else the one with the fewest
   * faults: it is made small sooner, and smaller.
   */
  #plainest(failure: Failure): FailedRun {
    const { first, early } = failure;
    // Without a fingerprint a run did not come to its end, and cannot be made small.
    const whole = early.filter(({ fingerprint }) => fingerprint !== '');
    if (first.fingerprint === '' || whole.length === 0) return first;
    const kept = whole.find(({ recipe }) => this.#before(this.#fileOf(failure, recipe.seed), failure));
    if (kept !== undefined) return kept;
    const faults = ({ recipe }: FailedRun) => cook(recipe, this.#settings).faults.length;
    const [plainest = { run: first }] = whole
      .map((run) => ({ run, faults: faults(run) }))
      .sort((a, b) => a.faults - b.faults);
    return plainest.run;
  }

  /** What an earlier session has kept of the failure, if it still shows it. */
  #before(file: string, failure: Failure): { readonly plan: Plan; readonly outcome: Outcome } | undefined {
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

function shown({ outcome }: { readonly outcome: Outcome }): readonly string[] {
  return findingsOf(outcome).map(({ signature }) => signature);
}
