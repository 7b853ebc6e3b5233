import { seeded } from '../../src/core/decisions.ts';
import { longTailed, uniform } from '../../src/core/distribution.ts';
import type { Env } from '../../src/node/env.ts';
import type { NodeEvent } from '../../src/node/events.ts';
import type { Fact } from '../../src/node/facts.ts';
import { type NodeId, nodeId } from '../../src/node/ids.ts';
import type { Participant } from '../../src/node/protocol.ts';
import { Simulation } from '../../src/sim/simulation.ts';

/** The only message: as small as an ACK. */
interface Echo {
  readonly kind: 'echo';
  readonly zxid: number;
}

type EchoEnv = Env<Echo, never, Fact>;

/** Messages under way on each connection. */
const UNDER_WAY = 5;

const NONE = uniform(0, 0);

/** A server that answers each message with another, and does nothing else. */
class EchoServer implements Participant<Echo> {
  readonly #env: EchoEnv;

  constructor(env: EchoEnv) {
    this.#env = env;
  }

  handle(event: NodeEvent<Echo>): void {
    const env = this.#env;
    if (event.kind === 'received') {
      env.send(event.link, { kind: 'echo', zxid: event.message.zxid + 1 });
    } else if (event.kind === 'started') {
      env.listen('quorum');
      for (let id = 1; id < env.self; id++) env.connect(id as NodeId, 'quorum');
    } else if (event.kind === 'opened' && event.peer !== undefined) {
      for (let i = 0; i < UNDER_WAY; i++) env.send(event.link, { kind: 'echo', zxid: i });
    }
  }

  inspect() {
    return { state: 'looking', acceptedEpoch: 0, currentEpoch: 0, lastZxid: 0, lastCommitted: 0 } as const;
  }
}

/** The simulated world under its lightest load: what an event costs before any server does its work. */
export function echoes(servers: number): Simulation<Echo, never> {
  return new Simulation<Echo, never>({
    decisions: seeded(1),
    language: {
      describe: ({ kind }) => kind,
      fold: ({ zxid }, digest) => digest.integer(zxid),
      sizeOf: () => 20,
    },
    participants: Array.from({ length: servers }, (_, i) => ({
      id: nodeId(i + 1),
      role: 'voter' as const,
      startAtUs: 0,
      files: new Map(),
      create: (env: EchoEnv) => new EchoServer(env),
    })),
    network: { latency: longTailed(200, 2000), links: [], bufferBytes: 1 << 20 },
    disk: { sync: NONE },
    clock: { skew: NONE, driftPpm: NONE },
    stages: { delay: NONE, by: new Map() },
    faults: [],
    witness: { wants: () => false, observe: () => undefined },
  });
}
