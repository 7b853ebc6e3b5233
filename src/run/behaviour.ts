import { type Bug, hasBug } from '../node/bug.ts';
import { ZAB_BUGS } from '../protocols/zab/bugs/zab-bugs.ts';
import { FIXED_RULES, type ZabRules } from '../protocols/zab/rules.ts';

/** The rules that the servers of an ensemble follow. */
export interface Behaviour {
  readonly zab: ZabRules;
}

/** What can be switched on. */
export const BUGS: readonly Bug<unknown>[] = ZAB_BUGS;

/**
 * ZooKeeper's releases since the epochs have files, each with the bugs of its time that the catalogue holds.
 * A release may have others.
 */
export const RELEASES: readonly string[] = [
  ...branch('3.4', 14),
  ...branch('3.5', 10),
  ...branch('3.6', 4),
  ...branch('3.7', 2),
  ...branch('3.8', 5),
  ...branch('3.9', 4),
];

/** The names that `behaviour` may hold beside `fixed`: bugs, then releases. */
export const BEHAVIOURS: readonly string[] = [...BUGS.map((bug) => bug.jira), ...RELEASES];

/** The bugs of a release, by their numbers. */
export function bugsOf(release: string): readonly string[] {
  return BUGS.filter((bug) => hasBug(release, bug)).map((bug) => bug.jira);
}

/** The rules under these names: `fixed`, bugs and releases. None: the correct ones. */
export function behaviourOf(names: readonly string[]): Behaviour {
  let zab = FIXED_RULES;
  for (const bug of zabBugs(names)) zab = { ...zab, ...bug.rules };
  return { zab: Object.freeze(zab) };
}

/**
 * Why names cannot stand together: two bugs that replace the same rule, each in its own way. Undefined when
 * they can.
 */
export function clashOf(names: readonly string[]): string | undefined {
  const owners = new Map<string, { readonly jira: string; readonly rule: unknown }>();
  for (const { jira, rules } of zabBugs(names)) {
    for (const [name, rule] of Object.entries(rules)) {
      const other = owners.get(name);
      if (other !== undefined && other.rule !== rule)
        return `bugs that can be in one server: ${other.jira} and ${jira} both replace ${name}`;
      owners.set(name, { jira, rule });
    }
  }
  return undefined;
}

function zabBugs(names: readonly string[]) {
  const wanted = new Set(names.flatMap((name) => (RELEASES.includes(name) ? bugsOf(name) : [name])));
  return ZAB_BUGS.filter((bug) => wanted.has(bug.jira));
}

function branch(name: string, last: number): string[] {
  return Array.from({ length: last + 1 }, (_, patch) => `${name}.${patch}`);
}
