import type { Stream } from '../../core/decisions.ts';
import type { Choice, Fault, Trigger } from '../../sim/fault.ts';
import { STRIKES, strike } from './asks.ts';
import { anyScale, happens, pick, within } from './draws.ts';
import type { Family } from './profile.ts';
import { at, type Script } from './script.ts';

/** The words by which operators ask for another ensemble. */
const CHANGES = ['add-voter', 'remove-voter'] as const;

/** When it is well to ask, and when not: the leader has just won, or has changed something before. */
const MOMENTS = [
  'leader-elected',
  'leader-established',
  'leader-established',
  'follower-synced',
  'config-adopted',
  'catching-up',
] as const;

/** Steps of a change, and of what follows when its leader goes. */
const STEPS = [
  'catching-up',
  'config-adopted',
  'config-adopted',
  'config-adopted',
  'leader-resigned',
  'leader-elected',
  'log-truncated',
  'snapshot-taken',
] as const;

/** How long something waits for such a step, µs. */
const WINDOW_US = 2_500_000;

/** Whether servers know how to let others come and go. */
export function knowChanges(requests: readonly string[]): boolean {
  return CHANGES.every((word) => requests.includes(word));
}

/** What servers may be asked for beside that. */
export function withoutChanges(requests: readonly string[]): readonly string[] {
  return requests.filter((word) => !(CHANGES as readonly string[]).includes(word));
}

/**
 * Writes, in half of all plans, how operators let servers come and go, here and there among the faults
 * written so far; apart from those, so that they stay what they are.
 *
 * @param requests what servers may be asked for
 */
export function drawChanges(
  stream: Stream,
  script: Script,
  requests: readonly string[],
  families: readonly Family[],
): void {
  if (!knowChanges(requests) || !happens(stream, 50)) return;
  const untilUs = script.reachUs;
  for (let count = within(stream, 1, 6); count > 0; count--) {
    drawChange(stream, script, families, within(stream, 0, untilUs));
  }
}

/** Writes one, at `atUs` or somewhat later, maybe soon another, and maybe what befalls those concerned. */
export function drawChange(stream: Stream, script: Script, families: readonly Family[], atUs: number): void {
  const trigger = happens(stream, 60) ? at(atUs) : drawMoment(stream, atUs);
  const { request, subject } = drawWish(stream, script);
  ask(stream, script, request, subject, trigger);
  if (happens(stream, 50)) {
    // The same server comes back, or another one comes or goes, at once or in a while.
    const back = request === 'remove-voter' && subject[0] !== 'leader' && happens(stream, 60);
    const then: Wish = back ? { request: 'add-voter', subject } : drawWish(stream, script);
    const soonUs = anyScale(stream, pick(stream, [100, 3000])) * 1000;
    const soon = { ...trigger, afterUs: (trigger.afterUs ?? 0) + soonUs };
    ask(stream, script, then.request, then.subject, trigger.when === undefined ? at(atUs + soonUs) : soon);
  }
  const possible = STRIKES.filter((family) => families.includes(family));
  if (possible.length === 0 || !happens(stream, 60)) return;
  const victim = pick<Choice>(stream, [
    ['leader'],
    subject,
    ['follower'],
    ['leader', 'follower'],
    ['minority'],
  ]);
  strike(stream, script, pick(stream, possible), victim, step(stream, STEPS, atUs));
}

/** What is asked for. */
interface Wish {
  readonly request: (typeof CHANGES)[number];
  /** Whoever may get a vote is named: what it keeps on its disk matters from then on. */
  readonly subject: Choice;
}

function drawWish(stream: Stream, { servers, observers }: Script): Wish {
  const request = pick(stream, CHANGES);
  if (request === 'remove-voter') {
    return { request, subject: happens(stream, 25) ? ['leader'] : [pick(stream, servers)] };
  }
  const without = observers.length > 0 && happens(stream, 70);
  return { request, subject: [pick(stream, without ? observers : servers)] };
}

function ask(stream: Stream, script: Script, request: string, subject: Choice, trigger: Trigger): void {
  const server: Choice = happens(stream, 95) ? ['leader'] : [pick(stream, script.servers)];
  script.add({ verb: 'ask', server, request, subject }, trigger);
}

/** Of the first leaders, or of whoever leads then. */
function drawMoment(stream: Stream, atUs: number): Trigger {
  const fromUs = happens(stream, 60) ? 0 : atUs;
  return step(stream, MOMENTS, fromUs, atUs + WINDOW_US);
}

function step(
  stream: Stream,
  facts: readonly string[],
  fromUs: number,
  untilUs: number = fromUs + WINDOW_US,
): Trigger {
  return {
    atUs: undefined,
    afterUs: happens(stream, 50) ? undefined : anyScale(stream, pick(stream, [1000, 16_000, 300_000])),
    when: {
      fact: pick(stream, facts),
      server: undefined,
      nth: within(stream, 1, 3),
      epoch: undefined,
      zxid: undefined,
      since: 'start',
      fromUs,
      untilUs,
    },
  };
}

/**
 * The same faults, but that nobody is given a vote whose disk may lose what it has synced: that is beyond
 * what protocols promise to survive.
 */
export function withoutFrailVoters(faults: readonly Fault[]): readonly Fault[] {
  const frail = new Set(
    faults.flatMap(({ action }): Choice => {
      if (action.verb === 'wipe') return action.servers;
      return action.verb === 'corrupt' ? action.server : [];
    }),
  );
  if (frail.size === 0) return faults;
  return faults.filter(({ action }) => {
    if (action.verb !== 'ask' || action.request !== 'add-voter') return true;
    return action.subject?.some((part) => frail.has(part)) !== true;
  });
}
