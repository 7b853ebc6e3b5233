import type { IndexedHistory } from '../indexed-history.ts';
import { parentOf } from '../model/path-parts.ts';

/**
 * Paths of which the search cannot know what happens to them: those of containers and TTL nodes, which the
 * leader reaps, those that are there from the start, and those that a sequential create without an answer
 * may have made.
 */
export class UnknownNames {
  readonly #paths = new Set<string>(['/', '/zookeeper', '/zookeeper/quota', '/zookeeper/config']);
  /** What such sequential creates asked for. */
  readonly #prefixes = new Set<string>();
  /** Paths that an answered create made. */
  readonly #created = new Set<string>();
  /** Paths that somebody deletes: numbers below them begin anew, and two creates may make one name. */
  readonly #deleted = new Set<string>();

  constructor(history: IndexedHistory) {
    for (const { request, result, outcome } of history.ops) {
      const parts = request.op === 'multi' ? request.parts : [request];
      for (const [i, part] of parts.entries()) {
        if (part.op === 'delete' && outcome !== 'failed') this.#deleted.add(part.path);
        if (part.op !== 'create') continue;
        const sequential = part.mode.includes('sequential');
        const path = request.op === 'multi' ? result.parts?.[i]?.path : result.path;
        if (sequential && outcome === 'unknown') {
          // Also the bare name: it stands for the operation itself, which is then left out.
          this.#prefixes.add(part.path);
          this.#paths.add(part.path);
        } else if (outcome === 'ok') this.#created.add(path ?? part.path);
        else if (sequential) this.#paths.add(part.path);
        if (part.mode === 'container' || part.mode.endsWith('-with-ttl')) this.#paths.add(path ?? part.path);
      }
    }
  }

  add(path: string): void {
    this.#paths.add(path);
  }

  has(path: string): boolean {
    if (this.#paths.has(path)) return true;
    if (this.#prefixes.size === 0) return false;
    if (this.#created.has(path) && !this.#deleted.has(parentOf(path))) return false;
    // A sequence suffix has ten places, eleven with the least integer's sign.
    return this.#prefixes.has(path.slice(0, -10)) || this.#prefixes.has(path.slice(0, -11));
  }
}
