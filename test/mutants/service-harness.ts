import type { NodeId } from '../../src/node/ids.ts';
import type { Service } from '../../src/node/service.ts';
import type { ZabConfig } from '../../src/protocols/zab/config.ts';
import type { ZabRules } from '../../src/protocols/zab/rules.ts';
import { zab } from '../../src/protocols/zab/zab.ts';
import { checkRecorded } from '../../src/run/history/check-recorded.ts';
import type { Plan } from '../../src/run/plan.ts';
import type { StartWorld } from '../../src/run/registry/protocols.ts';
import { parseScenario } from '../../src/run/scenario.ts';
import { simulate } from '../../src/run/simulate.ts';
import { keepsTree, treeOptions } from '../../src/run/tree-service.ts';
import { startZab } from '../../src/run/zab-world.ts';
import type { ZnodeRules } from '../../src/znode/rules.ts';
import type { znodeService } from '../../src/znode/service.ts';
import { importPatched, load, type Mutant, type Patch } from './mutation.ts';

/** A planted mistake in the service, or in how servers carry its requests. */
export interface ServiceMutant {
  /** What the servers do wrong. */
  readonly name: string;
  readonly rules?: Partial<ZnodeRules>;
  /** Of files of `src/znode`. */
  readonly patches?: readonly Patch[];
  /** Of files of `src/protocols/zab`. */
  readonly zab?: Mutant['patches'];
}

/** Its code is there. */
export interface LoadedService {
  readonly createNode: (typeof zab)['createNode'];
  readonly znodeService: typeof znodeService;
  readonly rules: Partial<ZnodeRules>;
  /** Those of the protocol. */
  readonly zabRules: Partial<ZabRules>;
}

/** Makes the code of a mutant; `undefined`: ours. */
export async function loadService(mutant?: ServiceMutant): Promise<LoadedService> {
  const patches = mutant?.patches ?? [];
  const { main, rules } = await importPatched<Pick<LoadedService, 'znodeService'>>(
    'src/znode',
    'service.ts',
    patches,
  );
  const { createNode, rules: zabRules } =
    mutant?.zab === undefined
      ? { createNode: zab.createNode, rules: {} }
      : await load({ name: mutant.name, patches: mutant.zab });
  return {
    createNode,
    znodeService: main.znodeService,
    rules: { ...rules['FIXED_ZNODE_RULES'], ...mutant?.rules },
    zabRules,
  };
}

/** Worlds whose servers run this code where they keep the tree. */
export function startService({ createNode, znodeService, rules, zabRules }: LoadedService): StartWorld {
  const mutated = (plan: Plan, server: NodeId): Service => {
    const options = treeOptions(plan, server);
    return znodeService({ ...options, rules: { ...options.rules, ...rules } });
  };
  const configure = (config: ZabConfig) => ({ ...config, rules: { ...config.rules, ...zabRules } });
  return (plan, decisions, witness) => {
    const code = { createNode, configure, ...(keepsTree(plan) ? { service: mutated } : {}) };
    return startZab(plan, decisions, witness, code);
  };
}

/** The rules that clients saw broken in the run, each with its guarantee first: `K5 a read did …`. */
export function clientsSaw(plan: Plan, code: LoadedService): string[] {
  const seen: string[] = [];
  simulate(plan, {
    monitors: false,
    start: startService(code),
    history: (history) => {
      const { violations } = checkRecorded(history, { events: 0, healingUs: 13_000_000 });
      seen.push(...violations.map(({ rule }) => rule));
    },
  });
  return seen;
}

const MIX = `{ create: 5, createEphemeral: 3, createSequential: 1, delete: 3, set: 8, cas: 3, multi: 3,
    check: 1, get: 8, exists: 3, getChildren2: 3, multiRead: 2, syncGet: 4, watch: 8, addWatch: 1, move: 2,
    close: 1 }`;

/** Clients of three servers do a bit of everything; the faults are the test's. */
function planWith(
  seed: number,
  faults: string,
  clients = `pipeline: 4, keys: 3, mix: ${MIX}`,
  ensemble = '',
  syncLimit = 2,
): Plan {
  return parseScenario(`
title: Clients do a bit of everything
seed: ${seed}
duration: 25s
ensemble: { voters: 3, tickTime: 200ms, syncLimit: ${syncLimit}, snapCount: 60, commitLogCount: 20,
  ${ensemble} }
network: { latency: 500us..3ms }
disk: { sync: 1ms..4ms }
clients: { count: 5, rate: 120/s, operations: 1600, sessionTimeout: 1500ms, ${clients} }
faults: ${faults}
`);
}

/** Servers come and go. */
export function busyPlan(seed: number): Plan {
  return planWith(
    seed,
    `
  - { at: 2s, crash: leader }
  - { after: 2s, restart: crashed }
  - { after: 1s, name: split, partition: [[leader], rest] }
  - { after: 3s, heal: split }
  - { after: 1s, crash: follower }
  - { after: 2s, restart: crashed }`,
  );
}

