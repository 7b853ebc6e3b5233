import { sortedEntries } from '../core/order.ts';
import { durationText } from '../core/units.ts';
import type { NodeId } from '../node/ids.ts';
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
  readonly unfired: readonly string[];
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
  for (const name of achieved.unfired) miss('faults', `${name} fires`, 'its trigger never came');
  return unmet;
}

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
