import type { Stream } from '../../core/decisions.ts';
import type { Choice, Trigger } from '../../sim/fault.ts';
import { anyScale, happens, pick, within } from './draws.ts';
import { drawMoment } from './moments.ts';
import type { Family } from './profile.ts';
import type { Script } from './script.ts';

/** What may befall those who do as they are asked, and whom they do it with. */
export const STRIKES = [
  'crash',
  'powerCut',
  'stop',
  'restart',
  'pause',
  'isolate',
  'partition',
] as const satisfies Family[];

/** Steps of a hand-over, from its beginning until the heir serves. */
const STEPS = [
  'handing-over',
  'handing-over',
  'handed-over',
  'handed-over',
  'epoch-offered',
  'vote-changed',
  'leader-elected',
  'leader-resigned',
] as const;

/** How long a strike waits for such a step, µs. */
const WINDOW_US = 1_500_000;

/**
 * Writes what operators ask the servers for, here and there among the faults written so far; apart from
 * those, so that the plans of protocols without requests stay what they are.
 *
 * @param requests what servers may be asked for
 */
export function drawAsks(
  stream: Stream,
  script: Script,
  requests: readonly string[],
  families: readonly Family[],
): void {
  if (requests.length === 0 || !happens(stream, 60)) return;
  const untilUs = script.reachUs;
  for (let count = within(stream, 1, 5); count > 0; count--) {
    drawAsk(stream, script, requests, families, within(stream, 0, untilUs));
  }
}

/** Writes one, at `atUs` or somewhat later, and maybe what befalls those concerned. */
export function drawAsk(
  stream: Stream,
  script: Script,
  requests: readonly string[],
  families: readonly Family[],
  atUs: number,
): void {
  const server: Choice = happens(stream, 90) ? ['leader'] : [pick(stream, script.servers)];
  const { trigger } = drawMoment(stream, server, atUs, WINDOW_US);
  const subject = pick<Choice | undefined>(stream, [
    undefined,
    ['follower'],
    [pick(stream, script.voters)],
    [pick(stream, script.servers)],
  ]);
  script.add({ verb: 'ask', server, request: pick(stream, requests), subject }, trigger);
  const strikes = STRIKES.filter((family) => families.includes(family));
  if (strikes.length === 0 || !happens(stream, 50)) return;
  const verb = pick(stream, strikes);
  const victim = subject === undefined || happens(stream, 40) ? (['leader'] as const) : subject;
  strike(stream, script, verb, victim, stepFrom(stream, atUs));
}

/** Writes what befalls somebody while others do as they were asked. */
export function strike(
  stream: Stream,
  script: Script,
  verb: (typeof STRIKES)[number],
  victim: Choice,
  when: Trigger,
): void {
  const spanUs = anyScale(stream, 3000) * 1000;
  if (verb === 'pause' || verb === 'isolate') {
    script.add({ verb, servers: victim }, when, spanUs);
    return;
  }
  if (verb === 'partition') {
    // Its clients still reach it: what does a leader tell them that does not know that it is deposed?
    script.add({ verb, groups: [victim, ['rest']] }, when, spanUs);
    return;
  }
  script.add({ verb, servers: victim }, when);
  if (verb !== 'restart' && happens(stream, 70)) {
    script.add({ verb: 'start', servers: script.fallen }, { ...when, afterUs: (when.afterUs ?? 0) + spanUs });
  }
}

function stepFrom(stream: Stream, fromUs: number): Trigger {
  const narrowed = { server: undefined, nth: 1, epoch: undefined, zxid: undefined, since: 'start' } as const;
  return {
    atUs: undefined,
    afterUs: happens(stream, 50) ? undefined : anyScale(stream, pick(stream, [1000, 16_000])),
    when: { fact: pick(stream, STEPS), ...narrowed, fromUs, untilUs: fromUs + 2 * WINDOW_US },
  };
}