/** One follower hears of everything late. */
export function laggingPlan(seed: number): Plan {
  return planWith(seed, '[{ at: 1s, slow: { between: [[1], [2, 3]], latency: 150ms..200ms }, for: 14s }]');
}

/** The leader is cut off and comes back; nobody starts anew. */
export function splitPlan(seed: number): Plan {
  return planWith(seed, '[{ at: 3s, partition: [[leader], rest], for: 4s }]');
}

/** One follower is cut off from the others; its clients, who mostly read, still reach it. */
export function isolatedPlan(seed: number): Plan {
  const clients = 'keys: 1, mix: { create: 2, set: 4, get: 300 }';
  return planWith(seed, '[{ at: 3s, partition: [[1], [2, 3]], for: 9s }]', clients);
}

/** One follower hears of everything late, and clients come and go. */
export function movingPlan(seed: number): Plan {
  return planWith(
    seed,
    '[{ at: 1s, slow: { between: [[1], [2, 3]], latency: 150ms..200ms }, for: 20s }]',
    'pipeline: 10, keys: 3, mix: { create: 3, set: 20, move: 4 }',
  );
}

/** Sessions end while others remove the parents of their nodes. */
export function closingPlan(seed: number): Plan {
  const mix = '{ create: 6, createEphemeralSequential: 2, delete: 10, close: 3 }';
  return planWith(seed, '[]', `pipeline: 4, keys: 8, mix: ${mix}`);
}

const OWNERS = `pipeline: 2, keys: 3,
    mix: { create: 3, createEphemeral: 1, createEphemeralSequential: 3, multiCreate: 2, set: 3, get: 2,
    move: 1, close: 1 }`;

/** Sessions live on the server of their client. */
export function localPlan(seed: number): Plan {
  return planWith(seed, '[]', 'keys: 3, mix: { create: 1, set: 3, get: 3 }', 'localSessionsEnabled: true');
}

/** Local sessions ask for ephemeral nodes, and may not have them. */
export function localOwnersPlan(seed: number): Plan {
  return planWith(seed, '[]', OWNERS, 'localSessionsEnabled: true');
}

/** Local sessions ask for ephemeral nodes, and become global ones. */
export function upgradingPlan(seed: number): Plan {
  const ensemble = 'localSessionsEnabled: true, localSessionsUpgradingEnabled: true';
  return planWith(seed, '[]', OWNERS, ensemble);
}

/** Containers and TTL nodes come, and are removed by the leader when their time is over. */
export function reapedPlan(seed: number): Plan {
  const mix = '{ createContainer: 3, createTTL: 3, createSequential: 2, delete: 6, set: 2, get: 2 }';
  const ensemble = 'extendedTypesEnabled: true, znode.container.checkIntervalMs: 300';
  return planWith(seed, '[{ at: 4s, crash: leader }]', `keys: 5, mix: ${mix}`, ensemble);
}

/** There is more to remove than the leader may at once. */
export function slowlyReapedPlan(seed: number): Plan {
  const mix = '{ createTTL: 3, set: 1, get: 2 }';
  const ensemble = `extendedTypesEnabled: true, znode.container.checkIntervalMs: 300,
    znode.container.maxPerMinute: 120`;
  return planWith(seed, '[]', `keys: 10, mix: ${mix}`, ensemble);
}

/** Containers lose their children again and again, and are to be removed. */
export function emptiedPlan(seed: number): Plan {
  const mix = '{ createContainer: 2, create: 3, delete: 3, get: 8 }';
  return planWith(seed, '[]', `keys: 40, mix: ${mix}`, 'znode.container.checkIntervalMs: 300');
}

/** Clients die, and their sessions end. */
export function dyingPlan(seed: number): Plan {
  return planWith(seed, '[{ at: 3s, crash: c1 }, { at: 4s, crash: c2 }, { at: 5s, crash: c3 }]');
}

/** A client dies, and the leader after it. */
export function forsakenPlan(seed: number): Plan {
  return planWith(
    seed,
    '[{ at: 3s, crash: c1 }, { at: 3500ms, crash: leader }, { after: 1s, restart: crashed }]',
  );
}

/** What one follower says reaches nobody for longer than a session lives; it stays a follower. */
export function unheardPlan(seed: number): Plan {
  const faults = '[{ at: 3s, cut: { from: [1], to: [2, 3] }, for: 3s }]';
  return planWith(seed, faults, undefined, '', 20);
}

/** Clients ask who they are, and for a longer timeout than there is. */
export function askingPlan(seed: number): Plan {
  const ensemble = 'maxSessionTimeout: 1000ms';
  return planWith(seed, '[]', 'mix: { create: 1, set: 3, whoAmI: 3, move: 1 }', ensemble);
}

/** Clients ask for what few do. */
export function variedPlan(seed: number): Plan {
  const mix = `{ create: 5, set: 5, setACL: 3, setACLCas: 2, setNull: 2, get: 8, watch: 3, addWatch: 2,
    removeWatches: 4, watchChurn: 4, multiCreate: 4, multiChurn: 3, deep: 8, close: 1, move: 1 }`;
  return planWith(
    seed,
    '[{ at: 4s, crash: leader }, { after: 2s, restart: crashed }]',
    `keys: 3, mix: ${mix}`,
  );
}

