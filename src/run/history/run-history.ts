import type { ClientHistory } from '../../check/history/client-history.ts';
import type { EnsembleFacts } from '../../check/monitor.ts';
import { FIRST_CLIENT, type NodeId, nodeId } from '../../node/ids.ts';
import { pauseMs } from '../../znode/reaper.ts';
import type { Plan } from '../plan.ts';
import { protocolNamed } from '../registry/protocols.ts';
import type { RunningWorld } from '../running-world.ts';
import { treeOptions } from '../tree-service.ts';
import { HistoryRecorder } from './history-recorder.ts';
import { answerUs, baseSlackUs, typicalUs, wallJumpMs } from './slack.ts';

/** A recorder for the run of a plan whose servers keep the tree. */
export function recorderFor(plan: Plan, ensemble: EnsembleFacts, seed: number): HistoryRecorder {
  const { servers, observers, tickTimeUs } = ensemble;
  const syncLimit = ensemble.syncLimit * (protocolNamed(plan.protocol).patience ?? 1);
  const { service } = plan.ensemble;
  const { minSessionTimeoutMs, maxSessionTimeoutMs } = treeOptions(plan, servers[0] as NodeId);
  return new HistoryRecorder({
    seed,
    servers,
    observers,
    tickTimeUs,
    syncLimit,
    baseSlackUs: baseSlackUs(plan),
    answerUs: answerUs(plan),
    fromNothing: plan.initial.size === 0,
    localSessions: service.localSessions,
    sessionUpgrades: service.localSessionsUpgrading,
    ttlNodes: service.extendedTypes,
    skipAcl: service.skipAcl,
    enforceQuota: service.enforceQuota,
    maxNeverUsedMs: Math.floor(service.containerMaxNeverUsedUs / 1000),
    reaperPauseMs: pauseMs(service.containersPerMinute),
    reaperCheckMs: Math.floor(service.containerCheckUs / 1000),
    wallJumpMs: wallJumpMs(plan),
    leastTimeoutMs: minSessionTimeoutMs,
    mostTimeoutMs: maxSessionTimeoutMs,
    readOnlyClients: plan.clients.readOnly,
    chroot: plan.clients.chroot,
    ownClients: true,
  });
}

/**
 * The history of a run that has come to its end. It healed if all servers run, nothing is in force, clients
 * and servers reach each other, and every client knows one that serves. `lastStartUs`: when the
 * last server first started.
 */
export function historyOf(
  recorder: HistoryRecorder,
  world: RunningWorld,
  plan: Plan,
  lastStartUs: number,
): ClientHistory {
  const { voters, observers } = plan.ensemble;
  const servers = [...voters, ...observers];
  const healed =
    servers.every((server) => world.isUp(server)) &&
    world.unclean().length === 0 &&
    !mayBeStranded(plan) &&
    !isTooFar(plan) &&
    allReach(world, servers, clientsOf(plan));
  const healedUs = healed ? Math.max(0, lastStartUs, world.lastDisturbanceUs) : -1;
  return recorder.history({ atUs: world.nowUs, healedUs });
}

/** Whether a client may know no other server than one that leads, and serves no clients. */
function mayBeStranded(plan: Plan): boolean {
  return !plan.ensemble.settings.leaderServes && knownServers(plan) === 1;
}

/**
 * Whether clients go on to the next server before one of them can mostly have answered: a client waits for a
 * connection for its timeout divided by its servers (ClientCnxn), and a session takes as long as a write.
 */
function isTooFar(plan: Plan): boolean {
  const { sessionTimeoutUs, sessionTimeoutsUs } = plan.clients;
  const shortestUs = Math.min(sessionTimeoutUs, ...sessionTimeoutsUs);
  const writeUs = MESSAGES_OF_A_WRITE * typicalUs(plan.network.latency) + typicalUs(plan.disk.sync);
  return writeUs > shortestUs / knownServers(plan);
}

/** To the server, to the leader, to a quorum and back, and back to the client. */
const MESSAGES_OF_A_WRITE = 6;

function knownServers({ clients, ensemble }: Plan): number {
  if (clients.connectEach) return 1;
  return clients.connect.length || ensemble.voters.length + ensemble.observers.length;
}

function clientsOf(plan: Plan): NodeId[] {
  return Array.from({ length: plan.clients.count }, (_, i) => nodeId(FIRST_CLIENT + 1 + i));
}

function allReach(world: RunningWorld, servers: readonly NodeId[], clients: readonly NodeId[]): boolean {
  return servers.every((server) =>
    [...servers, ...clients].every(
      (other) => other === server || (world.canReach(server, other) && world.canReach(other, server)),
    ),
  );
}
