import { chain32, mix32 } from '../core/digest.ts';

/** Plain content: what txns and pieces of snapshots are made of. */
type Content = string | number | boolean | null | undefined | Uint8Array | readonly unknown[] | object;

/** A digest of plain content, 31 bits. The order of an object's fields does not matter. */
export function contentDigest(content: Content): number {
  return fold(0x2f6b, content) >>> 1;
}

function fold(hash: number, content: Content): number {
  if (typeof content === 'string') return foldText(chain32(hash, 1), content);
  if (typeof content === 'number') return chain32(chain32(hash, 2), content);
  if (typeof content === 'boolean') return chain32(hash, content ? 3 : 4);
  if (content === null || content === undefined) return chain32(hash, 5);
  if (content instanceof Uint8Array) return foldBytes(chain32(hash, 6), content);
  if (Array.isArray(content)) {
    let h = chain32(hash, 7);
    for (const item of content as Content[]) h = fold(h, item);
    return chain32(h, content.length);
  }
  let fields = 0;
  for (const name of Object.keys(content)) {
    fields += mix32(fold(nameHash(name), (content as { readonly [name: string]: Content })[name]));
  }
  return chain32(chain32(hash, 8), fields);
}

/** There are few names of fields, and each comes up in every node. */
const NAMES = new Map<string, number>();

function nameHash(name: string): number {
  let hash = NAMES.get(name);
  if (hash === undefined) {
    hash = foldText(9, name);
    NAMES.set(name, hash);
  }
  return hash;
}

function foldText(hash: number, text: string): number {
  let h = hash;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return chain32(h, text.length);
}

function foldBytes(hash: number, bytes: Uint8Array): number {
  let h = hash;
  for (let i = 0; i < bytes.length; i++) h = Math.imul(h ^ (bytes[i] as number), 0x01000193);
  return chain32(h, bytes.length);
}
