import type { AuthId } from './acl.ts';
import type { Auth } from './client-messages.ts';
import { digestId } from './digest-id.ts';

/**
 * The ids that an auth packet proves: the digest id of a user and password, and the administrator's where
 * that is it. Undefined when the scheme has no provider. Source: DigestAuthenticationProvider,
 * IPAuthenticationProvider (which adds the address once more).
 */
export function identify(
  { scheme, auth }: Auth,
  known: readonly AuthId[],
  superDigest: string | undefined,
): readonly AuthId[] | undefined {
  if (scheme === 'ip') return known.filter((id) => id.scheme === 'ip');
  if (scheme !== 'digest') return undefined;
  const id = digestId(auth);
  const ids: AuthId[] = [{ scheme: 'digest', id }];
  return id === superDigest ? [{ scheme: 'super', id: '' }, ...ids] : ids;
}
