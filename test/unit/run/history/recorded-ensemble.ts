import type { ClientHistory } from '../../../../src/check/history/client-history.ts';
import { seeded } from '../../../../src/core/decisions.ts';
import { uniform } from '../../../../src/core/distribution.ts';
import type { ClientMessage } from '../../../../src/node/content.ts';
import type { Env, Stored } from '../../../../src/node/env.ts';
import type { Fact } from '../../../../src/node/facts.ts';
import { FIRST_CLIENT, type NodeId, nodeId } from '../../../../src/node/ids.ts';
import type { ServiceLanguage } from '../../../../src/node/protocol.ts';
import { majority } from '../../../../src/node/quorum.ts';
import { DEFAULT_SETTINGS } from '../../../../src/protocols/zab/config.ts';
import { zabLanguage } from '../../../../src/protocols/zab/language.ts';
import type { DiskRecord, WireMessage } from '../../../../src/protocols/zab/messages.ts';
import { FIXED_RULES } from '../../../../src/protocols/zab/rules.ts';
import { zab } from '../../../../src/protocols/zab/zab.ts';
import { HistoryRecorder } from '../../../../src/run/history/history-recorder.ts';
import { Simulation } from '../../../../src/sim/simulation.ts';
import { DEFAULT_FRONTEND_OPTIONS, type FrontendOptions } from '../../../../src/znode/options.ts';
import { znodeService } from '../../../../src/znode/service.ts';
import { ToldClient } from './told-client.ts';

const TICK_MS = 200;

const language: ServiceLanguage = {
  describe: (message) => message.kind,
  fold: () => undefined,
  sizeOf: () => 100,
  requestSize: () => 100,
  txnSize: () => 100,
  chunkSize: () => 100,
};

/** Three servers that keep the tree, clients that follow the test, and the recorder of their history. */
export class RecordedEnsemble {
  readonly clients: readonly ToldClient[];
  readonly recorder: HistoryRecorder;
  readonly #simulation: Simulation<WireMessage, DiskRecord>;

  constructor(seed = 1, clients = 2, options: Partial<FrontendOptions> = {}) {
    const ids = [1, 2, 3].map(nodeId);
    this.recorder = new HistoryRecorder({
      seed,
      servers: ids,
      observers: [],
      tickTimeUs: TICK_MS * 1000,
      syncLimit: DEFAULT_SETTINGS.syncLimit,
      baseSlackUs: 20_000,
      answerUs: 0,
      fromNothing: true,
      localSessions: options.localSessions ?? false,
      sessionUpgrades: options.localSessionsUpgrading ?? false,
      skipAcl: options.skipAcl ?? false,
      enforceQuota: options.enforceQuota ?? false,
      chroot: '',
      maxNeverUsedMs: 300_000,
      reaperPauseMs: 6,
      reaperCheckMs: 60_000,
      wallJumpMs: 0,
      leastTimeoutMs: 2 * TICK_MS,
      mostTimeoutMs: 20 * TICK_MS,
      readOnlyClients: false,
      ownClients: false,
      ttlNodes: options.extendedTypes ?? false,
    });
    const made = new Map<NodeId, ToldClient>();
    const settings = { ...DEFAULT_SETTINGS, tickTimeUs: TICK_MS * 1000 };
    const config = { quorums: majority(ids), observers: [], settings, rules: FIXED_RULES };
    const service = (serverId: number): FrontendOptions => ({
      ...DEFAULT_FRONTEND_OPTIONS,
      tickTimeMs: TICK_MS,
      minSessionTimeoutMs: 2 * TICK_MS,
      maxSessionTimeoutMs: 20 * TICK_MS,
      serverId,
      ...options,
    });
    this.#simulation = new Simulation<WireMessage, DiskRecord>({
      decisions: seeded(seed),
      language: zabLanguage(language),
      participants: [
        ...ids.map((id) => ({
          id,
          role: 'voter' as const,
          startAtUs: 0,
          files: new Map(),
          create: (env: Parameters<typeof zab.createNode>[1]) =>
            zab.createNode(config, env, znodeService(service(id))),
        })),
        ...Array.from({ length: clients }, (_, i) => ({
          id: nodeId(FIRST_CLIENT + 1 + i),
          role: 'client' as const,
          startAtUs: 0,
          files: new Map(),
          create: (env: unknown) => {
            const client = new ToldClient(env as Env<ClientMessage, Stored, Fact>);
            made.set(nodeId(FIRST_CLIENT + 1 + i), client);
            return client as never;
          },
        })),
      ],
      network: { latency: uniform(500, 1500), links: [], bufferBytes: 1 << 20 },
      disk: { sync: uniform(2000, 6000) },
      clock: { skew: uniform(0, 0), driftPpm: uniform(0, 0) },
      stages: { delay: uniform(10, 200), by: new Map() },
      faults: [],
      witness: this.recorder,
    });
    this.run(1000);
    this.clients = [...made.values()];
  }

  get world() {
    return this.#simulation.world;
  }

  run(ms: number): this {
    this.#simulation.run(this.#simulation.nowUs + ms * 1000);
    return this;
  }

  /** All clients get a session, each at another server. */
  join(): this {
    for (const [i, client] of this.clients.entries()) client.connect(1 + (i % 3));
    return this.run(100);
  }

  crash(server: number): this {
    this.world.machineOf(nodeId(server)).end('crash', 'test');
    return this;
  }

  start(server: number): this {
    this.world.machineOf(nodeId(server)).start();
    return this;
  }

  history(healedUs = -1): ClientHistory {
    return this.recorder.history({ atUs: this.#simulation.nowUs, healedUs });
  }
}
