import type { TraceEvent } from '../node/facts.ts';
import { MAX_SID, type NodeId } from '../node/ids.ts';

/** Servers are told apart by their low byte in the keys of cut pairs; clients are of no interest here. */
const SIDES = MAX_SID + 2;

/**
 * Who runs, who is paused, and who reaches whom, by the world's testimony. Everybody reaches everybody at
 * first.
 */
export class Presence {
  readonly #running = new Uint8Array(SIDES);
  readonly #paused = new Uint8Array(SIDES);
  readonly #cut = new Set<number>();

  /** Takes in an event; `true` if it was of these things. */
  observe(event: TraceEvent): boolean {
    switch (event.kind) {
      case 'restarted':
        this.#running[event.server] = 1;
        this.#paused[event.server] = 0;
        return true;
      case 'crashed':
        this.#running[event.server] = 0;
        this.#paused[event.server] = 0;
        return true;
      case 'paused':
        this.#paused[event.server] = 1;
        return true;
      case 'resumed':
        this.#paused[event.server] = 0;
        return true;
      case 'reachable':
        if (event.from > MAX_SID || event.to > MAX_SID) return false;
        if (event.reachable) this.#cut.delete(event.from * SIDES + event.to);
        else this.#cut.add(event.from * SIDES + event.to);
        return true;
      default:
        return false;
    }
  }

  isRunning(sid: NodeId): boolean {
    return this.#running[sid] === 1;
  }

  /** Runs, and is not paused. */
  isUp(sid: NodeId): boolean {
    return this.#running[sid] === 1 && this.#paused[sid] === 0;
  }

  isPaused(sid: NodeId): boolean {
    return this.#paused[sid] === 1;
  }

  /** Whether what one sends gets to the other. */
  reaches(from: NodeId, to: NodeId): boolean {
    return from === to || this.#cut.size === 0 || !this.#cut.has(from * SIDES + to);
  }

  /** Whether each reaches the other. */
  connected(a: NodeId, b: NodeId): boolean {
    return this.reaches(a, b) && this.reaches(b, a);
  }
}
