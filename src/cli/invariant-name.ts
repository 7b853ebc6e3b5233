import { InvalidArgumentError } from 'commander';
import { INVARIANTS } from '../run/invariants.ts';
import { suggest } from '../run/suggest.ts';

/** Reads `--invariant NAME`. Throws what commander shows as bad usage where there is none of that name. */
export function parseInvariant(name: string): string {
  if (INVARIANTS.includes(name)) return name;
  const near = suggest(name, INVARIANTS);
  const hint = near === undefined ? ', e.g. no-lost-commit.' : `: did you mean ${near}?`;
  throw new InvalidArgumentError(`It is the name of an invariant${hint}`);
}
