import type { Decisions } from '../core/decisions.ts';
import { ascending } from '../core/order.ts';
import type { Disk, FileName } from '../node/env.ts';
import type { NodeId } from '../node/ids.ts';
import type { ZabConfig } from '../protocols/zab/config.ts';
import { zabLanguage } from '../protocols/zab/language.ts';
import type { DiskRecord, WireMessage } from '../protocols/zab/messages.ts';
import { diskFiles, zab } from '../protocols/zab/zab.ts';
import type { ParticipantSetup, Witness } from '../sim/profile.ts';
import { counterService, counterTxnAt } from '../znode/counter.ts';
import { counterLanguage } from '../znode/counter-messages.ts';
import { znodeService } from '../znode/service.ts';
import { behaviourOf } from './behaviour.ts';
import { counterClients } from './counter-clients.ts';
import type { Plan } from './plan.ts';
import { quorumsOf } from './quorums-of.ts';
import { hasRealDisks, startOf, treeOptions } from './real-disks.ts';
import type { RunningWorld, StoredView } from './running-world.ts';
import { SimulatedWorld } from './simulated-world.ts';
import type { DiskFiles } from './stored-disk.ts';

/**
 * What one direction of a connection takes before it refuses: the buffers of both kernels, as Linux sizes
 * them.
 */
const BUFFER_BYTES = 1 << 20;

/**
 * Makes the world of a plan whose servers run ZAB and keep a counter, or ZooKeeper's tree where real files
 * are given, with the plan's clients.
 */
export function startZab(plan: Plan, decisions: Decisions, witness: Witness): RunningWorld {
  const { voters, observers } = plan.ensemble;
  const config: ZabConfig = {
    quorums: quorumsOf(plan.ensemble),
    observers,
    settings: plan.ensemble.settings,
    rules: behaviourOf(plan.ensemble.behaviour).zab,
  };
  const servers = [...voters, ...observers].sort(ascending).map((id) => server(plan, config, id));
  return new SimulatedWorld<WireMessage, DiskRecord>(
    {
      decisions,
      language: zabLanguage(counterLanguage),
      participants: [...servers, ...counterClients<WireMessage, DiskRecord>(plan)],
      network: { ...plan.network, bufferBytes: BUFFER_BYTES },
      disk: plan.disk,
      clock: { ...plan.clock, wallStartMs: startOf(plan) },
      stages: { delay: plan.stages, by: new Map() },
      faults: plan.faults,
      witness,
    },
    storedView,
  );
}

function server(plan: Plan, config: ZabConfig, id: NodeId): ParticipantSetup<WireMessage, DiskRecord> {
  const { start, observers } = plan.ensemble;
  const tree = hasRealDisks(plan);
  return {
    id,
    role: observers.includes(id) ? 'observer' : 'voter',
    startAtUs: start.has(id) ? start.get(id) : 0,
    files: initialFiles(plan, id),
    create: (env) =>
      zab.createNode(config, env, tree ? znodeService(treeOptions(plan, id)) : counterService()),
  };
}

function initialFiles(plan: Plan, id: NodeId): DiskFiles {
  const content = plan.initial.get(id);
  if (content?.dataDir !== undefined) return content.dataDir.files;
  return content === undefined ? new Map() : diskFiles(content, counterTxnAt, counterService().machine);
}

/** What a disk says of its stopped server; what was committed, no disk tells. */
function storedView(disk: Pick<Disk<DiskRecord>, 'files' | 'read'>): StoredView {
  const position = (file: FileName): number => {
    const intact = disk.read(file).filter((record) => record.kind !== 'damaged');
    return intact.at(-1)?.position ?? 0;
  };
  const logged = disk.files().filter((file) => /^(log|snapshot)[.]/.test(file));
  return {
    acceptedEpoch: position('acceptedEpoch'),
    currentEpoch: position('currentEpoch'),
    lastZxid: Math.max(0, ...logged.map(position)),
    lastCommitted: 0,
  };
}
