/**
 * How hard a bug is to hit. D1: with at most one fault. D2: with two or three that belong together, and no
 * narrow window. D3: with a crash or a cut inside one narrow window, or a fuzzy snapshot. D4: with several
 * elections that each have such a window, or with five servers.
 */
export type Difficulty = 'D1' | 'D2' | 'D3' | 'D4';

/** Releases from the first to the last that has a bug, both of one branch; `undefined`: not mended in it. */
export type ReleaseSpan = readonly [first: string, last: string | undefined];

/** A bug of ZooKeeper's history: what servers that have it do instead of what is right. */
export interface Bug<Rules> {
  /** Its number, e.g. `ZOOKEEPER-2845`: the name by which a scenario's `behaviour` switches it on. */
  readonly jira: string;
  /** What the servers do wrong, in a sentence. */
  readonly title: string;
  /** Which releases have it, by branch. */
  readonly releases: readonly ReleaseSpan[];
  /** The invariant that breaks first, of those that tell of an outcome if there is one; kebab-case. */
  readonly breaks: string;
  readonly difficulty: Difficulty;
  /** The rules that the servers follow instead of the correct ones. */
  readonly rules: Partial<Rules>;
}

/** Whether a release, e.g. `3.8.4`, has the bug. */
export function hasBug(release: string, bug: Pick<Bug<unknown>, 'releases'>): boolean {
  return bug.releases.some(
    ([first, last]) =>
      branchOf(first) === branchOf(release) &&
      patchOf(first) <= patchOf(release) &&
      (last === undefined || patchOf(release) <= patchOf(last)),
  );
}

/** `3.8` of `3.8.4`. */
export function branchOf(release: string): string {
  return release.slice(0, release.lastIndexOf('.'));
}

function patchOf(release: string): number {
  return Number(release.slice(release.lastIndexOf('.') + 1));
}
