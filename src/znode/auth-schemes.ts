import { addressMatches, isAddressRange } from './ip-address.ts';

/** How ids of one scheme are judged. Source: ServerAuthenticationProvider. */
export interface AuthScheme {
  /** Whether holding an id of this scheme proves who one is: only then does `auth` stand for it. */
  readonly authenticates: boolean;
  /** Whether the id may stand in an access list. */
  readonly isValid: (id: string) => boolean;
  /** Whether a caller with the id `own` is meant by `listed`. */
  readonly matches: (own: string, listed: string) => boolean;
  /** What whoAmI calls the id. */
  readonly userName: (id: string) => string;
}

/** The schemes that every server registers. SASL and X.509 need a provider and are not offered. */
const SCHEMES: ReadonlyMap<string, AuthScheme> = new Map([
  [
    'digest',
    {
      authenticates: true,
      isValid: (id) => colonParts(id).length === 2,
      matches: (own, listed) => own === listed,
      userName: (id) => colonParts(id)[0] ?? '',
    },
  ],
  [
    'ip',
    {
      authenticates: false,
      isValid: isAddressRange,
      matches: addressMatches,
      userName: (id) => id,
    },
  ],
]);

/** The scheme of that name; undefined when it is unknown, as `world`, `auth` and `super` are, too. */
export function authScheme(name: string): AuthScheme | undefined {
  return SCHEMES.get(name);
}

/** The parts between colons without empty ones at the end, as Java's split has them. */
function colonParts(id: string): string[] {
  const parts = id.split(':');
  while (parts.length > 1 && parts[parts.length - 1] === '') parts.pop();
  return parts;
}
