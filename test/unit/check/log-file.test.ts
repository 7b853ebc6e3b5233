import { expect, test } from 'vitest';
import { LogFile } from '../../../src/check/log-file.ts';

function logOf(...zxids: readonly number[]): LogFile {
  const log = new LogFile(1);
  for (const zxid of zxids) log.append(zxid, zxid);
  return log;
}

function held(history: LogFile['written']): number[] {
  return Array.from({ length: history.length }, (_, i) => history.zxidAt(i));
}

test('a sync that began before a cut leaves the cut to the next power cut', () => {
  const log = logOf(1, 2, 3);
  log.truncate(1);
  log.append(4, 4);
  log.append(5, 5);
  log.sync(3, 1);
  expect(held(log.durable())).toEqual([1, 2, 3]);
  expect(held(log.written)).toEqual([1, 4, 5]);
  log.lose(3, 3, false);
  expect(held(log.written)).toEqual([1, 2, 3]);
});

test('of two cuts a sync may cover the first', () => {
  const log = logOf(1, 2, 3);
  log.truncate(2);
  log.append(4, 4);
  log.truncate(1);
  log.sync(3, 1);
  expect(held(log.durable())).toEqual([1, 2, 4]);
  log.lose(3, 4, false);
  expect(held(log.written)).toEqual([1, 2, 4]);
});

test('a sync behind all cuts makes what is written durable', () => {
  const log = logOf(1, 2, 3);
  log.truncate(1);
  log.append(4, 4);
  log.sync(2);
  expect(held(log.durable())).toEqual([1, 4]);
});
