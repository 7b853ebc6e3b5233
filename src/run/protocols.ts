import { assert } from '../core/assert.ts';
import type { Decisions } from '../core/decisions.ts';
import type { Witness } from '../sim/profile.ts';
import { INVARIANTS } from './invariants.ts';
import type { Plan } from './plan.ts';
import { startRaft } from './raft-world.ts';
import type { RunningWorld } from './running-world.ts';
import { startZab } from './zab-world.ts';

/** Makes the world that runs a plan with one protocol; nothing in it has happened yet. */
export type StartWorld = (plan: Plan, decisions: Decisions, witness: Witness) => RunningWorld;

/** A protocol that scenarios may name. */
export interface RegisteredProtocol {
  readonly start: StartWorld;
  /** Invariants that the protocol does not promise, each with the reason. All others are watched over. */
  readonly exempt: ReadonlyMap<string, string>;
}

const FLE_STEP = 'a step of the fast leader election, which this protocol does not have';

const PROTOCOLS: ReadonlyMap<string, RegisteredProtocol> = new Map<string, RegisteredProtocol>([
  ['zab', { start: startZab, exempt: new Map() }],
  [
    'raft',
    {
      start: startRaft,
      exempt: new Map([
        ['round-never-regresses', FLE_STEP],
        ['vote-only-improves', FLE_STEP],
        ['new-leader-ack-durable', 'there is no currentEpoch file: the last entry says the epoch'],
        ['history-before-epoch', 'there is no currentEpoch file: the last entry says the epoch'],
        ['replay-equals-claim', 'a restart applies nothing that no leader says is committed'],
        ['primary-integrity', 'a leader appends its no-op before it has applied what it began with'],
      ]),
    },
  ],
]);

/** The names of all protocols, as a scenario says them. */
export const PROTOCOL_NAMES: readonly string[] = [...PROTOCOLS.keys()];

/** The protocol of a plan: the parser lets no other name through. */
export function protocolNamed(name: string): RegisteredProtocol {
  const protocol = PROTOCOLS.get(name);
  assert(protocol !== undefined, 'a plan names a protocol that is registered');
  return protocol;
}

/** The invariants that are watched over in a run of the protocol; undefined: all there are. */
export function watchedOf({ exempt }: RegisteredProtocol): readonly string[] | undefined {
  return exempt.size === 0 ? undefined : INVARIANTS.filter((name) => !exempt.has(name));
}
