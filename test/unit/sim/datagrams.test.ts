import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { record } from '../../../src/run/explain/record.ts';
import { readScenario } from '../../../src/run/files.ts';
import { simulate } from '../../../src/run/simulate.ts';

const LOSSY = readScenario(
  fileURLToPath(new URL('../../../scenarios/paxos/lossy-messengers.yaml', import.meta.url)),
);

test('a message without a connection is told of when it leaves and when it arrives, if it does', () => {
  const plan = { ...LOSSY, durationUs: 8_000_000 };
  const { happenings, outcome } = record(plan, 1);
  const posted = happenings.filter(({ event }) => event.kind === 'sent' && event.link < 0);
  const arrivals = new Map<number, number>();
  for (const { event, cause, atUs } of happenings) {
    if (event.kind !== 'delivered' || event.link >= 0) continue;
    const sending = happenings[cause];
    expect(sending?.event).toMatchObject({ kind: 'sent', from: event.from, to: event.to, link: event.link });
    expect(sending?.event).toMatchObject({ message: event.message });
    expect(sending?.atUs).toBeLessThan(atUs);
    arrivals.set(cause, (arrivals.get(cause) ?? 0) + 1);
  }
  const times = (count: number) => posted.filter(({ id }) => (arrivals.get(id) ?? 0) === count).length;
  // A tenth is lost; of the others, a tenth comes twice. What was under way at the end has not arrived.
  expect(posted.length).toBeGreaterThan(1000);
  expect(times(0) / posted.length).toBeGreaterThan(0.07);
  expect(times(0) / posted.length).toBeLessThan(0.13);
  expect(times(2) / posted.length).toBeGreaterThan(0.06);
  expect(times(2) / posted.length).toBeLessThan(0.12);
  expect(times(0) + times(1) + times(2)).toBe(posted.length);
  // Whoever listens changes nothing.
  expect(outcome.fingerprint).toBe(simulate(plan, { seed: 1 }).fingerprint);
});
