import { seeded } from '../../../src/core/decisions.ts';
import { uniform } from '../../../src/core/distribution.ts';
import type { Zxid } from '../../../src/core/zxid.ts';
import type { ClientMessage } from '../../../src/node/content.ts';
import type { Env, Stored } from '../../../src/node/env.ts';
import type { Fact } from '../../../src/node/facts.ts';
import { FIRST_CLIENT, type LinkId, NO_SESSION, nodeId } from '../../../src/node/ids.ts';
import type { ServiceLanguage } from '../../../src/node/protocol.ts';
import { majority } from '../../../src/node/quorum.ts';
import { DEFAULT_SETTINGS, type ZabSettings } from '../../../src/protocols/zab/config.ts';
import { zabLanguage } from '../../../src/protocols/zab/language.ts';
import type { DiskRecord, WireMessage } from '../../../src/protocols/zab/messages.ts';
import { FIXED_RULES } from '../../../src/protocols/zab/rules.ts';
import { zab } from '../../../src/protocols/zab/zab.ts';
import { Simulation } from '../../../src/sim/simulation.ts';
import {
  type ClientRequest,
  type Connect,
  type Connected,
  XID_PING,
  type ZnodeMessage,
} from '../../../src/znode/client-messages.ts';
import { DEFAULT_FRONTEND_OPTIONS, type FrontendOptions } from '../../../src/znode/options.ts';
import { NO_PASSWORD } from '../../../src/znode/password.ts';
import { znodeService } from '../../../src/znode/service.ts';

const TICK_MS = 200;

const language: ServiceLanguage = {
  describe: (message) => message.kind,
  fold: () => undefined,
  sizeOf: () => 100,
  requestSize: () => 100,
  txnSize: () => 100,
  chunkSize: () => 100,
};

/** One connection of a client that says only what the test tells it to. */
export class Wire {
  readonly #env: Env<ClientMessage, Stored, Fact>;
  readonly link: LinkId;
  readonly got: ZnodeMessage[] = [];
  closed = false;
  #xid = 0;

  constructor(env: Env<ClientMessage, Stored, Fact>, server: number) {
    this.#env = env;
    this.link = env.connect(nodeId(server), 'client');
  }

  greet(of: Partial<Connect> = {}): void {
    const greeting: Connect = {
      kind: 'connect',
      lastZxidSeen: 0 as Zxid,
      timeoutMs: 2000,
      session: NO_SESSION,
      password: NO_PASSWORD,
      readOnly: false,
      address: '10.0.0.1',
      ...of,
    };
    this.#env.send(this.link, greeting);
  }

  ask(operation: ClientRequest['operation'], xid = ++this.#xid): number {
    const request: ClientRequest = { kind: 'client-request', xid, operation };
    this.#env.send(this.link, request);
    return xid;
  }

  say(message: ZnodeMessage): void {
    this.#env.send(this.link, message);
  }

  ping(): void {
    this.ask({ kind: 'ping' }, XID_PING);
  }

  hangUp(): void {
    this.#env.close(this.link);
    this.closed = true;
  }

  get session(): Connected {
    const connected = this.got.find((message) => message.kind === 'connected');
    if (connected === undefined) throw new Error('no session');
    return connected;
  }

  /** What came, in short: `1 created /a`, `event created /a`, `2 NONODE`. */
  get story(): string[] {
    return this.got.map(short);
  }
}

function short(message: ZnodeMessage): string {
  switch (message.kind) {
    case 'connected':
      return message.timeoutMs === 0 ? 'expired' : `session of ${message.timeoutMs} ms`;
    case 'event':
      return `event ${message.type} ${message.path}`;
    case 'reply':
      return `${message.xid} ${message.err === 0 ? (message.result?.kind ?? 'ok') : message.err}`;
    case 'word-answer':
      return message.text;
    default:
      return message.kind;
  }
}

/**
 * An ensemble of three that keeps the tree, and a client that follows the test. Server 3 leads, unless
 * nobody starts by himself.
 */
export class ServiceBench {
  readonly facts: Fact[] = [];
  readonly #simulation: Simulation<WireMessage, DiskRecord>;
  readonly #wires = new Map<LinkId, Wire>();
  #env: Env<ClientMessage, Stored, Fact> | undefined;

  constructor(
    options: Partial<FrontendOptions> = {},
    seed = 1,
    protocol: Partial<ZabSettings> = {},
    starts = true,
  ) {
    const ids = [1, 2, 3].map(nodeId);
    const quorums = majority(ids);
    const settings = { ...DEFAULT_SETTINGS, tickTimeUs: TICK_MS * 1000, ...protocol };
    const config = { quorums, observers: [], settings, rules: FIXED_RULES };
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
          startAtUs: starts ? 0 : undefined,
          files: new Map(),
          create: (env: Parameters<typeof zab.createNode>[1]) =>
            zab.createNode(config, env, znodeService(service(id))),
        })),
        {
          id: nodeId(FIRST_CLIENT + 1),
          role: 'client',
          startAtUs: 0,
          files: new Map(),
          create: (env) => {
            this.#env = env as unknown as Env<ClientMessage, Stored, Fact>;
            return {
              handle: (event) => {
                if (event.kind === 'received') {
                  this.#wires.get(event.link)?.got.push(event.message as ZnodeMessage);
                } else if (event.kind === 'closed') {
                  const wire = this.#wires.get(event.link);
                  if (wire !== undefined) wire.closed = true;
                }
              },
              inspect: () => {
                throw new Error('not a server');
              },
            };
          },
        },
      ],
      network: { latency: uniform(500, 1500), links: [], bufferBytes: 1 << 20 },
      disk: { sync: uniform(2000, 6000) },
      clock: { skew: uniform(0, 0), driftPpm: uniform(0, 0) },
      stages: { delay: uniform(10, 200), by: new Map() },
      faults: [],
      witness: { wants: () => false, observe: (event) => this.facts.push({ ...event } as Fact) },
    });
    this.run(1000);
  }

  get world() {
    return this.#simulation.world;
  }

  /** What a server says of itself; undefined when it does not run. */
  inspect(server: number) {
    return this.#simulation.inspect(nodeId(server));
  }

  run(ms: number): this {
    this.#simulation.run(this.#simulation.nowUs + ms * 1000);
    return this;
  }

  dial(server: number): Wire {
    if (this.#env === undefined) throw new Error('the client has not started');
    const wire = new Wire(this.#env, server);
    this.#wires.set(wire.link, wire);
    this.run(10);
    return wire;
  }

  /** A connection with a new session. */
  join(server: number, of: Partial<Connect> = {}): Wire {
    const wire = this.dial(server);
    wire.greet(of);
    this.run(100);
    return wire;
  }

  count(kind: Fact['kind']): number {
    return this.facts.filter((fact) => fact.kind === kind).length;
  }
}
