import { describe, expect, it } from 'vitest';
import type { Decisions } from '../../src/core/decisions.ts';
import { uniform } from '../../src/core/distribution.ts';
import type { LinkId } from '../../src/node/ids.ts';
import { nodeId } from '../../src/node/ids.ts';
import { type Script, say, type ToyEvent, toyWorld } from '../unit/sim/toy-world.ts';

const S = 1_000_000;
const [one, two] = [nodeId(1), nodeId(2)];

/** Copies of the events of a participant, as `kind detail@µs`. */
function heard(log: string[], act: Script = () => () => {}): Script {
  return (env) => {
    const inner = act(env);
    return (event) => {
      log.push(`${text(event)}@${env.now()}`);
      inner(event);
    };
  };
}

function text(event: ToyEvent): string {
  switch (event.kind) {
    case 'received':
      return `received ${event.message.n}`;
    case 'closed':
      return `closed ${event.reason}`;
    case 'opened':
      return `opened ${event.peer ?? '-'}`;
    case 'timer':
      return `timer ${event.timer}`;
    default:
      return event.kind;
  }
}

const listening: Script = (env) => (event) => {
  if (event.kind === 'started') env.listen('quorum');
};

/** Dials server 2 at once; `then` is called when the connection is open. */
function dialling(
  then: (send: (n: number, bytes?: number) => boolean, link: LinkId) => void = () => {},
): Script {
  return (env) => (event) => {
    if (event.kind === 'started') env.connect(two, 'quorum');
    if (event.kind === 'opened') then((n, bytes) => env.send(event.link, say(n, bytes)), event.link);
  };
}

/** Every draw of streams whose name begins so gives the highest value; all others are calm. */
function wild(prefix: string): Decisions {
  return {
    stream: (name) => ({ draw: (bound) => (name.startsWith(prefix) ? bound - 1 : 0) }),
  };
}

describe('connecting', () => {
  it('tells the acceptor after one latency, without a name, and the dialler after two, with one', () => {
    const [a, b]: [string[], string[]] = [[], []];
    toyWorld({ scripts: [heard(a, dialling()), heard(b, listening)] }).simulation.run(S);
    expect(a).toEqual(['started@0', 'opened 2@2000']);
    expect(b).toEqual(['started@0', 'opened -@1000']);
  });

  it('is refused after a round trip when nobody listens, or no process is there', () => {
    const a: string[] = [];
    toyWorld({ scripts: [heard(a, dialling()), () => () => {}] }).simulation.run(S);
    expect(a).toEqual(['started@0', 'closed refused@2000']);
    const b: string[] = [];
    toyWorld({ scripts: [heard(b, dialling()), listening], off: [2] }).simulation.run(S);
    expect(b).toEqual(['started@0', 'closed refused@2000']);
  });

  it('asks again after 1, 3, 7, … s where nothing answers, and times out after 127 s', () => {
    const a: string[] = [];
    const dead = toyWorld({ scripts: [heard(a, dialling()), listening] }).simulation;
    dead.world.cut(one, two);
    dead.run(200 * S);
    expect(a).toEqual(['started@0', `closed timeout@${127 * S}`]);
    const b: string[] = [];
    const late = toyWorld({ scripts: [heard(b, dialling()), listening] }).simulation;
    late.world.cut(one, two);
    late.run(2 * S);
    late.world.uncut(one, two);
    late.run(10 * S);
    expect(b).toEqual(['started@0', `opened 2@${3 * S + 2000}`]);
  });

  it('is given up by the dialler, who hears nothing more, nor does the other end', () => {
    const [a, b]: [string[], string[]] = [[], []];
    const giveUp: Script = (env) => (event) => {
      if (event.kind === 'started') env.close(env.connect(two, 'quorum'));
    };
    toyWorld({ scripts: [heard(a, giveUp), heard(b, listening)] }).simulation.run(S);
    expect([a, b]).toEqual([['started@0'], ['started@0']]);
  });

  it('answers for a frozen process, which hears of it when it goes on', () => {
    const [a, b]: [string[], string[]] = [[], []];
    const { simulation } = toyWorld({
      scripts: [
        heard(
          a,
          dialling((send) => send(7)),
        ),
        heard(b, listening),
      ],
    });
    simulation.run(10);
    simulation.world.machineOf(two).pause();
    simulation.run(S);
    expect(a).toEqual(['started@0', 'opened 2@2000']);
    simulation.world.machineOf(two).resume();
    simulation.run(2 * S);
    expect(b).toEqual(['started@0', `opened -@${S}`, `received 7@${S}`]);
  });
});

