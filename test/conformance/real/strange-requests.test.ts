import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { limitsPath, statsPath } from '../../../src/znode/quota.ts';
import { RealClient } from './real-client.ts';
import { emptyDataDirs, INSTALLED, layOutEnsemble, type RealServer, type Seat } from './real-servers.ts';
import { ServedServer } from './served-server.ts';
import {
  admission,
  END,
  hello,
  int,
  long,
  NONE,
  OPEN,
  type Outcome,
  outcomeOf,
  part,
  text,
} from './strange-packets.ts';

/*
 * Requests that no client of ZooKeeper's sends, and what a server makes of them: an error code, the end of
 * the connection, or both. The table is what servers of ZooKeeper 3.8.0 answer; where they are installed,
 * they are asked as well. Left out is what harms them: a `check` on its own ends every follower (a
 * transaction that they cannot read), where a part of a multi without a path came through nothing is written
 * any more, and behind `createSession` nobody can read the replies.
 */

const CLOSE_SESSION = -11;

/** `body` as hex digits, where it counts: all of it, or behind `^` its start. `xid`: of the request, or 5. */
interface Expected extends Pick<Outcome, 'reply' | 'goesOn'> {
  readonly body?: string;
  readonly xid?: number;
}

const answer = (err: number, body?: string): Expected => ({
  reply: `xid 5 err ${err}`,
  goesOn: true,
  ...(body === undefined ? {} : { body }),
});
const MARSHALLING = answer(-5, '');
const BAD_ARGUMENTS = answer(-8, '');
const INVALID_ACL = answer(-114, '');
const UNIMPLEMENTED: Expected = { reply: 'xid 5 err -6', goesOn: false };
const CLOSED: Expected = { reply: 'nothing', goesOn: false };

const listOf = (scheme: string, id: string): string => int(1) + int(31) + scheme + id;
const NOBODY = listOf(text('world'), NONE);
/** Behind the paths of a watch: one list for each kind. */
const nothing = (lists: number): string => int(0).repeat(lists);
const WITH_TTL = 5;
const made = (path: string, flags: number): string => path + int(0) + OPEN + int(flags);

