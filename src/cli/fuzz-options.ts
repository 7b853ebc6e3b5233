import { parseDurationUs } from '../core/units.ts';
import type { Profile } from '../run/fuzz/profile.ts';
import type { CampaignSettings } from '../run/fuzz/recipe.ts';
import { DEFAULT_PROTOCOL } from '../run/registry/protocols.ts';
import { behavioursOf } from './behaviour-option.ts';
import type { SeedRange } from './seed-range.ts';
import { UsageError } from './usage-error.ts';

/** The options of `fuzz`, as the command line gives them. */
export interface FuzzOptions {
  readonly profile: Profile;
  /** The name of a registered protocol. */
  readonly protocol: string;
  readonly runs?: number;
  readonly time?: string;
  readonly seed?: number;
  readonly seeds?: SeedRange;
  readonly behaviour?: readonly string[];
  readonly workers?: number;
  readonly out: string;
  readonly shrink: string;
  readonly first?: boolean;
  readonly afresh?: boolean;
  readonly json?: boolean;
}

/** For a campaign that nothing else would end. */
const DEFAULT_TIME_MS = 60_000;

/** What a campaign is about. Throws a UsageError for a behaviour that nobody knows, or that is another's. */
export function settingsOf({ profile, protocol, seed, seeds, behaviour }: FuzzOptions): CampaignSettings {
  return {
    profile,
    behaviour: behavioursOf(behaviour ?? [], protocol),
    ...(protocol === DEFAULT_PROTOCOL ? {} : { protocol }),
    seed: seeds?.from ?? seed ?? 1,
  };
}

/** How many runs there can be, each with a seed of its own that a scenario can name. */
export function seedsOf({ seed }: Pick<CampaignSettings, 'seed'>): number {
  return Number.MAX_SAFE_INTEGER - seed + 1;
}

/** When a campaign ends. Throws a UsageError for more runs than there are seeds. */
export function timeOf({ runs, seed = 1, seeds, time, first = false }: FuzzOptions): {
  readonly runs: number | undefined;
  readonly timeMs: number;
  /** With the first run that fails. */
  readonly first: boolean;
} {
  const all = seeds === undefined ? runs : seeds.to - seeds.from + 1;
  if (seeds === undefined && runs !== undefined && runs > seedsOf({ seed })) {
    const most = `at most ${seedsOf({ seed })} from seed ${seed} on (the last is ${Number.MAX_SAFE_INTEGER})`;
    throw new UsageError(`--runs ${runs}: expected ${most}`);
  }
  if (time === undefined) {
    return {
      runs: all,
      timeMs: all === undefined && !first ? DEFAULT_TIME_MS : Number.POSITIVE_INFINITY,
      first,
    };
  }
  return { runs: all, timeMs: millisecondsOf('--time', time), first };
}

/** Reads a duration of the command line. Throws a UsageError. */
export function millisecondsOf(option: string, text: string): number {
  const us = parseDurationUs(text);
  if (us === undefined) throw new UsageError(`${option} ${text}: expected a duration such as 60s or 10m`);
  return us / 1000;
}
