import { isServer, type NodeId, nameOf } from '../../node/ids.ts';
import type { Happening } from '../../run/explain/recording.ts';
import { StateBook } from '../../run/explain/state-book.ts';
import { sentenceOf } from '../event-sentences.ts';

/** The lanes of a participant. */
const LANES = { roles: 1, facts: 2, messages: 3 } as const;

/** What a trace of Chrome consists of; times in µs. */
type Entry = Readonly<Record<string, unknown>>;

const QUIET: ReadonlySet<string> = new Set([
  'sent',
  'delivered',
  'timer-fired',
  'appended',
  'synced',
  'reachable',
]);

/**
 * A recording as a JSON document in Chrome's Trace Event Format, which Perfetto and speedscope open:
 * participants are processes; roles are slices, facts instants, messages arrows between slices of 1 µs.
 */
export function chromeTrace(happenings: readonly Happening[], endUs: number): string {
  const entries: Entry[] = names(happenings);
  const roles = new Map<NodeId, { readonly name: string; readonly fromUs: number }>();
  const book = new StateBook();
  const endRole = (who: NodeId, atUs: number): void => {
    const role = roles.get(who);
    if (role === undefined || atUs === role.fromUs) return;
    const { name, fromUs } = role;
    entries.push({ ph: 'X', cat: 'role', name, pid: who, tid: LANES.roles, ts: fromUs, dur: atUs - fromUs });
  };
  for (const happening of happenings) {
    const { who, event, atUs } = happening;
    book.observe(event);
    if (who === undefined) {
      if (event.kind === 'fault-fired' || event.kind === 'fault-ended') {
        entries.push({ ph: 'i', s: 'g', cat: 'fault', name: sentenceOf(event), pid: 0, tid: 1, ts: atUs });
      }
      continue;
    }
    const { role } = book.view(who);
    if (isServer(who) && roles.get(who)?.name !== role) {
      endRole(who, atUs);
      roles.set(who, { name: role, fromUs: atUs });
    }
    if (event.kind === 'sent' || event.kind === 'delivered') entries.push(...message(happening, who));
    else if (!QUIET.has(event.kind)) {
      const name = sentenceOf(event);
      entries.push({ ph: 'i', s: 't', cat: event.kind, name, pid: who, tid: LANES.facts, ts: atUs });
    }
  }
  for (const who of roles.keys()) endRole(who, endUs);
  const lines = entries.map((one) => JSON.stringify(one)).join(',\n');
  return `{"displayTimeUnit":"ms","traceEvents":[\n${lines}\n]}\n`;
}

/** A slice for a message, and the end of its arrow that belongs there. */
function message({ id, event, atUs, cause }: Happening, pid: NodeId): readonly Entry[] {
  if (event.kind !== 'sent' && event.kind !== 'delivered') return [];
  const sends = event.kind === 'sent';
  const name = sends
    ? `to ${nameOf(event.to)}: ${event.message}`
    : `from ${nameOf(event.from)}: ${event.message}`;
  const place = { cat: 'message', pid, tid: LANES.messages, ts: atUs };
  const arrow = { ...place, name: 'message', id: sends ? id : cause };
  const end = sends ? { ph: 's', ...arrow } : { ph: 'f', bp: 'e', ...arrow };
  return [{ ph: 'X', name, dur: 1, ...place }, ...(sends || cause >= 0 ? [end] : [])];
}

function names(happenings: readonly Happening[]): Entry[] {
  const whos = new Set(happenings.flatMap(({ who }) => (who === undefined ? [] : [who])));
  const entries: Entry[] = [{ ph: 'M', name: 'process_name', pid: 0, args: { name: 'faults' } }];
  for (const pid of [...whos].sort((a, b) => a - b)) {
    const name = isServer(pid) ? `server ${pid}` : `client ${nameOf(pid)}`;
    entries.push({ ph: 'M', name: 'process_name', pid, args: { name } });
    entries.push({ ph: 'M', name: 'process_sort_index', pid, args: { sort_index: pid } });
    for (const [lane, tid] of Object.entries(LANES)) {
      entries.push({ ph: 'M', name: 'thread_name', pid, tid, args: { name: lane } });
    }
  }
  return entries;
}
