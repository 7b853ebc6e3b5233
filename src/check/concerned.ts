import { ascending } from '../core/order.ts';
import type { NodeId } from '../node/ids.ts';

/** The servers that a violation concerns, each once, ascending. */
export function concerned(...servers: readonly NodeId[]): NodeId[] {
  return [...new Set(servers)].sort(ascending);
}
