import type { Violation } from '../check/monitor.ts';
import type { Moment, TraceEvent } from '../node/facts.ts';
import { traceJsonl } from '../report/trace-jsonl.ts';
import { traceText } from '../report/trace-text.ts';
import { OutputFile } from './output-file.ts';

/** A trace being written to a file: JSON lines when its name ends in `.jsonl`, else text. */
export class TraceFile {
  readonly #file: OutputFile;
  readonly #line: (event: TraceEvent, moment: Moment) => string;

  /** Creates or replaces the file. Throws a UsageError where that cannot be done, as do the others. */
  constructor(path: string) {
    this.#line = path.endsWith('.jsonl') ? traceJsonl : traceText;
    this.#file = new OutputFile('--trace', path);
  }

  write(event: TraceEvent, moment: Moment): void {
    this.#file.write(`${this.#line(event, moment)}\n`);
  }

  /** What the judges found, after the last event; only a trace in JSON has it. */
  conclude(kind: 'violated' | 'stalled', { atUs, event, ...findings }: Violation): void {
    if (this.#line === traceJsonl)
      this.#file.write(`${JSON.stringify({ atUs, event, kind, ...findings })}\n`);
  }

  close(): void {
    this.#file.close();
  }
}
