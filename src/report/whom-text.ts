import { type NodeId, nameOf } from '../node/ids.ts';

/**
 * Whom a fault hits: ` on 1, 2`, ` of 1, 2 | 3, 4, 5`, ` from 1 to 2`, ` 1 for hand-over: 3`; empty where it
 * names nobody.
 */
export function whomText({
  verb,
  servers,
  sides,
  asked,
}: {
  readonly verb: string;
  readonly servers: readonly NodeId[];
  readonly sides?: readonly (readonly NodeId[])[] | undefined;
  readonly asked?: { readonly request: string; readonly subject: NodeId } | undefined;
}): string {
  if (asked !== undefined) {
    const { request, subject } = asked;
    return ` ${namesOf(servers)} for ${request}${subject === 0 ? '' : `: ${nameOf(subject)}`}`;
  }
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
