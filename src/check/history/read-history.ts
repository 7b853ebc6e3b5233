import type { ClientHistory, ConnectionEntry, HistoryEntry, OpEntry } from './client-history.ts';
import { type Decoder, Mismatch } from './decoder.ts';
import { entry, header } from './entry-decoder.ts';
import { HistoryError } from './history-error.ts';

/**
 * Reads a history file: strictly, so that what comes out is what the checkers rely on. Throws `HistoryError`
 * and nothing else.
 */
export function readHistory(file: string): ClientHistory {
  const lines = file.split('\n');
  if (lines[lines.length - 1] === '') lines.pop();
  const first = decodeLine(lines[0] ?? '', 1, header);
  const entries: HistoryEntry[] = [];
  const ops = new Map<number, OpEntry>();
  const connections = new Map<number, ConnectionEntry>();
  const lineOf: number[] = [];
  for (let i = 1; i < lines.length; i++) {
    const next = decodeLine(lines[i] as string, i + 1, entry);
    if (next.kind === 'op') {
      if (ops.has(next.id)) throw new HistoryError(i + 1, 'id', 'a number not used before', `${next.id}`);
      ops.set(next.id, next);
    } else if (next.kind === 'conn') {
      if (connections.has(next.id))
        throw new HistoryError(i + 1, 'id', 'a number not used before', `${next.id}`);
      connections.set(next.id, next);
    }
    entries.push(next);
    lineOf.push(i + 1);
  }
  for (const [i, next] of entries.entries()) checkReferences(next, connections, lineOf[i] ?? 0);
  return { header: first, entries };
}

function decodeLine<T>(line: string, number: number, decode: Decoder<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new HistoryError(number, '', 'one JSON object', line === '' ? 'an empty line' : 'something else');
  }
  try {
    return decode(value);
  } catch (problem) {
    if (!(problem instanceof Mismatch)) throw problem;
    throw new HistoryError(number, problem.path, problem.expected, problem.found);
  }
}

function checkReferences(
  next: HistoryEntry,
  connections: ReadonlyMap<number, ConnectionEntry>,
  line: number,
): void {
  if (next.kind !== 'op' && next.kind !== 'ev') return;
  if (!connections.has(next.connection))
    throw new HistoryError(line, 'connection', 'the number of a conn entry', `${next.connection}`);
  if (next.kind !== 'op') return;
  const replied = next.outcome !== 'unknown';
  if (replied !== next.returnedUs >= 0)
    throw new HistoryError(line, 'returnedUs', replied ? 'a time' : '-1', `${next.returnedUs}`);
  if (replied !== next.position >= 0)
    throw new HistoryError(line, 'position', replied ? 'a place' : '-1', `${next.position}`);
  if (replied && next.returnedUs < next.invokedUs)
    throw new HistoryError(line, 'returnedUs', 'a time after invokedUs', `${next.returnedUs}`);
  if ((next.outcome === 'failed') !== (next.error !== 0))
    throw new HistoryError(line, 'error', 'a code when it failed, else 0', `${next.error}`);
}
