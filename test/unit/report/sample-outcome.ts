import { nodeId } from '../../../src/node/ids.ts';
import type { Outcome } from '../../../src/run/outcome.ts';

/** A run in which server 3 leads epoch 1, dies, and server 2 leads epoch 2; changed as the test wants. */
export function sampleOutcome(changes: Partial<Outcome> = {}): Outcome {
  return {
    file: 'scenarios/leader-crash.yaml',
    title: 'A leader crashes and a follower takes over',
    protocol: 'zab',
    seed: 7,
    verdict: 'passed',
    expected: true,
    unmet: [],
    fingerprint: '0123456789abcdef',
    checkpoints: [],
    events: 12345,
    virtualUs: 60_000_000,
    violations: [],
    stalls: [],
    leaders: [
      {
        server: nodeId(3),
        epoch: 1,
        lookingAtUs: 0,
        electedAtUs: 212_345,
        establishedAtUs: 250_000,
        endedAtUs: 10_000_000,
        ended: 'crashed',
      },
      {
        server: nodeId(2),
        epoch: 2,
        lookingAtUs: 10_001_000,
        electedAtUs: 10_215_000,
        establishedAtUs: 10_240_500,
        endedAtUs: -1,
        ended: '',
      },
    ],
    servers: [
      server(1, 'following'),
      server(2, 'leading'),
      { ...server(3, 'stopped'), acceptedEpoch: 1, currentEpoch: 1 },
    ],
    commits: 200,
    unavailableUs: 240_500,
    clients: { ok: 198, failed: 1, unknown: 1 },
    unfired: [],
    withoutEffect: [],
    assumptions: [],
    liveness: { judged: true, reason: '' },
    timeline: [
      {
        atUs: 10_000_000,
        name: 'fault 1',
        verb: 'crash',
        phase: 'fired',
        servers: [nodeId(3)],
        effect: true,
      },
    ],
    invariants: 50,
    lost: [],
    history: undefined,
    ...changes,
  };
}

function server(id: number, state: 'following' | 'leading' | 'stopped') {
  return {
    id: nodeId(id),
    state,
    acceptedEpoch: 2,
    currentEpoch: 2,
    lastZxid: '0x200000064',
    lastCommitted: '0x200000064',
  };
}
