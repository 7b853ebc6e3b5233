import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Failure } from '../run/fuzz/failures.ts';
import { foundPlan } from '../run/fuzz/found-plan.ts';
import type { JournalHead } from '../run/fuzz/journal.ts';
import { type CampaignSettings, cook } from '../run/fuzz/recipe.ts';
import { DEFECT } from '../run/fuzz/run-chunk.ts';
import type { Plan } from '../run/plan.ts';
import { writeScenario } from '../run/scenario-writer.ts';
import { simulate } from '../run/simulate.ts';
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
      probe = simulate(cook({ seed: settings.seed }, settings)).fingerprint;
    } catch {
      // The campaign will come upon it, and tell.
    }
    return { journal: 1, version: version(), settings, probe };
  }

  /** Writes the first run of each failure to a file; failures that the same run shows share one. */
  file(failures: readonly Failure[]): readonly Filed[] {
    const byRun = new Map<number, Filed>();
    return failures.map((failure) => {
      const { index } = failure.first;
      const filed = byRun.get(index) ?? this.#write(failure);
      byRun.set(index, filed);
      return { ...filed, failure };
    });
  }

  #write(failure: Failure): Filed {
    const { recipe, fingerprint } = failure.first;
    const plan = cook(recipe, this.#settings);
    const file = join(this.#directory, `${failure.invariant}-${recipe.seed}.yaml`);
    const count = plan.faults.length;
    let kept: Plan = plan;
    let repeated = true;
    if (failure.invariant !== DEFECT) {
      const outcome = simulate(plan);
      repeated = outcome.fingerprint === fingerprint;
      kept = foundPlan(plan, failure, outcome, version());
    }
    writeFileSync(file, writeScenario(kept));
    return { failure, file, faultsBefore: count, faultsAfter: count, repeated };
  }
}
