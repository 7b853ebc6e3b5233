import { counterOf, epochOf, formatZxid, type Zxid } from '../../core/zxid.ts';
import type { NodeId } from '../../node/ids.ts';
import type { QuorumSystem } from '../../node/quorum.ts';
import type { InitialDisk } from '../plan.ts';

/** A disk that could never have come about beside the others: where it is laid out, and what was expected. */
export interface ImpossibleDisk {
  readonly path: readonly string[];
  readonly expected: string;
}

type Disks = ReadonlyMap<NodeId, InitialDisk>;

/**
 * What Raft's disks cannot be, since no run could have left them. To run on from there would accuse the
 * protocol of what the scenario did. Source: Ongaro and Ousterhout 2014, Figure 3: Election Safety, Log
 * Matching, Leader Completeness.
 */
export function impossibleRaftDisks(disks: Disks, quorums: QuorumSystem): readonly ImpossibleDisk[] {
  const found: ImpossibleDisk[] = [];
  const refuse = (server: NodeId, key: string, expected: string): void => {
    found.push({ path: ['initial', String(server), key], expected });
  };
  for (const [server, { log, snapshot, acceptedEpoch }] of disks) {
    const gap = log.findIndex((zxid, place) => counterOf(zxid) !== place + 1);
    if (gap >= 0)
      refuse(server, 'log', `index ${gap + 1} at place ${gap + 1}: indexes run on from term to term`);
    if (snapshot !== undefined && !log.includes(snapshot)) refuse(server, 'snapshot', 'an entry of the log');
    if (acceptedEpoch !== undefined && acceptedEpoch < epochOf(lastOf(log))) {
      refuse(server, 'acceptedEpoch', `at least ${epochOf(lastOf(log))}, the term of the last entry`);
    }
  }
  if (found.length > 0) return found;
  checkMatching(disks, refuse);
  checkTerms(disks, quorums, refuse);
  if (found.length === 0) checkSnapshots(disks, quorums, refuse);
  return found;
}

type Refuse = (server: NodeId, key: string, expected: string) => void;

/** Log Matching: logs that share an entry are the same up to it (§5.3). */
function checkMatching(disks: Disks, refuse: Refuse): void {
  const servers = [...disks];
  for (const [place, [server, { log }]] of servers.entries()) {
    for (const [other, { log: theirs }] of servers.slice(0, place)) {
      const shared = log.findLastIndex((zxid, index) => theirs[index] === zxid);
      if (log.slice(0, shared + 1).every((zxid, index) => theirs[index] === zxid)) continue;
      const text = formatZxid(log[shared] ?? (0 as Zxid));
      refuse(server, 'log', `the same as server ${other}'s up to ${text}, which both hold`);
      return;
    }
  }
}

/** Election Safety: a quorum has heard of each term, or a second leader may be elected for it (§5.2). */
function checkTerms(disks: Disks, quorums: QuorumSystem, refuse: Refuse): void {
  for (const [server, { log }] of disks) {
    for (const term of new Set(log.map(epochOf))) {
      const heard = quorums.tally();
      for (const voter of quorums.voters) if (termOf(disks.get(voter)) >= term) heard.add(voter);
      if (heard.hasQuorum()) continue;
      const unless = `unless a quorum has an \`acceptedEpoch\` of ${term} or more`;
      refuse(server, 'log', `no entry of term ${term}, ${unless}: it elected its leader`);
      return;
    }
  }
}

/** Leader Completeness: what a snapshot holds is committed: nobody without it can be elected (§5.4). */
function checkSnapshots(disks: Disks, quorums: QuorumSystem, refuse: Refuse): void {
  const logOf = (voter: NodeId): readonly Zxid[] => disks.get(voter)?.log ?? [];
  for (const [server, { snapshot }] of disks) {
    if (snapshot === undefined) continue;
    for (const voter of quorums.voters) {
      if (logOf(voter).includes(snapshot)) continue;
      const votes = quorums.tally();
      const last = lastOf(logOf(voter));
      for (const other of quorums.voters) if (lastOf(logOf(other)) <= last) votes.add(other);
      if (!votes.hasQuorum()) continue;
      const who = `server ${voter} can be`;
      refuse(server, 'snapshot', `an entry that each log holds with which a server can be elected; ${who}`);
      return;
    }
  }
}

function termOf(disk: InitialDisk | undefined): number {
  return disk === undefined ? 0 : (disk.acceptedEpoch ?? epochOf(lastOf(disk.log)));
}

function lastOf(log: readonly Zxid[]): Zxid {
  return log.at(-1) ?? (0 as Zxid);
}
