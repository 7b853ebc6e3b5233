import { branchOf, type Difficulty } from '../node/bug.ts';
import { BUGS, bugsOf, RELEASES } from './behaviour.ts';
import { DETECTION, type Detection } from './detection.ts';

/** A bug of the catalogue, as it can be switched on. */
export interface CatalogueEntry {
  readonly jira: string;
  readonly title: string;
  readonly difficulty: Difficulty;
  /** The releases that have it, of those that can be named, ascending. */
  readonly releases: readonly string[];
  /** Whether releases had it that are older than those. */
  readonly older: boolean;
  /** The invariant that breaks. */
  readonly breaks: string;
  /** The scenario that shows it, from the project's root. */
  readonly scenario: string;
  /** What it took to find it from random seeds; undefined: not measured, or never found. */
  readonly detection: Detection | undefined;
}

/** A bug that cannot be switched on, and why. */
export interface LeftOut {
  readonly jira: string;
  readonly title: string;
  readonly why: string;
}

/** The bugs that the catalogue knows and no switch stands for. */
export const LEFT_OUT: readonly LeftOut[] = [
  {
    jira: 'ZOOKEEPER-335',
    title: 'A leader has no epoch of its own (also -1081, -1082)',
    why: 'its releases, before 3.4.0, keep no epoch on disk: another protocol, not another rule',
  },
  {
    jira: 'ZOOKEEPER-1069',
    title: 'A new log is padded before its header is written',
    why: 'files of the simulated disk are records; they have no header and no padding',
  },
  {
    jira: 'ZOOKEEPER-3109',
    title: 'A leader waits in vain for a voter that changed its mind',
    why: 'a setting: leave maxTimeToWaitForEpoch at -1, its default, to have it',
  },
  {
    jira: 'ZOOKEEPER-3769',
    title: 'A malformed notification kills the receiver',
    why: 'notifications are values, not bytes, unless the wire is simulated byte by byte',
  },
  {
    jira: 'ZOOKEEPER-3829',
    title: 'The quorum of a server is that of its first configuration',
    why: 'all servers of a scenario have one configuration, that of its start',
  },
  {
    jira: 'ZOOKEEPER-4203',
    title: 'A leader lives on without a thread that accepts connections',
    why: 'accepting a connection cannot fail here',
  },
  {
    jira: 'ZOOKEEPER-1863',
    title: 'A commit overtakes an earlier request of its session',
    why: 'a commit is matched with the requests of its session in one queue: it can overtake none',
  },
];

/** All bugs that can be switched on, by their numbers. */
export function catalogue(): readonly CatalogueEntry[] {
  const named = new Set(RELEASES.map(branchOf));
  const having = new Map(RELEASES.map((release) => [release, new Set(bugsOf(release))]));
  return BUGS.map(({ jira, title, difficulty, breaks, releases }) => ({
    jira,
    title,
    difficulty,
    releases: RELEASES.filter((release) => having.get(release)?.has(jira)),
    // Branches that cannot be named are all older.
    older: releases.some(([first]) => !named.has(branchOf(first))),
    breaks,
    scenario: `scenarios/bugs/${jira.toLowerCase()}.yaml`,
    detection: DETECTION[jira],
  }));
}
