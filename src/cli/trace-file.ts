import { closeSync, openSync, writeSync } from 'node:fs';
import type { Violation } from '../check/monitor.ts';
import type { Moment, TraceEvent } from '../node/facts.ts';
import { traceJsonl } from '../report/trace-jsonl.ts';
import { traceText } from '../report/trace-text.ts';
import { UsageError } from './usage-error.ts';

const CHUNK_CHARS = 1 << 16;

/** A trace being written to a file: JSON lines when its name ends in `.jsonl`, else text. */
export class TraceFile {
  readonly #file: number;
  readonly #line: (event: TraceEvent, moment: Moment) => string;
  #pending = '';

  /** Creates or replaces the file. Throws a UsageError where that cannot be done. */
  constructor(path: string) {
    this.#line = path.endsWith('.jsonl') ? traceJsonl : traceText;
    try {
      this.#file = openSync(path, 'w');
    } catch (error) {
      throw new UsageError(`--trace ${path}: ${(error as Error).message}`);
    }
  }

  write(event: TraceEvent, moment: Moment): void {
    this.#pending += `${this.#line(event, moment)}\n`;
    if (this.#pending.length >= CHUNK_CHARS) this.#flush();
  }

  /** What the judges found, after the last event; only a trace in JSON has it. */
  conclude(kind: 'violated' | 'stalled', { atUs, event, ...findings }: Violation): void {
    if (this.#line === traceJsonl) this.#pending += `${JSON.stringify({ atUs, event, kind, ...findings })}\n`;
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    writeSync(this.#file, this.#pending);
    this.#pending = '';
  }
}
