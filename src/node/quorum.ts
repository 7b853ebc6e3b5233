import { assert } from '../core/assert.ts';
import { MAX_SID, type NodeId } from './ids.ts';

/** Who may decide: which sets of voters are a quorum. Source: QuorumVerifier. */
export interface QuorumSystem {
  /** The voters, ascending. */
  readonly voters: readonly NodeId[];
  isVoter(sid: NodeId): boolean;
  /** A server of weight 0 follows but is never elected. 0 for a non-voter. */
  weightOf(sid: NodeId): number;
  /** An empty set of supporters. */
  tally(): Tally;
}

/** A growing set of voters. Non-voters are not counted: adding one changes nothing. */
export interface Tally {
  /** Whether the sid was counted just now: a voter that was not yet in the set. */
  add(sid: NodeId): boolean;
  has(sid: NodeId): boolean;
  remove(sid: NodeId): void;
  clear(): void;
  readonly size: number;
  hasQuorum(): boolean;
}

/** Every voter has one vote, more than half decide. Source: QuorumMaj. */
export function majority(voters: readonly NodeId[]): QuorumSystem {
  return weighted(
    voters.map((sid) => ({ sid, weight: 1 })),
    [voters],
    true,
  );
}

/**
 * Groups with weights: a group is won by more than half of its weight, and more than half of the groups that
 * have any weight decide. Source: QuorumHierarchical.
 *
 * @param members each voter once, with its weight (0 or more)
 * @param groups each voter in exactly one group
 */
export function hierarchical(
  members: readonly { readonly sid: NodeId; readonly weight: number }[],
  groups: readonly (readonly NodeId[])[],
): QuorumSystem {
  return weighted(members, groups, false);
}

function weighted(
  members: readonly { readonly sid: NodeId; readonly weight: number }[],
  groups: readonly (readonly NodeId[])[],
  plain: boolean,
): QuorumSystem {
  const voters = members.map((member) => member.sid).sort((a, b) => a - b);
  // Plain arrays as long as need be: a run makes several quorum systems, and a typed array costs a µs.
  const index = upTo(voters, -1);
  for (const [i, sid] of voters.entries()) {
    assert(sid >= 1 && sid <= MAX_SID, 'a voter is a server');
    assert(index[sid] === -1, 'a voter is named once');
    index[sid] = i;
  }
  const weights = upTo(voters, 0);
  for (const member of members) weights[member.sid] = member.weight;
  const groupOf = upTo(voters, -1);
  const groupWeights: number[] = [];
  for (const [g, group] of groups.entries()) {
    let weight = 0;
    for (const sid of group) {
      assert((groupOf[sid] ?? -1) === -1, 'a voter is in one group');
      groupOf[sid] = g;
      weight += weights[sid] ?? 0;
    }
    groupWeights.push(weight);
  }
  for (const sid of voters) assert(groupOf[sid] !== -1, 'a voter is in some group');
  const live = groupWeights.filter((weight) => weight > 0).length;
  return {
    voters,
    isVoter: (sid) => (index[sid] ?? -1) >= 0,
    weightOf: (sid) => weights[sid] ?? 0,
    tally: plain
      ? () => new MajorityTally(index, voters.length)
      : () => new GroupTally(index, voters.length, weights, groupOf, groupWeights, live),
  };
}

/** A set of voters as bits: one word serves up to 31 voters, an array of words the rest. */
class VoterSet {
  readonly #index: readonly number[];
  readonly #words: Int32Array | undefined;
  #word = 0;
  #size = 0;

  constructor(index: readonly number[], count: number) {
    this.#index = index;
    this.#words = count > 31 ? new Int32Array((count + 31) >> 5) : undefined;
  }

  get size(): number {
    return this.#size;
  }

  has(sid: NodeId): boolean {
    const i = this.#index[sid] ?? -1;
    if (i < 0) return false;
    const word = this.#words === undefined ? this.#word : (this.#words[i >> 5] ?? 0);
    return (word & (1 << (i & 31))) !== 0;
  }

  add(sid: NodeId): boolean {
    const i = this.#index[sid] ?? -1;
    if (i < 0 || this.has(sid)) return false;
    this.#toggle(i);
    this.#size++;
    return true;
  }

  remove(sid: NodeId): void {
    if (!this.has(sid)) return;
    this.#toggle(this.#index[sid] ?? 0);
    this.#size--;
  }

  clear(): void {
    this.#word = 0;
    this.#words?.fill(0);
    this.#size = 0;
  }

  #toggle(i: number): void {
    if (this.#words === undefined) this.#word ^= 1 << i;
    else this.#words[i >> 5] = (this.#words[i >> 5] ?? 0) ^ (1 << (i & 31));
  }
}

class MajorityTally extends VoterSet implements Tally {
  readonly #half: number;

  constructor(index: readonly number[], count: number) {
    super(index, count);
    this.#half = Math.floor(count / 2);
  }

  hasQuorum(): boolean {
    return this.size > this.#half;
  }
}

class GroupTally extends VoterSet implements Tally {
  readonly #weights: readonly number[];
  readonly #groupOf: readonly number[];
  readonly #groupWeights: readonly number[];
  readonly #live: number;
  readonly #won: number[];

  constructor(
    index: readonly number[],
    count: number,
    weights: readonly number[],
    groupOf: readonly number[],
    groupWeights: readonly number[],
    live: number,
  ) {
    super(index, count);
    this.#weights = weights;
    this.#groupOf = groupOf;
    this.#groupWeights = groupWeights;
    this.#live = live;
    this.#won = groupWeights.map(() => 0);
  }

  override add(sid: NodeId): boolean {
    if (!super.add(sid)) return false;
    this.#count(sid, 1);
    return true;
  }

  override remove(sid: NodeId): void {
    if (!this.has(sid)) return;
    super.remove(sid);
    this.#count(sid, -1);
  }

  override clear(): void {
    super.clear();
    this.#won.fill(0);
  }

  #count(sid: NodeId, sign: number): void {
    const group = this.#groupOf[sid] ?? 0;
    this.#won[group] = (this.#won[group] ?? 0) + sign * (this.#weights[sid] ?? 0);
  }

  hasQuorum(): boolean {
    let groups = 0;
    for (let g = 0; g < this.#won.length; g++) {
      // Java's integer division: a group of weight 3 is won by 2, of weight 4 by 3.
      if ((this.#won[g] ?? 0) > Math.floor((this.#groupWeights[g] ?? 0) / 2)) groups++;
    }
    return groups > Math.floor(this.#live / 2);
  }
}

/** A number for each id up to that of the last voter. */
function upTo(voters: readonly NodeId[], value: number): number[] {
  const last = voters.at(-1) ?? 0;
  assert(last <= MAX_SID, 'a voter is a server');
  return new Array<number>(last + 1).fill(value);
}
