import type { TraceEvent } from '../../node/facts.ts';
import type { Witness } from '../../sim/profile.ts';
import type { Plan } from '../plan.ts';
import { simulate } from '../simulate.ts';
import { isBlow } from '../timing/blows.ts';

/** Something told of a run, in ms of virtual time. */
export interface Dated {
  readonly atMs: number;
  readonly event: TraceEvent;
}

const KINDS: ReadonlySet<TraceEvent['kind']> = new Set([
  ...(['looking', 'leader-elected', 'leader-followed', 'leader-established', 'leader-resigned'] as const),
  ...(['follower-synced', 'fault-fired', 'fault-ended', 'restarted', 'resumed', 'sync-chosen'] as const),
  ...(['invoked', 'returned', 'crashed', 'worked'] as const),
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

  /**
   * From looking to the end of that election, for each server that began in a span of time: until it has made
   * what its role consists of, for there the real servers say how long it took (Leader.lead,
   * Follower.followLeader).
   */
  elections(
    fromMs: number,
    toMs = Number.POSITIVE_INFINITY,
  ): readonly { readonly server: number; readonly won: boolean; readonly tookMs: number }[] {
    const since = new Map<number, number>();
    const found: { server: number; won: boolean; tookMs: number }[] = [];
    for (const { atMs, event } of this.entries) {
      if (event.kind === 'looking') since.set(event.server, atMs);
      if (event.kind !== 'worked' || !event.work.startsWith('make-')) continue;
      const beganMs = since.get(event.server) ?? Number.NaN;
      since.delete(event.server);
      if (!(beganMs >= fromMs && beganMs < toMs)) continue;
      found.push({ server: event.server, won: event.work === 'make-leader', tookMs: atMs - beganMs });
    }
    return found;
  }

  /** When the faults fired that hurt, in ms, and after each of them the next one, or infinity. */
  blows(): readonly (readonly [atMs: number, untilMs: number])[] {
    const fired = this.all('fault-fired').filter(({ event }) => isBlow(event));
    return fired.map(({ atMs }, index) => [atMs, fired[index + 1]?.atMs ?? Number.POSITIVE_INFINITY]);
  }

  /** When the last write was acknowledged before a time; NaN if none was. */
  lastWrite(beforeMs: number): number {
    return this.#written().findLast(({ atMs }) => atMs < beforeMs)?.atMs ?? Number.NaN;
  }

  /**
   * When a client had its third write acknowledged after a time: the real writer opens a session and
   * creates a node, two transactions, before it writes again.
   */
  thirdWrite(afterMs: number): number {
    const counts = new Map<number, number>();
    for (const { atMs, event } of this.#written()) {
      if (atMs < afterMs) continue;
      const count = (counts.get(event.server) ?? 0) + 1;
      if (count === 3) return atMs;
      counts.set(event.server, count);
    }
    return Number.NaN;
  }

  #written(): readonly DatedOf<'returned'>[] {
    return this.all('returned').filter(({ event }) => event.outcome === 'ok');
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
