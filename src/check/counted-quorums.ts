import type { NodeId } from '../node/ids.ts';
import type { QuorumSystem, Tally } from '../node/quorum.ts';

/** A set of voters that decides when more than half of its weight is for it. */
interface Group {
  readonly members: readonly NodeId[];
  readonly weight: number;
}

/**
 * Who decides, as the judges count it: by the definition, with code of their own. The servers' own count
 * (`node/quorum.ts`) is on trial like all that they do. Source: QuorumMaj, QuorumHierarchical.
 *
 * @param weights by voter, 0 or more; who is not named has 1
 * @param groups none: all voters are one group. Otherwise each voter is in exactly one
 */
export function countedQuorums(
  voters: readonly NodeId[],
  weights: ReadonlyMap<NodeId, number> = new Map(),
  groups: readonly (readonly NodeId[])[] = [],
): QuorumSystem {
  const votersUp = [...voters].sort((a, b) => a - b);
  const votes = new Map(votersUp.map((sid) => [sid, weights.get(sid) ?? 1]));
  const weightOf = (sid: NodeId) => votes.get(sid) ?? 0;
  const weighty = (groups.length === 0 ? [votersUp] : groups)
    .map((members) => ({ members, weight: members.reduce((sum, sid) => sum + weightOf(sid), 0) }))
    .filter(({ weight }) => weight > 0);
  const heads = weights.size === 0 && groups.length === 0;
  return {
    voters: votersUp,
    isVoter: (sid) => votes.has(sid),
    weightOf,
    tally: () => (heads ? new Heads(votersUp) : new Weights(votersUp, weightOf, weighty)),
  };
}

/** Every voter has one vote. */
class Heads implements Tally {
  /** By sid; undefined: no voter. */
  readonly #in: (boolean | undefined)[] = [];
  readonly #voters: readonly NodeId[];
  #size = 0;

  constructor(voters: readonly NodeId[]) {
    this.#voters = voters;
    for (let sid = 0; sid <= (voters.at(-1) ?? -1); sid++) this.#in.push(undefined);
    for (const sid of voters) this.#in[sid] = false;
  }

  get size(): number {
    return this.#size;
  }

  has(sid: NodeId): boolean {
    return this.#in[sid] === true;
  }

  add(sid: NodeId): boolean {
    if (this.#in[sid] !== false) return false;
    this.#in[sid] = true;
    this.#size++;
    return true;
  }

  remove(sid: NodeId): void {
    if (!this.has(sid)) return;
    this.#in[sid] = false;
    this.#size--;
  }

  clear(): void {
    if (this.#size > 0) for (const sid of this.#voters) this.#in[sid] = false;
    this.#size = 0;
  }

  hasQuorum(): boolean {
    return 2 * this.#size > this.#voters.length;
  }
}

/** More than half of the groups that have any weight, each by more than half of its weight. */
class Weights extends Heads {
  readonly #weightOf: (sid: NodeId) => number;
  readonly #groups: readonly Group[];

  constructor(voters: readonly NodeId[], weightOf: (sid: NodeId) => number, groups: readonly Group[]) {
    super(voters);
    this.#weightOf = weightOf;
    this.#groups = groups;
  }

  override hasQuorum(): boolean {
    const won = this.#groups.filter(({ members, weight }) => 2 * this.#sum(members) > weight);
    return 2 * won.length > this.#groups.length;
  }

  #sum(members: readonly NodeId[]): number {
    return members.reduce((sum, sid) => sum + (this.has(sid) ? this.#weightOf(sid) : 0), 0);
  }
}
