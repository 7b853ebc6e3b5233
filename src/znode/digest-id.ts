import { sha1 } from '@noble/hashes/legacy.js';
import { encodeUtf8 } from '../core/utf8.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * The id of the digest scheme for `user:password`: `user:base64(SHA-1(user:password))`. A secret without a
 * colon is its own user. Source: DigestAuthenticationProvider.generateDigest.
 */
export function digestId(userAndPassword: string): string {
  const user = userAndPassword.split(':', 1)[0] ?? '';
  return `${user}:${base64(sha1(encodeUtf8(userAndPassword)))}`;
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const word = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    for (let k = 0; k < 4; k++) {
      text += i + k > bytes.length ? '=' : ALPHABET[(word >> (18 - 6 * k)) & 63];
    }
  }
  return text;
}
