import { makeZxid } from '../../../src/core/zxid.ts';
import type { TraceEvent } from '../../../src/node/facts.ts';
import { type NodeId, nodeId } from '../../../src/node/ids.ts';

/** Something told of a run, at a virtual time in ms. */
export type Told = readonly [atMs: number, event: TraceEvent];

/** Tells a reader of testimony what happened, one event after the other. */
export function tell(
  reader: { observe(event: TraceEvent, moment: { readonly atUs: number; readonly event: number }): void },
  story: readonly Told[],
): void {
  for (const [index, [atMs, event]] of story.entries())
    reader.observe(event, { atUs: atMs * 1000, event: index + 1 });
}

/** The ids of servers. */
export function sids(...values: readonly number[]): readonly NodeId[] {
  return values.map(nodeId);
}

export function looking(sid: number): TraceEvent {
  return { kind: 'looking', ...vote(sid, sid) };
}

export function elected(sid: number): TraceEvent {
  return { kind: 'leader-elected', ...vote(sid, sid), settled: false };
}

export function offered(sid: number, epoch: number): TraceEvent {
  return { kind: 'epoch-offered', server: nodeId(sid), epoch };
}

export function acked(sid: number, leader: number, epoch: number): TraceEvent {
  return { kind: 'new-leader-acked', server: nodeId(sid), leader: nodeId(leader), epoch };
}

export function established(sid: number, epoch: number): TraceEvent {
  return { kind: 'leader-established', server: nodeId(sid), epoch };
}

export function resigned(sid: number, epoch: number): TraceEvent {
  return { kind: 'leader-resigned', server: nodeId(sid), epoch, because: 'no quorum' };
}

export function handingOver(sid: number, epoch: number, heir: number): TraceEvent {
  return { kind: 'handing-over', server: nodeId(sid), epoch, heir: nodeId(heir) };
}

export function keptOn(sid: number, epoch: number, heir: number): TraceEvent {
  const ended = { kind: 'hand-over-ended', server: nodeId(sid), epoch, heir: nodeId(heir) } as const;
  return { ...ended, because: 'it is late', withheld: 0 };
}

/** The server goes by the configuration of the entry ⟨1, counter⟩. */
export function adopted(sid: number, counter: number, ...voters: readonly number[]): TraceEvent {
  const zxid = makeZxid(1, counter);
  return { kind: 'config-adopted', server: nodeId(sid), zxid, voters: sids(...voters), observers: [] };
}

export function left(sid: number, leader: number): TraceEvent {
  return { kind: 'leader-left', server: nodeId(sid), leader: nodeId(leader), because: 'closed' };
}

export function committed(sid: number, epoch: number, counter: number): TraceEvent {
  return { kind: 'txn-committed', server: nodeId(sid), zxid: makeZxid(epoch, counter) };
}

export function crashed(sid: number, how: 'crash' | 'stop' | 'power-cut' | 'exit' = 'crash'): TraceEvent {
  return { kind: 'crashed', server: nodeId(sid), how, reason: '' };
}

export function restarted(sid: number): TraceEvent {
  return { kind: 'restarted', server: nodeId(sid), incarnation: 2 };
}

export function paused(sid: number): TraceEvent {
  return { kind: 'paused', server: nodeId(sid) };
}

export function resumed(sid: number): TraceEvent {
  return { kind: 'resumed', server: nodeId(sid) };
}

export function reachable(from: number, to: number, yes: boolean): TraceEvent {
  return { kind: 'reachable', from: nodeId(from), to: nodeId(to), reachable: yes };
}

/** A client asks server `via` for a write. */
export function asks(client: number, via: number, cxid: number, operation = 'add'): TraceEvent {
  return { kind: 'invoked', server: nodeId(1000 + client), cxid, via: nodeId(via), operation };
}

/** The client is answered: the entry ⟨1, counter⟩ is what its write has become. */
export function answered(client: number, cxid: number, counter: number): TraceEvent {
  const zxid = makeZxid(1, counter);
  return { kind: 'returned', server: nodeId(1000 + client), cxid, outcome: 'ok', zxid };
}

/** The connection went before the answer came. */
export function unanswered(client: number, cxid: number): TraceEvent {
  return { kind: 'returned', server: nodeId(1000 + client), cxid, outcome: 'unknown', zxid: makeZxid(0, 0) };
}

/** Three servers elect 3, which is established in epoch 1 at 400 ms with 1 and 2 in sync. */
export const ELECT_3: readonly Told[] = [
  [0, looking(1)],
  [0, looking(2)],
  [0, looking(3)],
  [210, elected(3)],
  [220, offered(3, 1)],
  [380, acked(3, 3, 1)],
  [390, acked(2, 3, 1)],
  [400, established(3, 1)],
  [410, acked(1, 3, 1)],
];

function vote(sid: number, leader: number) {
  return {
    server: nodeId(sid),
    electionEpoch: 1,
    leader: nodeId(leader),
    zxid: makeZxid(0, 0),
    peerEpoch: 0,
  };
}
