import { type NodeId, nameOf } from '../node/ids.ts';

/** Whom a fault hits: ` on 1, 2`, ` of 1, 2 | 3, 4, 5`, ` from 1 to 2`; empty where it names nobody. */
export function whomText({
  verb,
  servers,
  sides,
}: {
  readonly verb: string;
  readonly servers: readonly NodeId[];
  readonly sides?: readonly (readonly NodeId[])[] | undefined;
}): string {
  if (sides !== undefined) {
    const [first = '', ...others] = sides.map(namesOf);
    if (verb === 'partition') return ` of ${[first, ...others].join(' | ')}`;
    return verb === 'cut' ? ` from ${first} to ${others.join()}` : ` between ${first} and ${others.join()}`;
  }
  return servers.length === 0 ? '' : ` on ${namesOf(servers)}`;
}

function namesOf(ids: readonly NodeId[]): string {
  return ids.map((id) => nameOf(id)).join(', ');
}
