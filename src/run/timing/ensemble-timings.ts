import type { Moment, SyncMode, TraceEvent } from '../../node/facts.ts';
import type { NodeId } from '../../node/ids.ts';
import type { QuorumSystem } from '../../node/quorum.ts';
import type { LeaderTerm } from '../outcome.ts';
import { isBlow } from './blows.ts';
import type { MeasureName, Sample } from './measures.ts';

/** The kinds of events that the servers' timings are read from. */
export const ENSEMBLE_KINDS: readonly TraceEvent['kind'][] = [
  'fault-fired',
  'looking',
  'leader-elected',
  'leader-synchronizing',
  'leader-established',
  'leader-resigned',
  'sync-chosen',
  'follower-synced',
  'txn-committed',
  'crashed',
];

const REJOINS: { readonly [M in SyncMode]: MeasureName } = {
  diff: 'rejoin-diff',
  trunc: 'rejoin-trunc',
  snap: 'rejoin-snap',
};

/** How far a leader has come: virtual µs of each step, −1 before it. */
interface Ascent {
  readonly lookingAtUs: number;
  readonly electedAtUs: number;
  synchronizingAtUs: number;
  establishedAtUs: number;
  committed: boolean;
}

/** How long the phases of elections and recoveries take, read from the servers' testimony. */
export class EnsembleTimings {
  readonly samples: Sample[] = [];
  readonly #quorums: QuorumSystem;
  /** Since when each server looks, or has looked to join whom it found, until it serves. */
  readonly #looking = new Map<NodeId, number>();
  /** Servers that had served when they began to look: such a one has lost its leader. */
  readonly #settled = new Set<NodeId>();
  readonly #ascents = new Map<NodeId, Ascent>();
  readonly #modes = new Map<NodeId, SyncMode>();
  /** The latest blow that nobody has noticed yet; −1: none. */
  #blowAtUs = -1;
  /** The blow that somebody noticed, and no leader was established since; −1: none. */
  #noticedAtUs = -1;

  constructor(quorums: QuorumSystem) {
    this.#quorums = quorums;
  }

  observe(event: TraceEvent, { atUs }: Moment): void {
    switch (event.kind) {
      case 'fault-fired':
        if (isBlow(event)) this.#blowAtUs = atUs;
        return;
      case 'looking':
        this.#looks(event.server, atUs);
        return;
      case 'leader-elected':
        this.#elected(event.server, atUs);
        return;
      case 'leader-synchronizing':
        this.#synchronizing(event.server, atUs);
        return;
      case 'leader-established':
        this.#established(event.server, atUs);
        return;
      case 'txn-committed':
        this.#committed(event.server, atUs);
        return;
      case 'sync-chosen':
        this.#modes.set(event.learner, event.mode);
        return;
      case 'follower-synced':
        this.#synced(event.server, event.leader, atUs);
        return;
      case 'leader-resigned':
        this.#ascents.delete(event.server);
        return;
      case 'crashed':
        for (const known of [this.#looking, this.#ascents, this.#modes]) known.delete(event.server);
        this.#settled.delete(event.server);
        return;
      default:
    }
  }

  #looks(server: NodeId, atUs: number): void {
    this.#looking.set(server, atUs);
    this.#ascents.delete(server);
    if (!this.#settled.delete(server) || this.#blowAtUs < 0) return;
    this.#tell('detection', atUs - this.#blowAtUs, atUs, server);
    if (this.#noticedAtUs < 0) this.#noticedAtUs = this.#blowAtUs;
    this.#blowAtUs = -1;
  }

  #elected(server: NodeId, atUs: number): void {
    const lookingAtUs = this.#looking.get(server) ?? atUs;
    this.#tell('election', atUs - lookingAtUs, atUs, server);
    const steps = { synchronizingAtUs: -1, establishedAtUs: -1, committed: false };
    this.#ascents.set(server, { lookingAtUs, electedAtUs: atUs, ...steps });
  }

  #synchronizing(server: NodeId, atUs: number): void {
    const ascent = this.#ascents.get(server);
    if (ascent === undefined) return;
    ascent.synchronizingAtUs = atUs;
    this.#tell('discovery', atUs - ascent.electedAtUs, atUs, server);
  }

  #established(server: NodeId, atUs: number): void {
    const ascent = this.#ascents.get(server);
    if (ascent === undefined) return;
    ascent.establishedAtUs = atUs;
    this.#tell('synchronization', atUs - ascent.synchronizingAtUs, atUs, server);
    const sinceUs = this.#quorumLookedAtUs();
    if (sinceUs >= 0) this.#tell('establishment', atUs - sinceUs, atUs, server);
    if (this.#noticedAtUs >= 0) this.#tell('failover', atUs - this.#noticedAtUs, atUs, server);
    this.#noticedAtUs = -1;
    this.#looking.delete(server);
    this.#settled.add(server);
  }

  /** When the servers that look, or have found this leader, became a quorum; −1 if they are none. */
  #quorumLookedAtUs(): number {
    const tally = this.#quorums.tally();
    for (const [server, atUs] of [...this.#looking].sort(([, a], [, b]) => a - b)) {
      tally.add(server);
      if (tally.hasQuorum()) return atUs;
    }
    return -1;
  }

  #committed(server: NodeId, atUs: number): void {
    const ascent = this.#ascents.get(server);
    if (ascent === undefined || ascent.establishedAtUs < 0 || ascent.committed) return;
    ascent.committed = true;
    this.#tell('first-commit', atUs - ascent.establishedAtUs, atUs, server);
  }

  #synced(server: NodeId, leader: NodeId, atUs: number): void {
    const lookingAtUs = this.#looking.get(server);
    const mode = this.#modes.get(server);
    this.#looking.delete(server);
    this.#settled.add(server);
    const establishedAtUs = this.#ascents.get(leader)?.establishedAtUs ?? -1;
    // Whoever looked before there was a leader made it one: that is no rejoin.
    if (lookingAtUs === undefined || mode === undefined || establishedAtUs < 0) return;
    if (lookingAtUs > establishedAtUs) this.#tell(REJOINS[mode], atUs - lookingAtUs, atUs, server);
  }

  #tell(measure: MeasureName, value: number, atUs: number, server: NodeId): void {
    this.samples.push({ measure, value, atUs, server });
  }
}

/** For how long, at its establishment, a leader was not the only established one. Terms in their order. */
export function overlapsOf(terms: readonly LeaderTerm[], endUs: number): readonly Sample[] {
  const established = terms.filter((term) => term.establishedAtUs >= 0);
  return established.flatMap((term) => {
    const ends = established
      .filter((other) => other.establishedAtUs < term.establishedAtUs)
      .map((other) => Math.min(endOf(other, endUs), endOf(term, endUs)));
    const atUs = Math.max(-1, ...ends);
    if (atUs <= term.establishedAtUs) return [];
    return [{ measure: 'overlap', value: atUs - term.establishedAtUs, atUs, server: term.server }];
  });
}

function endOf(term: LeaderTerm, endUs: number): number {
  return term.endedAtUs < 0 ? endUs : term.endedAtUs;
}
