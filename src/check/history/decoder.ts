/** What a decoder throws; `path` is completed on the way up. */
export class Mismatch {
  path = '';
  readonly expected: string;
  readonly found: string;

  constructor(expected: string, value: unknown) {
    this.expected = expected;
    this.found = describe(value);
  }

  /** Puts a field's name before the path. */
  within(name: string): this {
    this.path = this.path === '' || this.path.startsWith('[') ? name + this.path : `${name}.${this.path}`;
    return this;
  }
}

/** Makes a value of what JSON held, or throws a `Mismatch`. */
export type Decoder<T> = (value: unknown) => T;

/** The decoders of an object's fields. */
export type Fields<T> = { readonly [K in keyof T]-?: Decoder<T[K]> | Optional<T[K]> };

interface Optional<T> {
  readonly optional: Decoder<Exclude<T, undefined>>;
}

/** A safe integer in bounds. */
export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER): Decoder<number> {
  const expected =
    max === Number.MAX_SAFE_INTEGER ? `an integer of at least ${min}` : `an integer from ${min} to ${max}`;
  return (value) => {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max)
      return value === 0 ? 0 : value;
    throw new Mismatch(expected, value);
  };
}

/** Any text. */
export const text: Decoder<string> = (value) => {
  if (typeof value === 'string') return value;
  throw new Mismatch('a text', value);
};

/** A text of this pattern. */
export function pattern(expected: string, shape: RegExp): Decoder<string> {
  return (value) => {
    if (typeof value === 'string' && shape.test(value)) return value;
    throw new Mismatch(expected, value);
  };
}

/** `true` or `false`. */
export const flag: Decoder<boolean> = (value) => {
  if (typeof value === 'boolean') return value;
  throw new Mismatch('true or false', value);
};

/** One of these texts. */
export function oneOf<T extends string>(...names: readonly T[]): Decoder<T> {
  const known = new Set<unknown>(names);
  return (value) => {
    if (known.has(value)) return value as T;
    throw new Mismatch(`one of ${names.join(', ')}`, value);
  };
}

/** This value and no other. */
export function exactly<T extends string | number>(wanted: T): Decoder<T> {
  return (value) => {
    if (value === wanted) return wanted;
    throw new Mismatch(JSON.stringify(wanted), value);
  };
}

/** `null`, or that. */
export function nullable<T>(decode: Decoder<T>): Decoder<T | null> {
  return (value) => (value === null ? null : decode(value));
}

/** A field that may be missing. */
export function optional<T>(decode: Decoder<T>): Optional<T | undefined> {
  return { optional: decode as Decoder<Exclude<T, undefined>> };
}

/** An array of those. */
export function list<T>(decode: Decoder<T>): Decoder<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value)) throw new Mismatch('a list', value);
    return value.map((item, i) => {
      try {
        return decode(item);
      } catch (problem) {
        throw problem instanceof Mismatch ? problem.within(`[${i}]`) : problem;
      }
    });
  };
}

/** An object with these fields and no others; the copy has them in this order. */
export function record<T>(fields: Fields<T>): Decoder<T> {
  const names = Object.keys(fields);
  const decoders = fields as unknown as { readonly [name: string]: Decoder<unknown> | Optional<unknown> };
  return (value) => {
    const given = objectOf(value);
    const made: { [name: string]: unknown } = {};
    let used = 0;
    for (const name of names) {
      const decoder = decoders[name] as Decoder<unknown> | Optional<unknown>;
      const present = Object.hasOwn(given, name);
      if (!present && typeof decoder !== 'function') continue;
      if (!present) throw new Mismatch('a value', undefined).within(name);
      used++;
      try {
        made[name] = (typeof decoder === 'function' ? decoder : decoder.optional)(given[name]);
      } catch (problem) {
        throw problem instanceof Mismatch ? problem.within(name) : problem;
      }
    }
    const keys = Object.keys(given);
    if (used !== keys.length) {
      const stray = keys.find((key) => !names.includes(key)) ?? '';
      throw new Mismatch('no such field', given[stray]).within(stray);
    }
    return made as T;
  };
}

/** An object that one of its fields tells apart. */
export function tagged<T>(tag: string, cases: ReadonlyMap<string, Decoder<T>>): Decoder<T> {
  const names = [...cases.keys()].join(', ');
  return (value) => {
    const given = objectOf(value);
    const name = Object.hasOwn(given, tag) ? given[tag] : undefined;
    const decode = typeof name === 'string' ? cases.get(name) : undefined;
    if (decode === undefined) throw new Mismatch(`one of ${names}`, name).within(tag);
    return decode(value);
  };
}

function objectOf(value: unknown): { readonly [name: string]: unknown } {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as { readonly [name: string]: unknown };
  throw new Mismatch('an object', value);
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const shown = JSON.stringify(value);
  return shown.length > 60 ? `${shown.slice(0, 57)}…` : shown;
}
