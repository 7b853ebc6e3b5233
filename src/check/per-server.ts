import type { NodeId } from '../node/ids.ts';

/**
 * A number for each server of the ensemble, by its id. What is written of anybody else is dropped, and what
 * is read of him is undefined. As short as can be: a short run pays for the memory of each monitor, and up to
 * 64 bytes need no allocation outside of the engine's heap.
 *
 * @param servers ascending
 */
export function perServer(servers: readonly NodeId[], value = 0): Float64Array {
  const numbers = new Float64Array((servers.at(-1) ?? 0) + 1);
  return value === 0 ? numbers : numbers.fill(value);
}
