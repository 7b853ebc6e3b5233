/** A line of a history file is not what it should be. The only thing that its reader throws. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
  /** From 1. */
  readonly line: number;
  /** Where in the line, `result.stat.version`; empty for the whole. */
  readonly path: string;
  /** As a phrase: `an integer`. */
  readonly expected: string;
  /** As a phrase. */
  readonly found: string;

  constructor(line: number, path: string, expected: string, found: string) {
    super(`line ${line}${path === '' ? '' : `, ${path}`}: expected ${expected}, found ${found}`);
    this.line = line;
    this.path = path;
    this.expected = expected;
    this.found = found;
  }
}
