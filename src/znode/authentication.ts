import type { AuthId } from './acl.ts';
import type { Auth } from './client-messages.ts';
import { digestId } from './digest-id.ts';

/**
 * The ids that an auth packet proves: the digest id of a user and password, and the administrator's where
 * that is it. Undefined when the scheme has no provider. Source: DigestAuthenticationProvider,
 * IPAuthenticationProvider.
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

/**
 * What a connection has proven once it proves `more`: a set, in the order in which Java's hash table gives it
 * out. An access list for `auth` names the ids in that order, and whoAmI does. Exact for up to 11 ids, before
 * the table grows. Source: ServerCnxn.authInfo; the hash codes are those of Id and String.
 */
export function withIds(known: readonly AuthId[], more: readonly AuthId[]): readonly AuthId[] {
  const ids = [...known];
  for (const id of more) {
    if (!ids.some((other) => other.scheme === id.scheme && other.id === id.id)) ids.push(id);
  }
  return ids.sort((a, b) => placeOf(a) - placeOf(b));
}

const PLACES = 16;

function placeOf({ scheme, id }: AuthId): number {
  const hash = Math.imul(37, 17 * 37 + textHash(scheme)) + textHash(id);
  return (hash ^ (hash >>> 16)) & (PLACES - 1);
}

function textHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}