/** Clients ask which watches they have. */
export function checkingPlan(seed: number): Plan {
  const mix =
    '{ create: 3, set: 3, delete: 2, watch: 4, addWatch: 1, checkWatches: 6, watchChurn: 2, move: 1 }';
  return planWith(
    seed,
    '[{ at: 4s, crash: leader }, { after: 2s, restart: crashed }]',
    `keys: 3, mix: ${mix}`,
  );
}

/** Syncs are under way when leaders go: disks are slow. */
export function syncingPlan(seed: number): Plan {
  return parseScenario(`
title: Syncs are under way when the leader goes
seed: ${seed}
duration: 30s
ensemble: { voters: 3, tickTime: 500ms, syncLimit: 4 }
network: { latency: 500us..3ms }
disk: { sync: 30ms..60ms }
clients: { count: 6, operations: 1500, sessionTimeout: 4s, keys: 2, pipeline: 4,
  mix: { set: 3, create: 1, syncGet: 6, sync: 3 } }
faults:
  - { at: 3s, crash: leader }
  - { after: 2s, restart: crashed }
  - { after: 3s, crash: leader }
  - { after: 2s, restart: crashed }
`);
}

/** Clients set quotas, and come up to them. */
export function quotaPlan(seed: number): Plan {
  const mix = '{ quota: 2, create: 5, createSequential: 2, multi: 2, set: 5, delete: 3 }';
  return planWith(seed, '[{ at: 4s, crash: leader }]', `keys: 2, mix: ${mix}`, 'enforceQuota: true');
}

/** Clients go elsewhere and do not know their passwords any more. */
export function forgedPlan(seed: number): Plan {
  return planWith(seed, '[]', 'keys: 3, mix: { create: 3, set: 5, forge: 1 }');
}

/** Every server is cut off, and goes on for those who only read. */
export function readOnlyPlan(seed: number): Plan {
  const clients = 'readOnly: true, keys: 2, mix: { create: 2, set: 4, get: 20, move: 1 }';
  const ensemble = 'readonlymode.enabled: true, localSessionsEnabled: true';
  return planWith(seed, '[{ at: 3s, partition: [[1], [2], [3]], for: 9s }]', clients, ensemble);
}

/** Nothing goes wrong. */
export function calmPlan(seed: number): Plan {
  return planWith(seed, '[]');
}

/** Now and then clients ask for what makes little sense. */
export function oddPlan(seed: number): Plan {
  const mix = '{ odd: 4, create: 4, createTTL: 2, set: 3, delete: 2, get: 3, getACL: 3, move: 1 }';
  const ensemble = 'extendedTypesEnabled: true';
  return planWith(seed, '[{ at: 4s, crash: leader }]', `keys: 2, pipeline: 4, mix: ${mix}`, ensemble);
}

/** Access lists go by the addresses of clients. */
export function addressPlan(seed: number): Plan {
  return planWith(seed, '[]', 'keys: 2, mix: { create: 4, set: 4, get: 4, delete: 3, setIpACL: 2 }');
}

/** Clients ask for a bit of everything, before they are answered, and of two nodes. */
export function densePlan(seed: number): Plan {
  const mix = `{ create: 5, createEphemeral: 3, createSequential: 1, delete: 6, set: 5, setACL: 3, multi: 8,
    multiChurn: 6, watch: 10, addWatch: 4, move: 4, close: 1 }`;
  return endless(planWith(seed, '[]', `pipeline: 16, keys: 2, mix: ${mix}`));
}

/** Multis make ephemeral nodes, and many fail behind that. */
export function failingPlan(seed: number): Plan {
  const mix = '{ create: 5, delete: 6, multi: 4, multiCreate: 8, close: 2 }';
  return endless(planWith(seed, '[]', `pipeline: 16, keys: 3, mix: ${mix}`));
}

/** Nobody waits before asking for more. */
function endless(plan: Plan): Plan {
  return { ...plan, clients: { ...plan.clients, perSecondMilli: undefined } };
}

/** A leader is deposed in the middle of a round of its reaper, and leads again. */
export function secondTermPlan(seed: number): Plan {
  return planWith(
    seed,
    `
  - { at: 6s, partition: [[3], [1, 2]], for: 3s }
  - { at: 10s, crash: [1, 2] }
  - { at: 10200ms, start: [1, 2] }`,
    'keys: 10, mix: { createTTL: 5, delete: 4, set: 2 }',
    `extendedTypesEnabled: true, znode.container.checkIntervalMs: 200, znode.container.maxPerMinute: 60`,
    3,
  );
}

/** Clients compete for a lock. */
export function lockPlan(seed: number): Plan {
  return planWith(
    seed,
    '[{ at: 4s, crash: leader }, { after: 3s, restart: crashed }]',
    'recipe: fair-lock, hold: 50ms',
  );
}
