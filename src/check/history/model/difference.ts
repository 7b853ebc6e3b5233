import type { PartResult, Result, Stat } from '../request.ts';
import { sameAcl } from './permits.ts';

/** What differs between an answer that was expected and the one that was seen. */
export interface Difference {
  readonly field: string;
  readonly expected: string;
  readonly seen: string;
}

const STAT_FIELDS = [
  'czxid',
  'mzxid',
  'pzxid',
  'ctime',
  'mtime',
  'version',
  'cversion',
  'aversion',
  'ephemeralOwner',
  'dataLength',
  'numChildren',
] as const;

/** The first difference between two Stats. */
export function statDifference(expected: Stat, seen: Stat): Difference | undefined {
  for (const field of STAT_FIELDS) {
    if (expected[field] !== seen[field]) return differ(`stat.${field}`, expected[field], seen[field]);
  }
  return undefined;
}

/**
 * The first difference between what was expected and those fields that the reply carried: a shorter form of
 * a reply has no Stat.
 */
export function resultDifference(expected: Result, seen: Result): Difference | undefined {
  if (seen.path !== undefined && seen.path !== expected.path)
    return differ('path', expected.path ?? '', seen.path);
  if (seen.data !== undefined && seen.data !== expected.data)
    return differ('data', expected.data ?? null, seen.data);
  if (seen.children !== undefined) {
    const difference = namesDifference('children', expected.children ?? [], seen.children);
    if (difference !== undefined) return difference;
  }
  if (seen.stat !== undefined) {
    if (expected.stat === undefined) return differ('stat', 'none', 'one');
    const difference = statDifference(expected.stat, seen.stat);
    if (difference !== undefined) return difference;
  }
  if (seen.count !== undefined && seen.count !== expected.count)
    return differ('count', expected.count ?? 0, seen.count);
  if (seen.paths !== undefined) return namesDifference('paths', expected.paths ?? [], seen.paths);
  if (seen.acl !== undefined && !sameAcl(expected.acl ?? null, seen.acl))
    return differ('acl', JSON.stringify(expected.acl), JSON.stringify(seen.acl));
  return seen.parts === undefined ? undefined : partsDifference(expected.parts ?? [], seen.parts);
}

/** The first difference between the parts of two multis. */
export function partsDifference(
  expected: readonly PartResult[],
  seen: readonly PartResult[],
): Difference | undefined {
  if (expected.length !== seen.length) return differ('parts', expected.length, seen.length);
  for (const [i, part] of seen.entries()) {
    const wanted = expected[i] as PartResult;
    const difference =
      wanted.error === part.error
        ? resultDifference(wanted, part)
        : differ('error', wanted.error, part.error);
    if (difference !== undefined) return { ...difference, field: `parts[${i}].${difference.field}` };
  }
  return undefined;
}

function namesDifference(
  field: string,
  expected: readonly string[],
  seen: readonly string[],
): Difference | undefined {
  const wanted = new Set(expected);
  const found = new Set(seen);
  const missing = expected.filter((name) => !found.has(name));
  const extra = seen.filter((name) => !wanted.has(name));
  if (missing.length === 0 && extra.length === 0 && seen.length === expected.length) return undefined;
  return {
    field,
    expected: `${expected.length} names${missing.length > 0 ? `, with ${some(missing)}` : ''}`,
    seen: `${seen.length} names${extra.length > 0 ? `, with ${some(extra)}` : ''}`,
  };
}

function some(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(', ')}, …` : names.join(', ');
}

function differ(field: string, expected: unknown, seen: unknown): Difference {
  return { field, expected: JSON.stringify(expected), seen: JSON.stringify(seen) };
}