/** Name, number of the operation, body, outcome. */
const REQUESTS: readonly (readonly [string, number, string, Expected])[] = [
  ['a ping under another number', 11, '', { reply: 'xid -2 err 0', goesOn: true }],
  ['an operation that nobody knows', 999, '', UNIMPLEMENTED],
  ['the number of an error', -1, '', UNIMPLEMENTED],
  ['the number of an event', 0, '', UNIMPLEMENTED],
  ['exists that ends early', 3, '0000', MARSHALLING],
  ['exists with more behind it', 3, `${text('/')}00616263`, answer(0)],
  ['exists whose watch is neither yes nor no', 3, `${text('/')}ff`, answer(0)],
  ['exists of what is no text', 3, `${int(3)}2ffffe00`, answer(-101)],
  ['getData without a path', 4, `${NONE}00`, MARSHALLING],
  ['create that ends early', 1, '0000', MARSHALLING],
  ['create without a path', 1, NONE + int(0) + OPEN + int(0), MARSHALLING],
  ['create of what is no text', 1, made(`${int(3)}2ffffe`, 0), BAD_ARGUMENTS],
  ['create without access list', 1, text('/a') + NONE + NONE + int(0), INVALID_ACL],
  ['create with less than no access list', 1, text('/a') + NONE + int(-5) + int(0), INVALID_ACL],
  ['create for an id that is missing', 1, text('/a') + NONE + NOBODY + int(0), MARSHALLING],
  [
    'create for an id that is missing of a scheme that nobody knows',
    1,
    text('/a') + NONE + listOf(text('x'), NONE) + int(0),
    INVALID_ACL,
  ],
  ['create for a scheme that is missing', 1, text('/a') + NONE + listOf(NONE, NONE) + int(0), INVALID_ACL],
  ['create in no mode', 1, made(text('/a'), 77), BAD_ARGUMENTS],
  ['create below limits that nobody can read', 1, made(text('/q/a'), 0), MARSHALLING],
  ['setData without a path', 5, NONE + int(0) + NONE, BAD_ARGUMENTS],
  [
    'setData of a wrong version below limits that nobody can read',
    5,
    text('/q') + NONE + int(9),
    MARSHALLING,
  ],
  ['setACL without a path', 7, NONE + OPEN + NONE, BAD_ARGUMENTS],
  ['setACL for an id that is missing', 7, text('/') + NOBODY + NONE, MARSHALLING],
  ['delete without a path', 2, NONE + NONE, MARSHALLING],
  ['sync without a path', 9, NONE, answer(0, NONE)],
  ['sync of what is no text', 9, `${int(2)}2fff`, answer(0, text('/\ufffd'))],
  ['deleteContainer', 20, text('/zookeeper'), BAD_ARGUMENTS],
  ['deleteContainer without a length', 20, '2f61', BAD_ARGUMENTS],
  ['a multi of nothing readable', 14, '00000001', MARSHALLING],
  ['a multi whose end is neither so nor so', 14, `${NONE}02${NONE}`, answer(0, END)],
  [
    'a multi with no time to live',
    14,
    part(21, made(text('/a'), WITH_TTL) + long(0n)) + END,
    answer(0, part(-1, int(-8)).replace(`00${NONE}`, `00${int(-8)}`) + END),
  ],
  [
    'a multi whose createTTL is in another mode',
    14,
    part(21, made(text('/zookeeper/s'), 2) + long(0n)) + END,
    answer(0, `^${int(1)}00${int(0)}`),
  ],
  [
    'a multi with the flags of a time to live alone',
    14,
    part(13, text('/') + NONE) + part(1, made(text('/a'), WITH_TTL)) + END,
    MARSHALLING,
  ],
  ['a multi for an id that is missing', 14, part(1, text('/a') + NONE + NOBODY + int(0)) + END, MARSHALLING],
  ['a multiRead that writes', 22, part(2, text('/a') + NONE) + END, answer(-5)],
  ['setWatches that ends early', 101, '00', MARSHALLING],
  ['setWatches with less than no lists', 101, long(0n) + int(-5).repeat(3), answer(0)],
  ['setWatches without the first list', 101, long(0n) + NONE + nothing(2), MARSHALLING],
  ['setWatches without the last list', 101, long(0n) + nothing(2) + NONE, MARSHALLING],
  ['setWatches without a path', 101, long(0n) + int(1) + NONE + nothing(2), MARSHALLING],
  ['setWatches2 without the last list', 105, long(0n) + nothing(4) + NONE, MARSHALLING],
  ['setWatches2 without a path to stay at', 105, long(0n) + nothing(3) + int(1) + NONE + int(0), answer(0)],
  [
    'setWatches since before the beginning',
    101,
    long(-1n) + int(1) + text('/zookeeper') + nothing(2),
    { reply: 'xid -1 err 0, xid -8 err 0', goesOn: true, xid: -8 },
  ],
  [
    'setWatches since the end of time',
    101,
    long(0x7fffffffffffffffn) + int(1) + text('/') + nothing(2),
    { reply: 'xid -8 err 0', goesOn: true, xid: -8 },
  ],
  ['a kind of watcher that there is not', 18, text('/') + int(9), MARSHALLING],
  ['removeWatches without a path', 18, NONE + int(3), answer(-121)],
  ['checkWatches without a path', 17, NONE + int(3), MARSHALLING],
  ['a mode of watch that there is not', 106, text('/') + int(9), MARSHALLING],
  ['addWatch without a path', 106, NONE + int(0), answer(0, int(0))],
  ['all ephemeral nodes', 103, NONE, answer(0)],
  ['a reconfiguration', 16, NONE.repeat(5), answer(-123)],
  ['auth that ends early', 100, '00', CLOSED],
  [
    'auth by an unknown scheme',
    100,
    int(0) + text('x') + text('y'),
    { reply: 'xid 5 err -115', goesOn: false },
  ],
  [
    'auth with nothing to prove',
    100,
    int(0) + text('digest') + NONE,
    { reply: 'xid 5 err -115', goesOn: false },
  ],
  ['auth by an address, with nothing to prove', 100, int(0) + text('ip') + NONE, answer(0)],
  [
    'the end of the session, with more behind it',
    CLOSE_SESSION,
    '616263',
    { reply: 'xid 5 err 0', goesOn: false },
  ],
];

