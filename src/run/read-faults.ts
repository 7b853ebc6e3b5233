import type { NodeId } from '../node/ids.ts';
import type { Action, Choice, FactPattern, Fault, Trigger, Verb } from '../sim/fault.ts';
import type { Draft } from './draft.ts';
import { COMMON_KEYS, FAULTS, isLasting, isVerb, VERBS } from './faults-schema.ts';
import { reportIssues, reportUnknownKey } from './issues.ts';
import { MAX_FAULTS } from './schema.ts';
import type { Path } from './yaml-source.ts';

/** Checks the `faults` section: each fault by the schema of its verb, then names, triggers, participants. */
export function readFaults(value: unknown, draft: Draft): readonly Fault[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    draft.refuse(['faults'], 'a list of faults, such as - { at: 10s, crash: leader }');
    return [];
  }
  if (value.length > MAX_FAULTS) {
    draft.findings.add(draft.source, ['faults'], `at most ${MAX_FAULTS} faults`, {
      found: String(value.length),
    });
    return [];
  }
  const faults: Fault[] = [];
  const names = new Map<string, Verb | undefined>();
  for (const [index, item] of value.entries()) {
    const fault = readFault(item, index, draft);
    const name = fault?.name ?? defaultName(index);
    if (names.has(name)) refuseName(name, ['faults', index, 'name'], draft);
    if (fault !== undefined) checkHeal(fault.action, names, ['faults', index, 'heal'], draft);
    names.set(name, fault?.action.verb);
    if (fault !== undefined) faults.push(fault);
  }
  return faults;
}

/** The name of a fault that has none of its own. */
export function defaultName(index: number): string {
  return `fault ${index + 1}`;
}

function refuseName(name: string, path: Path, draft: Draft): void {
  draft.findings.add(draft.source, path, 'a name that no other fault has', { found: JSON.stringify(name) });
}

function readFault(item: unknown, index: number, draft: Draft): Fault | undefined {
  const path = ['faults', index];
  const verb = findVerb(item, path, draft);
  if (verb === undefined) return undefined;
  const result = FAULTS[verb].safeParse(item);
  const fault = item as Record<string, unknown>;
  if ('for' in fault && !isLasting(verb)) {
    draft.refuseKey([...path, 'for'], `no \`for\` (${verb} is over at once; \`for\` ends what lasts)`);
  }
  checkTrigger(fault, path, draft);
  if (!result.success) {
    reportIssues(withoutFor(result.error.issues), path, draft.source, draft.findings);
    return undefined;
  }
  const read = result.data as Partial<Record<Verb, Action>> & FaultSection;
  const action = read[verb];
  if (action === undefined) return undefined;
  if (read.name === 'all')
    draft.refuse([...path, 'name'], 'a name other than all, which `heal` means otherwise');
  checkChoices(action, [...path, verb], draft);
  return {
    name: read.name ?? defaultName(index),
    trigger: triggerOf(read, path, draft),
    optional: read.optional ?? false,
    forUs: read.for,
    action,
  };
}

interface FaultSection {
  name?: string | undefined;
  at?: number | undefined;
  after?: number | undefined;
  optional?: boolean | undefined;
  for?: number | undefined;
  when?:
    | {
        fact: string;
        server?: Choice | undefined;
        nth?: number | undefined;
        epoch?: number | undefined;
        zxid?: number | undefined;
        since?: 'start' | 'previous' | undefined;
        from?: number | undefined;
        until?: number | undefined;
      }
    | undefined;
}

type Issues = Parameters<typeof reportIssues>[0];

/** `for` beside a verb that does not last has had its own message. */
function withoutFor(issues: Issues): Issues {
  return issues.flatMap((issue): Issues => {
    if (issue.code !== 'unrecognized_keys' || issue.path.length > 0) return [issue];
    const keys = issue.keys.filter((key) => key !== 'for');
    return keys.length === 0 ? [] : [{ ...issue, keys }];
  });
}

