import { JuteReader, JuteWriter, MAX_BUFFER } from './jute.ts';

/** How a value lies in bytes. A record is its fields in order, without names or lengths. */
export type Shape =
  | 'bool'
  | 'int'
  | 'long'
  | 'buffer'
  | 'ustring'
  | { readonly vector: Shape }
  | { readonly record: readonly (readonly [name: string, shape: Shape])[] };

/** Reads and writes one kind of value. */
export interface Codec<T> {
  readonly shape: Shape;
  /** The fewest bytes that a value takes. */
  readonly least: number;
  /** Throws a `WireError` for bytes that make no sense. */
  read(from: JuteReader): T;
  write(to: JuteWriter, value: T): void;
}

/** The values that a codec reads and writes. */
export type Decoded<C> = C extends Pick<Codec<infer T>, 'read'> ? T : never;

/** One byte; it is written as 0 or 1. */
export const bool: Codec<boolean> = {
  shape: 'bool',
  least: 1,
  read: (from) => from.bool(),
  write: (to, value) => to.bool(value),
};

/** Four bytes with sign. */
export const int: Codec<number> = {
  shape: 'int',
  least: 4,
  read: (from) => from.int(),
  write: (to, value) => to.int(value),
};

/** Eight bytes with sign. */
export const long: Codec<bigint> = {
  shape: 'long',
  least: 8,
  read: (from) => from.long(),
  write: (to, value) => to.long(value),
};

/** Bytes behind their length; null is the length −1. */
export const buffer: Codec<Uint8Array | null> = {
  shape: 'buffer',
  least: 4,
  read: (from) => from.buffer(),
  write: (to, value) => to.buffer(value),
};

/** A text behind its length in bytes; null is the length −1. */
export const ustring: Codec<string | null> = {
  shape: 'ustring',
  least: 4,
  read: (from) => from.ustring(),
  write: (to, value) => to.ustring(value),
};

/** Elements behind their count; null is the count −1. */
export function vector<T>(element: Codec<T>): Codec<readonly T[] | null> {
  return {
    shape: { vector: element.shape },
    least: 4,
    read: (from) => {
      const count = from.count(element.least);
      if (count < 0) return null;
      const values: T[] = [];
      for (let i = 0; i < count; i++) values.push(element.read(from));
      return values;
    },
    write: (to, values) => {
      to.int(values === null ? -1 : values.length);
      if (values !== null) for (const value of values) element.write(to, value);
    },
  };
}

type Fields<T> = { readonly [K in keyof T]: Codec<T[K]> };

/** A record of these fields, which lie in the order in which they are given here. */
export function record<T extends object>(fields: Fields<T>): Codec<Readonly<T>> {
  return recordOf(fields, () => ({})) as Codec<Readonly<T>>;
}

/** A record of these fields; what is read says its `kind` as well, which is not among the bytes. */
export function tagged<K extends string, T extends object>(
  kind: K,
  fields: Fields<T>,
): Codec<{ readonly kind: K } & Readonly<T>> {
  return recordOf(fields, () => ({ kind })) as Codec<{ readonly kind: K } & Readonly<T>>;
}

function recordOf(fields: object, blank: () => Record<string, unknown>): Codec<Record<string, unknown>> {
  const entries = Object.entries(fields) as [string, Codec<unknown>][];
  const names = entries.map(([name]) => name);
  const codecs = entries.map(([, codec]) => codec);
  return {
    shape: { record: entries.map(([name, { shape }]) => [name, shape] as const) },
    least: codecs.reduce((sum, { least }) => sum + least, 0),
    read: (from) => {
      const value = blank();
      for (let i = 0; i < names.length; i++) {
        value[names[i] as string] = (codecs[i] as Codec<unknown>).read(from);
      }
      return value;
    },
    write: (to, value) => {
      for (let i = 0; i < names.length; i++) {
        (codecs[i] as Codec<unknown>).write(to, value[names[i] as string]);
      }
    },
  };
}

/** The value that all of these bytes are. Throws a `WireError` where they are none, or more. */
export function decode<T>(codec: Pick<Codec<T>, 'read'>, bytes: Uint8Array, maxBuffer = MAX_BUFFER): T {
  const from = new JuteReader(bytes, maxBuffer);
  const value = codec.read(from);
  from.finish();
  return value;
}

/** What values are written into before they are copied: a buffer for each would cost more than all else. */
let scratch = new JuteWriter(4096);

/** Longer values leave no room behind. */
const KEPT = 65536;

/** The bytes of a value. */
export function encode<T>(codec: Pick<Codec<T>, 'write'>, value: T): Uint8Array {
  const to = scratch;
  to.clear();
  codec.write(to, value);
  const bytes = to.take();
  if (bytes.length > KEPT) scratch = new JuteWriter(4096);
  return bytes;
}
