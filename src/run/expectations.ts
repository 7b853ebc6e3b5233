import { sortedEntries } from '../core/order.ts';
import { durationText } from '../core/units.ts';
import type { NodeId } from '../node/ids.ts';
import type { Selector, Unfired } from '../sim/fault.ts';
import type { Unmet, Verdict } from './outcome.ts';
import type { Comparison, Expectations, ServerState } from './plan.ts';

/** How the ensemble stands at a moment. */
export interface Standing {
  readonly atUs: number;
  /** The established leader of the highest epoch that has not resigned or died. */
  readonly leader: NodeId | 'none';
  /** Of the leader; without one, the highest established; 0 before the first. */
  readonly epoch: number;
  readonly roles: ReadonlyMap<NodeId, ServerState>;
}

/** What a run came to, as far as a scenario may expect something of it. */
export interface Achieved {
  readonly verdict: Verdict;
  /** Names of the invariants that did not hold. */
  readonly violated: readonly string[];
  readonly elections: number;
  readonly commits: number;
  readonly unavailableUs: number;
  /** At the end. */
  readonly end: Standing;
  /** One for each of the expected checkpoints, in their order; undefined for one after the end of the run. */
  readonly checkpoints: readonly (Standing | undefined)[];
  readonly unfired: readonly Unfired[];
}

/**
 * What a scenario expected and did not get, in the order of the scenario format. Faults that never fired are
 * part of it.
 */
export function unmetOf(expect: Expectations, achieved: Achieved): readonly Unmet[] {
  const unmet: Unmet[] = [];
  const atUs = achieved.end.atUs;
  const miss = (name: string, wanted: string, got: string): void => {
    unmet.push({ expect: name, wanted, got, atUs });
  };
  if (achieved.verdict !== expect.verdict) miss('verdict', expect.verdict, achieved.verdict);
  if (expect.violates !== undefined && !achieved.violated.includes(expect.violates)) {
    miss(
      'violates',
      expect.violates,
      achieved.violated.length === 0 ? 'nothing' : achieved.violated.join(', '),
    );
  }
  unmet.push(...unmetStanding(expect, achieved.end, ''));
  const compare = (name: string, bound: Comparison | undefined, got: number, shown: string): void => {
    if (bound !== undefined && !holds(bound, got)) miss(name, bound.text, shown);
  };
  compare('elections', expect.elections, achieved.elections, String(achieved.elections));
  compare('commits', expect.commits, achieved.commits, String(achieved.commits));
  compare('unavailable', expect.unavailableUs, achieved.unavailableUs, durationText(achieved.unavailableUs));
  for (const [index, checkpoint] of expect.checkpoints.entries()) {
    const standing = achieved.checkpoints[index];
    if (standing === undefined)
      miss(`checkpoints[${index}]`, `a run of ${durationText(checkpoint.atUs)}`, 'a shorter one');
    else unmet.push(...unmetStanding(checkpoint, standing, `checkpoints[${index}].`));
  }
  for (const { name, why } of achieved.unfired) {
    const missed = typeof why === 'object' ? why : { atUs };
    unmet.push({ expect: 'faults', wanted: `${name} fires`, got: unfiredText(why), atUs: missed.atUs });
  }
  return unmet;
}

function unfiredText(why: Unfired['why']): string {
  if (why === 'trigger') return 'its trigger never came';
  if (why === 'before') return 'the fault before it never fired';
  return `when its trigger came, at ${durationText(why.atUs)}, ${NOBODY[why.selector]}`;
}

/** What it means that a selector found nobody. */
const NOBODY: Readonly<Record<Selector, string>> = {
  leader: 'there was no leader',
  follower: 'no other server followed a leader',
  followers: 'no server followed a leader',
  observer: 'there was no other observer',
  observers: 'there was no observer',
  minority: 'there were too few voters for a minority',
  majority: 'there were too few voters for a majority',
  crashed: 'no server that had run was down',
  paused: 'no server was paused',
  all: 'there was no server',
  rest: 'no server was left',
};

function unmetStanding(
  expect: Pick<Expectations, 'leader' | 'epoch' | 'roles'>,
  standing: Standing,
  prefix: string,
): readonly Unmet[] {
  const unmet: Unmet[] = [];
  const { atUs } = standing;
  if (expect.leader !== undefined && standing.leader !== expect.leader) {
    unmet.push({
      expect: `${prefix}leader`,
      wanted: String(expect.leader),
      got: String(standing.leader),
      atUs,
    });
  }
  if (expect.epoch !== undefined && standing.epoch !== expect.epoch) {
    unmet.push({ expect: `${prefix}epoch`, wanted: String(expect.epoch), got: String(standing.epoch), atUs });
  }
  for (const [server, wanted] of sortedEntries(expect.roles)) {
    const got = standing.roles.get(server) ?? 'stopped';
    if (got !== wanted) unmet.push({ expect: `${prefix}roles.${server}`, wanted, got, atUs });
  }
  return unmet;
}

/** Whether a number is within a bound. */
function holds(bound: Comparison, got: number): boolean {
  switch (bound.operator) {
    case '=':
      return got === bound.value;
    case '!=':
      return got !== bound.value;
    case '<':
      return got < bound.value;
    case '<=':
      return got <= bound.value;
    case '>':
      return got > bound.value;
    case '>=':
      return got >= bound.value;
  }
}
