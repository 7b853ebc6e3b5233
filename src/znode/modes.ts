import { NO_SESSION, type SessionId } from '../node/ids.ts';

/** What a create mode means. */
export interface CreateMode {
  readonly name: string;
  readonly ephemeral: boolean;
  readonly sequential: boolean;
  readonly container: boolean;
  readonly ttl: boolean;
}

/** What the 64-bit owner field of a node says. `reserved`: an extended type that no release knows. */
export type OwnerKind = 'none' | 'session' | 'container' | 'ttl' | 'reserved';

/** The owner of a container. Source: EphemeralType.CONTAINER_EPHEMERAL_OWNER. */
export const CONTAINER_OWNER: SessionId = '8000000000000000';

/** The longest time to live, ms: 40 bits. Source: EphemeralType.TTL. */
export const MAX_TTL_MS = 1099511627775;

const TTL_PREFIX = 'ff0000';

const MODES: readonly CreateMode[] = [
  mode('PERSISTENT', {}),
  mode('EPHEMERAL', { ephemeral: true }),
  mode('PERSISTENT_SEQUENTIAL', { sequential: true }),
  mode('EPHEMERAL_SEQUENTIAL', { ephemeral: true, sequential: true }),
  mode('CONTAINER', { container: true }),
  mode('PERSISTENT_WITH_TTL', { ttl: true }),
  mode('PERSISTENT_SEQUENTIAL_WITH_TTL', { sequential: true, ttl: true }),
];

/** The mode of a flag, 0..6; undefined for any other. Source: CreateMode.fromFlag. */
export function modeOf(flags: number): CreateMode | undefined {
  return MODES[flags];
}

/** Whether a time to live can be encoded. */
export function isValidTtl(ttlMs: number): boolean {
  return ttlMs > 0 && ttlMs <= MAX_TTL_MS;
}

/** The owner field of a node with a time to live, 1..`MAX_TTL_MS` ms. */
export function ttlOwner(ttlMs: number): SessionId {
  return TTL_PREFIX + ttlMs.toString(16).padStart(10, '0');
}

/** The time to live in an owner field of kind `ttl`, ms. */
export function ttlOf(owner: SessionId): number {
  return Number.parseInt(owner.slice(TTL_PREFIX.length), 16);
}

/**
 * What an owner field says. Without extended types a node with a time to live looks as if a session owned it.
 * The old layout of 3.5.3 (emulate353TTLNodes) is not known here. Source: EphemeralType.get.
 */
export function ownerKind(owner: SessionId, extendedTypes: boolean): OwnerKind {
  if (owner === NO_SESSION) return 'none';
  if (owner === CONTAINER_OWNER) return 'container';
  if (extendedTypes && owner.startsWith('ff')) return owner.startsWith(TTL_PREFIX) ? 'ttl' : 'reserved';
  return 'session';
}

/** The name of a sequential node: the counter as `%010d` has it, the sign within the ten places. */
export function sequentialName(path: string, counter: number): string {
  const digits = String(Math.abs(counter));
  return path + (counter < 0 ? `-${digits.padStart(9, '0')}` : digits.padStart(10, '0'));
}

function mode(name: string, on: Partial<Omit<CreateMode, 'name'>>): CreateMode {
  return Object.freeze({ name, ephemeral: false, sequential: false, container: false, ttl: false, ...on });
}
