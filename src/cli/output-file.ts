import { closeSync, openSync, writeSync } from 'node:fs';
import { UsageError } from './usage-error.ts';

const CHUNK_CHARS = 1 << 16;

/** How long to wait for a reader whose pipe is full, ms. */
const PATIENCE_MS = 5;

/** A text file that an option of the command line names, while it is written. */
export class OutputFile {
  readonly #name: string;
  readonly #file: number;
  readonly #ours: boolean;
  #pending = '';
  /** Whoever read it has gone: there is nobody to write for, and that is no mistake. */
  #unread = false;

  /** Creates or replaces the file. Throws a UsageError where that cannot be done. */
  constructor(option: string, path: string) {
    this.#name = `${option} ${path}`;
    const standard = standardOutput(path);
    this.#ours = standard === undefined;
    this.#file = standard ?? this.#attempt(() => openSync(path, 'w'));
  }

  /** Throws a UsageError where the file takes no more. */
  write(text: string): void {
    this.#pending += text;
    if (this.#pending.length >= CHUNK_CHARS) this.#flush();
  }

  /** Throws a UsageError where the file did not take all. */
  close(): void {
    try {
      this.#flush();
    } finally {
      if (this.#ours) closeSync(this.#file);
    }
  }

  #flush(): void {
    let bytes: Uint8Array = Buffer.from(this.#pending);
    this.#pending = '';
    while (bytes.length > 0 && !this.#unread) bytes = bytes.subarray(this.#attempt(() => this.#some(bytes)));
  }

  /** Writes some of the bytes, and tells how many. */
  #some(bytes: Uint8Array): number {
    try {
      return writeSync(this.#file, bytes);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') this.#unread = true;
      else if (code !== 'EAGAIN') throw error;
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PATIENCE_MS);
      return 0;
    }
  }

  #attempt<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      throw new UsageError(`${this.#name} cannot be written: ${(error as Error).message}`);
    }
  }
}

/**
 * The descriptor that a path stands for. It is not opened anew: where the output goes to a file, that would
 * empty it, and both would write from its beginning on.
 */
function standardOutput(path: string): number | undefined {
  if (path === '/dev/stdout' || path === '/dev/fd/1') return 1;
  return path === '/dev/stderr' || path === '/dev/fd/2' ? 2 : undefined;
}
