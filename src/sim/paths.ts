import type { Decisions } from '../core/decisions.ts';
import type { Port } from '../node/env.ts';
import { type NodeId, nameOf } from '../node/ids.ts';
import type { Buggify } from './buggify.ts';
import type { Way } from './link.ts';
import { latencyBetween, Path } from './path.ts';
import type { NetworkProfile } from './profile.ts';

const PORTS: readonly Port[] = ['election', 'quorum', 'client'];

/**
 * All ways between participants, made when they are first needed: a run without faults has only those it
 * uses.
 */
export class Paths {
  readonly #decisions: Decisions;
  readonly #buggify: Buggify;
  readonly #profile: NetworkProfile;
  /** By `from × 2²⁰ + to`. */
  readonly #paths = new Map<number, Path>();
  /** By `(from × 2²⁰ + to) × 4 + port`. */
  readonly #ways = new Map<number, Way>();

  constructor(decisions: Decisions, profile: NetworkProfile, buggify: Buggify) {
    this.#decisions = decisions;
    this.#buggify = buggify;
    this.#profile = profile;
  }

  /** The path from one participant to another. */
  between(from: NodeId, to: NodeId): Path {
    return this.#paths.get(keyOf(from, to)) ?? this.#makePair(from, to);
  }

  /** Whether anything cuts the path now. */
  isCut(from: NodeId, to: NodeId): boolean {
    return (this.#paths.get(keyOf(from, to))?.cuts ?? 0) > 0;
  }

  /** The path for connections to a port, or back from them, with the delays' stream. */
  way(from: NodeId, to: NodeId, port: Port): Way {
    const key = keyOf(from, to) * 4 + PORTS.indexOf(port);
    const known = this.#ways.get(key);
    if (known !== undefined) return known;
    const name = `${nameOf(from)}>${nameOf(to)} ${port}`;
    const stream = this.#decisions.stream(`link ${name}`);
    const way = { path: this.between(from, to), stream, site: this.#buggify.site('send', name) };
    this.#ways.set(key, way);
    return way;
  }

  #makePair(from: NodeId, to: NodeId): Path {
    const forth = new Path(this.#decisions, from, to, latencyBetween(this.#profile, from, to));
    const back = new Path(this.#decisions, to, from, latencyBetween(this.#profile, to, from));
    forth.reverse = back;
    back.reverse = forth;
    this.#paths.set(keyOf(from, to), forth);
    this.#paths.set(keyOf(to, from), back);
    return forth;
  }
}

function keyOf(from: NodeId, to: NodeId): number {
  return from * 1_048_576 + to;
}
