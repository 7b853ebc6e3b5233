import type { Action, Fault } from '../../../sim/fault.ts';
import type { FaultStep, Outcome } from '../../outcome.ts';
import type { Plan } from '../../plan.ts';
import { at } from '../script.ts';

/**
 * The plan as it came about: each fault at the time at which it fired, on the servers that it hit; what never
 * fired, or found nothing to do, is left out. What a fault was waiting for, and whom it meant, then no longer
 * depends on the faults around it.
 *
 * @param outcome of a run of `plan`
 */
export function resolvePlan(plan: Plan, outcome: Outcome): Plan {
  const fired = new Map<string, FaultStep>();
  const ended = new Map<string, number>();
  for (const step of outcome.timeline) {
    if (step.phase === 'ended') ended.set(step.name, step.atUs);
    else if (step.effect) fired.set(step.name, step);
  }
  const healed = new Set(
    plan.faults.flatMap(({ action }) =>
      action.verb === 'heal' && action.what !== 'all' ? [action.what] : [],
    ),
  );
  const faults = plan.faults.flatMap((fault): Fault[] => {
    const step = fired.get(fault.name);
    const { action } = fault;
    // Who was healed by name lasts as long as he did.
    if (step === undefined || (action.verb === 'heal' && action.what !== 'all')) return [];
    const endedUs = healed.has(fault.name) ? ended.get(fault.name) : undefined;
    const forUs = endedUs === undefined ? fault.forUs : Math.max(1, endedUs - step.atUs);
    return [{ ...fault, optional: true, forUs, trigger: at(step.atUs), action: resolved(action, step) }];
  });
  return { ...plan, faults: faults.toSorted((a, b) => (a.trigger.atUs ?? 0) - (b.trigger.atUs ?? 0)) };
}

/** Between whom a fault of the network is, its step does not tell. */
function resolved(action: Action, { servers, asked }: FaultStep): Action {
  if (servers.length === 0) return action;
  if ('servers' in action) return { ...action, servers };
  switch (action.verb) {
    case 'slowDisk':
    case 'failSync':
    case 'fullDisk':
    case 'corrupt':
    case 'skew':
    case 'jump':
    case 'drift':
      return { ...action, server: servers };
    case 'ask': {
      const subject = asked === undefined || asked.subject === 0 ? undefined : [asked.subject];
      return { ...action, server: servers, subject };
    }
    default:
      return action;
  }
}
