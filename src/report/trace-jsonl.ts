import { formatZxid } from '../core/zxid.ts';
import type { Moment, TraceEvent } from '../node/facts.ts';

/** The fields that hold zxids in whatever event they stand. */
const ZXID_FIELDS: ReadonlySet<string> = new Set(['zxid', 'lastZxid', 'snapshot', 'after', 'pending']);

/**
 * A line of a JSON trace, without its end: `atUs`, the number of the event, then the event's fields; zxids as
 * `0x…`.
 */
export function traceJsonl(event: TraceEvent, moment: Moment): string {
  const synced = event.kind === 'sync-chosen';
  return JSON.stringify({ atUs: moment.atUs, event: moment.event, ...event }, (key, value: unknown) =>
    typeof value === 'number' && (ZXID_FIELDS.has(key) || (synced && key === 'from'))
      ? formatZxid(value)
      : value,
  );
}
