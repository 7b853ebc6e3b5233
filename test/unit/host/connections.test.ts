import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { Connections } from '../../../src/host/connections.ts';
import type { NodeEvent } from '../../../src/node/events.ts';
import { type LinkId, nodeId } from '../../../src/node/ids.ts';
import type { Conversation } from '../../../src/node/wire-format.ts';
import { freePorts } from '../../free-ports.ts';

/*
 * Connections of two processes over TCP. Messages here are lines.
 */

class Lines implements Conversation<string> {
  #text = '';

  write(message: string): Uint8Array {
    return Buffer.from(`${message}\n`);
  }

  push(piece: Uint8Array): void {
    this.#text += Buffer.from(piece).toString();
  }

  next(): string | undefined {
    const end = this.#text.indexOf('\n');
    if (end < 0) return undefined;
    const line = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + 1);
    if (line === 'nonsense') throw new Error('this is no message');
    return line;
  }
}

/** A process with nothing but connections, and what it hears. */
class Process {
  readonly connections: Connections<string>;
  readonly troubles: string[] = [];
  readonly #told: NodeEvent<string>[] = [];
  #heard: (() => void) | undefined;

  constructor(self: number, port: number, peerPort: number) {
    const address = (number: number) => ({ host: '127.0.0.1', port: number });
    this.connections = new Connections<string>({
      self: nodeId(self),
      wire: { converse: () => ({ forth: new Lines(), back: new Lines() }) },
      own: { election: address(port), quorum: address(port), client: address(port) },
      addressOf: (peer) => (peer === nodeId(9) ? undefined : address(peerPort)),
      answer: (message) => (message === 'word' ? 'answer' : undefined),
      hand: (event) => {
        this.#told.push({ ...event });
        this.#heard?.();
      },
      trouble: (text) => {
        this.troubles.push(text);
        this.#heard?.();
      },
    });
  }

  /** The next event of this kind that nobody has asked for yet. */
  async next<K extends NodeEvent<string>['kind']>(kind: K): Promise<Extract<NodeEvent<string>, { kind: K }>> {
    for (;;) {
      const at = this.#told.findIndex((event) => event.kind === kind);
      if (at >= 0) return this.#told.splice(at, 1)[0] as Extract<NodeEvent<string>, { kind: K }>;
      await this.change();
    }
  }

  change(): Promise<void> {
    return new Promise((resolve) => {
      this.#heard = resolve;
    });
  }
}

const running: Process[] = [];

afterEach(() => {
  for (const { connections } of running.splice(0)) connections.stop();
});

/** A dialler and whom it has reached, with the link of each. */
async function pair(): Promise<{ a: Process; b: Process; atA: LinkId; atB: LinkId; port: number }> {
  const [port = 0] = await freePorts(1);
  const a = new Process(1, 0, port);
  const b = new Process(2, port, 0);
  running.push(a, b);
  b.connections.listen('quorum');
  const atA = a.connections.connect(nodeId(2), 'quorum');
  expect(await a.next('opened')).toMatchObject({ link: atA, port: 'quorum', peer: 2 });
  const { link: atB, peer } = await b.next('opened');
  expect(peer).toBeUndefined();
  return { a, b, atA, atB, port };
}

test('messages go both ways, in order', async () => {
  const { a, b, atA, atB } = await pair();
  for (const text of ['one', 'two']) a.connections.send(atA, text);
  b.connections.send(atB, 'back');
  expect(await b.next('received')).toMatchObject({ link: atB, message: 'one' });
  expect(await b.next('received')).toMatchObject({ message: 'two' });
  expect(await a.next('received')).toMatchObject({ link: atA, message: 'back' });
});

test('what was sent before a connection was closed arrives, although its end has unread bytes', async () => {
  const { a, b, atA, atB } = await pair();
  a.connections.send(atA, 'the last');
  a.connections.close(atA);
  b.connections.send(atB, 'too late');
  expect(await b.next('received')).toMatchObject({ message: 'the last' });
  expect(await b.next('closed')).toMatchObject({ link: atB, reason: 'closed' });
});

test('a port on which nobody listens refuses, and so does a server without an address', async () => {
  const [port = 0] = await freePorts(1);
  const a = new Process(1, 0, port);
  running.push(a);
  const link = a.connections.connect(nodeId(2), 'election');
  expect(await a.next('closed')).toMatchObject({ link, reason: 'refused' });
  const other = a.connections.connect(nodeId(9), 'election');
  expect(await a.next('closed')).toMatchObject({ link: other, reason: 'refused' });
});

test('whoever says what makes no sense is hung up on, and the process lives on', async () => {
  const { a, b, atA, atB } = await pair();
  a.connections.send(atA, 'nonsense');
  expect(await b.next('closed')).toMatchObject({ link: atB, reason: 'reset' });
  expect(b.troubles).toEqual(['quorum port: this is no message']);
  expect(await a.next('closed')).toMatchObject({ link: atA });
});

test('a full connection refuses a message, and says when it takes more', async () => {
  const { a, atA, b } = await pair();
  const long = 'x'.repeat(1 << 20);
  let sent = 0;
  while (a.connections.send(atA, long)) sent++;
  expect(sent).toBeGreaterThan(0);
  expect(await a.next('writable')).toMatchObject({ link: atA });
  expect(a.connections.send(atA, 'more')).toBe(true);
  for (let i = 0; i < sent; i++) expect((await b.next('received')).message.length).toBe(long.length);
  expect(await b.next('received')).toMatchObject({ message: 'more' });
});

test('what the process answers by itself ends the connection', async () => {
  const { port } = await pair();
  const socket = connect(port, '127.0.0.1');
  socket.write('word\nand more\n');
  let heard = '';
  for await (const bytes of socket) heard += String(bytes);
  expect(heard).toBe('answer\n');
});

test('a port that is taken is said to be', async () => {
  const { port } = await pair();
  const late = new Process(3, port, 0);
  running.push(late);
  late.connections.listen('client');
  await late.change();
  expect(late.troubles[0]).toMatch(/^the client port 127.0.0.1:\d+ cannot be opened: .*EADDRINUSE/);
});

test('a port that was closed refuses, what it had accepted lives on, and it opens again', async () => {
  const { a, b, atA, atB } = await pair();
  b.connections.unlisten('quorum');
  const refused = a.connections.connect(nodeId(2), 'quorum');
  expect(await a.next('closed')).toMatchObject({ link: refused, reason: 'refused' });
  a.connections.send(atA, 'still here');
  expect(await b.next('received')).toMatchObject({ link: atB, message: 'still here' });
  b.connections.listen('quorum');
  const again = a.connections.connect(nodeId(2), 'quorum');
  expect(await a.next('opened')).toMatchObject({ link: again });
});
