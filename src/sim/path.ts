import type { Decisions, Stream } from '../core/decisions.ts';
import type { Distribution } from '../core/distribution.ts';
import { type NodeId, nameOf } from '../node/ids.ts';
import type { NetworkProfile } from './profile.ts';

/** What a fault does to a path while it is in force. */
export interface Strain {
  readonly latency: Distribution | undefined;
  /** Lost segments, in ppm; 0 for none. */
  readonly lossPpm: number;
  /** 0: no limit. */
  readonly bytesPerSecond: number;
}

/**
 * The way from one participant to another, for all of their connections: its delay, and what faults do to
 * it.
 */
export class Path {
  readonly from: NodeId;
  readonly to: NodeId;
  /** How many faults cut it. */
  cuts = 0;
  latency: Distribution;
  lossPpm = 0;
  bytesPerSecond = 0;
  /**
   * Whether an arriving segment must be looked at: the way is cut, its way back is, or segments get lost.
   */
  impaired = false;
  /** The way back; undefined only while the pair is being made. */
  reverse: Path | undefined;
  /** When the bandwidth is free again. */
  #freeAt = 0;
  readonly #calmLatency: Distribution;
  readonly #strains: Strain[] = [];
  readonly #decisions: Decisions;
  #losses: Stream | undefined;

  constructor(decisions: Decisions, from: NodeId, to: NodeId, latency: Distribution) {
    this.#decisions = decisions;
    this.from = from;
    this.to = to;
    this.latency = latency;
    this.#calmLatency = latency;
  }

  /**
   * A fault begins to strain the path; the latest that says something wins. Whether the path is relieved by
   * that: what held up what is under way is gone.
   */
  strain(strain: Strain, now: number): boolean {
    this.#strains.push(strain);
    return this.#settle(now);
  }

  /** The fault that brought this strain ended. Whether the path is relieved. */
  relax(strain: Strain, now: number): boolean {
    const at = this.#strains.indexOf(strain);
    if (at >= 0) this.#strains.splice(at, 1);
    return this.#settle(now);
  }

  /** One more fault cuts the path, or one fewer. Returns whether that changed anything. */
  addCuts(change: 1 | -1): boolean {
    const before = this.cuts > 0;
    this.cuts += change;
    this.#look();
    if (this.reverse !== undefined) this.reverse.#look();
    return before !== this.cuts > 0;
  }

  /** When something of `bytes` that is sent now has left, under the bandwidth in force. */
  departure(now: number, bytes: number): number {
    if (this.bytesPerSecond === 0) return now;
    const start = Math.max(this.#freeAt, now);
    this.#freeAt = start + Math.ceil((bytes * 1_000_000) / this.bytesPerSecond);
    return this.#freeAt;
  }

  /** When all that was sent until now has left, under the bandwidth in force. */
  clearAt(now: number): number {
    return Math.max(this.#freeAt, now);
  }

  /** Draws whether a segment gets lost. */
  loses(): boolean {
    if (this.lossPpm === 0) return false;
    this.#losses ??= this.#decisions.stream(`loss ${nameOf(this.from)}>${nameOf(this.to)}`);
    return this.#losses.draw(1_000_000) >= 1_000_000 - this.lossPpm;
  }

  #settle(now: number): boolean {
    const { latency, bytesPerSecond } = this;
    this.latency = this.#calmLatency;
    this.lossPpm = 0;
    this.bytesPerSecond = 0;
    for (const strain of this.#strains) {
      if (strain.latency !== undefined) this.latency = strain.latency;
      if (strain.lossPpm > 0) this.lossPpm = strain.lossPpm;
      if (strain.bytesPerSecond > 0) this.bytesPerSecond = strain.bytesPerSecond;
    }
    this.#look();
    const wider = this.#widened(bytesPerSecond, now);
    return wider || (latency !== this.#calmLatency && latency !== this.latency);
  }

  /** Whether the path has become wider: then what waits to leave goes on at the new rate. */
  #widened(before: number, now: number): boolean {
    const after = this.bytesPerSecond;
    if (before === 0 || (after > 0 && after <= before)) return false;
    const queueUs = this.clearAt(now) - now;
    this.#freeAt = after === 0 ? 0 : now + Math.ceil((queueUs * before) / after);
    return true;
  }

  #look(): void {
    this.impaired = this.cuts > 0 || this.lossPpm > 0 || (this.reverse?.cuts ?? 0) > 0;
  }
}

/** The delay between two participants: the last override that fits, else the profile's. */
export function latencyBetween(profile: NetworkProfile, from: NodeId, to: NodeId): Distribution {
  let latency = profile.latency;
  for (const { a, b, latency: own } of profile.links) {
    if ((a.includes(from) && b.includes(to)) || (a.includes(to) && b.includes(from))) latency = own;
  }
  return latency;
}
