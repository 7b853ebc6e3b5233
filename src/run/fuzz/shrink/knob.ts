import fc from 'fast-check';
import type { Plan } from '../../plan.ts';
import type { Trial } from './trial.ts';

/** A number of a plan that may be made smaller, down to `least`; what is smaller is simpler. */
export interface Knob {
  readonly value: number;
  readonly least: number;
  readonly turn: (plan: Plan, value: number) => Plan;
}

/** A knob with two positions: what is there stays, or it gives way to what is usual. */
export function choice(turn: (plan: Plan) => Plan): Knob {
  return { value: 1, least: 0, turn: (plan, value) => (value === 1 ? plan : turn(plan)) };
}

/** Turns knobs down, one after the other, as far as the plan goes on failing alike. */
export function turnDown(trial: Trial, knobsOf: (plan: Plan) => readonly Knob[]): void {
  const { plan } = trial;
  const knobs = knobsOf(plan).filter(({ value, least }) => value > least);
  if (knobs.length === 0) return;
  const arbitrary = fc.tuple(...knobs.map(({ value, least }) => fc.integer({ min: least, max: value })));
  const start = knobs.map(({ value }) => value);
  trial.reduce<number[]>(arbitrary, start, (values) =>
    knobs.reduce((turned, knob, i) => {
      const value = values[i] ?? knob.value;
      return value === knob.value ? turned : knob.turn(turned, value);
    }, plan),
  );
}
