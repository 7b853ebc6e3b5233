import fc from 'fast-check';
import { type Pins, recorded, seeded } from '../../../core/decisions.ts';
import type { Plan } from '../../plan.ts';
import type { Trial } from './trial.ts';

/** A choice that was made in a run: the value of a draw of a stream. */
interface Pin {
  readonly stream: string;
  readonly draw: number;
  readonly value: number;
}

/** More of them are no help to a reader. */
const MOST_PINS = 2000;

/**
 * Makes the choices of a run calm, but for those that the failure needs, which the plan then carries: it no
 * longer depends on what a seed gives, nor on draws that others make. Where too many are needed, it stays.
 */
export function shrinkDecisions(trial: Trial): void {
  const { plan } = trial;
  if (plan.decisions !== undefined) return;
  const calm = (pins: Pins): Plan => ({ ...trial.plan, decisions: { rest: 'calm', pins } });
  if (trial.take(calm(new Map()))) return;
  const record = recorded(seeded(plan.seed));
  trial.run(plan, record.decisions);
  const streams = [...record.pins()].filter(([, pins]) => pins.size > 0);
  const all = new Map(streams);
  // First all streams of a kind, then streams, then draws.
  const kinds = [...new Set(streams.map(([stream]) => kindOf(stream)))];
  const ofKinds = (some: readonly string[]) => streams.filter(([stream]) => some.includes(kindOf(stream)));
  trial.reduce(listOf(kinds), kinds, (some) => calm(new Map(ofKinds(some))));
  const needed = [...(trial.plan.decisions?.pins ?? all)];
  trial.reduce(listOf(needed), needed, (some) => calm(new Map(some)));
  const left = trial.plan.decisions?.pins ?? all;
  const pins = [...left].flatMap(([stream, draws]) =>
    [...draws].map(([draw, value]): Pin => ({ stream, draw, value })),
  );
  trial.reduce(listOf(pins), pins, (some) => calm(pinsOf(some)));
  if (trial.plan.decisions !== undefined && count(trial.plan.decisions.pins) > MOST_PINS) trial.take(plan);
}

/** A stream without its numbers: `link 1>3 quorum` is one of `link > quorum`. */
function kindOf(stream: string): string {
  return stream.replaceAll(/c?\d+/g, '');
}

/** Any of some things, in their order; fast-check makes it shorter. */
export function listOf<T>(things: readonly T[]): fc.Arbitrary<T[]> {
  const known = new Set(things);
  return fc.array(new Thing(known), { maxLength: things.length });
}

/** One of some things, none of which is simpler than another. */
class Thing<T> extends fc.Arbitrary<T> {
  readonly #known: ReadonlySet<T>;

  constructor(known: ReadonlySet<T>) {
    super();
    this.#known = known;
  }

  generate(): fc.Value<T> {
    const [first] = this.#known;
    return new fc.Value(first as T, undefined);
  }

  canShrinkWithoutContext(value: unknown): value is T {
    return this.#known.has(value as T);
  }

  shrink(): fc.Stream<fc.Value<T>> {
    return fc.Stream.nil();
  }
}

function pinsOf(list: readonly Pin[]): Pins {
  const pins = new Map<string, Map<number, number>>();
  for (const { stream, draw, value } of list) {
    const draws = pins.get(stream) ?? new Map<number, number>();
    draws.set(draw, value);
    pins.set(stream, draws);
  }
  return pins;
}

function count(pins: Pins): number {
  return [...pins.values()].reduce((sum, draws) => sum + draws.size, 0);
}
