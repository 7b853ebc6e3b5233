import { nameOf } from '../../node/ids.ts';
import type { Happening } from './recording.ts';
import type { Target } from './target.ts';

/** A part of the path that led to something: what took how long. */
export interface Stretch {
  readonly fromUs: number;
  readonly toUs: number;
  readonly what: string;
}

/** Shorter stretches are told together. */
const LEAST_US = 3000;
const MIXED = 'messages, disks and threads';

/**
 * Where the time went before a target: the chain of steps that it waited for, each until the last thing
 * that it needed. A step that a message began waited for the message; one that a timer began, for the
 * timer, which is taken to run since its server last reported something; any other for the server's own
 * disk and threads.
 */
export function longestPath(happenings: readonly Happening[], target: Target): readonly Stretch[] {
  const parts: Stretch[] = [];
  let at = happenings[target.id];
  while (at !== undefined && at.atUs > target.sinceUs) {
    const { from, what } = previousOf(happenings, at);
    const fromUs = Math.max(target.sinceUs, from?.atUs ?? target.sinceUs);
    parts.push({ fromUs, toUs: at.atUs, what });
    at = from;
  }
  return joined(parts.toReversed());
}

function previousOf(
  happenings: readonly Happening[],
  last: Happening,
): { readonly from: Happening | undefined; readonly what: string } {
  let [first, what, timer] = [last, '', false];
  for (
    let at: Happening | undefined = last;
    at !== undefined && at.step === last.step;
    at = happenings[at.before]
  ) {
    first = at;
    const { event } = at;
    if (event.kind === 'delivered') {
      const from = happenings[at.cause];
      if (from !== undefined)
        return { from, what: `${nameOf(event.from)} → ${nameOf(event.to)}: ${event.message}` };
    }
    if (event.kind === 'timer-fired') {
      what = `${nameOf(event.server)} waits for its timer: ${event.timer}`;
      timer = true;
    }
    if (event.kind === 'link-closed') {
      const fault = happenings.findLast(({ id, event: { kind } }) => id < first.id && kind === 'fault-fired');
      what = `${nameOf(event.server)} sees its connection end: ${event.reason}`;
      if (fault !== undefined && event.reason === 'reset') return { from: fault, what };
    }
    if (event.kind === 'synced') what = `${nameOf(event.server)} syncs ${event.file}`;
  }
  const own = last.who === undefined ? 'the world' : nameOf(last.who);
  const from = timer ? lastReport(happenings, first) : happenings[first.before];
  return { from, what: what === '' ? `${own} works` : what };
}

/** The last thing of consequence that its participant did before a step. */
function lastReport(happenings: readonly Happening[], first: Happening): Happening | undefined {
  let at = happenings[first.before];
  while (at !== undefined && !CONSEQUENTIAL.has(at.event.kind)) at = happenings[at.before];
  return at;
}

const CONSEQUENTIAL: ReadonlySet<string> = new Set([
  'looking',
  'vote-changed',
  'leader-elected',
  'leader-followed',
  'epoch-offered',
  'epoch-accepted',
  'leader-synchronizing',
  'leader-established',
  'follower-synced',
  'restarted',
  'resumed',
]);

/** Short stretches become one with their neighbours. */
function joined(parts: readonly Stretch[]): readonly Stretch[] {
  const found: Stretch[] = [];
  for (const part of parts) {
    const last = found.at(-1);
    const short = part.toUs - part.fromUs < LEAST_US;
    const mixed = last?.what === MIXED;
    if (last === undefined || !short || !(mixed || last.toUs - last.fromUs < LEAST_US)) found.push(part);
    else found[found.length - 1] = { ...last, toUs: part.toUs, what: MIXED };
  }
  return found;
}
