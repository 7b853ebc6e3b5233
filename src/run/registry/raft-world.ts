import type { Decisions } from '../../core/decisions.ts';
import { ascending } from '../../core/order.ts';
import type { Disk, FileName } from '../../node/env.ts';
import type { NodeId } from '../../node/ids.ts';
import type { Service } from '../../node/service.ts';
import type { RaftConfig } from '../../protocols/raft/config.ts';
import { raftLanguage } from '../../protocols/raft/language.ts';
import type { DiskRecord, WireMessage } from '../../protocols/raft/messages.ts';
import { diskFiles, raft } from '../../protocols/raft/raft.ts';
import { RAFT_RULES, type RaftRules } from '../../protocols/raft/rules.ts';
import type { ParticipantSetup, Witness } from '../../sim/profile.ts';
import { counterService, counterTxnAt } from '../../znode/counter.ts';
import { counterLanguage } from '../../znode/counter-messages.ts';
import { znodeLanguage } from '../../znode/language.ts';
import { counterClients } from '../counter-clients.ts';
import { labourProfile } from '../labour-profile.ts';
import type { Plan } from '../plan.ts';
import { quorumsOf } from '../quorums-of.ts';
import type { RunningWorld, StoredView } from '../running-world.ts';
import { SimulatedWorld } from '../simulated-world.ts';
import { stageProfile } from '../stage-profile.ts';
import { keepsTree, treeService, treeTxnAt } from '../tree-service.ts';
import { treeClients } from '../workload/tree-clients.ts';

/** What one direction of a connection takes before it refuses. */
const BUFFER_BYTES = 1 << 20;

/** Makes the world of a plan whose servers run Raft and keep a counter, with the plan's clients. */
export function startRaft(
  plan: Plan,
  decisions: Decisions,
  witness: Witness,
  rules: RaftRules = RAFT_RULES,
): RunningWorld {
  const { voters, observers, weights, groups, settings } = plan.ensemble;
  const tree = keepsTree(plan);
  const config: RaftConfig = {
    quorums: quorumsOf(plan.ensemble),
    observers,
    changeable: weights.size === 0 && groups.length === 0,
    settings: { ...settings, redialUs: settings.leaderConnectDelayDuringRetryUs },
    rules,
  };
  const servers = [...voters, ...observers].sort(ascending).map((id) => server(plan, config, id));
  return new SimulatedWorld<WireMessage, DiskRecord>(
    {
      decisions,
      language: raftLanguage(tree ? znodeLanguage : counterLanguage),
      participants: [
        ...servers,
        ...(tree
          ? treeClients<WireMessage, DiskRecord>(plan)
          : counterClients<WireMessage, DiskRecord>(plan)),
      ],
      network: { ...plan.network, bufferBytes: plan.network.bufferBytes ?? BUFFER_BYTES },
      disk: plan.disk,
      clock: plan.clock,
      buggify: plan.buggify,
      stages: stageProfile(plan),
      labour: labourProfile(plan),
      faults: plan.faults,
      witness,
    },
    storedView,
  );
}

function server(plan: Plan, config: RaftConfig, id: NodeId): ParticipantSetup<WireMessage, DiskRecord> {
  const { start, observers } = plan.ensemble;
  return {
    id,
    role: observers.includes(id) ? 'observer' : 'voter',
    startAtUs: start.has(id) ? start.get(id) : 0,
    files: initialFiles(plan, id),
    create: (env) => raft.createNode(config, env, serviceOf(plan, id)),
  };
}

function serviceOf(plan: Plan, id: NodeId): Service {
  return keepsTree(plan) ? treeService(plan, id) : counterService();
}

function initialFiles(plan: Plan, id: NodeId): ReadonlyMap<FileName, readonly DiskRecord[]> {
  const content = plan.initial.get(id);
  if (content === undefined) return new Map();
  const { acceptedEpoch: term, log, snapshot } = content;
  return diskFiles(
    { term, votedFor: 0 as NodeId, log, snapshot },
    keepsTree(plan) ? treeTxnAt : counterTxnAt,
    serviceOf(plan, id).machine,
  );
}

/** What a disk says of its stopped server; what was committed, no disk tells. */
function storedView(disk: Pick<Disk<DiskRecord>, 'files' | 'read'>): StoredView {
  const position = (file: FileName): number => {
    const intact = disk.read(file).filter((record) => record.kind !== 'damaged');
    return intact.at(-1)?.position ?? 0;
  };
  const logged = disk.files().filter((file) => /^(log|snapshot)[.]/.test(file));
  const lastZxid = Math.max(0, ...logged.map(position));
  return {
    acceptedEpoch: position('promise'),
    currentEpoch: Math.floor(lastZxid / 4294967296),
    lastZxid,
    lastCommitted: 0,
  };
}
