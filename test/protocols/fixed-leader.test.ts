import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { counterClients } from '../../src/run/counter-clients.ts';
import { labourProfile } from '../../src/run/labour-profile.ts';
import { quorumsOf } from '../../src/run/quorums-of.ts';
import type { RegisteredProtocol, StartWorld } from '../../src/run/registry/protocols.ts';
import { SimulatedWorld } from '../../src/run/simulated-world.ts';
import { stageProfile } from '../../src/run/stage-profile.ts';
import { counterService } from '../../src/znode/counter.ts';
import { counterLanguage } from '../../src/znode/counter-messages.ts';
import { fixedLeader } from './fixed-leader.ts';
import { type DiskRecord, language, type Wire } from './fixed-leader-messages.ts';
import { protocolCases } from './protocol-cases.ts';

const start: StartWorld = (plan, decisions, witness) => {
  const quorums = quorumsOf(plan.ensemble);
  const members = [...plan.ensemble.voters, ...plan.ensemble.observers];
  return new SimulatedWorld<Wire, DiskRecord>(
    {
      ...{ decisions, witness, language: language(counterLanguage) },
      ...{ disk: plan.disk, clock: plan.clock, buggify: plan.buggify, faults: plan.faults },
      ...{ stages: stageProfile(plan), labour: labourProfile(plan) },
      network: { ...plan.network, bufferBytes: 1 << 20 },
      participants: [
        ...members.map((id) => ({
          id,
          role: quorums.isVoter(id) ? ('voter' as const) : ('observer' as const),
          startAtUs: plan.ensemble.start.has(id) ? plan.ensemble.start.get(id) : 0,
          files: new Map(),
          create: (env: Parameters<typeof fixedLeader>[0]) =>
            fixedLeader(env, counterService(), quorums, members),
        })),
        ...counterClients<Wire, DiskRecord>(plan),
      ],
    },
    (disk) => {
      const lastZxid = disk.read('log.1').at(-1)?.position ?? 0;
      return { acceptedEpoch: 0, currentEpoch: 0, lastZxid, lastCommitted: 0 };
    },
  );
};

const FIXED = 'the leader is fixed: nobody votes, and there is but one epoch';

/** As it would stand in `src/run/registry/protocols.ts`. */
const protocol: RegisteredProtocol = {
  start,
  service: 'counter',
  initial: 'none',
  exempt: new Map([
    ['one-leader-per-epoch', FIXED],
    ['non-voter-never-counts', FIXED],
    ['decision-backed', FIXED],
    ['up-to-date-backed', FIXED],
    ['quorumless-leader-resigns', 'there is nobody to resign to'],
    ['disk-stays-bounded', 'nobody takes snapshots'],
    ['primary-integrity', 'its first entry comes before it has applied what it began with'],
    ['replay-equals-claim', 'a restart applies nothing that is not said to be committed'],
  ]),
};

protocolCases(
  'fixed-leader',
  {
    answers: 'the leader alone has clients',
    tree: 'the servers keep a counter',
    'leader-crash': 'while the leader is down, nothing is decided',
    minority: 'the leader stays where it is, and may be in the minority',
  },
  protocol,
);

test('it is as short as the guide says', () => {
  const lines = readFileSync(new URL('fixed-leader.ts', import.meta.url), 'utf8').split('\n');
  const code = lines.filter((line) => !/^\s*(?:$|\/\*\*|\*|import )/.test(line));
  expect(code.length).toBeLessThan(150);
});
