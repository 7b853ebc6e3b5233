import { describe, expect, test } from 'vitest';
import { nodeId } from '../../../src/node/ids.ts';
import { majority } from '../../../src/node/quorum.ts';
import { Figures } from '../../../src/run/figures.ts';
import * as t from './testimony.ts';

const TICK_US = 200_000;
const END_US = 20_000_000;

/** The longest outage in ms, with a tick of 200 ms, of a run that ends after 20 s. */
function outageMs(...story: readonly t.Told[]): number {
  const figures = new Figures(majority(t.sids(1, 2, 3)), TICK_US);
  t.tell(figures, story);
  return figures.unavailableUs(END_US) / 1000;
}

const link = 1 as never;
const connecting = (client: number, via: number): t.Told[1] => ({
  kind: 'client-connecting',
  server: nodeId(1000 + client),
  handle: 1,
  link,
  via: nodeId(via),
  session: '0' as never,
  lastZxidSeen: 0 as never,
  timeoutMs: 4000,
  address: '',
  password: '',
});
const disconnected = (client: number): t.Told[1] => ({
  kind: 'client-disconnected',
  server: nodeId(1000 + client),
  link,
  because: 'nothing was heard',
});

describe('writes that wait in vain', () => {
  test.each<[string, readonly t.Told[], number]>([
    [
      'count until the next commit',
      [
        [1000, t.asks(1, 1, 1)],
        [9000, t.committed(3, 1, 1)],
        [9001, t.answered(1, 1, 1)],
      ],
      8000,
    ],
    ['count until the end', [[1000, t.asks(1, 1, 1)]], 19_000],
    [
      'count from the last commit, or its answer, if they waited before that',
      [
        [1000, t.asks(1, 1, 1)],
        [1100, t.asks(2, 2, 1)],
        [2000, t.committed(3, 1, 1)],
        [2001, t.answered(1, 1, 1)],
        [5000, t.committed(3, 1, 2)],
        [5001, t.answered(2, 1, 2)],
      ],
      2999,
    ],
    [
      'do not count for a tick or less',
      [
        [1000, t.asks(1, 1, 1)],
        [1200, t.committed(3, 1, 1)],
        [1201, t.answered(1, 1, 1)],
      ],
      0,
    ],
    [
      'are writes: others wait as they like',
      [
        [1000, t.asks(1, 1, 1, 'getData /a')],
        [9000, t.committed(3, 1, 1)],
      ],
      0,
    ],
    [
      'do not count for what an answer was under way, which says that it had been committed',
      [
        [1000, t.asks(1, 1, 1)],
        [1010, t.committed(3, 1, 1)],
        [9000, t.answered(1, 1, 1)],
        [9001, t.asks(1, 1, 2)],
        [9010, t.committed(3, 1, 2)],
        [9011, t.answered(1, 2, 2)],
      ],
      0,
    ],
    [
      'count though their client goes to another server meanwhile',
      [
        [1000, t.asks(1, 1, 1)],
        [4000, t.unanswered(1, 1)],
        [4500, t.asks(1, 2, 2)],
        [6000, t.committed(3, 1, 1)],
        [6001, t.answered(1, 2, 1)],
      ],
      5000,
    ],
    [
      'count until the commit of what they asked for, though their client has gone',
      [
        [1000, t.asks(1, 1, 1)],
        [4000, t.unanswered(1, 1)],
        [6000, t.committed(3, 1, 1)],
      ],
      5000,
    ],
    [
      'do not count for a time in which nobody asked',
      [
        [1000, t.asks(1, 1, 1)],
        [4000, t.unanswered(1, 1)],
        [9000, t.asks(1, 2, 2)],
        [9010, t.committed(3, 1, 1)],
        [9011, t.answered(1, 2, 1)],
      ],
      3000,
    ],
    [
      'do not count after a connection that broke at once',
      [
        [1000, t.asks(1, 1, 1)],
        [1001, t.unanswered(1, 1)],
        [3000, t.asks(1, 2, 2)],
        [3010, t.committed(3, 1, 1)],
        [3011, t.answered(1, 2, 1)],
      ],
      0,
    ],
    [
      'do not count at a server that is paused, or cut off from the leader, or from the client',
      [
        [1000, t.asks(1, 1, 1)],
        [1001, t.paused(1)],
        [4000, t.resumed(1)],
        [4000, t.reachable(3, 1, false)],
        [7000, t.reachable(3, 1, true)],
        [7000, t.reachable(1001, 1, false)],
        [19_900, t.crashed(1001)],
      ],
      0,
    ],
    [
      'do not count while their client is between two servers',
      [
        [1000, connecting(1, 1)],
        [1001, disconnected(1)],
        [1002, t.asks(1, 2, 1)],
        [5000, connecting(1, 2)],
        [6000, t.committed(3, 1, 1)],
        [6001, t.answered(1, 1, 1)],
      ],
      1000,
    ],
  ])('%s', (_name, story, wanted) => {
    expect(outageMs(...t.ELECT_3, ...story)).toBe(wanted);
  });
});

