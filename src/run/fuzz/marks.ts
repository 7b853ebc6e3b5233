import type { TraceEvent } from '../../node/facts.ts';
import type { NodeId } from '../../node/ids.ts';

/**
 * Situations that a campaign should have come upon: while one is missing, what goes wrong in it is missed,
 * too (TigerBeetle's marks, FoundationDB's code probes).
 */
export const MARKS = [
  'a leader was established',
  'three leaders were established, one after the other',
  'eight leaders were established, one after the other',
  'two servers led at the same time',
  'a leader went before it was established',
  'a leader went while proposals were under way',
  'an election was settled by what an established ensemble said',
  'a learner was sent DIFF',
  'a learner was sent TRUNC',
  'a learner was sent SNAP',
  'a log was cut',
  'a snapshot from a leader was loaded',
  'a server wrote a snapshot',
  'a server went between promising an epoch and being in it',
  'a server went in discovery',
  'a server went in synchronization',
  'a server came back from a snapshot and records after it',
  'a power cut lost what was not synced',
  'a power cut tore a record',
  'a process ended itself',
  'a leader resigned',
  'an epoch above 16 was reached',
] as const;

/** One of the situations. */
export type Mark = (typeof MARKS)[number];

/** Which of the situations a run came upon. */
export class MarksSeen {
  readonly #seen = new Set<Mark>();
  readonly #leading = new Set<NodeId>();
  /** Elected, and not yet established. */
  readonly #elect = new Set<NodeId>();
  readonly #promised = new Set<NodeId>();
  #proposed = 0;
  #committed = 0;
  #established = 0;

  /** The places of those seen in `MARKS`, ascending. */
  get places(): readonly number[] {
    return MARKS.flatMap((mark, place) => (this.#seen.has(mark) ? [place] : []));
  }

  /** @param phase of the server that the event is about, before the event */
  observe(event: TraceEvent, phase: string): void {
    switch (event.kind) {
      case 'leader-elected':
        this.#elect.add(event.server);
        if (event.settled) this.#mark('an election was settled by what an established ensemble said');
        return;
      case 'leader-followed':
        if (event.settled) this.#mark('an election was settled by what an established ensemble said');
        return;
      case 'leader-established':
        this.#onEstablished(event.server, event.epoch);
        return;
      case 'looking':
      case 'leader-resigned':
        if (event.kind === 'leader-resigned') this.#mark('a leader resigned');
        this.#onGone(event.server);
        return;
      case 'crashed':
        if (event.how === 'exit') this.#mark('a process ended itself');
        if (this.#promised.delete(event.server)) {
          this.#mark('a server went between promising an epoch and being in it');
        }
        if (phase === 'discovery') this.#mark('a server went in discovery');
        if (phase === 'synchronization') this.#mark('a server went in synchronization');
        this.#onGone(event.server);
        return;
      case 'epoch-accepted':
        this.#promised.add(event.server);
        return;
      case 'epoch-adopted':
        this.#promised.delete(event.server);
        return;
      default:
        this.#observeData(event);
    }
  }

  #observeData(event: TraceEvent): void {
    switch (event.kind) {
      case 'sync-chosen':
        this.#mark(SENT[event.mode]);
        return;
      case 'log-truncated':
        this.#mark('a log was cut');
        return;
      case 'snapshot-installed':
        this.#mark('a snapshot from a leader was loaded');
        return;
      case 'snapshot-taken':
        this.#mark('a server wrote a snapshot');
        return;
      case 'recovered':
        if (event.snapshot > 0 && event.records > 0) {
          this.#mark('a server came back from a snapshot and records after it');
        }
        return;
      case 'lost':
        this.#mark('a power cut lost what was not synced');
        if (event.torn) this.#mark('a power cut tore a record');
        return;
      case 'txn-proposed':
        this.#proposed = event.zxid;
        return;
      case 'txn-committed':
        this.#committed = event.zxid;
        return;
      default:
        return;
    }
  }

  #onEstablished(server: NodeId, epoch: number): void {
    this.#elect.delete(server);
    this.#leading.add(server);
    this.#established++;
    this.#mark('a leader was established');
    if (this.#established >= 3) this.#mark('three leaders were established, one after the other');
    if (this.#established >= 8) this.#mark('eight leaders were established, one after the other');
    if (this.#leading.size >= 2) this.#mark('two servers led at the same time');
    if (epoch > 16) this.#mark('an epoch above 16 was reached');
  }

  #onGone(server: NodeId): void {
    if (this.#elect.delete(server)) this.#mark('a leader went before it was established');
    if (!this.#leading.delete(server)) return;
    if (this.#proposed > this.#committed) this.#mark('a leader went while proposals were under way');
  }

  #mark(mark: Mark): void {
    this.#seen.add(mark);
  }
}

const SENT = {
  diff: 'a learner was sent DIFF',
  trunc: 'a learner was sent TRUNC',
  snap: 'a learner was sent SNAP',
} as const satisfies { readonly [mode: string]: Mark };
