import type { Moment, TraceEvent } from '../../node/facts.ts';
import type { NodeId } from '../../node/ids.ts';
import type { Witness } from '../../sim/profile.ts';
import { isBlow } from '../timing/blows.ts';

const KINDS: ReadonlySet<TraceEvent['kind']> = new Set([
  'fault-fired',
  'leader-elected',
  'leader-established',
  'leader-resigned',
]);

/** How one leader follows another, in virtual µs from the fault that befell the first; −1: never. */
export class Succession implements Witness {
  #blowUs = -1;
  #victim = 0 as NodeId;
  readonly #elected = new Map<NodeId, number>();
  electedUs = -1;
  establishedUs = -1;
  resignedUs = -1;

  wants(kind: TraceEvent['kind']): boolean {
    return KINDS.has(kind);
  }

  observe(event: TraceEvent, { atUs }: Moment): void {
    if (event.kind === 'fault-fired') {
      if (!isBlow(event) || this.#blowUs >= 0) return;
      this.#blowUs = atUs;
      this.#victim = event.servers[0] ?? this.#victim;
      return;
    }
    if (this.#blowUs < 0) return;
    const sinceUs = atUs - this.#blowUs;
    if (event.kind === 'leader-elected') this.#elected.set(event.server, sinceUs);
    else if (event.kind === 'leader-established' && this.establishedUs < 0) {
      this.electedUs = this.#elected.get(event.server) ?? -1;
      this.establishedUs = sinceUs;
    } else if (event.kind === 'leader-resigned' && event.server === this.#victim && this.resignedUs < 0) {
      this.resignedUs = sinceUs;
    }
  }
}