describe('sending', () => {
  it('keeps the order whatever the latencies, and never lets two arrive at once', () => {
    const b: string[] = [];
    let draws = 0;
    const falling: Decisions = { stream: () => ({ draw: (bound) => (draws++ * 7919) % bound }) };
    const { simulation } = toyWorld({
      scripts: [
        dialling((send) => {
          for (const n of [1, 2, 3, 4, 5, 6]) send(n);
        }),
        heard(b, listening),
      ],
      decisions: falling,
      latency: uniform(0, 4000),
    });
    simulation.run(S);
    const messages = b.filter((line) => line.startsWith('received'));
    expect(messages.map((line) => line.split('@')[0])).toEqual(
      [1, 2, 3, 4, 5, 6].map((n) => `received ${n}`),
    );
    const times = messages.map((line) => Number(line.split('@')[1]));
    expect(times.every((at, i) => i === 0 || at > (times[i - 1] as number))).toBe(true);
  });

  it('refuses when the buffer is full, and tells when half of it is free', () => {
    const [a, b]: [string[], string[]] = [[], []];
    let taken = 0;
    const filling = dialling((send) => {
      while (send(taken, 100)) taken++;
    });
    const { simulation } = toyWorld({ scripts: [heard(a, filling), heard(b, listening)], bufferBytes: 1000 });
    simulation.run(10);
    simulation.world.machineOf(two).pause();
    simulation.run(S);
    expect(taken).toBe(10);
    expect(a).toEqual(['started@0', 'opened 2@2000']);
    simulation.world.machineOf(two).resume();
    simulation.run(2 * S);
    expect(b.filter((line) => line.startsWith('received'))).toHaveLength(10);
    expect(a.at(-1)).toBe(`writable@${S + 1000}`);
    expect(a).toHaveLength(3);
  });

  it('takes a message larger than the whole buffer when it is empty', () => {
    const b: string[] = [];
    const { simulation } = toyWorld({
      scripts: [dialling((send) => send(1, 5000)), heard(b, listening)],
      bufferBytes: 1000,
    });
    simulation.run(S);
    expect(b.at(-1)).toBe('received 1@3000');
  });
});

describe('closing', () => {
  it('delivers what was sent, then says closed; what is under way to the closer is lost', () => {
    const [a, b]: [string[], string[]] = [[], []];
    const closing: Script = (env) => (event) => {
      if (event.kind === 'started') env.connect(two, 'quorum');
      if (event.kind !== 'opened') return;
      env.send(event.link, say(1));
      env.send(event.link, say(2));
      env.close(event.link);
      env.send(event.link, say(3));
    };
    const answering: Script = (env) => (event) => {
      if (event.kind === 'started') env.listen('quorum');
      if (event.kind === 'opened' || event.kind === 'received') env.send(event.link, say(9));
    };
    toyWorld({ scripts: [heard(a, closing), heard(b, answering)] }).simulation.run(S);
    expect(a).toEqual(['started@0', 'opened 2@2000']);
    expect(b).toEqual([
      'started@0',
      'opened -@1000',
      'received 1@3000',
      'received 2@3001',
      'closed closed@3002',
    ]);
  });
});

