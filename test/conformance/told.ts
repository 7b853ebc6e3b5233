import type { TraceEvent } from '../../src/node/facts.ts';
import type { Outcome } from '../../src/run/outcome.ts';
import { parseScenario } from '../../src/run/scenario.ts';
import { simulate } from '../../src/run/simulate.ts';

/** A run and all that was told of it, in order. */
export interface Told {
  readonly outcome: Outcome;
  readonly events: readonly { readonly told: TraceEvent; readonly atUs: number }[];
}

/** Runs a scenario's text with everything written down. Events are lent, so they are copied. */
export function tell(text: string, seed?: number): Told {
  const events: { told: TraceEvent; atUs: number }[] = [];
  const outcome = simulate(parseScenario(text), {
    ...(seed === undefined ? {} : { seed }),
    trace: (told, moment) => events.push({ told: { ...told }, atUs: moment.atUs }),
  });
  return { outcome, events };
}

/** Every choice of how a learner catches up, in order, such as `diff 0x100000006`. */
export function syncsOf({ events }: Told, learner: number): readonly string[] {
  const syncs: string[] = [];
  for (const { told } of events) {
    if (told.kind === 'sync-chosen' && told.learner === learner) {
      syncs.push(`${told.mode} 0x${told.zxid.toString(16)}`);
    }
  }
  return syncs;
}

/** What one server sent to another, in order, as the trace words it; pings left out. */
export function sentFrom({ events }: Told, from: number, to: number, sinceUs = 0): readonly string[] {
  const sent: string[] = [];
  for (const { told, atUs } of events) {
    if (atUs < sinceUs || told.kind !== 'sent' || told.from !== from || told.to !== to) continue;
    if (!told.message.startsWith('ping')) sent.push(told.message);
  }
  return sent;
}
