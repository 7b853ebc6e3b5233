import type { NodeId } from '../../node/ids.ts';
import type { Happening } from './recording.ts';

/** Whether what has this id is in the cone. */
export type Cone = (happening: Happening) => boolean;

/**
 * The happens-before cone of something: what could have had to do with it, in the order of the recording. The
 * world's own events that came before it belong to it. `tips`: ids of what is to be explained.
 */
export function coneOf(happenings: readonly Happening[], tips: readonly number[]): Cone {
  // Whatever happened to a participant before is in the cone, too: the last of each says it all.
  const reached = new Map<NodeId, number>();
  const open = [...tips];
  let latest = -1;
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const tip = happenings[id];
    if (tip === undefined) continue;
    latest = Math.max(latest, id);
    if (tip.who === undefined) continue;
    const known = reached.get(tip.who) ?? -1;
    if (known >= id) continue;
    reached.set(tip.who, id);
    for (let at: Happening | undefined = tip; at !== undefined && at.id > known; at = happenings[at.before]) {
      if (at.cause >= 0) open.push(at.cause);
    }
  }
  const inCone = ({ id, who }: Happening): boolean =>
    who === undefined ? id <= latest : id <= (reached.get(who) ?? -1);
  const isFault = (id: number): boolean => happenings[id]?.event.kind === 'fault-fired';
  // What a fault of the cone did to others belongs to it.
  return (one) => inCone(one) || (one.id <= latest && isFault(one.cause));
}
