import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tell } from './real-client.ts';
import { emptyDataDirs, INSTALLED, layOutEnsemble, type RealServer, type Seat } from './real-servers.ts';
import { ServedServer } from './served-server.ts';
import { int, NONE, outcomeOf, text } from './strange-packets.ts';

/*
 * A server of three that is alone: what it says to four-letter words, with the list of them as it is by
 * default and without limits; and what it refuses as a read-only server. ZooKeeper's is asked as well, where
 * it is installed.
 */

const UNLISTED = (word: string): string => `${word} is not executed because it is not in the whitelist.\n`;
const NOT_SERVING = 'This ZooKeeper instance is not currently serving requests\n';

interface Alone {
  readonly port: number;
  stop(): Promise<void>;
}

/** How the server is configured, and the words with their answers. */
const KINDS: readonly (readonly [
  string,
  readonly string[],
  readonly (readonly [string, string | RegExp])[],
])[] = [
  [
    'that looks for a leader',
    ['4lw.commands.whitelist='],
    [
      ['srvr', NOT_SERVING],
      ['ruok', UNLISTED('ruok')],
      ['isro', UNLISTED('isro')],
      ['stmk', UNLISTED('stmk')],
      ['mntr', UNLISTED('mntr')],
      ['RUOK', ''],
    ],
  ],
  [
    'that looks for a leader and answers all words',
    ['4lw.commands.whitelist=srvr , *'],
    [
      ['srvr', NOT_SERVING],
      ['ruok', 'imok'],
      ['isro', 'null'],
    ],
  ],
  [
    'that serves read-only',
    ['4lw.commands.whitelist=', 'readonlymode.enabled=true', 'localSessionsEnabled=true'],
    [
      [
        'srvr',
        /^Zookeeper version: .*\nREAD-ONLY mode; serving only read-only clients\n(.*\n)*Mode: read-only\n/,
      ],
      ['ruok', UNLISTED('ruok')],
      ['isro', 'ro'],
    ],
  ],
];

/** Operations that a read-only server refuses, whatever their bodies are. */
const REFUSED: readonly (readonly [string, number, string])[] = [
  ['a create that ends early', 1, '00'],
  ['setData without a path', 5, NONE + NONE + NONE],
  ['sync without a path', 9, NONE],
  ['sync that ends early', 9, '00'],
  ['a check on its own', 13, text('/') + NONE],
  ['a check that ends early', 13, '00'],
  ['deleteContainer', 20, text('/a')],
  ['deleteContainer without a body', 20, ''],
];

describe.each(['ours', 'ZooKeeper'])('a server of %s', (whose) => {
  describe.skipIf(whose === 'ZooKeeper' && !INSTALLED).each(KINDS)('%s', (name, lines, words) => {
    const readOnly = name.includes('read-only');
    let folder = '';
    let alone: Alone | undefined;
    const port = () => alone?.port ?? 0;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'zabsim-words-'));
      const properties = readOnly ? ['readonlymode.enabled=true'] : [];
      const seats = await layOutEnsemble(folder, emptyDataDirs(folder, 3), () => ({ lines, properties }));
      alone = whose === 'ours' ? startOurs(folder, seats) : startReal(seats);
      const ready = readOnly ? /READ-ONLY/ : /not currently/;
      while (!ready.test(await tell(port(), 'srvr').catch(() => ''))) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    });

    afterAll(async () => {
      await alone?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    test.each(words)('answers %s', async (word, answer) => {
      const told = await tell(port(), word);
      if (typeof answer === 'string') expect(told).toBe(answer);
      else expect(told).toMatch(answer);
    });

    test.skipIf(!readOnly).each(REFUSED)('refuses %s', async (_name, type, body) => {
      const refusal = { reply: 'xid 5 err -119', body: '', goesOn: true };
      expect(await outcomeOf(port(), type, body)).toEqual(refusal);
    });

    test.skipIf(!readOnly)('reads, and knows what nobody may ask for', async () => {
      expect(await outcomeOf(port(), 8, `${text('/')}00`)).toMatchObject({
        reply: 'xid 5 err 0',
        goesOn: true,
      });
      expect(await outcomeOf(port(), 22, int(4))).toMatchObject({ reply: 'xid 5 err -5', goesOn: true });
      expect(await outcomeOf(port(), 999, '', { ends: true })).toMatchObject({
        reply: 'xid 5 err -6',
        goesOn: false,
      });
    });
  });
});

function startOurs(folder: string, seats: readonly Seat[]): Alone {
  const server = new ServedServer(join(folder, 'real1', 'zoo.cfg'));
  const stop = async (): Promise<void> => server.stop();
  return { port: seats[0]?.clientPort ?? 0, stop };
}

function startReal(seats: readonly Seat[]): Alone {
  const server = seats[0]?.start() as RealServer;
  return { port: server.clientPort, stop: () => server.stop() };
}
