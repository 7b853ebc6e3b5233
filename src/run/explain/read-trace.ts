import type { Violation } from '../../check/monitor.ts';
import type { TraceEvent } from '../../node/facts.ts';
import { type Happening, Recording } from './recording.ts';

/** A trace that was written to a file before. */
export interface ReadTrace {
  readonly happenings: readonly Happening[];
  readonly violations: readonly Violation[];
  readonly stalls: readonly Violation[];
}

/**
 * Reads the lines of a trace in JSON. Returns why it is none, as a phrase that names the line. Zxids are
 * numbers again.
 */
export function readTrace(text: string): ReadTrace | string {
  const recording = new Recording();
  const found = { violated: [] as Violation[], stalled: [] as Violation[] };
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const value = parse(line);
    if (value === undefined) return `line ${index + 1} is no event of a trace`;
    const { atUs, event, ...fields } = value;
    if (value.kind === 'violated' || value.kind === 'stalled') {
      const { kind, ...violation } = fields;
      found[value.kind].push({ atUs, event, ...violation } as unknown as Violation);
    } else {
      recording.observe(fields as unknown as TraceEvent, { atUs, event });
    }
  }
  return { happenings: recording.happenings, violations: found.violated, stalls: found.stalled };
}

interface Line extends Readonly<Record<string, unknown>> {
  readonly atUs: number;
  readonly event: number;
  readonly kind: string;
}

/** A zxid is written in hexadecimal, but for the least integer, which stands for none. */
const ZXID = /^(?:0x[0-9a-f]+|-\d+)$/;
const ZXID_KEYS: ReadonlySet<string> = new Set(['zxid', 'lastZxid', 'snapshot', 'after', 'pending', 'from']);

function parse(line: string): Line | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line, (key, held: unknown) =>
      typeof held === 'string' && ZXID_KEYS.has(key) && ZXID.test(held) ? Number(held) : held,
    );
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { atUs, event, kind } = value as Record<string, unknown>;
  const sound = Number.isSafeInteger(atUs) && Number.isSafeInteger(event) && typeof kind === 'string';
  return sound ? (value as Line) : undefined;
}
