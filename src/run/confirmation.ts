import type { Outcome } from './outcome.ts';
import type { FoundFailure } from './plan.ts';
import { signatureOf } from './signature.ts';

/** Whether a run showed again what a stored failure says, and what of it. */
export interface Confirmation {
  readonly confirmed: boolean;
  /** What was compared: `wanted` is the file's. */
  readonly checks: readonly {
    readonly what: 'signature' | 'fingerprint';
    readonly wanted: string;
    readonly got: string;
    readonly same: boolean;
    /** False for what another version of zabsim need not repeat. */
    readonly demanded: boolean;
  }[];
}

/**
 * Compares a run with what was found: the version that found it must repeat both, another one the signature.
 */
export function confirm(found: FoundFailure, outcome: Outcome, version: string): Confirmation {
  const signatures = [...outcome.violations, ...outcome.stalls].map(signatureOf);
  const sameSignature = signatures.includes(found.signature);
  const sameFingerprint = outcome.fingerprint === found.fingerprint;
  const demanded = found.version === version;
  return {
    confirmed: sameSignature && (sameFingerprint || !demanded),
    checks: [
      {
        what: 'signature',
        wanted: found.signature,
        got: sameSignature ? found.signature : (signatures[0] ?? 'none'),
        same: sameSignature,
        demanded: true,
      },
      {
        what: 'fingerprint',
        wanted: found.fingerprint,
        got: outcome.fingerprint,
        same: sameFingerprint,
        demanded,
      },
    ],
  };
}
