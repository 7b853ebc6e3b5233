import { MAX_SID, type NodeId, nodeId } from '../../node/ids.ts';
import { WireError } from '../../wire/wire-error.ts';

/**
 * The number that a server gives itself on the wire, where it may be any long.
 *
 * @throws WireError for one that no server of ours can have
 */
export function serverNumberOf(sid: bigint): NodeId {
  if (sid < 1n || sid > MAX_SID) throw new WireError('range', 0, `no server has the number ${sid}`);
  return nodeId(Number(sid));
}
