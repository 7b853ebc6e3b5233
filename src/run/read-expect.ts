import { parseDurationUs } from '../core/units.ts';
import type { NodeId } from '../node/ids.ts';
import type { Draft } from './draft.ts';
import { INVARIANTS } from './invariants.ts';
import type { Comparison, Expectations, ServerState } from './plan.ts';
import type { Section } from './schema.ts';
import type { Path } from './yaml-source.ts';

type Instant = Pick<Expectations, 'leader' | 'epoch' | 'roles'>;

/** Checks the `expect` section against the ensemble and the run's duration. */
export function readExpect(section: Section<'expect'>, durationUs: number, draft: Draft): Expectations {
  const checkpoints = (section?.checkpoints ?? []).map((checkpoint, index) => {
    const path = ['expect', 'checkpoints', index];
    if (checkpoint.at > durationUs) draft.refuse([...path, 'at'], 'a time within the duration of the run');
    return { atUs: checkpoint.at, ...instant(checkpoint, path, draft) };
  });
  const verdict = section?.verdict ?? 'passed';
  const violates = section?.violates;
  if (violates !== undefined) checkInvariant(violates, verdict, draft);
  return {
    verdict,
    violates,
    ...instant(section ?? {}, ['expect'], draft),
    elections: comparison(section?.elections, Number),
    commits: comparison(section?.commits, Number),
    unavailableUs: comparison(section?.unavailable, (text) =>
      durationUsOf(text, ['expect', 'unavailable'], draft),
    ),
    checkpoints,
  };
}

interface InstantSection {
  leader?: NodeId | 'none' | undefined;
  epoch?: number | undefined;
  roles?: ReadonlyMap<NodeId, ServerState> | undefined;
}

function instant(section: InstantSection, path: Path, draft: Draft): Instant {
  const { leader, epoch } = section;
  const roles = section.roles ?? new Map<NodeId, ServerState>();
  if (typeof leader === 'number') {
    draft.checkParticipant(leader, [...path, 'leader']);
    const observer = draft.servers?.includes(leader) === true && draft.voters?.includes(leader) === false;
    if (observer && !draft.subjects.has(leader))
      draft.refuse([...path, 'leader'], 'a voter: observers never lead');
  }
  for (const id of roles.keys()) draft.checkParticipant(id, [...path, 'roles', String(id)], true);
  return { leader, epoch, roles };
}

/** An unknown name passes, since monitors may be added; one that is nearly a known name is a slip. */
function checkInvariant(name: string, verdict: string, draft: Draft): void {
  const path = ['expect', 'violates'];
  if (verdict !== 'violated') draft.refuseKey(path, '`verdict: violated` beside it');
  const near = INVARIANTS.includes(name) ? undefined : draft.nearest(name, INVARIANTS);
  if (near !== undefined) draft.refuse(path, 'the name of an invariant', near);
  else if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name))
    draft.refuse(path, 'the name of an invariant, such as no-lost-commit');
}

function comparison(text: string | undefined, read: (text: string) => number): Comparison | undefined {
  if (text === undefined) return undefined;
  const match = /^\s*(==?|!=|<=?|>=?)?\s*(\S+)\s*$/.exec(text);
  const sign = match?.[1] ?? '=';
  const operator = (sign === '==' ? '=' : sign) as Comparison['operator'];
  return { operator, value: read(match?.[2] ?? ''), text: text.trim() };
}

function durationUsOf(text: string, path: Path, draft: Draft): number {
  const us = parseDurationUs(text);
  if (us === undefined) draft.refuse(path, 'a duration in whole microseconds, of at most 720h');
  return us ?? 0;
}
