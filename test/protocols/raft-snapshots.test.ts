import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readScenario } from '../../src/run/files.ts';
import { simulate } from '../../src/run/simulate.ts';

test('a server that refuses all that has piled up for it is sent one snapshot', () => {
  const name = '../../scenarios/raft/members-new-server-far-behind.yaml';
  const plan = readScenario(fileURLToPath(new URL(name, import.meta.url)));
  let sent = 0;
  // A new leader's heartbeats wait at server 4 while its disk writes down the term.
  simulate(plan, {
    seed: 3,
    trace: (event) => {
      if (event.kind === 'sent' && event.to === 4 && event.message.startsWith('snapshot term')) sent++;
    },
  });
  expect(sent).toBe(1);
});
