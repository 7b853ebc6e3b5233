import type { ClientHistory, ConnectionEntry, HistoryEntry } from './client-history.ts';
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
  const connections = new Map<number, ConnectionEntry>();
  const names = new Set<string>();
  const lineOf: number[] = [];
  for (let i = 1; i < lines.length; i++) {
    const next = decodeLine(lines[i] as string, i + 1, entry);
    for (const [field, expected, number, name] of namesOf(next)) {
      if (names.has(name)) throw new HistoryError(i + 1, field, expected, `${number}`);
      names.add(name);
    }
    if (next.kind === 'conn') connections.set(next.id, next);
    entries.push(next);
    lineOf.push(i + 1);
  }
  // What we write has an end; what others write need not say how their run ended.
  if (first.ownClients === true && !names.has('final'))
    throw new HistoryError(
      lines.length + 1,
      '',
      'the line `final`, with which a history ends',
      'no more lines',
    );
  for (const [i, next] of entries.entries()) checkReferences(next, connections, lineOf[i] ?? 0);
  return { header: first, entries };
}

/** A field of an entry, what it should be, its value, and what no other entry may be. */
type Name = readonly [field: string, expected: string, number: number, name: string];

/** What there is only once: ops, connections, transactions, and packets at a place of a connection. */
function namesOf(next: HistoryEntry): readonly Name[] {
  switch (next.kind) {
    case 'op':
      return [['id', NEW_NUMBER, next.id, `op ${next.id}`], ...packetOf(next)];
    case 'ev':
      return packetOf(next);
    case 'conn':
      return [['id', NEW_NUMBER, next.id, `conn ${next.id}`]];
    case 'log':
      return [['zxid', 'a transaction that is not listed yet', next.zxid, `log ${next.zxid}`]];
    case 'final':
      return [['kind', 'one end of a run', next.atUs, 'final']];
    default:
      return [];
  }
}

const NEW_NUMBER = 'a number not used before';

function packetOf({
  connection,
  position,
}: {
  readonly connection: number;
  readonly position: number;
}): Name[] {
  if (position < 0) return [];
  return [['position', 'the place of one packet', position, `packet ${connection} ${position}`]];
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
