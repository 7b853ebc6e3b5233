import type { Fault } from '../../sim/fault.ts';

/**
 * The faults without the heals of those that are not, or no longer, among them: what ends a fault goes with
 * it when a plan is made smaller or changed.
 */
export function withoutLooseHeals(faults: readonly Fault[]): readonly Fault[] {
  const names = new Set(faults.map(({ name }) => name));
  const isLoose = ({ action }: Fault): boolean =>
    action.verb === 'heal' && action.what !== 'all' && !names.has(action.what);
  return faults.some(isLoose) ? faults.filter((fault) => !isLoose(fault)) : faults;
}
