import type { Fault } from '../../../sim/fault.ts';
import type { Plan } from '../../plan.ts';
import { choice, type Knob } from './knob.ts';

/** How long faults last, and which fact of a kind they wait for. */
export function spanKnobs({ faults }: Plan): readonly Knob[] {
  return faults.flatMap((fault, index) => {
    const knobs: Knob[] = [];
    const { afterUs, when } = fault.trigger;
    if (fault.forUs !== undefined) {
      knobs.push(knobOf(index, fault.forUs, 1, (one, forUs) => ({ ...one, forUs })));
    }
    if (when !== undefined) {
      if (when.nth > 1) {
        knobs.push(knobOf(index, when.nth, 1, (one, nth) => withTrigger(one, { when: { ...when, nth } })));
      }
      if (afterUs !== undefined) {
        knobs.push(knobOf(index, 1, 0, (one) => withTrigger(one, { afterUs: undefined })));
      }
    }
    return knobs;
  });
}

/** How exactly times are told: to 1 µs, 1 ms, 10 ms, 100 ms or 1 s. */
export function roundingKnobs({ faults }: Plan): readonly Knob[] {
  const units = [1_000_000, 100_000, 10_000, 1000, 1] as const;
  return faults.flatMap((fault, index) => {
    const finest = units.length - 1;
    const rounded = (us: number, unit: number): number => Math.max(unit, Math.round(us / unit) * unit);
    const knobs: Knob[] = [];
    const { atUs, afterUs } = fault.trigger;
    if (atUs !== undefined) {
      knobs.push(
        knobOf(index, finest, 0, (one, i) => withTrigger(one, { atUs: rounded(atUs, units[i] ?? 1) })),
      );
    }
    if (afterUs !== undefined) {
      knobs.push(
        knobOf(index, finest, 0, (one, i) => withTrigger(one, { afterUs: rounded(afterUs, units[i] ?? 1) })),
      );
    }
    const { forUs } = fault;
    if (forUs !== undefined) {
      knobs.push(knobOf(index, finest, 0, (one, i) => ({ ...one, forUs: rounded(forUs, units[i] ?? 1) })));
    }
    return knobs;
  });
}

/**
 * Faults as they were written, by what they wait for and whom they mean, in place of when they fired and whom
 * they hit: where the plan fails alike, that says more, and holds longer.
 */
export function wordingKnobs(original: Plan): (plan: Plan) => readonly Knob[] {
  const written = new Map(original.faults.map((fault) => [fault.name, fault]));
  return ({ faults }) =>
    faults.flatMap(({ name }) => {
      const fault = written.get(name);
      if (fault === undefined) return [];
      const { action, trigger } = fault;
      // A window in which to wait is the nemesis's; where the plan is short it says nothing.
      const when = trigger.when && { ...trigger.when, fromUs: undefined, untilUs: undefined };
      const swap = (change: (one: Fault) => Fault) =>
        choice((plan) => ({
          ...plan,
          faults: plan.faults.map((one) => (one.name === name ? change(one) : one)),
        }));
      const knobs = [swap((one) => ({ ...one, action: { ...one.action, ...action } as Fault['action'] }))];
      if (when !== undefined) knobs.push(swap((one) => ({ ...one, trigger: { ...trigger, when } })));
      return knobs;
    });
}

function knobOf(
  index: number,
  value: number,
  least: number,
  turn: (one: Fault, value: number) => Fault,
): Knob {
  return {
    value,
    least,
    turn: (plan, turned) => ({
      ...plan,
      faults: plan.faults.map((one, i) => (i === index ? turn(one, turned) : one)),
    }),
  };
}

function withTrigger(fault: Fault, changed: Partial<Fault['trigger']>): Fault {
  return { ...fault, trigger: { ...fault.trigger, ...changed } };
}
