import type { Decisions } from '../core/decisions.ts';
import { ascending } from '../core/order.ts';
import type { Disk, FileName } from '../node/env.ts';
import type { NodeId } from '../node/ids.ts';
import type { Service } from '../node/service.ts';
import type { ZabConfig } from '../protocols/zab/config.ts';
import { zabLanguage } from '../protocols/zab/language.ts';
import type { DiskRecord, WireMessage } from '../protocols/zab/messages.ts';
import { diskFiles, zab } from '../protocols/zab/zab.ts';
import type { ZabEnv } from '../protocols/zab/zab-env.ts';
import type { ParticipantSetup, Witness } from '../sim/profile.ts';
import { counterService, counterTxnAt } from '../znode/counter.ts';
import { counterLanguage } from '../znode/counter-messages.ts';
import { znodeLanguage } from '../znode/language.ts';
import { behaviourOf } from './behaviour.ts';
import { counterBytes } from './bytes/counter-bytes.ts';
import { diskBytes } from './bytes/disk-bytes.ts';
import type { ServiceBytes } from './bytes/service-bytes.ts';
import { treeBytes } from './bytes/tree-bytes.ts';
import { simulatedConfig, zabWire } from './bytes/zab-wire.ts';
import { counterClients } from './counter-clients.ts';
import { encodeDisk } from './encode-disk.ts';
import { labourProfile } from './labour-profile.ts';
import type { Plan } from './plan.ts';
import { quorumsOf } from './quorums-of.ts';
import { startOf } from './real-disks.ts';
import type { RunningWorld, StoredView } from './running-world.ts';
import { SimulatedWorld } from './simulated-world.ts';
import { stageProfile } from './stage-profile.ts';
import type { DiskFiles, StoredDisk } from './stored-disk.ts';
import { keepsTree, treeService, treeTxnAt } from './tree-service.ts';
import { treeClients } from './workload/tree-clients.ts';

/**
 * What one direction of a connection takes before it refuses: the buffers of both kernels, as Linux sizes
 * them.
 */
const BUFFER_BYTES = 1 << 20;

/** Other code in the place of the servers' own, to try whether its mistakes are found. */
export interface ZabVariant {
  readonly createNode?: (typeof zab)['createNode'];
  readonly service?: (plan: Plan, server: NodeId) => Service;
  /** Has the last word on the configuration. */
  readonly configure?: (config: ZabConfig) => ZabConfig;
  /** What stands between every server and the world. */
  readonly wrap?: (env: ZabEnv) => ZabEnv;
}

/** Makes the world of a plan whose servers run ZAB and keep the tree or a counter, and its clients. */
export function startZab(
  plan: Plan,
  decisions: Decisions,
  witness: Witness,
  variant: ZabVariant = {},
): RunningWorld {
  const { voters, observers } = plan.ensemble;
  const tree = keepsTree(plan);
  const own: ZabConfig = {
    quorums: quorumsOf(plan.ensemble),
    observers,
    settings: plan.ensemble.settings,
    rules: behaviourOf(plan.ensemble.behaviour).zab,
  };
  const config = variant.configure?.(own) ?? own;
  const servers = [...voters, ...observers].sort(ascending).map((id) => server(plan, config, id, variant));
  return new SimulatedWorld<WireMessage, DiskRecord>(
    {
      decisions,
      language: zabLanguage(tree ? znodeLanguage : counterLanguage),
      participants: [
        ...servers,
        ...(tree
          ? treeClients<WireMessage, DiskRecord>(plan)
          : counterClients<WireMessage, DiskRecord>(plan)),
      ],
      network: { ...plan.network, bufferBytes: plan.network.bufferBytes ?? BUFFER_BYTES },
      disk: plan.disk,
      clock: { ...plan.clock, wallStartMs: startOf(plan) },
      buggify: plan.buggify,
      stages: stageProfile(plan),
      labour: labourProfile(plan),
      faults: plan.faults,
      witness,
      wire:
        plan.network.wire === 'bytes'
          ? zabWire(simulatedConfig(plan.ensemble), serviceBytes(plan))
          : undefined,
      format: plan.disk.format === 'bytes' ? diskBytes(serviceBytes(plan)) : undefined,
    },
    storedView,
    tree ? (disk: StoredDisk) => encodeDisk(disk) : undefined,
  );
}

function serviceBytes(plan: Plan): ServiceBytes {
  return keepsTree(plan) ? treeBytes : counterBytes;
}

function server(
  plan: Plan,
  config: ZabConfig,
  id: NodeId,
  variant: ZabVariant,
): ParticipantSetup<WireMessage, DiskRecord> {
  const { createNode = zab.createNode, service = serviceOf, wrap = (env: ZabEnv) => env } = variant;
  const { start, observers } = plan.ensemble;
  return {
    id,
    role: observers.includes(id) ? 'observer' : 'voter',
    startAtUs: start.has(id) ? start.get(id) : 0,
    files: initialFiles(plan, id),
    create: (env) => createNode(config, wrap(env), service(plan, id)),
  };
}

function serviceOf(plan: Plan, id: NodeId): Service {
  return keepsTree(plan) ? treeService(plan, id) : counterService();
}

function initialFiles(plan: Plan, id: NodeId): DiskFiles {
  const content = plan.initial.get(id);
  if (content === undefined) return new Map();
  if (content.dataDir !== undefined) return content.dataDir.files;
  return diskFiles(content, keepsTree(plan) ? treeTxnAt : counterTxnAt, serviceOf(plan, id).machine);
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
