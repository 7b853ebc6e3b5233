import type { Moment, TraceEvent } from '../node/facts.ts';
import type { NodeId } from '../node/ids.ts';
import type { LeaderTerm } from './outcome.ts';

/** The kinds of events that terms of leaders are read from. */
export const TERM_KINDS: readonly TraceEvent['kind'][] = [
  'looking',
  'leader-elected',
  'leader-followed',
  'epoch-offered',
  'leader-established',
  'leader-resigned',
  'crashed',
];

type Draft = { -readonly [K in keyof LeaderTerm]: LeaderTerm[K] };

/** The terms of all leaders of a run, from the testimony alone. */
export class LeaderTerms {
  readonly #terms: Draft[] = [];
  readonly #open = new Map<NodeId, Draft>();
  readonly #lookingAtUs = new Map<NodeId, number>();
  #highestEpoch = 0;
  #established = 0;

  /** Terms in the order of the elections. */
  get terms(): readonly LeaderTerm[] {
    return this.#terms;
  }

  /** How many leaders were established so far. */
  get established(): number {
    return this.#established;
  }

  /** The highest epoch that a leader was established in so far; 0 if none. */
  get highestEpoch(): number {
    return this.#highestEpoch;
  }

  /** The established leader of the highest epoch that has not resigned or died, however isolated it is. */
  current(): LeaderTerm | undefined {
    let best: Draft | undefined;
    for (const term of this.#terms) {
      if (term.establishedAtUs < 0 || term.endedAtUs >= 0) continue;
      if (best === undefined || term.epoch > best.epoch) best = term;
    }
    return best;
  }

  observe(event: TraceEvent, moment: Moment): void {
    switch (event.kind) {
      case 'looking':
        this.#end(event.server, moment.atUs, 'looked for a leader');
        this.#lookingAtUs.set(event.server, moment.atUs);
        return;
      case 'leader-elected':
        this.#begin(event.server, moment.atUs);
        return;
      case 'leader-followed':
        this.#end(event.server, moment.atUs, 'followed another');
        return;
      case 'epoch-offered': {
        const term = this.#open.get(event.server);
        if (term !== undefined) term.epoch = event.epoch;
        return;
      }
      case 'leader-established':
        this.#establish(event.server, event.epoch, moment.atUs);
        return;
      case 'leader-resigned':
        this.#end(event.server, moment.atUs, `resigned: ${event.because}`);
        return;
      case 'crashed':
        this.#end(event.server, moment.atUs, END_OF_PROCESS[event.how]);
        this.#lookingAtUs.delete(event.server);
        return;
      default:
        return;
    }
  }

  #begin(server: NodeId, atUs: number): Draft {
    this.#end(server, atUs, 'elected again');
    const term = {
      server,
      epoch: -1,
      lookingAtUs: this.#lookingAtUs.get(server) ?? -1,
      electedAtUs: atUs,
      establishedAtUs: -1,
      endedAtUs: -1,
      ended: '',
    };
    this.#terms.push(term);
    this.#open.set(server, term);
    return term;
  }

  #establish(server: NodeId, epoch: number, atUs: number): void {
    const term = this.#open.get(server) ?? this.#begin(server, atUs);
    term.epoch = epoch;
    if (term.establishedAtUs < 0) this.#established++;
    term.establishedAtUs = atUs;
    if (epoch > this.#highestEpoch) this.#highestEpoch = epoch;
  }

  #end(server: NodeId, atUs: number, why: string): void {
    const term = this.#open.get(server);
    if (term === undefined) return;
    term.endedAtUs = atUs;
    term.ended = why;
    this.#open.delete(server);
  }
}

const END_OF_PROCESS = {
  crash: 'crashed',
  stop: 'stopped',
  'power-cut': 'lost power',
  exit: 'exited',
} as const;
