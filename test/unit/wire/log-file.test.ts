import { describe, expect, test } from 'vitest';
import {
  encodeLogHeader,
  encodeLogRecord,
  type LogEnd,
  LogReader,
  preallocatedSize,
} from '../../../src/wire/log-file.ts';

const HEADER = encodeLogHeader({ version: 2, dbid: 0n });
const RECORD = encodeLogRecord(Uint8Array.of(1, 2, 3));

function endOf(...parts: readonly Uint8Array[]): { records: number; end: LogEnd | undefined } {
  const reader = new LogReader([Uint8Array.from(parts.flatMap((part) => [...part]))], 100);
  let records = 0;
  if (reader.header() !== undefined) while (reader.next() !== undefined) records++;
  return { records, end: reader.end };
}

/** Sixteen bytes: a record of this length begins. */
function recordOf(length: number): Uint8Array {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setInt32(8, length);
  return bytes;
}

describe('a log', () => {
  test('has the header and the record of the format', () => {
    expect(Buffer.from(HEADER).toString('hex')).toBe('5a4b4c47000000020000000000000000');
    expect(Buffer.from(RECORD).toString('hex')).toBe('00000000000d00070000000301020342');
  });

  test.each<[string, Uint8Array[], number, Partial<LogEnd>]>([
    ['ends behind its last record', [HEADER, RECORD], 1, { kind: 'whole', offset: 32 }],
    [
      'ends where space lies ahead of use',
      [HEADER, RECORD, new Uint8Array(99)],
      1,
      { kind: 'padding', unread: 99 },
    ],
    [
      'ends at a length of 0, though more follows',
      [HEADER, new Uint8Array(16), RECORD],
      0,
      { kind: 'padding', remains: true },
    ],
    ['is torn inside of a record', [HEADER, RECORD, RECORD.subarray(0, 14)], 1, { kind: 'torn', offset: 32 }],
    ['is torn before a length', [HEADER, RECORD, RECORD.subarray(0, 5)], 1, { kind: 'torn', offset: 32 }],
    [
      'is torn where the end marker is missing',
      [HEADER, RECORD, RECORD.subarray(0, 15), new Uint8Array(9)],
      1,
      { kind: 'torn', reason: 'the end marker of the record is missing' },
    ],
    ['is damaged by a negative length', [HEADER, recordOf(-1)], 0, { kind: 'damaged', offset: 16 }],
    ['is damaged by a length above the limit', [HEADER, recordOf(101)], 0, { kind: 'damaged', offset: 16 }],
    ['is damaged when it is empty', [], 0, { kind: 'damaged', reason: 'the file is empty' }],
    ['is damaged without a header', [HEADER.subarray(0, 9)], 0, { reason: 'the file header is cut off' }],
    ['is damaged when it is something else', [new Uint8Array(20)], 0, { kind: 'damaged', offset: 0 }],
  ])('%s', (_name, parts, records, end) => {
    expect(endOf(...parts)).toMatchObject({ records, end });
  });

  test('gives a record with a wrong checksum to its reader to judge, and goes on', () => {
    const flipped = RECORD.slice();
    flipped[13] = 9;
    const reader = new LogReader([HEADER, flipped, RECORD]);
    reader.header();
    const entries = [reader.next(), reader.next()];
    expect(entries.map((entry) => entry?.stored === BigInt(entry?.computed ?? 0))).toEqual([false, true]);
  });
});

test('space ahead of use grows by steps, as soon as less than 4 KiB of it are left', () => {
  const step = 65536;
  expect(preallocatedSize(16, 16, step)).toBe(16 + step);
  expect(preallocatedSize(1000, 16 + step, step)).toBe(16 + step);
  expect(preallocatedSize(16 + step - 4096, 16 + step, step)).toBe(16 + 2 * step);
  expect(preallocatedSize(3 * step + 5, 16 + step, step)).toBe(4 * step);
  expect(preallocatedSize(99, 16, 0)).toBe(16);
});
