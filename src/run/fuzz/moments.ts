import type { Stream } from '../../core/decisions.ts';
import type { NodeId } from '../../node/ids.ts';
import type { Choice, Trigger } from '../../sim/fault.ts';
import { anyScale, happens, pick, within } from './draws.ts';
import { at } from './script.ts';

/** Steps of an election, a discovery, a synchronization: there are few of each. */
const RECOVERY = [
  'looking',
  'vote-changed',
  'leader-elected',
  'leader-followed',
  'epoch-offered',
  'epoch-accepted',
  'epoch-acked',
  'leader-synchronizing',
  'sync-chosen',
  'log-truncated',
  'snapshot-installed',
  'epoch-adopted',
  'new-leader-acked',
  'up-to-date-sent',
  'leader-established',
  'follower-synced',
  'leader-resigned',
  'leader-left',
  'crashed',
  'restarted',
] as const;

/** Those of them that a server remembers, or that others build upon. */
const MEMORABLE = [
  'epoch-accepted',
  'epoch-acked',
  'sync-chosen',
  'log-truncated',
  'snapshot-installed',
  'epoch-adopted',
  'new-leader-acked',
  'leader-established',
  'follower-synced',
] as const;

/** Steps of a broadcast: there are many. */
const BROADCAST = [
  'txn-proposed',
  'txn-logged',
  'txn-acked',
  'txn-committed',
  'txn-applied',
  'snapshot-taken',
] as const;

/** Steps of a disk: between two of them lies what a crash may cut apart. */
const DISK = ['appended', 'replaced', 'synced', 'truncated'] as const;

/** What comes with each write, and comes soon: who waits for one of them need not wait long. */
const WRITES = ['txn-proposed', 'txn-logged', 'txn-acked', 'txn-committed', 'appended', 'synced'] as const;

/** When something happens, and to whom. */
export interface Moment {
  readonly trigger: Trigger;
  readonly victim: Choice;
}

/**
 * Draws a moment from `atUs` on: a time, or a step of the protocol, often one of the victim itself.
 *
 * @param windowUs how long the step may be waited for
 */
export function drawMoment(stream: Stream, victim: Choice, atUs: number, windowUs: number): Moment {
  if (happens(stream, 45)) return { trigger: at(atUs), victim };
  return { trigger: drawStep(stream, victim, atUs, windowUs), victim };
}

function drawStep(stream: Stream, victim: Choice, atUs: number, windowUs: number): Trigger {
  const steps = pick<Steps>(stream, [
    [RECOVERY, 4],
    [RECOVERY, 2],
    [BROADCAST, 12],
    [DISK, 12],
  ]);
  return stepOf(stream, steps, victim, atUs, windowUs);
}

/** Draws a moment in which somebody writes. */
export function drawWriting(stream: Stream, victim: Choice, atUs: number, windowUs: number): Moment {
  const steps: Steps = pick<Steps>(stream, [
    [WRITES, 12],
    [WRITES, 4],
    [DISK, 6],
  ]);
  return { trigger: stepOf(stream, steps, victim, atUs, windowUs), victim };
}

/** Draws what a recovery leaves behind, from `atUs` on, often by the victim itself. */
export function drawRecoveryStep(stream: Stream, victim: Choice, atUs: number, windowUs: number): Trigger {
  const steps = pick<Steps>(stream, [
    [MEMORABLE, 2],
    [MEMORABLE, 2],
    [DISK, 6],
  ]);
  return stepOf(stream, steps, victim, atUs, windowUs);
}

/** What may come about while somebody is away. */
const MEANWHILE = [
  'looking',
  'leader-elected',
  'leader-left',
  'leader-resigned',
  'epoch-offered',
  'epoch-accepted',
  'sync-chosen',
  'leader-established',
  'follower-synced',
  'txn-proposed',
  'txn-committed',
  'snapshot-taken',
  'session-expired',
] as const;

/**
 * Draws a step of others at which a fault in force ends, or right after which it does.
 *
 * @param ofClient whether a client is away: its session may end
 * @param untilUs when the fault is over at the latest
 */
export function drawEnd(stream: Stream, ofClient: boolean, fromUs: number, untilUs: number): Trigger {
  const fact = ofClient && happens(stream, 60) ? 'session-expired' : pick(stream, MEANWHILE);
  return {
    atUs: undefined,
    afterUs: happens(stream, 50) ? undefined : anyScale(stream, pick(stream, [1000, 16_000, 300_000])),
    when: { ...ANY, fact, nth: within(stream, 1, 2), fromUs, untilUs },
  };
}

/** No matter whose, and in which epoch. */
export const ANY = { server: undefined, epoch: undefined, zxid: undefined, since: 'start' } as const;

/** Draws a moment in the middle of what a learner is sent to catch up. */
export function drawSyncStep(stream: Stream, fromUs: number, windowUs: number): Trigger {
  const fact = pick(stream, ['epoch-acked', 'sync-chosen', 'sync-chosen', 'log-truncated', 'truncated']);
  return {
    atUs: undefined,
    afterUs: anyScale(stream, 128_000),
    when: { ...ANY, fact, nth: within(stream, 1, 2), fromUs, untilUs: fromUs + windowUs },
  };
}

/** Facts, and the last of their occurrences that may be waited for. */
type Steps = readonly [facts: readonly string[], most: number];

function stepOf(
  stream: Stream,
  [facts, most]: Steps,
  victim: Choice,
  atUs: number,
  windowUs: number,
): Trigger {
  return {
    atUs: undefined,
    afterUs: happens(stream, 50) ? undefined : anyScale(stream, pick(stream, [1000, 16_000, 300_000])),
    when: {
      fact: pick(stream, facts),
      server: happens(stream, 55) ? heardOf(victim) : undefined,
      nth: within(stream, 1, most),
      epoch: undefined,
      zxid: undefined,
      since: 'start',
      fromUs: atUs,
      untilUs: atUs + windowUs,
    },
  };
}

/** The part of a choice by which the reporter of a fact can be told; undefined when there is none. */
function heardOf(victim: Choice): Choice | undefined {
  const known = victim.filter(
    (part) => typeof part === 'number' || part === 'leader' || part === 'followers' || part === 'observers',
  );
  return known.length === 0 ? undefined : known;
}

/** Draws who is hit: mostly one server, the leader before others. */
export function drawVictim(stream: Stream, servers: readonly NodeId[]): Choice {
  switch (stream.draw(8)) {
    case 0:
    case 1:
    case 2:
      return ['leader'];
    case 3:
      return ['follower'];
    case 4:
      return ['followers'];
    case 5:
      return ['minority'];
    default:
      return [pick(stream, servers)];
  }
}
