import fc from 'fast-check';
import { aclTableEntry, nodeEntry, sessionEntry } from '../../src/wire/snapshot-body.ts';
import type { SnapshotContent, SnapshotDigest } from '../../src/wire/snapshot-file.ts';
import { valuesOf } from './wire-arbitrary.ts';

const anyLong = fc.bigInt({ min: -0x8000_0000_0000_0000n, max: 0x7fff_ffff_ffff_ffffn });

const anyDigest: fc.Arbitrary<SnapshotDigest> = fc.oneof(
  fc.record({ zxid: anyLong, version: fc.integer({ min: 2, max: 9 }), digest: anyLong }),
  fc.record({ zxid: anyLong, version: fc.constantFrom(0, 1), digest: fc.constantFrom('', '51c6d660', null) }),
);

/** Any content of a snapshot; no path is "/", which ends the nodes. */
export const anySnapshot: fc.Arbitrary<SnapshotContent> = fc.record({
  header: fc.record({ version: fc.integer(), dbid: anyLong }),
  sessions: fc.array(valuesOf(sessionEntry), { maxLength: 4 }),
  acls: fc.array(valuesOf(aclTableEntry), { maxLength: 4 }),
  nodes: fc.array(
    valuesOf(nodeEntry).map((node) => (node.path === '/' ? { ...node, path: '' } : node)),
    { maxLength: 6 },
  ),
  digest: fc.option(anyDigest, { nil: undefined }),
  lastProcessedZxid: fc.option(anyLong, { nil: undefined }),
});

/** Some bytes cut into pieces at any places; empty pieces too. */
export function anyPieces(bytes: Uint8Array): fc.Arbitrary<Uint8Array[]> {
  return fc.array(fc.nat(bytes.length), { maxLength: 8 }).map((cuts) => {
    const places = [0, ...cuts, bytes.length].sort((a, b) => a - b);
    return places.slice(1).map((end, i) => bytes.slice(places[i], end));
  });
}

/** How a file may be spoilt. */
export type Spoiling =
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'int'; readonly at: number; readonly value: number }
  | { readonly kind: 'insert'; readonly at: number; readonly bytes: Uint8Array };

const place = fc.double({ min: 0, max: 1, noNaN: true });

/** Any way to spoil a file; places are shares of its length. */
export const anySpoiling: fc.Arbitrary<Spoiling> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: place, bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('cut' as const), at: place }),
  fc.record({
    kind: fc.constant('int' as const),
    at: place,
    value: fc.constantFrom(-1, -2, 0, 1, 0x7fff_ffff, -0x8000_0000, 1048576, 2097151),
  }),
  fc.record({ kind: fc.constant('insert' as const), at: place, bytes: fc.uint8Array({ maxLength: 9 }) }),
);

/** The spoilt file. */
export function spoilt(bytes: Uint8Array, spoiling: Spoiling): Uint8Array {
  const at = Math.floor(spoiling.at * bytes.length);
  switch (spoiling.kind) {
    case 'flip': {
      const copy = bytes.slice();
      if (at < copy.length) copy[at] = (copy[at] as number) ^ (1 << spoiling.bit);
      return copy;
    }
    case 'cut':
      return bytes.slice(0, at);
    case 'int': {
      const copy = bytes.slice();
      if (at + 4 <= copy.length) new DataView(copy.buffer).setInt32(at, spoiling.value);
      return copy;
    }
    case 'insert':
      return Uint8Array.from([...bytes.slice(0, at), ...spoiling.bytes, ...bytes.slice(at)]);
  }
}
