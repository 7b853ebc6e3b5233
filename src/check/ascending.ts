import type { NodeId } from '../node/ids.ts';

/** The servers, each once, ascending: how a violation names them. */
export function ascending(...servers: readonly NodeId[]): NodeId[] {
  return [...new Set(servers)].sort((a, b) => a - b);
}
