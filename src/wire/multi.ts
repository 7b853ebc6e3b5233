import { bool, type Codec, type Decoded, int, record } from './jute-codec.ts';
import { OPCODES, type OpName } from './opcodes.ts';
import { WireError } from './wire-error.ts';

/** What stands before each part of a multi, and, with `done`, behind the last. Source: MultiHeader. */
export const multiHeader = record({ type: int, done: bool, err: int });

/** A header within a multi. */
export type MultiHeaderRecord = Decoded<typeof multiHeader>;

/** The header that ends a multi. */
export const END_OF_MULTI: MultiHeaderRecord = Object.freeze({ type: -1, done: true, err: -1 });

/** One part: its body, and the error of its header (−1 in requests, 0 in replies). */
export interface MultiPart<T> {
  readonly err: number;
  readonly body: T;
}

/** The parts, one after the other, and the header that ends them. */
export interface Multi<K extends string, T> {
  readonly kind: K;
  readonly parts: readonly MultiPart<T>[];
  readonly end: MultiHeaderRecord;
}

/**
 * The codec of a multi whose parts are of these operations. A part of another is a `WireError`: a multi in a
 * multi, a write in a multiRead. Sources: MultiOperationRecord, MultiResponse.
 */
export function multiBody<K extends string, T extends { readonly kind: string }>(
  kind: K,
  codecs: { readonly [N in OpName]?: unknown },
): Pick<Codec<Multi<K, T>>, 'read' | 'write'> {
  const byType = new Map<number, Codec<T>>(
    Object.entries(codecs).map(([name, codec]) => [OPCODES[name as OpName], codec as Codec<T>]),
  );
  return {
    read: (from) => {
      const parts: MultiPart<T>[] = [];
      for (;;) {
        const { at } = from;
        const header = multiHeader.read(from);
        if (header.done) return { kind, parts, end: header };
        const codec = byType.get(header.type);
        if (codec === undefined) {
          throw new WireError('nesting', at, `a ${kind} holds no part of type ${header.type}`);
        }
        parts.push({ err: header.err, body: codec.read(from) });
      }
    },
    write: (to, { parts, end }) => {
      for (const { err, body } of parts) {
        const type = OPCODES[body.kind as OpName];
        multiHeader.write(to, { type, done: false, err });
        (byType.get(type) as Codec<T>).write(to, body);
      }
      multiHeader.write(to, end);
    },
  };
}