/** A fault's verb, found before anything else is checked: exactly one, or one clear message. */
function findVerb(item: unknown, path: Path, draft: Draft): Verb | undefined {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    draft.refuse(path, 'a fault such as { at: 10s, crash: leader }');
    return undefined;
  }
  const keys = Object.keys(item);
  const verbs = keys.filter(isVerb);
  const [first, second] = verbs;
  if (first !== undefined && second === undefined) return first;
  if (second !== undefined) {
    const found = verbs.join(' and ');
    draft.findings.add(draft.source, [...path, second], 'one verb per fault', { atKey: true, found });
    return undefined;
  }
  const strange = keys.find((key) => !COMMON_KEYS.includes(key));
  if (strange !== undefined)
    reportUnknownKey([...path, strange], [...VERBS, ...COMMON_KEYS], draft.source, draft.findings);
  else draft.refuse(path, `one verb (${VERBS.join(', ')})`);
  return undefined;
}

/** Exactly one of `at`, `after`, `when`; but `when` and `after` may stand together. */
function checkTrigger(fault: Record<string, unknown>, path: Path, draft: Draft): void {
  const triggers = ['at', 'after', 'when'].filter((key) => key in fault);
  if (triggers.length === 0) draft.refuse(path, 'one of at, after and when');
  else if (triggers.length > 1 && triggers[0] === 'at') {
    const other = triggers[1] ?? '';
    draft.refuseKey([...path, other], `one of at, after and when (only after and when stand together)`);
  }
}

function triggerOf(read: FaultSection, path: Path, draft: Draft): Trigger {
  const { when } = read;
  if (when === undefined) return { atUs: read.at, afterUs: read.after, when: undefined };
  if (when.server !== undefined) draft.checkParticipants(when.server, [...path, 'when', 'server']);
  draft.checkZxid([...path, 'when', 'zxid']);
  if (when.until !== undefined && when.until < (when.from ?? 0))
    draft.refuse([...path, 'when', 'until'], 'a time that is not before `from`');
  const pattern: FactPattern = {
    fact: when.fact,
    server: when.server,
    nth: when.nth ?? 1,
    epoch: when.epoch,
    zxid: when.zxid,
    since: when.since ?? 'start',
    fromUs: when.from,
    untilUs: when.until,
  };
  return { atUs: read.at, afterUs: read.after, when: pattern };
}

function checkHeal(
  action: Action,
  names: ReadonlyMap<string, Verb | undefined>,
  path: Path,
  draft: Draft,
): void {
  if (action.verb !== 'heal' || action.what === 'all') return;
  const known = names.has(action.what);
  const verb = names.get(action.what);
  if (known && (verb === undefined || isLasting(verb))) return;
  const expected = known
    ? `a fault that lasts (${verb} is over at once)`
    : 'all, or the name of an earlier fault';
  draft.refuse(path, expected, known ? undefined : draft.nearest(action.what, ['all', ...names.keys()]));
}

/** Checks that everybody whom the action names exists, and stands in one of its groups only. */
function checkChoices(action: Action, path: Path, draft: Draft): void {
  const seen = new Set<NodeId>();
  for (const [place, choice] of choicesOf(action, path)) {
    draft.checkParticipants(choice, place);
    for (const [index, id] of choice.entries()) {
      if (typeof id !== 'number') continue;
      if (seen.has(id)) draft.refuse(draft.itemPath(place, index), 'each participant in one group only');
      seen.add(id);
    }
  }
  // A server may be asked about itself.
  if (action.verb !== 'ask') return;
  draft.checkParticipants(action.subject ?? [], [...path, 'subject']);
  for (const part of action.subject ?? []) draft.subjects.add(part);
}

function choicesOf(action: Action, path: Path): (readonly [Path, Choice])[] {
  switch (action.verb) {
    case 'heal':
      return [];
    case 'partition':
      return action.groups.map((group, index) => [[...path, index], group]);
    case 'cut':
      return [
        [[...path, 'from'], action.from],
        [[...path, 'to'], action.to],
      ];
    case 'reset':
    case 'loss':
    case 'bandwidth':
      return betweenOf(action.between, path);
    case 'slow':
      if (action.between !== undefined) return betweenOf(action.between, path);
      return [[[...path, 'server'], action.server ?? []]];
    case 'crash':
    case 'powerCut':
    case 'restart':
    case 'start':
    case 'stop':
    case 'pause':
    case 'resume':
    case 'wipe':
    case 'isolate':
    case 'refuse':
      return [[path, action.servers]];
    default:
      return [[[...path, 'server'], action.server]];
  }
}

function betweenOf(between: readonly [Choice, Choice], path: Path): (readonly [Path, Choice])[] {
  return [
    [[...path, 'between', 0], between[0]],
    [[...path, 'between', 1], between[1]],
  ];
}
