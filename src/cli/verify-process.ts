import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DefectError } from '../core/assert.ts';
import { workerEntry } from '../run/pool.ts';
import type { SeedsTask } from '../run/seeds-worker.ts';
import { UsageError } from './usage-error.ts';
import type { Answer, Question, RunMark, TraceLine } from './verify-worker.ts';

/** A process of its own that runs scenarios when asked, one question at a time. */
export class VerifyProcess {
  readonly #child: ChildProcess;
  /** Whoever waits for an answer. */
  #waiting: { resolve(answer: Answer): void; reject(error: Error): void } | undefined;
  /** Why there will be no more answers. */
  #ended: Error | undefined;

  /** Starts it with a Node binary; undefined: the one that runs now. */
  constructor(node: string | undefined) {
    const { url, execArgv } = workerEntry(import.meta.url, 'verify-worker');
    const execPath = node ?? process.execPath;
    this.#child = fork(fileURLToPath(url), { execPath, execArgv: [...execArgv] });
    this.#child.on('message', (message) => this.#answered(message as Answer));
    this.#child.on('error', (error) => this.#end(new UsageError(`--node ${execPath}: ${error.message}`)));
    this.#child.on('exit', (code, signal) => {
      this.#end(
        new DefectError(`a process that ran scenarios on ${execPath} ended: ${signal ?? `code ${code}`}`),
      );
    });
  }

  /** Does the runs of a task. */
  async runs(task: SeedsTask): Promise<readonly RunMark[]> {
    const answer = await this.#ask({ kind: 'runs', task });
    return answer.kind === 'runs' ? answer.marks : [];
  }

  /** What the run told while it handled the events `from..to`. */
  async trace(file: string, seed: number, from: number, to: number): Promise<readonly TraceLine[]> {
    const answer = await this.#ask({ kind: 'trace', file, seed, from, to });
    return answer.kind === 'trace' ? answer.lines : [];
  }

  stop(): void {
    if (this.#child.connected) this.#child.disconnect();
  }

  #ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) {
        reject(this.#ended);
        return;
      }
      this.#waiting = { resolve, reject };
      this.#child.send(question);
    });
  }

  #answered(answer: Answer): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (answer.kind === 'error') waiting?.reject(new DefectError(answer.message));
    else waiting?.resolve(answer);
  }

  /** The first reason counts: a process that could not be started also refuses what is sent to it. */
  #end(error: Error): void {
    this.#ended ??= error;
    this.#waiting?.reject(this.#ended);
    this.#waiting = undefined;
  }
}
