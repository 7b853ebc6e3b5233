import { expect, test } from 'vitest';
import { runDetails } from '../../../src/report/run-details.ts';
import { sampleOutcome } from './sample-outcome.ts';

test('a single run shows terms, servers and faults', () => {
  expect(runDetails(sampleOutcome())).toMatchInlineSnapshot(`
    "┌────────┬───────┬─────────┬─────────────┬─────────┬──────────┬──────────┬──────────────┐
    │ leader │ epoch │ elected │ established │   ended │ election │ recovery │ why it ended │
    │        │       │   at ms │       at ms │   at ms │       ms │       ms │              │
    ├────────┼───────┼─────────┼─────────────┼─────────┼──────────┼──────────┼──────────────┤
    │      3 │     1 │   212.3 │       250.0 │ 10000.0 │    212.3 │     37.7 │ crashed      │
    │      2 │     2 │ 10215.0 │     10240.5 │       – │    214.0 │     25.5 │ it has not   │
    └────────┴───────┴─────────┴─────────────┴─────────┴──────────┴──────────┴──────────────┘

    ┌────────┬───────────┬────────────────┬───────────────┬─────────────┬────────────────┐
    │ server │ state     │ accepted epoch │ current epoch │   last zxid │ last committed │
    ├────────┼───────────┼────────────────┼───────────────┼─────────────┼────────────────┤
    │      1 │ following │              2 │             2 │ 0x200000064 │    0x200000064 │
    │      2 │ leading   │              2 │             2 │ 0x200000064 │    0x200000064 │
    │      3 │ stopped   │              1 │             1 │ 0x200000064 │    0x200000064 │
    └────────┴───────────┴────────────────┴───────────────┴─────────────┴────────────────┘

    Faults:
      10000.0 ms  crash on 3  (fault 1)"
  `);
});

test('without a leader and without faults there is less to show', () => {
  const text = runDetails(sampleOutcome({ leaders: [], timeline: [] }));
  expect(text).toContain('No leader was elected.');
  expect(text).not.toContain('Faults:');
});
