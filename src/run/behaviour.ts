import { type Bug, hasBug } from '../node/bug.ts';
import { releaseRules } from '../protocols/zab/bugs/releases.ts';
import { ZAB_BUGS } from '../protocols/zab/bugs/zab-bugs.ts';
import { FIXED_RULES, type ZabRules } from '../protocols/zab/rules.ts';
import { ZNODE_BUGS } from '../znode/bugs/znode-bugs.ts';
import { FIXED_ZNODE_RULES, type ZnodeRules } from '../znode/rules.ts';

/** The rules that the servers of an ensemble follow. */
export interface Behaviour {
  readonly zab: ZabRules;
  readonly znode: ZnodeRules;
}

/** What can be switched on. */
export const BUGS: readonly Bug<ZabRules | ZnodeRules>[] = [...ZAB_BUGS, ...ZNODE_BUGS].sort(
  (a, b) => numberOf(a.jira) - numberOf(b.jira),
);

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
  if (names.length === 0) return CORRECT;
  const replaced = names.flatMap(replacementsOf).map(({ rules }) => rules);
  return { zab: withThose(FIXED_RULES, replaced), znode: withThose(FIXED_ZNODE_RULES, replaced) };
}

const CORRECT: Behaviour = { zab: FIXED_RULES, znode: FIXED_ZNODE_RULES };

/** The rules, with those of the same names in the place of some. */
function withThose<R extends object>(rules: R, replaced: readonly object[]): R {
  const own = Object.assign({}, ...replaced) as Readonly<Record<string, unknown>>;
  return Object.freeze({
    ...rules,
    ...Object.fromEntries(Object.entries(own).filter(([name]) => name in rules)),
  });
}

/**
 * Why names cannot stand together: two of them replace the same rule, each in its own way. Undefined when
 * they
 * can.
 */
export function clashOf(names: readonly string[]): string | undefined {
  const owners = new Map<string, Replacement>();
  for (const replacement of names.flatMap(replacementsOf)) {
    for (const [rule, own] of Object.entries(replacement.rules)) {
      const other = owners.get(rule);
      if (other !== undefined && other.rules[rule] !== own)
        return `what one server can do at once: ${other.name} and ${replacement.name} both replace ${rule}`;
      owners.set(rule, replacement);
    }
  }
  return undefined;
}

interface Replacement {
  /** Whose it is. */
  readonly name: string;
  readonly rules: Readonly<Record<string, unknown>>;
}

/** A release's own rules go before those of its bugs. */
function replacementsOf(name: string): readonly Replacement[] {
  const bug = BUGS.find(({ jira }) => jira === name);
  if (bug !== undefined) return [{ name, rules: { ...bug.rules } }];
  if (!RELEASES.includes(name)) return [];
  const own: Replacement['rules'] = { ...releaseRules(name) };
  const others = BUGS.filter((one) => hasBug(name, one)).map(({ jira, rules }) => ({
    name: jira,
    rules: Object.fromEntries(Object.entries(rules).filter(([rule]) => !(rule in own))),
  }));
  return [{ name, rules: own }, ...others];
}

function branch(name: string, last: number): string[] {
  return Array.from({ length: last + 1 }, (_, patch) => `${name}.${patch}`);
}

function numberOf(jira: string): number {
  return Number(jira.slice(jira.indexOf('-') + 1));
}
