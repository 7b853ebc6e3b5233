import { type LivenessVerdict, livenessBoundUs } from '../check/liveness.ts';
import type { EnsembleFacts, Violation } from '../check/monitor.ts';
import type { Panel } from '../check/panel.ts';
import type { NodeId } from '../node/ids.ts';
import type { QuorumSystem } from '../node/quorum.ts';
import type { Figures } from './figures.ts';
import type { Verdict } from './outcome.ts';
import type { RunningWorld } from './running-world.ts';

/** The verdict on a run: a violated invariant weighs more than a stall, and a stall more than nothing. */
export function verdictOf(violations: readonly Violation[], stalls: readonly Violation[]): Verdict {
  if (violations.length > 0) return 'violated';
  return stalls.length > 0 ? 'stalled' : 'passed';
}

/**
 * Judges the liveness of a run that has come to its end: it says why, where there is nothing to judge.
 *
 * @param turnedAway whether a client may be turned away again and again, although all is well
 */
export function judgeLiveness(
  panel: Pick<Panel, 'judge' | 'electorates'>,
  world: RunningWorld,
  figures: Figures,
  ensemble: EnsembleFacts,
  lastStartUs: number,
  turnedAway = false,
): LivenessVerdict {
  const atUs = world.nowUs;
  const leader = figures.terms.current()?.server;
  const serves = (server: NodeId) =>
    world.isUp(server) && (leader === undefined || figures.electorates.isMember(server, leader));
  return panel.judge({
    atUs,
    lastDisturbanceUs: Math.max(lastStartUs, world.lastDisturbanceUs),
    longestDisturbanceUs: world.longestDisturbanceUs,
    faultsInForce: world.unclean().length > 0,
    quorumConnected: panel.electorates().every((quorums) => isQuorumConnected(world, quorums)),
    writesPending: figures.oldestPendingUs(atUs) > livenessBoundUs(ensemble, world.longestDisturbanceUs),
    // Who is down, or was removed, may be the only server that a client knows.
    ...(!turnedAway && ensemble.servers.every(serves)
      ? { asked: (fromUs: number) => figures.askedSince(fromUs) }
      : {}),
  });
}

/** Whether some voters that are a quorum run, unpaused, and reach each other. */
function isQuorumConnected(world: RunningWorld, quorums: QuorumSystem): boolean {
  const up = quorums.voters.filter((voter) => world.isUp(voter));
  return up.some((first) => {
    const tally = quorums.tally();
    const members = [first];
    tally.add(first);
    for (const voter of up) {
      if (voter === first) continue;
      if (!members.every((member) => world.canReach(voter, member) && world.canReach(member, voter)))
        continue;
      members.push(voter);
      tally.add(voter);
    }
    return tally.hasQuorum();
  });
}