describe('the end of a process', () => {
  const sender = () =>
    dialling((send) => {
      for (const n of [1, 2, 3]) send(n);
    });

  it.each([
    ['crash', 'death 1', [], 'reset'],
    ['crash', 'none', ['received 1', 'received 2', 'received 3'], 'reset'],
    ['stop', 'death 1', ['received 1', 'received 2', 'received 3'], 'closed'],
  ] as const)('%s with %s drawn high delivers %j, then %s', (how, stream, arrived, reason) => {
    const b: string[] = [];
    const { simulation } = toyWorld({
      scripts: [sender(), heard(b, listening)],
      decisions: wild(stream),
    });
    simulation.run(2500);
    simulation.world.machineOf(one).end(how, 'test');
    simulation.run(S);
    expect(b.slice(2).map((line) => line.split('@')[0])).toEqual([...arrived, `closed ${reason}`]);
  });

  it('drops what is under way to it', () => {
    const a: string[] = [];
    const { simulation, told } = toyWorld({ scripts: [heard(a, sender()), listening] });
    simulation.run(2500);
    simulation.world.machineOf(two).end('crash', 'test');
    simulation.run(S);
    expect(a.slice(2)).toEqual(['closed reset@3500']);
    expect(told('delivered')).toEqual([]);
  });

  const chatty: Script = (env) => (event) => {
    if (event.kind === 'started') env.connect(two, 'quorum');
    if (event.kind === 'opened' || event.kind === 'timer') env.setTimer('chat', S);
    if (event.kind === 'opened') links.push(event.link);
    if (event.kind === 'timer') env.send(links.at(-1) as LinkId, say(1));
  };
  const links: LinkId[] = [];

  it('by a power cut is not seen, until the machine answers again', () => {
    const a: string[] = [];
    const { simulation } = toyWorld({ scripts: [heard(a, chatty), listening] });
    simulation.run(S / 2);
    simulation.world.machineOf(two).cutPower();
    simulation.run(20 * S);
    expect(a.filter((line) => line.startsWith('closed'))).toEqual([]);
    simulation.world.machineOf(two).start();
    simulation.run(60 * S);
    const closed = a.filter((line) => line.startsWith('closed'));
    // First sent at 1.002 s, due at 1.003 s; repeated after 0.2, 0.6, …, 25.4 s.
    expect(closed).toEqual([`closed reset@${1_003_000 + 25_400_000 + 1000}`]);
  });

  it('by a power cut for good ends in a timeout after 15 minutes', () => {
    const a: string[] = [];
    const { simulation } = toyWorld({ scripts: [heard(a, chatty), listening] });
    simulation.run(S / 2);
    simulation.world.machineOf(two).cutPower();
    simulation.run(1000 * S);
    expect(a.filter((line) => line.startsWith('closed'))).toEqual([`closed timeout@${900 * S + 1_003_001}`]);
  });

  it('by a power cut is never seen by a peer that says nothing', () => {
    const a: string[] = [];
    const { simulation } = toyWorld({ scripts: [heard(a, dialling()), listening] });
    simulation.run(S);
    simulation.world.machineOf(two).cutPower();
    simulation.world.machineOf(two).start();
    simulation.run(3000 * S);
    expect(a).toEqual(['started@0', 'opened 2@2000']);
  });
});

