import type { Outcome } from '../run/outcome.ts';

/**
 * One entry of `run --json`'s `results`, as the interface names it; the checkpoints of the fingerprint stay
 * out.
 */
export function runJson(outcome: Outcome, wallMs: number): Readonly<Record<string, unknown>> {
  return {
    file: outcome.file,
    title: outcome.title,
    protocol: outcome.protocol,
    seed: outcome.seed,
    verdict: outcome.verdict,
    expected: outcome.expected,
    unmet: outcome.unmet,
    fingerprint: outcome.fingerprint,
    events: outcome.events,
    virtualUs: outcome.virtualUs,
    wallMs: Math.round(wallMs * 10) / 10,
    violations: outcome.violations,
    stalls: outcome.stalls,
    leaders: outcome.leaders,
    servers: outcome.servers,
    commits: outcome.commits,
    unavailableUs: outcome.unavailableUs,
    clients: outcome.clients,
    faults: outcome.timeline,
    unfired: outcome.unfired,
    withoutEffect: outcome.withoutEffect,
    assumptions: outcome.assumptions,
    lost: outcome.lost,
    liveness: outcome.liveness,
    invariants: outcome.invariants,
    history: outcome.history ?? null,
  };
}
