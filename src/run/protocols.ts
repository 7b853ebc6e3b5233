import { assert } from '../core/assert.ts';
import type { Decisions } from '../core/decisions.ts';
import type { Witness } from '../sim/profile.ts';
import type { Plan } from './plan.ts';
import type { RunningWorld } from './running-world.ts';
import { startZab } from './zab-world.ts';

/** Makes the world that runs a plan with one protocol; nothing in it has happened yet. */
export type StartWorld = (plan: Plan, decisions: Decisions, witness: Witness) => RunningWorld;

const PROTOCOLS: ReadonlyMap<string, StartWorld> = new Map([['zab', startZab]]);

/** The protocol of a plan: the parser lets no other name through. */
export function protocolNamed(name: string): StartWorld {
  const start = PROTOCOLS.get(name);
  assert(start !== undefined, 'a plan names a protocol that is registered');
  return start;
}
