import { calm, type Decisions, seeded } from '../../../src/core/decisions.ts';
import { type Distribution, uniform } from '../../../src/core/distribution.ts';
import type { Env, Stored } from '../../../src/node/env.ts';
import type { NodeEvent } from '../../../src/node/events.ts';
import type { Fact } from '../../../src/node/facts.ts';
import { FIRST_CLIENT, type NodeId, nodeId } from '../../../src/node/ids.ts';
import type { Language, Participant } from '../../../src/node/protocol.ts';
import type { Action, Fault } from '../../../src/sim/fault.ts';
import type { ParticipantSetup, Witness, WorldSetup } from '../../../src/sim/profile.ts';
import { Simulation } from '../../../src/sim/simulation.ts';
import { Trace } from '../../../src/sim/trace.ts';

/** What toys say to each other. */
export interface ToyMessage {
  readonly kind: string;
  readonly n: number;
  readonly bytes: number;
}

/** What toys write. */
export interface ToyRecord extends Stored {
  readonly kind: string;
}

export type ToyEnv = Env<ToyMessage, ToyRecord, Fact>;
export type ToyEvent = NodeEvent<ToyMessage>;

/** What a toy does: a script over its events. */
export type Script = (env: ToyEnv) => (event: ToyEvent) => void;

export const toyLanguage: Language<ToyMessage> = {
  describe: (message) => `${message.kind} ${message.n}`,
  fold: (message, digest) => {
    digest.word(message.n);
  },
  sizeOf: (message) => message.bytes,
};

export function say(n: number, bytes = 10, kind = 'toy'): ToyMessage {
  return { kind, n, bytes };
}

export function record(position: number, kind = 'txn'): ToyRecord {
  return { kind, position, digest: position * 7 };
}

const VIEW = { acceptedEpoch: 0, currentEpoch: 0, lastZxid: 0, lastCommitted: 0 } as const;

/** A participant from a script. */
export function toy(script: Script): (env: ToyEnv) => Participant<ToyMessage> {
  return (env) => ({ handle: script(env), inspect: () => ({ state: 'looking', ...VIEW }) });
}

export interface ToyOptions {
  readonly scripts: readonly Script[];
  readonly clients?: readonly Script[];
  readonly decisions?: Decisions;
  readonly latency?: Distribution;
  readonly sync?: Distribution;
  readonly faults?: readonly Fault[];
  readonly witness?: Witness;
  readonly bufferBytes?: number;
  readonly observers?: readonly number[];
  readonly files?: ReadonlyMap<string, readonly ToyRecord[]>;
  readonly off?: readonly number[];
  readonly stages?: Distribution;
  readonly driftPpm?: Distribution;
}

export type ToySetup = WorldSetup<ToyMessage, ToyRecord>;

/** The setup of a world of toys: server 1 runs the first script, and so on. */
export function toySetup(options: ToyOptions): ToySetup {
  const one = (id: NodeId, role: 'voter' | 'observer' | 'client', script: Script) =>
    ({
      id,
      role,
      startAtUs: options.off?.includes(id) === true ? undefined : 0,
      files: role === 'client' ? new Map() : (options.files ?? new Map()),
      create: toy(script),
    }) satisfies ParticipantSetup<ToyMessage, ToyRecord>;
  const servers = options.scripts.map((script, i) =>
    one(nodeId(i + 1), options.observers?.includes(i + 1) === true ? 'observer' : 'voter', script),
  );
  const clients = (options.clients ?? []).map((script, i) =>
    one(nodeId(FIRST_CLIENT + 1 + i), 'client', script),
  );
  return {
    decisions: options.decisions ?? calm(),
    language: toyLanguage,
    participants: [...servers, ...clients],
    network: {
      latency: options.latency ?? uniform(1000, 1000),
      links: [],
      bufferBytes: options.bufferBytes ?? 1_000_000,
    },
    disk: { sync: options.sync ?? uniform(5000, 5000) },
    clock: { skew: uniform(0, 0), driftPpm: options.driftPpm ?? uniform(0, 0) },
    stages: { delay: options.stages ?? uniform(10, 10), by: new Map() },
    faults: options.faults ?? [],
    witness: options.witness ?? { wants: () => false, observe: () => {} },
  };
}

/** A world of toys with a trace. */
export function toyWorld(options: ToyOptions): {
  simulation: Simulation<ToyMessage, ToyRecord>;
  trace: Trace;
  told: (kind: string) => unknown[];
} {
  const trace = new Trace();
  const simulation = new Simulation(toySetup({ witness: trace, ...options }));
  const told = (kind: string) => trace.entries.filter((e) => e.told.kind === kind).map((e) => e.told);
  return { simulation, trace, told };
}

/** A fault that fires at a time. */
export function faultAt(atUs: number, action: Action, more: Partial<Fault> = {}): Fault {
  return {
    name: `fault at ${atUs}`,
    trigger: { atUs, afterUs: undefined, when: undefined },
    optional: false,
    forUs: undefined,
    action,
    ...more,
  };
}

/**
 * Ping-pong: each server dials those above it, and each connection carries one message to and fro, with a
 * fact for every eighth one.
 */
export function pingPong(servers: number): Script {
  return (env) => {
    let heard = 0;
    return (event) => {
      switch (event.kind) {
        case 'started':
          env.listen('quorum');
          env.setTimer('dial', 10_000);
          return;
        case 'timer':
          for (let peer = env.self + 1; peer <= servers; peer++) env.connect(nodeId(peer), 'quorum');
          return;
        case 'opened':
          if (event.peer !== undefined) env.send(event.link, say(0));
          return;
        case 'received': {
          if ((++heard & 7) === 0) {
            env.report({
              kind: 'txn-applied',
              server: env.self,
              zxid: heard as never,
              digest: heard,
              state: 1,
            });
          }
          env.setTimer('silence', 2_000_000);
          env.send(event.link, say(event.message.n + 1));
          return;
        }
        default:
          return;
      }
    };
  };
}

/** Seeded decisions with spread latencies, for runs that shall differ by seed. */
export function pingPongSetup(servers: number, seed: number, more: Partial<ToyOptions> = {}): ToySetup {
  const scripts = Array.from({ length: servers }, () => pingPong(servers));
  return toySetup({ scripts, decisions: seeded(seed), latency: uniform(100, 5000), ...more });
}
