import { describe, expect, it } from 'vitest';
import { calm, type Decisions } from '../../../src/core/decisions.ts';
import { uniform } from '../../../src/core/distribution.ts';
import type { LinkId } from '../../../src/node/ids.ts';
import { nodeId } from '../../../src/node/ids.ts';
import type { Action, Fault } from '../../../src/sim/fault.ts';
import { faultAt, type Script, say, toyWorld } from './toy-world.ts';

const MS = 1000;
const S = 1_000_000;
const HOUR = 3600 * S;
const [one, two] = [nodeId(1), nodeId(2)];

/** Server 1 dials server 2 at once, and sends 100 bytes at each of the times, as far as it may. */
function sender(timesUs: readonly number[], log: string[] = []): Script {
  return (env) => {
    let link = 0 as LinkId;
    return (event) => {
      if (event.kind === 'started') {
        link = env.connect(two, 'quorum');
        for (const at of timesUs) env.setTimer(`${at}`, at);
      }
      if (event.kind === 'timer' && !env.send(link, say(Number(event.timer) / MS, 100))) {
        log.push(`no room@${env.now()}`);
      }
      if (event.kind === 'writable') log.push(`room@${env.now()}`);
    };
  };
}

/** Notes what comes, as `ms at which it was sent@µs at which it came`. */
function receiver(log: string[]): Script {
  return (env) => (event) => {
    if (event.kind === 'started') env.listen('quorum');
    if (event.kind === 'received') log.push(`${event.message.n}@${env.now()}`);
  };
}

const slow = (latencyUs: number): Action => ({
  verb: 'slow',
  between: [[one], [two]],
  server: undefined,
  latency: uniform(latencyUs, latencyUs),
});

const narrow = (bytesPerSecond: number): Action => ({
  verb: 'bandwidth',
  between: [[one], [two]],
  bytesPerSecond,
});

const from = (atUs: number, untilUs: number, action: Action): Fault =>
  faultAt(atUs, action, { name: `${action.verb} at ${atUs}`, forUs: untilUs - atUs });

/** What server 2 hears of what server 1 sends at those times, and what server 1 hears of its buffer. */
function story(
  faults: readonly Fault[],
  timesUs: readonly number[],
  more: { decisions?: Decisions; untilUs?: number } = {},
) {
  const [came, room]: [string[], string[]] = [[], []];
  const { simulation } = toyWorld({
    scripts: [sender(timesUs, room), receiver(came)],
    faults,
    bufferBytes: 300,
    latency: uniform(1 * MS, 3 * MS),
    decisions: more.decisions ?? calm(),
  });
  simulation.run(more.untilUs ?? 10 * S);
  return { came, room };
}

describe('a link that was slow', () => {
  it('brings what is under way one delay after it was mended, in its order, one after the other', () => {
    const { came } = story([from(S, 2 * S, slow(HOUR))], [1.1 * S, 1.2 * S, 2.5 * S]);
    expect(came).toEqual(['1100@2001000', '1200@2001001', '2500@2501000']);
  });

  it('lets what would come sooner come when it would have come', () => {
    const { came } = story([from(S, 2 * S, slow(600 * MS))], [999.5 * MS, 1.3999 * S, 1.9 * S]);
    expect(came).toEqual(['999.5@1000500', '1399.9@1999900', '1900@2001000']);
  });

  it('draws its delay from its own stream, once for all that is under way', () => {
    const drawn: string[] = [];
    const decisions: Decisions = {
      stream: (name) => ({
        draw: (bound) => {
          drawn.push(name);
          return bound - 1;
        },
      }),
    };
    const faults = [from(S, 2 * S, slow(HOUR))];
    const { came } = story(faults, [1.1 * S, 1.2 * S], { decisions });
    expect(came).toEqual(['1100@2003000', '1200@2003001']);
    // The other two are of the handshake; a delay of exactly an hour draws nothing.
    expect(drawn).toEqual(['link 1>2 quorum', 'link 2>1 quorum', 'link 1>2 quorum']);
  });

  it('stays as slow as a fault has it that is still in force', () => {
    const faults = [from(S, 4 * S, slow(500 * MS)), from(1.5 * S, 2 * S, slow(HOUR))];
    expect(story(faults, [1.6 * S, 3.9 * S]).came).toEqual(['1600@2500000', '3900@4001000']);
  });

  it('is no slower than the fault has it that came last', () => {
    const faults = [from(S, 4 * S, slow(HOUR)), from(2 * S, 4 * S, slow(500 * MS))];
    expect(story(faults, [1.6 * S, 3 * S]).came).toEqual(['1600@2500000', '3000@3500000']);
  });

  it('brings nothing through a cut, and all of it with the retry after that', () => {
    const cut = from(1.5 * S, 2.6 * S, { verb: 'partition', groups: [[one], [two]] });
    const { came } = story([from(S, 2 * S, slow(HOUR)), cut], [1.1 * S, 1.2 * S]);
    // It came to the cut at 2.001 s: again after 200 and 600 ms.
    expect(came).toEqual(['1100@2601000', '1200@2601001']);
  });

  it('does not hurry what waits for a retry because it got lost', () => {
    const lossy: Decisions = {
      stream: (name) => ({ draw: (bound) => (name.startsWith('loss') ? bound - 1 : 0) }),
    };
    const loss: Action = { verb: 'loss', between: [[one], [two]], ratePpm: 1_000_000 };
    const faults = [from(S, 1.5 * S, loss), from(S, 1.6 * S, slow(10 * MS))];
    const { came } = story(faults, [1.1 * S, 1.55 * S], { decisions: lossy });
    // It got lost at 1.11 s, and again 200 ms later; the next time is 600 ms after the first.
    expect(came).toEqual(['1100@1710000', '1550@1710001']);
  });

  it('lets a dial come through that was made meanwhile', () => {
    const { came } = story([from(0, 2 * S, slow(HOUR))], [2.5 * S]);
    expect(came).toEqual(['2500@2501000']);
  });

  it('does not bring what waits for a frozen process a second time, or before it goes on', () => {
    const freeze = from(S, 3 * S, { verb: 'pause', servers: [two] });
    const { came } = story([freeze, from(1.5 * S, 2 * S, slow(HOUR))], [1.1 * S, 1.2 * S, 1.6 * S]);
    expect(came).toEqual(['1100@3000000', '1200@3000000', '1600@3000000']);
  });
});

describe('a link that was narrow', () => {
  it('passes on at once what its buffer holds, and takes more', () => {
    const times = [1.1 * S, 1.2 * S, 1.3 * S, 1.4 * S, 2.5 * S];
    const { came, room } = story([from(S, 2 * S, narrow(1))], times);
    expect(came).toEqual(['1100@2001000', '1200@2001001', '1300@2001002', '2500@2501000']);
    expect(room).toEqual(['no room@1400000', 'room@2002001']);
  });

  it('passes it on at the rate that it has by then', () => {
    const faults = [from(S, 4 * S, narrow(1000)), from(1.5 * S, 2 * S, narrow(1))];
    const { came } = story(faults, [1.6 * S, 2.5 * S]);
    // 400 ms at 1 byte a second leave 99.6 bytes to be passed on.
    expect(came).toEqual(['1600@2100600', '2500@2601000']);
  });

  it('keeps what it holds when it is slow no longer, and narrow still', () => {
    const faults = [from(S, 4 * S, narrow(1000)), from(S, 2 * S, slow(HOUR))];
    const { came } = story(faults, [1.9 * S, 1.95 * S, 3 * S]);
    expect(came).toEqual(['1900@2101000', '1950@2101001', '3000@3101000']);
  });
});
