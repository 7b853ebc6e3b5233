import type { NodeId } from '../../../node/ids.ts';
import type { QuorumSystem, Tally } from '../../../node/quorum.ts';

/**
 * A quorum by the number of heads: `containsQuorum` of QuorumMaj compared the size of the set, whoever was in
 * it, with half the number of voters (ZOOKEEPER-1294, -2959).
 */
export function headCount(quorums: QuorumSystem): Tally {
  const heads = new Set<NodeId>();
  return {
    add: (sid) => {
      if (heads.has(sid)) return false;
      heads.add(sid);
      return true;
    },
    has: (sid) => heads.has(sid),
    remove: (sid) => {
      heads.delete(sid);
    },
    clear: () => heads.clear(),
    get size() {
      return heads.size;
    },
    hasQuorum: () => heads.size > Math.floor(quorums.voters.length / 2),
  };
}
