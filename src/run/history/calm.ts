import { FaultsInForce } from '../../check/faults-in-force.ts';
import type { TraceEvent } from '../../node/facts.ts';
import { SERVER_KINDS } from './recorded-servers.ts';
import { SLACK_KINDS } from './slack.ts';

/** What servers do all the time, faults or none. */
const DAILY: ReadonlySet<TraceEvent['kind']> = new Set([
  'txn-proposed',
  'txn-committed',
  'txn-applied',
  'session-expired',
]);
const DISTURBING: ReadonlySet<TraceEvent['kind']> = new Set(
  [...SERVER_KINDS, ...SLACK_KINDS].filter((kind) => !DAILY.has(kind)),
);

/** Since when nothing has been injected, and every server has kept its role. */
export class Calm {
  readonly #faults = new FaultsInForce();
  #sinceUs = 0;

  observe(event: TraceEvent, atUs: number): void {
    if (!DISTURBING.has(event.kind)) return;
    this.#sinceUs = atUs;
    if (event.kind === 'fault-fired' || event.kind === 'fault-ended') this.#faults.observe(event);
  }

  /** Virtual µs; undefined: a fault is in force. */
  get sinceUs(): number | undefined {
    return this.#faults.any ? undefined : this.#sinceUs;
  }
}
