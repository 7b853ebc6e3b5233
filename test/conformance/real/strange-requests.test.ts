import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectRequestFrame } from '../../../src/wire/client-packets.ts';
import { frameBytes } from '../../../src/wire/client-stream.ts';
import { emptyDataDirs, INSTALLED, layOutEnsemble, type RealServer, type Seat } from './real-servers.ts';
import { ServedServer } from './served-server.ts';

/*
 * Requests that no client of ZooKeeper's sends, and what a server makes of them: an error code, the end of
 * the connection, or both. The table is what servers of ZooKeeper 3.8.0 answer; where they are installed,
 * they are asked as well. Left out is what harms them: a `check` on its own ends every follower (a
 * transaction that they cannot read), and behind `createSession` nobody can read the replies any more.
 */

const int = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');
const text = (value: string): string => int(value.length) + Buffer.from(value).toString('hex');
const OPEN = `${int(1)}${int(31)}${text('world')}${text('anyone')}`;
const NONE = int(-1);

const CLOSE_SESSION = -11;

/** What comes back: the xid and the error of the reply, and whether a ping behind it is answered. */
interface Outcome {
  readonly reply: string;
  readonly goesOn: boolean;
}

const MARSHALLING: Outcome = { reply: 'xid 5 err -5', goesOn: true };
const UNIMPLEMENTED: Outcome = { reply: 'xid 5 err -6', goesOn: false };
const CLOSED: Outcome = { reply: 'nothing', goesOn: false };

/** Name, number of the operation, body, outcome. */
const REQUESTS: readonly (readonly [string, number, string, Outcome])[] = [
  ['a ping under another number', 11, '', { reply: 'xid -2 err 0', goesOn: true }],
  ['an operation that nobody knows', 999, '', UNIMPLEMENTED],
  ['the number of an error', -1, '', UNIMPLEMENTED],
  ['the number of an event', 0, '', UNIMPLEMENTED],
  ['exists that ends early', 3, '0000', MARSHALLING],
  ['exists with more behind it', 3, `${text('/')}00616263`, { reply: 'xid 5 err 0', goesOn: true }],
  ['getData without a path', 4, `${NONE}00`, MARSHALLING],
  ['create that ends early', 1, '0000', MARSHALLING],
  ['create without a path', 1, NONE + int(0) + OPEN + int(0), MARSHALLING],
  [
    'create without access list',
    1,
    text('/a') + NONE + NONE + int(0),
    { reply: 'xid 5 err -114', goesOn: true },
  ],
  ['create in no mode', 1, text('/a') + int(0) + OPEN + int(77), { reply: 'xid 5 err -8', goesOn: true }],
  ['a multi of nothing readable', 14, '00000001', MARSHALLING],
  ['setWatches that ends early', 101, '00', MARSHALLING],
  ['a kind of watcher that there is not', 18, text('/') + int(9), MARSHALLING],
  ['a mode of watch that there is not', 106, text('/') + int(9), MARSHALLING],
  ['all ephemeral nodes', 103, NONE, { reply: 'xid 5 err 0', goesOn: true }],
  ['a reconfiguration', 16, NONE + NONE + NONE + NONE + NONE, { reply: 'xid 5 err -123', goesOn: true }],
  ['auth that ends early', 100, '00', CLOSED],
  [
    'auth by an unknown scheme',
    100,
    int(0) + text('x') + text('y'),
    { reply: 'xid 5 err -115', goesOn: false },
  ],
  [
    'the end of the session, with more behind it',
    CLOSE_SESSION,
    '616263',
    { reply: 'xid 5 err 0', goesOn: false },
  ],
];

const frame = (hex: string): Uint8Array => Buffer.from(int(hex.length / 2) + hex, 'hex');

/** Reads one frame; empty at the end of the connection. */
async function heard(socket: Socket): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  for (;;) {
    if (bytes.length >= 4 && bytes.length >= 4 + bytes.readInt32BE(0)) return bytes;
    const piece = socket.read() as Buffer | null;
    if (piece !== null) bytes = Buffer.concat([bytes, piece]);
    else if (socket.readableEnded || socket.destroyed) return Buffer.alloc(0);
    else await Promise.race(['readable', 'end', 'close'].map((event) => once(socket, event)));
  }
}

async function outcomeOf(port: number, type: number, body: string): Promise<Outcome> {
  const socket = connect(port, '127.0.0.1');
  // Whoever is hung up on is told by what it reads.
  socket.on('error', () => undefined);
  const hello = {
    protocolVersion: 0,
    lastZxidSeen: 0n,
    timeOut: 10_000,
    sessionId: 0n,
    passwd: new Uint8Array(16),
    readOnly: false,
  };
  socket.write(frameBytes(connectRequestFrame, hello));
  expect((await heard(socket)).length).toBeGreaterThan(20);
  socket.write(frame(int(5) + int(type) + body));
  const reply = await heard(socket);
  // Behind the end of a session the end of the connection follows, at once or a little later.
  if (type !== CLOSE_SESSION) socket.write(frame(int(-2) + int(11)));
  const pong = await heard(socket);
  socket.destroy();
  const told = reply.length === 0 ? 'nothing' : `xid ${reply.readInt32BE(4)} err ${reply.readInt32BE(16)}`;
  return { reply: told, goesOn: pong.length > 0 && pong.readInt32BE(4) === -2 };
}

describe.each(['ours', 'ZooKeeper'])('servers of %s', (whose) => {
  const skipped = whose === 'ZooKeeper' && !INSTALLED;
  let folder = '';
  let real: RealServer[] = [];
  let ours: ServedServer[] = [];
  let ports: readonly number[] = [];

  beforeAll(async () => {
    if (skipped) return;
    folder = mkdtempSync(join(tmpdir(), 'zabsim-strange-'));
    const seats: Seat[] = await layOutEnsemble(folder, emptyDataDirs(folder, 3));
    ports = seats.map(({ clientPort }) => clientPort);
    if (whose === 'ours') {
      ours = seats.map(({ id }) => new ServedServer(join(folder, `real${id}`, 'zoo.cfg')));
      await Promise.all(ours.map((server) => server.serving()));
    } else {
      real = seats.map((seat) => seat.start());
      await Promise.all(real.map((server) => server.mode()));
    }
  });

  afterAll(async () => {
    for (const server of ours) server.stop();
    await Promise.all(real.map((server) => server.stop()));
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  test.skipIf(skipped).each(REQUESTS)('%s', async (_name, type, body, outcome) => {
    for (const port of ports) expect(await outcomeOf(port, type, body)).toEqual(outcome);
  });
});
