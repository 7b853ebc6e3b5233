import type { Plan } from '../plan.ts';
import { nemesis } from './nemesis.ts';
import type { Profile } from './profile.ts';

/** What all runs of a campaign have in common. */
export interface CampaignSettings {
  readonly profile: Profile;
  /** Names of rules to replace, as in a scenario's `ensemble.behaviour`; empty: the fixed behaviour. */
  readonly behaviour: readonly string[];
  /** The seed of the first run; each run has the next one. */
  readonly seed: number;
}

/** How the plan of a run comes about. */
export interface Recipe {
  /** Of the plan, and of what is drawn when it runs. */
  readonly seed: number;
}

/** Makes the plan of a recipe: always the same one. */
export function cook(recipe: Recipe, settings: CampaignSettings): Plan {
  return nemesis(recipe.seed, settings);
}
