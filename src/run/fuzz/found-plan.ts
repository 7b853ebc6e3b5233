import type { Outcome } from '../outcome.ts';
import type { Plan } from '../plan.ts';
import type { Finding } from './chunk.ts';
import { NO_EXPECTATIONS } from './nemesis.ts';

const TITLE_CHARS_MAX = 200;

/**
 * The plan of a failure as it is kept: with what it showed, so that `replay` can compare, and with what is
 * expected of it, so that `run` accepts it.
 *
 * @param outcome of a run of `plan`, in which `finding` came up
 * @param version of zabsim
 * @param story what happened, for a reader
 */
export function foundPlan(
  plan: Plan,
  finding: Finding,
  outcome: Outcome,
  version: string,
  story: readonly string[],
): Plan {
  const violated = outcome.violations.map((violation) => violation.invariant);
  const { signature, invariant } = finding;
  return {
    ...plan,
    title: `${invariant} does not hold: ${signature.slice(invariant.length + 2)}`.slice(0, TITLE_CHARS_MAX),
    expect: {
      ...NO_EXPECTATIONS,
      verdict: outcome.verdict,
      violates: violated.includes(invariant) ? invariant : violated[0],
    },
    found: { signature, fingerprint: outcome.fingerprint, version, story },
  };
}
