import { closeSync, openSync, writeSync } from 'node:fs';
import type { ClientHistory } from '../check/history/client-history.ts';
import { historyLines } from '../check/history/write-history.ts';
import { UsageError } from './usage-error.ts';

const CHUNK_CHARS = 1 << 16;

/** The file that a recorded history goes to, a line an entry. */
export class HistoryFile {
  readonly #file: number;

  /** Creates or replaces the file. Throws a UsageError where that cannot be done. */
  constructor(path: string) {
    try {
      this.#file = openSync(path, 'w');
    } catch (error) {
      throw new UsageError(`--history ${path}: ${(error as Error).message}`);
    }
  }

  write(history: ClientHistory): void {
    let pending = '';
    for (const line of historyLines(history)) {
      pending += `${line}\n`;
      if (pending.length < CHUNK_CHARS) continue;
      writeSync(this.#file, pending);
      pending = '';
    }
    writeSync(this.#file, pending);
  }

  close(): void {
    closeSync(this.#file);
  }
}
