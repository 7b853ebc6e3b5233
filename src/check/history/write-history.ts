import type { ClientHistory } from './client-history.ts';

/** The lines of a history file, without their ends: JSON, the header first. */
export function* historyLines(history: ClientHistory): Generator<string> {
  yield JSON.stringify(history.header);
  for (const entry of history.entries) yield JSON.stringify(entry);
}

/** The whole history file as one text. */
export function writeHistory(history: ClientHistory): string {
  let whole = '';
  for (const line of historyLines(history)) whole += `${line}\n`;
  return whole;
}
