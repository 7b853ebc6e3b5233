import type { Decisions } from '../../core/decisions.ts';
import { ascending } from '../../core/order.ts';
import type { Disk, FileName } from '../../node/env.ts';
import type { NodeId } from '../../node/ids.ts';
import type { PaxosConfig } from '../../protocols/paxos/config.ts';
import { paxosLanguage } from '../../protocols/paxos/language.ts';
import type { DiskRecord, WireMessage } from '../../protocols/paxos/messages.ts';
import { createLegislator } from '../../protocols/paxos/paxos.ts';
import { PAXOS_RULES } from '../../protocols/paxos/rules.ts';
import type { ParticipantSetup, Witness } from '../../sim/profile.ts';
import { counterService } from '../../znode/counter.ts';
import { counterLanguage } from '../../znode/counter-messages.ts';
import { znodeLanguage } from '../../znode/language.ts';
import { counterClients } from '../counter-clients.ts';
import { labourProfile } from '../labour-profile.ts';
import type { Plan } from '../plan.ts';
import { quorumsOf } from '../quorums-of.ts';
import type { RunningWorld, StoredView } from '../running-world.ts';
import { SimulatedWorld } from '../simulated-world.ts';
import { stageProfile } from '../stage-profile.ts';
import { keepsTree, treeService } from '../tree-service.ts';
import { treeClients } from '../workload/tree-clients.ts';

/** What one direction of a client's connection takes before it refuses. */
const BUFFER_BYTES = 1 << 20;

/** How a world of Paxos may differ from one with a president, random back-off and the correct rules. */
export type PaxosVariant = Partial<Pick<PaxosConfig, 'mode' | 'backOff' | 'rules'>>;

/** Makes the world of a plan whose servers run Paxos, with the plan's clients. */
export function startPaxos(
  plan: Plan,
  decisions: Decisions,
  witness: Witness,
  variant: PaxosVariant = {},
): RunningWorld {
  const { voters, observers, settings } = plan.ensemble;
  const config: PaxosConfig = {
    quorums: quorumsOf(plan.ensemble),
    observers,
    settings,
    rules: PAXOS_RULES,
    mode: 'president',
    backOff: 'random',
    ...variant,
  };
  const tree = keepsTree(plan);
  const servers = [...voters, ...observers].sort(ascending).map((id) => server(plan, config, id));
  return new SimulatedWorld<WireMessage, DiskRecord>(
    {
      decisions,
      language: paxosLanguage(tree ? znodeLanguage : counterLanguage),
      participants: [
        ...servers,
        ...(tree
          ? treeClients<WireMessage, DiskRecord>(plan)
          : counterClients<WireMessage, DiskRecord>(plan)),
      ],
      network: { ...plan.network, bufferBytes: plan.network.bufferBytes ?? BUFFER_BYTES },
      disk: plan.disk,
      clock: plan.clock,
      stages: stageProfile(plan),
      labour: labourProfile(plan),
      buggify: plan.buggify,
      faults: plan.faults,
      witness,
    },
    storedView,
  );
}

function server(plan: Plan, config: PaxosConfig, id: NodeId): ParticipantSetup<WireMessage, DiskRecord> {
  const { start, observers } = plan.ensemble;
  return {
    id,
    role: observers.includes(id) ? 'observer' : 'voter',
    startAtUs: start.has(id) ? start.get(id) : 0,
    files: new Map<FileName, readonly DiskRecord[]>(),
    create: (env) =>
      createLegislator(config, env, keepsTree(plan) ? treeService(plan, id) : counterService()),
  };
}

/** What a disk says of its stopped server: its promise, and the last slot it voted on. */
function storedView(disk: Pick<Disk<DiskRecord>, 'files' | 'read'>): StoredView {
  const acceptedEpoch = disk.read('promise').at(-1)?.position ?? 0;
  let lastZxid = 0;
  for (const { position } of disk.read('votes')) lastZxid = Math.max(lastZxid, position >>> 0);
  return { acceptedEpoch, currentEpoch: 0, lastZxid, lastCommitted: 0 };
}
