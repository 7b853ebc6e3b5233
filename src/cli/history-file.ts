import type { ClientHistory } from '../check/history/client-history.ts';
import { historyLines } from '../check/history/write-history.ts';
import { OutputFile } from './output-file.ts';

/** The file that a recorded history goes to, a line an entry. */
export class HistoryFile {
  readonly #file: OutputFile;

  /** Creates or replaces the file. Throws a UsageError where that cannot be done, as do the others. */
  constructor(path: string) {
    this.#file = new OutputFile('--history', path);
  }

  write(history: ClientHistory): void {
    for (const line of historyLines(history)) this.#file.write(`${line}\n`);
  }

  close(): void {
    this.#file.close();
  }
}
