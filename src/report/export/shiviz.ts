import { type NodeId, nameOf } from '../../node/ids.ts';
import type { Happening } from '../../run/explain/recording.ts';
import { sentenceOf } from '../event-sentences.ts';

/** A vector clock, by the name of the host. */
type Clock = Readonly<Record<string, number>>;

/**
 * A recording as a log for ShiViz, in the form that it expects by default: a line with the event, a line with
 * the host and its vector clock. What happened to nobody alone is left out: it has no clock.
 */
export function shivizLog(happenings: readonly Happening[]): string {
  const clocks = new Map<NodeId, Clock>();
  const sent = new Map<number, Clock>();
  const lines: string[] = [];
  for (const { id, who, event, atUs, cause } of happenings) {
    if (who === undefined) continue;
    const host = hostName(who);
    const own = clocks.get(who) ?? {};
    const clock = { ...merged(own, sent.get(cause)), [host]: (own[host] ?? 0) + 1 };
    sent.delete(cause);
    clocks.set(who, clock);
    if (event.kind === 'sent') sent.set(id, clock);
    lines.push(`${(atUs / 1000).toFixed(3)} ms ${sentenceOf(event)}`, `${host} ${JSON.stringify(clock)}`);
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function merged(own: Clock, other: Clock = {}): Clock {
  const clock: Record<string, number> = { ...own };
  for (const [host, value] of Object.entries(other)) clock[host] = Math.max(clock[host] ?? 0, value);
  return clock;
}

function hostName(who: NodeId): string {
  const name = nameOf(who);
  return name.startsWith('c') ? name : `server${name}`;
}