describe('a cut', () => {
  const streaming: Script = (env) => {
    let link = 0 as LinkId;
    let n = 0;
    return (event) => {
      if (event.kind === 'started') env.connect(two, 'quorum');
      if (event.kind === 'opened') link = event.link;
      if (event.kind === 'opened' || event.kind === 'timer') {
        env.send(link, say(++n));
        if (n < 5) env.setTimer('next', 100_000);
      }
    };
  };

  const beating: Script = (env) => {
    let link = 0 as LinkId;
    return (event) => {
      if (event.kind === 'started') env.connect(two, 'quorum');
      if (event.kind === 'opened') link = event.link;
      if (event.kind === 'timer') env.send(link, say(1));
      if (event.kind === 'opened' || event.kind === 'timer') env.setTimer('beat', S);
    };
  };

  it('stalls what is under way until the next retry after the heal, and loses nothing', () => {
    const b: string[] = [];
    const { simulation } = toyWorld({ scripts: [streaming, heard(b, listening)] });
    simulation.run(50_000);
    simulation.world.cut(one, two);
    simulation.run(S);
    expect(b).toHaveLength(3);
    simulation.world.uncut(one, two);
    simulation.run(10 * S);
    // The second message failed at 0.103 s; retries 0.2, 0.6 and 1.4 s later.
    expect(b.slice(3)).toEqual([2, 3, 4, 5].map((n, i) => `received ${n}@${1_503_000 + i}`));
  });

  it('one way lets the other way pass, without acknowledgements, for 15 minutes', () => {
    const [a, b]: [string[], string[]] = [[], []];
    const { simulation } = toyWorld({ scripts: [heard(a, streaming), heard(b, listening)] });
    simulation.run(50_000);
    simulation.world.cut(two, one);
    simulation.run(1000 * S);
    expect(b.filter((line) => line.startsWith('received'))).toHaveLength(5);
    expect(a.filter((line) => line.startsWith('closed'))).toEqual([`closed timeout@${900 * S + 103_001}`]);
    expect(b.filter((line) => line.startsWith('closed'))).toEqual([]);
  });

  it('is counted: two faults cut, both must heal', () => {
    const { simulation, told } = toyWorld({ scripts: [streaming, listening] });
    expect(simulation.world.cut(one, two)).toBe(true);
    expect(simulation.world.cut(one, two)).toBe(false);
    expect(simulation.world.uncut(one, two)).toBe(false);
    expect(simulation.world.canReach(one, two)).toBe(false);
    expect(simulation.world.canReach(two, one)).toBe(true);
    expect(simulation.world.uncut(one, two)).toBe(true);
    expect(simulation.world.canReach(one, two)).toBe(true);
    expect(told('reachable')).toHaveLength(2);
  });

  it('one way counts what arrived as unsent, until the heal brings the acknowledgements', () => {
    const a: string[] = [];
    let taken = 0;
    const filling = dialling((send) => {
      while (send(taken, 100)) taken++;
    });
    const { simulation } = toyWorld({ scripts: [heard(a, filling), listening], bufferBytes: 1000 });
    simulation.run(2500);
    simulation.world.cut(two, one);
    simulation.run(S);
    expect(taken).toBe(10);
    expect(a).toHaveLength(2);
    simulation.world.uncut(two, one);
    simulation.run(1000 * S);
    expect(a.slice(2)).toEqual([`writable@${S + 1000}`]);
  });

  it('does not touch what a frozen process has yet to read', () => {
    const b: string[] = [];
    const { simulation } = toyWorld({
      scripts: [dialling((send) => [1, 2].every((n) => send(n))), heard(b, listening)],
    });
    simulation.run(2500);
    simulation.world.machineOf(two).pause();
    simulation.run(S);
    simulation.world.cut(one, two);
    simulation.world.machineOf(two).resume();
    simulation.run(2 * S);
    expect(b.slice(2)).toEqual([`received 1@${S}`, `received 2@${S}`]);
  });

  it('loses the answer of a machine that knows of no connection; the next one passes', () => {
    const a: string[] = [];
    const { simulation } = toyWorld({ scripts: [heard(a, beating), listening] });
    simulation.run(50_000);
    simulation.world.machineOf(two).cutPower();
    simulation.world.machineOf(two).start();
    simulation.world.cut(two, one);
    simulation.run(3.5 * S);
    expect(a.filter((line) => line.startsWith('closed'))).toEqual([]);
    simulation.world.uncut(two, one);
    simulation.run(9 * S);
    expect(a.filter((line) => line.startsWith('closed'))).toEqual([`closed reset@${4_004_000}`]);
  });

  it('leaves nobody to repeat what a machine without power had sent', () => {
    const b: string[] = [];
    const { simulation } = toyWorld({
      scripts: [dialling((send) => [1, 2].every((n) => send(n))), heard(b, listening)],
    });
    simulation.run(2500);
    simulation.world.cut(one, two);
    simulation.world.machineOf(one).cutPower();
    simulation.run(S);
    simulation.world.uncut(one, two);
    simulation.run(100 * S);
    expect(b).toHaveLength(2);
  });

  it('holds back the end of a connection, too', () => {
    const b: string[] = [];
    const { simulation } = toyWorld({ scripts: [dialling(), heard(b, listening)] });
    simulation.run(S);
    simulation.world.cut(one, two);
    simulation.world.machineOf(one).end('crash', 'test');
    simulation.run(5 * S);
    expect(b).toHaveLength(2);
    simulation.world.uncut(one, two);
    simulation.run(20 * S);
    expect(b.slice(2).map((line) => line.split('@')[0])).toEqual(['closed reset']);
  });
});
