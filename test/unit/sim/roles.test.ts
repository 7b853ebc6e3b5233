import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../../src/node/facts.ts';
import { nodeId } from '../../../src/node/ids.ts';
import { Roles } from '../../../src/sim/roles.ts';

const [one, two, three] = [nodeId(1), nodeId(2), nodeId(3)];

function roles(): Roles {
  const servers = [one, two, three].map((id) => ({ id, observer: id === three }));
  const made = new Roles(servers);
  for (const id of [one, two, three]) made.started(id);
  return made;
}

const vote = { electionEpoch: 1, leader: one, zxid: 0, peerEpoch: 0, settled: false };
const elected = (server: number) => ({ kind: 'leader-elected', server, ...vote }) as TraceEvent;
const followed = (server: number) => ({ kind: 'leader-followed', server, ...vote }) as TraceEvent;
const established = (server: number, epoch: number) =>
  ({ kind: 'leader-established', server, epoch }) as TraceEvent;

describe('who leads', () => {
  it('is nobody, then the latest elected, then the established one of the highest epoch', () => {
    const r = roles();
    expect(r.leader()).toBeUndefined();
    r.observe(elected(1));
    r.observe(elected(2));
    expect([r.leader(), r.establishedLeader()]).toEqual([2, undefined]);
    r.observe(established(1, 1));
    expect([r.leader(), r.establishedLeader(), r.epochOf(one)]).toEqual([1, 1, 1]);
    r.observe(established(2, 2));
    expect([r.leader(), r.epochOf(two)]).toEqual([2, 2]);
  });

  it.each([
    ['resigns', { kind: 'leader-resigned', server: 2, epoch: 2, because: 'no quorum' }],
    ['dies', { kind: 'crashed', server: 2, how: 'crash', reason: '' }],
    ['looks again', { kind: 'looking', server: 2, ...vote }],
  ])('is the one before when the latest %s', (_what, end) => {
    const r = roles();
    for (const event of [elected(1), established(1, 1), elected(2), established(2, 2)]) r.observe(event);
    r.observe(end as TraceEvent);
    expect(r.leader()).toBe(1);
    r.ended(one);
    expect(r.leader()).toBeUndefined();
  });
});

describe('the role of a server', () => {
  it('follows its testimony, and the fate of its process', () => {
    const r = roles();
    expect(r.roleOf(one)).toBe('looking');
    for (const event of [elected(1), followed(2), followed(3)]) r.observe(event);
    expect([one, two, three].map((id) => r.roleOf(id))).toEqual(['leading', 'following', 'observing']);
    expect(r.all('following')).toEqual([2]);
    r.observe({ kind: 'leader-left', server: two, leader: one, because: 'closed' });
    r.observe({ kind: 'crashed', server: one, how: 'crash', reason: '' });
    expect([one, two].map((id) => r.roleOf(id))).toEqual(['stopped', 'looking']);
    r.observe({ kind: 'restarted', server: one, incarnation: 2 });
    expect(r.roleOf(one)).toBe('looking');
    expect(r.roleOf(nodeId(77))).toBe('stopped');
  });
});