const SESSION = '10000 ms';

/** What comes first on a connection, and how long the session may then be silent. */
const FIRST: readonly (readonly [string, string, string])[] = [
  ['nothing about read-only servers', hello(0n, ''), SESSION],
  ['more than there is to say', hello(0n, '00616263'), SESSION],
  ['neither yes nor no to a read-only server', hello(0n, '02'), SESSION],
  ['a zxid of before the beginning', hello(-1n, '00'), SESSION],
  ['the least of all zxids', hello(-0x8000000000000000n, '00'), SESSION],
  ['a zxid that nobody has had', hello(0x7fffffffffffffffn, '00'), 'nothing'],
  ['less than there is to say', int(0) + long(0n), 'nothing'],
];

/** Limits of a quota that make no sense. */
async function layOutQuota(port: number): Promise<void> {
  const client = await RealClient.open(port);
  const nodes = [['/q'], ['/zookeeper/quota/q'], [limitsPath('/q'), 'garbage'], [statsPath('/q'), 'count=0']];
  const acl = [{ perms: 31, id: { scheme: 'world', id: 'anyone' } }];
  for (const [path = '', data = ''] of nodes) {
    const { err } = await client.ask({ kind: 'create', path, data: Buffer.from(data), acl, flags: 0 });
    expect(err).toBe(0);
  }
  client.close();
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
    const seats: Seat[] = await layOutEnsemble(folder, emptyDataDirs(folder, 3), () => ({
      lines: ['extendedTypesEnabled=true', 'enforceQuota=true'],
    }));
    ports = seats.map(({ clientPort }) => clientPort);
    if (whose === 'ours') {
      ours = seats.map(({ id }) => new ServedServer(join(folder, `real${id}`, 'zoo.cfg')));
      await Promise.all(ours.map((server) => server.serving()));
    } else {
      real = seats.map((seat) => seat.start());
      await Promise.all(real.map((server) => server.mode()));
    }
    await layOutQuota(ports[0] ?? 0);
  });

  afterAll(async () => {
    for (const server of ours) server.stop();
    await Promise.all(real.map((server) => server.stop()));
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  test.skipIf(skipped).each(REQUESTS)('%s', async (_name, type, asked, expected) => {
    for (const port of ports) {
      const { body, xid, ...rest } = expected;
      const outcome = await outcomeOf(port, type, asked, { xid, ends: !rest.goesOn });
      expect(outcome).toMatchObject(rest);
      if (body?.startsWith('^')) expect(outcome.body).toMatch(new RegExp(body));
      else if (body !== undefined) expect(outcome.body).toBe(body);
    }
  });

  test.skipIf(skipped).each(FIRST)('a client that says first %s', async (_name, connectRequest, expected) => {
    for (const port of ports) expect(await admission(port, connectRequest)).toBe(expected);
  });

  test.skipIf(skipped)('below the empty path there is one node more than below the root', async () => {
    for (const port of ports) {
      const [root, empty] = [await outcomeOf(port, 104, text('/')), await outcomeOf(port, 104, text(''))];
      expect(Number.parseInt(empty.body, 16)).toBe(Number.parseInt(root.body, 16) + 1);
    }
  });
});
