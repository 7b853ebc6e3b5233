import alea from 'seedrandom/lib/alea.js';

/** One named sequence of choices. */
export interface Stream {
  /**
   * The next choice: an integer in `0..bound−1`, where 0 is the calm one. `bound` is a positive integer up to
   * 2³².
   */
  draw(bound: number): number;
}

/**
 * The one source of chance of a run. A stream is keyed by purpose and owner (`link 1>3 quorum`, `stage 2
 * commit`), so that removing a fault or adding a check leaves the choices of the others alone. A stream is
 * held by its user and never rewound, not even by a restart.
 */
export interface Decisions {
  stream(name: string): Stream;
}

/**
 * Choices pinned in a scenario file: stream name → index of the draw → value (clamped to the bound then in
 * force).
 */
export type Pins = ReadonlyMap<string, ReadonlyMap<number, number>>;

class SeededStream implements Stream {
  readonly #key: string;
  #next: (() => number) | undefined;

  constructor(key: string) {
    this.#key = key;
  }

  draw(bound: number): number {
    // Seeding costs 1 µs, a draw 7 ns: most streams of a short run are never drawn from.
    this.#next ??= alea(this.#key);
    return Math.floor(this.#next() * bound);
  }
}

const CALM: Stream = { draw: () => 0 };

class PinnedStream implements Stream {
  readonly #rest: Stream;
  readonly #pins: ReadonlyMap<number, number>;
  #index = 0;

  constructor(rest: Stream, pins: ReadonlyMap<number, number>) {
    this.#rest = rest;
    this.#pins = pins;
  }

  draw(bound: number): number {
    const rest = this.#rest.draw(bound);
    const pin = this.#pins.get(this.#index++);
    return pin === undefined ? rest : Math.min(pin, bound - 1);
  }
}

/** Decisions drawn from a seed: each stream is an alea generator of its own, seeded with `seed/name`. */
export function seeded(seed: number | string): Decisions {
  return { stream: (name) => new SeededStream(`${seed}/${name}`) };
}

/** Decisions that are always the calm choice. */
export function calm(): Decisions {
  return { stream: () => CALM };
}

/** A sparse layer of recorded choices over others: what a found failure carries. */
export function pinned(rest: Decisions, pins: Pins): Decisions {
  return {
    stream: (name) => {
      const own = pins.get(name);
      return own === undefined ? rest.stream(name) : new PinnedStream(rest.stream(name), own);
    },
  };
}

/** Decisions that are written down as they are made: all draws that were not the calm choice. */
export function recorded(rest: Decisions): { readonly decisions: Decisions; readonly pins: () => Pins } {
  const pins = new Map<string, Map<number, number>>();
  const stream = (name: string): Stream => {
    const from = rest.stream(name);
    const own = new Map<number, number>();
    pins.set(name, own);
    let index = 0;
    return {
      draw: (bound) => {
        const value = from.draw(bound);
        if (value !== 0) own.set(index, value);
        index++;
        return value;
      },
    };
  };
  return { decisions: { stream }, pins: () => pins };
}
