/** An event of a ShiViz log. */
export interface ShivizEvent {
  readonly event: string;
  readonly host: string;
  readonly clock: Readonly<Record<string, number>>;
}

/** What ShiViz takes a log apart with unless it is told otherwise. */
const DEFAULT = /(?<event>.*)\n(?<host>\S*) (?<clock>{.*})/g;

/**
 * Reads a log as ShiViz does, and demands what it demands: every line belongs to an event; a host counts
 * its own events from 1 on, one by one; what a clock says of another host has happened there, and is never
 * forgotten.
 */
export function parseShiviz(log: string): readonly ShivizEvent[] {
  const events: ShivizEvent[] = [];
  let length = 0;
  for (const match of log.matchAll(DEFAULT)) {
    const { event = '', host = '', clock = '' } = match.groups ?? {};
    length += match[0].length + 1;
    events.push({ event, host, clock: JSON.parse(clock) });
  }
  if (length !== log.length) throw new Error('lines that belong to no event');
  const last = new Map<string, ShivizEvent['clock']>();
  for (const { host, clock } of events) {
    const before = last.get(host) ?? {};
    if (clock[host] !== (before[host] ?? 0) + 1)
      throw new Error(`${host} does not count its events one by one`);
    for (const [other, value] of Object.entries(before)) {
      if ((clock[other] ?? 0) < value) throw new Error(`${host} forgets what it knew of ${other}`);
    }
    last.set(host, clock);
  }
  for (const { host, clock } of events) {
    for (const [other, value] of Object.entries(clock)) {
      if (value > (last.get(other)?.[other] ?? 0))
        throw new Error(`${host} knows of what ${other} never did`);
    }
  }
  return events;
}
