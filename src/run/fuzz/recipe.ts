import { seeded } from '../../core/decisions.ts';
import type { Plan } from '../plan.ts';
import { happens, pick } from './draws.ts';
import { mutate } from './mutate.ts';
import { nemesis, underProtocol } from './nemesis.ts';
import type { Profile } from './profile.ts';

/** What all runs of a campaign have in common. */
export interface CampaignSettings {
  readonly profile: Profile;
  /** Names of rules to replace, as in a scenario's `ensemble.behaviour`; empty: the fixed behaviour. */
  readonly behaviour: readonly string[];
  /** The protocol that the servers run; `zab` if absent. */
  readonly protocol?: string;
  /** The seed of the first run; each run has the next one. */
  readonly seed: number;
}

/** How the plan of a run comes about. */
export interface Recipe {
  /** Of the plan, and of what is drawn when it runs. */
  readonly seed: number;
  /**
   * Of the plans that it descends from, the oldest first: that one was drawn from its seed, and each further
   * one, up to this, is a changed copy of the one before. Empty: this one was drawn itself.
   */
  readonly ancestors: readonly number[];
}

/** Beyond that, plans have grown too far from what anybody would draw. */
const ANCESTORS_MAX = 5;

/** How many in a hundred plans are changed copies, once there is something to copy. */
const COPIES_PERCENT = 30;

/** Makes the plan of a recipe: always the same one. */
export function cook({ seed, ancestors }: Recipe, settings: CampaignSettings): Plan {
  const [root = seed, ...later] = [...ancestors, seed];
  const plan = later.reduce((old, own) => mutate(old, own, settings.profile), nemesis(root, settings));
  return underProtocol(plan, settings.protocol);
}

/**
 * The recipe of a campaign's run: drawn, or a changed copy of one that came upon something new.
 *
 * @param corpus those that did, in the order of the campaign
 */
export function recipeAt(index: number, settings: CampaignSettings, corpus: readonly Recipe[]): Recipe {
  const seed = settings.seed + index;
  const stream = seeded(`campaign ${settings.profile} ${seed}`).stream('recipe');
  if (corpus.length === 0 || !happens(stream, COPIES_PERCENT)) return { seed, ancestors: [] };
  // The later, the harder it was to come upon anything new.
  const from = happens(stream, 50) ? corpus.slice(-LATEST) : corpus;
  const parent = pick(stream, from);
  return { seed, ancestors: [...parent.ancestors, parent.seed] };
}

const LATEST = 50;

/** Whether copies of this one may be made. */
export function mayBreed({ ancestors }: Recipe): boolean {
  return ancestors.length < ANCESTORS_MAX;
}
