import { ascending } from '../core/order.ts';
import { formatZxid, type Zxid } from '../core/zxid.ts';
import type { NodeId } from '../node/ids.ts';
import type { InitialDisk } from './plan.ts';

/**
 * One sentence for each two servers that were given histories which no ensemble can leave: a transaction has
 * one before it, and that is the same wherever both are (Zab's total order).
 */
export function contradictionsOf(disks: ReadonlyMap<NodeId, InitialDisk>): readonly string[] {
  const found: string[] = [];
  const given = [...disks].filter(([, disk]) => disk.dataDir === undefined);
  given.sort(([a], [b]) => ascending(a, b));
  for (const [place, [one, disk]] of given.entries()) {
    const before = predecessors(disk);
    for (const [other, otherDisk] of given.slice(place + 1)) {
      const clash = firstClash(before, predecessors(otherDisk));
      if (clash === undefined) continue;
      const [zxid, mine, theirs] = clash;
      found.push(
        `servers ${one} and ${other} were given histories that contradict each other: before ` +
          `${formatZxid(zxid)} comes ${nameOf(mine)} by one, ${nameOf(theirs)} by the other`,
      );
    }
  }
  return found;
}

/** What comes before each logged transaction, where the disk says so; 0: nothing. */
function predecessors({ log, snapshot }: InitialDisk): ReadonlyMap<Zxid, Zxid> {
  const before = new Map<Zxid, Zxid>();
  let last: Zxid = snapshot ?? (0 as Zxid);
  for (const [place, zxid] of log.entries()) {
    // A log that begins within what its snapshot covers does not say what was before it.
    if (place > 0 || last < zxid) before.set(zxid, last);
    last = zxid;
  }
  return before;
}

function firstClash(
  a: ReadonlyMap<Zxid, Zxid>,
  b: ReadonlyMap<Zxid, Zxid>,
): readonly [Zxid, Zxid, Zxid] | undefined {
  for (const [zxid, mine] of a) {
    const theirs = b.get(zxid);
    if (theirs !== undefined && theirs !== mine) return [zxid, mine, theirs];
  }
  return undefined;
}

function nameOf(zxid: Zxid): string {
  return zxid === 0 ? 'nothing' : formatZxid(zxid);
}
