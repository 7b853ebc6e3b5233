import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Moment, TraceEvent } from '../../src/node/facts.ts';
import { readScenarios } from '../../src/run/files.ts';
import { nemesis } from '../../src/run/fuzz/nemesis.ts';
import type { Outcome } from '../../src/run/outcome.ts';
import type { Plan } from '../../src/run/plan.ts';
import { parseScenario } from '../../src/run/scenario.ts';
import { simulate } from '../../src/run/simulate.ts';
import { MIX_OPERATIONS } from '../../src/run/workload/kinds.ts';

/*
 * Where servers and clients speak in bytes, all happens as where they hand over messages, at the same times.
 */

/** Random plans: a few in every run, many by hand with `BYTE_SEEDS=1000`; then all scenarios run, too. */
const SEEDS = Number(process.env['BYTE_SEEDS'] ?? 3);

/**
 * In bytes a snapshot is handed on when it is whole, for its access lists stand before its nodes. So of one
 * that breaks off nothing has come, and of one that takes longer than a learner is patient, too little.
 */
const OF_PIECES = ['zookeeper-3642.yaml', 'snapshot-longer-than-init-limit.yaml'];

const scenarios = readScenarios([fileURLToPath(new URL('../../scenarios', import.meta.url))]).filter(
  ({ protocol, file }, i) =>
    protocol === 'zab' && !OF_PIECES.some((name) => file.endsWith(name)) && (SEEDS > 3 || i % 5 === 0),
);

/** Clients that do all that clients of the tree do, while leaders die. */
const TREE = `
title: clients of the tree
duration: 40s
ensemble: { voters: 3, observers: 1, snapCount: 50, tickTime: 500ms }
network: { latency: 1ms..4ms }
clients:
  count: 4
  sessionTimeout: 3s
  operations: 400
  rate: 20/s
  MIX
faults:
  - { at: 8s, crash: leader }
  - { after: 4s, restart: crashed }
  - { after: 4s, name: cut, isolate: follower }
  - { after: 4s, heal: cut }
  - { after: 2s, reset: { between: [[c1, c2], [1, 2, 3, 4]] } }
`;

interface Ran {
  readonly outcome: Outcome;
  readonly told: readonly string[];
}

/** What a run testifies to. A snapshot's pieces come with its end where bytes travel. */
function run(plan: Plan): Ran {
  const told: string[] = [];
  const outcome = simulate(plan, {
    trace: (event: TraceEvent, { atUs }: Moment) => {
      const piece = event.kind === 'delivered' && /^snapshot-piece/.test(event.message);
      if (!piece) told.push(`${atUs} ${JSON.stringify(event, said)}`);
    },
  });
  return { outcome, told };
}

/** Results without what their packets do not say. */
function said(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return value;
  switch (value.kind) {
    case 'created':
    case 'children':
      return { ...value, stat: undefined };
    case 'deleted':
      return { ...value, acl: undefined };
    default:
      return value;
  }
}

function inBytes(plan: Plan): Plan {
  return {
    ...plan,
    network: { ...plan.network, wire: 'bytes' },
    disk: { ...plan.disk, format: 'bytes' },
  };
}

function expectSame(plan: Plan): void {
  const plain = run(plan);
  const bytes = run(inBytes(plan));
  const parting = plain.told.findIndex((line, i) => line !== bytes.told[i]);
  expect(parting < 0 ? 'none' : [plain.told[parting], bytes.told[parting]]).toBe('none');
  expect(bytes.told).toHaveLength(plain.told.length);
  const { fingerprint: _, checkpoints: __, events: ___, ...rest } = bytes.outcome;
  expect(plain.outcome).toMatchObject(rest);
}

describe('in bytes as in messages', () => {
  test.each(scenarios.map((plan) => [plan.file.replace(/^.*scenarios./, ''), plan] as const))(
    '%s',
    (_file, plan) => expectSame(plan),
  );

  test.each(Array.from({ length: SEEDS }, (_, i) => i + 1))('random plan %i', (seed) => {
    expectSame(nemesis(seed, { profile: 'all', behaviour: [] }));
  });

  const mix = MIX_OPERATIONS.map((name) => `${name}: 1`).join(', ');
  test.each(Array.from({ length: SEEDS }, (_, i) => i + 1))('clients of all sorts, seed %i', (seed) => {
    expectSame({ ...parseScenario(TREE.replace('MIX', `mix: { ${mix} }`)), seed });
  });

  test('servers that are slow where they meet a kind of message for the first time', () => {
    const slow = 'warmUp: 5ms..20ms';
    expectSame(parseScenario(`${TREE.replace('MIX', 'mix: { create: 1, set: 2, get: 2 }')}${slow}\n`));
  });

  test.each(['lock', 'two-phase-commit', 'queue'])('clients of a %s', (recipe) => {
    expectSame(parseScenario(TREE.replace('MIX', `recipe: ${recipe}`)));
  });
});
