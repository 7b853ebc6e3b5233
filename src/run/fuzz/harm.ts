import { unreachable } from '../../core/assert.ts';
import type { Stream } from '../../core/decisions.ts';
import { uniform } from '../../core/distribution.ts';
import { FIRST_CLIENT, nodeId } from '../../node/ids.ts';
import type { Action, Choice, Trigger } from '../../sim/fault.ts';
import { anyScale, happens, pick, within } from './draws.ts';
import { drawEnd, drawMoment, drawVictim, drawWriting } from './moments.ts';
import type { Family } from './profile.ts';
import type { Script } from './script.ts';

/** Bytes per second: less, and even a small snapshot takes for ever. */
export const NARROWEST = 20_000;

/** How far the harm of a run goes. Times in µs. */
export interface Reach {
  /** The longest that a fault lasts. */
  readonly longestUs: number;
  /** How long a fault waits for a step of the protocol. */
  readonly windowUs: number;
}

/** Writes one fault of a family, at a drawn moment from where the writing is; `whom` by default: drawn. */
export function harm(stream: Stream, script: Script, family: Family, reach: Reach, whom?: Choice): void {
  const chosen = whom ?? drawVictim(stream, script.servers);
  const { trigger, victim } =
    ON_DISK.includes(family) && happens(stream, 60)
      ? drawWriting(stream, chosen, script.atUs, reach.windowUs)
      : drawMoment(stream, chosen, script.atUs, reach.windowUs);
  if (isMomentary(family)) {
    moment(stream, script, family, trigger, victim);
    return;
  }
  const action = family === 'client' ? onClient(stream) : lasting(stream, family, victim);
  if (action.verb === 'jump') {
    script.add(action, trigger);
    return;
  }
  const spanUs = drawSpanUs(stream, reach.longestUs);
  const name = script.add(action, trigger, spanUs);
  if (!happens(stream, family === 'client' ? 50 : 20)) return;
  // It may end before, at a step that it has brought about: who was cut off is back in the middle of that.
  const untilUs = (trigger.atUs ?? trigger.when?.untilUs ?? script.atUs) + spanUs;
  script.add({ verb: 'heal', what: name }, drawEnd(stream, family === 'client', script.atUs, untilUs));
}

/** What nobody notices who does not write. */
const ON_DISK: readonly Family[] = ['failSync', 'fullDisk'];

type Momentary = Extract<Family, 'crash' | 'powerCut' | 'restart' | 'stop' | 'reset' | 'observerDisk'>;

function isMomentary(family: Family): family is Momentary {
  return ['crash', 'powerCut', 'restart', 'stop', 'reset', 'observerDisk'].includes(family);
}

function moment(stream: Stream, script: Script, family: Momentary, trigger: Trigger, victim: Choice): void {
  switch (family) {
    case 'reset':
      script.add({ verb: 'reset', between: [victim, ['rest']] }, trigger);
      return;
    case 'observerDisk': {
      // A voter that loses what it has synced is beyond what the protocol promises; an observer is not.
      const [observer] = script.observers;
      if (observer === undefined) return;
      // At the same moment, so that nothing can start it in between: that would harm a disk in use.
      script.add({ verb: 'powerCut', servers: [observer] }, trigger);
      if (happens(stream, 50)) script.add({ verb: 'wipe', servers: [observer] }, trigger);
      else {
        const file = pick(stream, ['log', 'snapshot'] as const);
        const how = pick(stream, ['torn', 'flipped'] as const);
        const record = how === 'torn' ? 0 : within(stream, 0, 12);
        script.add({ verb: 'corrupt', server: [observer], file, record, how }, trigger);
      }
      return;
    }
    default:
      script.add({ verb: family, servers: victim }, trigger);
      // What is down comes up again soon, as under a supervisor; or it stays down until all come up.
      if (family !== 'restart' && happens(stream, 50)) {
        script.add({ verb: 'start', servers: script.fallen }, later(trigger, anyScale(stream, 1500) * 1000));
      }
  }
}

/** So much later than another moment. */
function later({ atUs, afterUs, when }: Trigger, byUs: number): Trigger {
  return atUs === undefined
    ? { atUs, afterUs: (afterUs ?? 0) + byUs, when }
    : { atUs: atUs + byUs, afterUs, when };
}

/** How long a fault lasts: every order of magnitude from 1 ms on, the long ones more often. */
function drawSpanUs(stream: Stream, longestUs: number): number {
  if (happens(stream, 50)) return anyScale(stream, Math.ceil(longestUs / 1000)) * 1000;
  return within(stream, Math.ceil(longestUs / 8), longestUs);
}

function lasting(stream: Stream, family: Exclude<Family, Momentary | 'client'>, victim: Choice): Action {
  const spread = () => {
    const from = anyScale(stream, 200) * 1000;
    return uniform(from, from * pick(stream, [1, 2, 5]));
  };
  switch (family) {
    case 'pause':
    case 'isolate':
    case 'refuse':
      return { verb: family, servers: victim };
    case 'partition':
      return { verb: 'partition', groups: drawGroups(stream, victim) };
    case 'cut':
      return happens(stream, 50)
        ? { verb: 'cut', from: victim, to: ['rest'] }
        : { verb: 'cut', from: ['rest'], to: victim };
    case 'slow':
      return { verb: 'slow', between: [victim, ['rest']], server: undefined, latency: spread() };
    case 'loss':
      return { verb: 'loss', between: [victim, ['rest']], ratePpm: anyScale(stream, 500) * 1000 };
    case 'bandwidth':
      return {
        verb: 'bandwidth',
        between: [victim, ['rest']],
        // What is under way when the limit ends still leaves at the old rate: no snapshot may take minutes.
        bytesPerSecond: anyScale(stream, 100_000) + NARROWEST,
      };
    case 'slowDisk':
      return { verb: 'slowDisk', server: victim, sync: spread() };
    case 'failSync':
      return { verb: 'failSync', server: victim, times: within(stream, 1, 3) };
    case 'fullDisk':
      return { verb: 'fullDisk', server: victim };
    case 'clock':
      return drawClock(stream, victim);
    default:
      return unreachable(family);
  }
}

/** A client stops for a while, or is cut off: its session may be over when it is back. */
function onClient(stream: Stream): Action {
  const client: Choice = [FIRST];
  return pick<Action>(stream, [
    { verb: 'pause', servers: client },
    { verb: 'isolate', servers: client },
    { verb: 'cut', from: client, to: ['rest'] },
    { verb: 'cut', from: ['rest'], to: client },
  ]);
}

/** There is always one client. */
export const FIRST = nodeId(FIRST_CLIENT + 1);

function drawGroups(stream: Stream, victim: Choice): readonly Choice[] {
  return pick<readonly Choice[]>(stream, [
    [victim, ['rest']],
    [['minority'], ['rest']],
    [['majority'], ['rest']],
    [['leader'], ['follower'], ['rest']],
  ]);
}

function drawClock(stream: Stream, victim: Choice): Action {
  const by = anyScale(stream, 10_000) * (happens(stream, 50) ? 1 : -1);
  if (happens(stream, 40)) return { verb: pick(stream, ['skew', 'jump']), server: victim, byMs: by };
  return { verb: 'drift', server: victim, ppm: anyScale(stream, 100_000) * (by < 0 ? -1 : 1) };
}
