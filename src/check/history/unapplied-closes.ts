import type { LogEntry } from './client-history.ts';
import type { LoggedTxn } from './logged-txn.ts';
import { parentOf } from './model/path-parts.ts';

/**
 * W1: preparing a closeSession takes the children away but does not count them off at the parent, until it is
 * applied; a chain of pending records of the parent hands the wrong count on. Here: by parent, when the chain
 * was last handed on. Source: PrepRequestProcessor, `outstandingChanges`.
 */
export class UnappliedCloses {
  readonly #windowMs: number;
  readonly #lastMs = new Map<string, number>();

  /** `windowMs`: how long a change may be pending. */
  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** Takes note of the next entry of the log; `gone`: what a closeSession deleted. */
  note(entry: LogEntry, gone: Iterable<string>): void {
    if (entry.txn.type === 'closeSession') {
      for (const path of gone) this.#lastMs.set(parentOf(path), entry.timeMs);
    } else if (this.#lastMs.size > 0) {
      for (const path of recordsOf(entry.txn)) {
        if (this.covers(path, entry.timeMs)) this.#lastMs.set(path, entry.timeMs);
        else this.#lastMs.delete(path);
      }
    }
  }

  /** Whether the children of `path` may be miscounted at this time. */
  covers(path: string, timeMs: number): boolean {
    const last = this.#lastMs.get(path);
    return last !== undefined && timeMs - last <= this.#windowMs;
  }
}

/** The paths of which preparing a transaction leaves a pending record. */
function recordsOf(txn: LoggedTxn): string[] {
  switch (txn.type) {
    case 'create':
    case 'delete':
      return [txn.path, parentOf(txn.path)];
    case 'setData':
    case 'setACL':
    case 'check':
      return [txn.path];
    case 'multi':
      return txn.parts.some((part) => part.type === 'error') ? [] : txn.parts.flatMap(recordsOf);
    default:
      return [];
  }
}