test('writes count from the first establishment on', () => {
  const [looking, rest] = [t.ELECT_3.slice(0, 3), t.ELECT_3.slice(3)];
  const story: readonly t.Told[] = [[50, t.asks(1, 3, 1)], ...rest, [5000, t.committed(3, 1, 1)]];
  expect(outageMs(...looking, ...story, [5001, t.answered(1, 1, 1)])).toBe(4600);
});

describe('what is known anyway', () => {
  const election: readonly t.Told[] = [
    [5000, t.left(1, 3)],
    [5000, t.left(2, 3)],
    [5000, t.looking(1)],
    [5000, t.looking(2)],
    [5001, t.unanswered(1, 1)],
    [5290, t.acked(2, 2, 2)],
    [5295, t.acked(1, 2, 2)],
    [5300, t.established(2, 2)],
  ];

  test('an outage is as long as the leader is away, though writes wait a moment longer', () => {
    const story: readonly t.Told[] = [
      [4999, t.asks(1, 1, 1)],
      [5000, t.crashed(3)],
      ...election,
      [5310, t.asks(1, 1, 2)],
      [5320, t.committed(2, 2, 1)],
      [5321, t.answered(1, 2, 1)],
      [6000, t.asks(1, 1, 3)],
      [6010, t.committed(2, 2, 2)],
      [6011, t.answered(1, 3, 2)],
    ];
    expect(outageMs(...t.ELECT_3, ...story)).toBe(300);
  });

  test('a leader that is not heard is away from when writes wait until the next is there', () => {
    expect(outageMs(...t.ELECT_3, [1000, t.asks(1, 1, 1)], ...election)).toBe(4300);
  });
});

describe('an ensemble in which nobody leads', () => {
  const started: readonly t.Told[] = [
    [0, t.restarted(1)],
    [0, t.restarted(2)],
    [0, t.restarted(3)],
  ];

  test('is available from its first commit on', () => {
    expect(
      outageMs(
        ...started,
        [1000, t.asks(1, 1, 1)],
        [1010, t.committed(1, 1, 1)],
        [1011, t.answered(1, 1, 1)],
      ),
    ).toBe(0);
  });

  test('is unavailable throughout if there is none', () => {
    expect(outageMs(...started)).toBe(20_000);
  });

  test('is unavailable while no server reaches a quorum', () => {
    const story: readonly t.Told[] = [
      [1010, t.committed(1, 1, 1)],
      [2000, t.crashed(1)],
      [3000, t.crashed(2)],
      [7000, t.restarted(2)],
      [8000, t.reachable(2, 3, false)],
      [8500, t.reachable(2, 3, true)],
    ];
    expect(outageMs(...started, ...story)).toBe(4000);
  });

  test('is unavailable while writes wait in vain', () => {
    const story: readonly t.Told[] = [
      [1010, t.committed(1, 1, 1)],
      [2000, t.asks(1, 1, 1)],
      [4500, t.committed(1, 1, 2)],
      [4501, t.committed(2, 1, 2)],
    ];
    expect(outageMs(...started, ...story, [4502, t.answered(1, 1, 2)])).toBe(2500);
  });
});
