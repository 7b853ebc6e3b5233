import type { TraceEvent } from '../../node/facts.ts';
import type { Witness } from '../../sim/profile.ts';
import type { Plan } from '../plan.ts';
import { simulate } from '../simulate.ts';

/** Something told of a run, in ms of virtual time. */
export interface Dated {
  readonly atMs: number;
  readonly event: TraceEvent;
}

const KINDS: ReadonlySet<TraceEvent['kind']> = new Set([
  ...(['looking', 'leader-elected', 'leader-followed', 'leader-established', 'leader-resigned'] as const),
  ...(['follower-synced', 'fault-fired', 'fault-ended', 'restarted', 'resumed', 'sync-chosen'] as const),
  ...(['invoked', 'returned', 'crashed'] as const),
]);

/** What the readings of a calibration are taken from. */
export class Timeline {
  readonly entries: readonly Dated[];

  constructor(plan: Plan, seed: number) {
    const entries: Dated[] = [];
    const witness: Witness = {
      wants: (kind) => KINDS.has(kind),
      observe: (event, { atUs }) => {
        if (KINDS.has(event.kind)) entries.push({ atMs: atUs / 1000, event: { ...event } });
      },
    };
    simulate(plan, { seed, witnesses: [witness], monitors: false });
    this.entries = entries;
  }

  /** Events of a kind, from a time on, of a server if one is given. */
  all<K extends TraceEvent['kind']>(kind: K, fromMs = 0, server?: number): readonly DatedOf<K>[] {
    return this.entries.filter(
      ({ atMs, event }) =>
        event.kind === kind &&
        atMs >= fromMs &&
        (server === undefined || ('server' in event && event.server === server)),
    ) as unknown as readonly DatedOf<K>[];
  }

  /** When the first of them happened; NaN if none did. */
  first(kind: TraceEvent['kind'], fromMs = 0, server?: number): number {
    return this.all(kind, fromMs, server)[0]?.atMs ?? Number.NaN;
  }

  /** When the first fault with this verb fired; NaN if none did. */
  fault(verb: string): number {
    return this.all('fault-fired').find(({ event }) => event.verb === verb)?.atMs ?? Number.NaN;
  }

  /** From looking to the end of that election, for each server that began at or after a time. */
  elections(
    fromMs: number,
  ): readonly { readonly server: number; readonly won: boolean; readonly tookMs: number }[] {
    const since = new Map<number, number>();
    const found: { server: number; won: boolean; tookMs: number }[] = [];
    for (const { atMs, event } of this.entries) {
      if (event.kind === 'looking') since.set(event.server, atMs);
      if (event.kind !== 'leader-elected' && event.kind !== 'leader-followed') continue;
      const beganMs = since.get(event.server) ?? Number.NaN;
      since.delete(event.server);
      if (beganMs < fromMs) continue;
      found.push({ server: event.server, won: event.kind === 'leader-elected', tookMs: atMs - beganMs });
    }
    return found;
  }

  /** The longest time between two acknowledged writes that ends after a time. */
  gap(afterMs: number): number {
    let [last, longest] = [Number.NaN, Number.NaN];
    for (const { atMs, event } of this.entries) {
      if (event.kind !== 'returned' || event.outcome !== 'ok') continue;
      if (atMs > afterMs && !(atMs - last <= longest)) longest = atMs - last;
      last = atMs;
    }
    return longest;
  }

  /** From request to answer, for each acknowledged write that was sent after a time. */
  latencies(afterMs: number): readonly number[] {
    const sent = new Map<string, number>();
    const found: number[] = [];
    for (const { atMs, event } of this.entries) {
      if (event.kind === 'invoked' && atMs >= afterMs) sent.set(`${event.server}/${event.cxid}`, atMs);
      if (event.kind !== 'returned' || event.outcome !== 'ok') continue;
      const sentMs = sent.get(`${event.server}/${event.cxid}`);
      if (sentMs !== undefined) found.push(atMs - sentMs);
    }
    return found;
  }
}

interface DatedOf<K extends TraceEvent['kind']> {
  readonly atMs: number;
  readonly event: Extract<TraceEvent, { kind: K }>;
}
