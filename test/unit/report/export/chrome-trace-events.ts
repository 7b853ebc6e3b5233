/** An entry of a trace in Chrome's Trace Event Format, as far as ours go. */
export interface TraceEntry {
  readonly ph: string;
  readonly name: string;
  readonly pid: number;
  readonly tid?: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly id?: number;
  readonly s?: string;
}

/**
 * Reads a trace as Perfetto's importer does, and demands what the format says: a phase that is known, whole
 * times, slices of a thread that nest or follow each other, and arrows that begin and end once, forwards,
 * each end within a slice of its thread.
 */
export function parseChromeTrace(text: string): readonly TraceEntry[] {
  const { traceEvents } = JSON.parse(text) as { readonly traceEvents: readonly TraceEntry[] };
  const slices = new Map<string, { readonly ts: number; readonly end: number }[]>();
  const arrows = new Map<number, { s?: number; f?: number }>();
  for (const entry of traceEvents) {
    if (!['X', 'i', 'M', 's', 'f'].includes(entry.ph)) throw new Error(`phase ${entry.ph}`);
    if (entry.ph === 'M') continue;
    const { ts = -1, dur = -1, ph, pid, tid } = entry;
    if (!Number.isSafeInteger(ts) || ts < 0 || tid === undefined) throw new Error(`no place: ${entry.name}`);
    if (ph === 'i' && !['g', 'p', 't'].includes(entry.s ?? '')) throw new Error('an instant without scope');
    const thread = `${pid}/${tid}`;
    if (ph === 'X') {
      if (dur < 0) throw new Error(`a slice of no length: ${entry.name}`);
      slices.set(thread, [...(slices.get(thread) ?? []), { ts, end: ts + dur }]);
    }
    if (ph !== 's' && ph !== 'f') continue;
    if (!slices.get(thread)?.some((slice) => slice.ts <= ts && ts <= slice.end))
      throw new Error('a loose arrow');
    const arrow = arrows.get(entry.id ?? -1) ?? {};
    if (arrow[ph] !== undefined) throw new Error(`two ends of arrow ${entry.id}`);
    arrow[ph] = ts;
    arrows.set(entry.id ?? -1, arrow);
  }
  for (const [id, { s, f }] of arrows) {
    if (s === undefined) throw new Error(`arrow ${id} comes from nowhere`);
    if (f !== undefined && f < s) throw new Error(`arrow ${id} goes backwards`);
  }
  for (const roles of [...slices].filter(([thread]) => thread.endsWith('/1'))) {
    for (const [index, slice] of roles[1].entries()) {
      if (index > 0 && slice.ts < (roles[1][index - 1]?.end ?? 0)) throw new Error('roles that overlap');
    }
  }
  return traceEvents;
}
