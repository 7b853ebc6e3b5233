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
  readonly #node: string;

  /** Starts it with a Node binary; undefined: the one that runs now. */
  constructor(node: string | undefined) {
    const { url, execArgv } = workerEntry(import.meta.url, 'verify-worker');
    this.#node = node ?? process.execPath;
    this.#child = fork(fileURLToPath(url), { execPath: this.#node, execArgv: [...execArgv] });
  }

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
      const done = (settle: () => void): void => {
        this.#child.removeAllListeners();
        settle();
      };
      this.#child.on('message', (message) => {
        const answer = message as Answer;
        if (answer.kind === 'error') done(() => reject(new DefectError(answer.message)));
        else done(() => resolve(answer));
      });
      this.#child.on('error', (error) => {
        done(() => reject(new UsageError(`cannot start ${this.#node}: ${error.message}`)));
      });
      this.#child.on('exit', (code, signal) => {
        const how = signal ?? `exit code ${code}`;
        done(() => reject(new DefectError(`a process that ran scenarios on ${this.#node} ended: ${how}`)));
      });
      this.#child.send(question);
    });
  }
}
