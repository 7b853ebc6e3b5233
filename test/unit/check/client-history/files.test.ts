import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HistoryError } from '../../../../src/check/history/history-error.ts';
import { readHistory } from '../../../../src/check/history/read-history.ts';
import { writeHistory } from '../../../../src/check/history/write-history.ts';
import { ask, made, statOf, ToldHistory, z } from './told-history.ts';
import { ToyEnsemble } from './toy-ensemble.ts';

const toy = () => new ToyEnsemble({ seed: 7, ops: 300, clients: 5, paths: 6, losses: 10 }).run();

function problem(file: string): unknown {
  try {
    readHistory(file);
  } catch (error) {
    return error;
  }
  return undefined;
}

test('a history comes back as it was written', () => {
  const history = toy();
  expect(readHistory(writeHistory(history))).toEqual(history);
});

test('so does one with every kind of entry', () => {
  const told = ToldHistory.two().write(1, ask.create('/a'), made('/a'), z(3), [1, 2], {
    path: '/a',
    stat: statOf({}),
  });
  told.ev(1, 'created', '/a', z(3)).apply(1, z(3)).tell({ kind: 'cut', server: 1, atUs: 1, zxid: -1 });
  told.tell({ kind: 'expiry', server: 1, session: '0xa', touchedUs: 1, timeoutUs: 1, preparedUs: 3 });
  told
    .recipe({ recipe: 'lock', step: 'acquired', token: 1 })
    .recipe({ recipe: 'queue-end', step: 'drained' });
  told.op(1, { op: 'auth', scheme: 'digest', id: 'a:b' }, 0, [3, 4], {}, { cxid: -4 });
  expect(readHistory(writeHistory(told.history()))).toEqual(told.history());
});

test('what there is only once stands in a file once', () => {
  const lines = writeHistory(toy()).trimEnd().split('\n');
  const doubled = (kind: string, change = (line: string) => line) => {
    const line = lines.find((text) => text.includes(`"kind":"${kind}"`)) ?? '';
    return String(problem([...lines, change(line)].join('\n')));
  };
  const last = lines.length + 1;
  expect(doubled('log')).toContain(`line ${last}, zxid: expected a transaction that is not listed yet`);
  expect(doubled('conn')).toContain(`line ${last}, id: expected a number not used before`);
  expect(doubled('op')).toContain(`line ${last}, id: expected a number not used before`);
  const other = (line: string) => line.replace(/"id":\d+/, '"id":999999');
  expect(doubled('op', other)).toContain(`line ${last}, position: expected the place of one packet`);
});

test('a history of ours has an end, one of others need not say how its run ended', () => {
  const told = ToldHistory.two({ ownClients: true }).history();
  const file = writeHistory(told).trimEnd().split('\n');
  const open = file.filter((line) => !line.includes('"kind":"final"')).join('\n');
  expect(String(problem(open))).toContain('expected the line `final`, with which a history ends');
  expect(problem(open.replace('"ownClients":true', '"ownClients":false'))).toBeUndefined();
});

test('a bad line is named by its number, the place in it, and what should stand there', () => {
  const lines = writeHistory(toy()).trimEnd().split('\n');
  const at = lines.findIndex((line) => line.includes('"kind":"op"'));
  const spoilt = (change: (line: string) => string) => {
    const copy = [...lines];
    copy[at] = change(copy[at] as string);
    return String((problem(copy.join('\n')) as Error).message);
  };
  const line = at + 1;
  expect(spoilt((text) => text.replace(/"cxid":\d+/, '"cxid":1.5'))).toBe(
    `line ${line}, cxid: expected an integer from -2147483648 to 2147483647, found 1.5`,
  );
  expect(spoilt((text) => text.replace('"handle"', '"handel"'))).toContain(
    `line ${line}, handle: expected a value`,
  );
  expect(spoilt(() => '')).toBe(`line ${line}: expected one JSON object, found an empty line`);
  expect(spoilt((text) => text.replace(/"connection":\d+/, '"connection":999999'))).toContain(
    'the number of a conn entry',
  );
  expect(spoilt((text) => `${text.slice(0, -1)},"more":1}`)).toBe(
    `line ${line}, more: expected no such field, found 1`,
  );
  expect(problem('')).toBeInstanceOf(HistoryError);
});

test('whatever the file is, nothing but a HistoryError is thrown', () => {
  const lines = writeHistory(toy()).split('\n').slice(0, 60);
  const whole = lines.join('\n');
  const cut = fc.tuple(fc.nat(whole.length), fc.nat(40), fc.string({ maxLength: 6 }));
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), cut), (input) => {
      const file =
        typeof input === 'string'
          ? input
          : whole.slice(0, input[0]) + input[2] + whole.slice(input[0] + input[1]);
      const found = problem(file);
      expect(found === undefined || found instanceof HistoryError).toBe(true);
    }),
    { seed: 1, numRuns: 300 },
  );
});
