import { nameOf } from '../node/ids.ts';
import type { FaultStep, LeaderTerm, Outcome } from '../run/outcome.ts';
import { milliseconds } from './milliseconds.ts';
import { phasesOf } from './phases.ts';
import { plainTable } from './plain-table.ts';

/**
 * What the table of `run` adds for a single run: terms of leaders, servers at the end, faults. Empty parts
 * are left out.
 */
export function runDetails(outcome: Outcome): string {
  const parts = [leaderTable(outcome.leaders), serverTable(outcome)];
  if (outcome.timeline.length > 0) parts.push(faultTimeline(outcome.timeline));
  return parts.filter((part) => part !== '').join('\n\n');
}

function leaderTable(terms: readonly LeaderTerm[]): string {
  if (terms.length === 0) return 'No leader was elected.';
  const columns = [
    { head: 'leader', align: 'right' },
    { head: 'epoch', align: 'right' },
    { head: 'elected\nat ms', align: 'right' },
    { head: 'established\nat ms', align: 'right' },
    { head: 'ended\nat ms', align: 'right' },
    { head: 'election\nms', align: 'right' },
    { head: 'recovery\nms', align: 'right' },
    { head: 'why it ended', align: 'left' },
  ] as const;
  return plainTable(
    columns,
    terms.map((term) => {
      const phases = phasesOf(term);
      return [
        String(term.server),
        term.epoch < 0 ? '–' : String(term.epoch),
        milliseconds(term.electedAtUs),
        milliseconds(term.establishedAtUs),
        milliseconds(term.endedAtUs),
        milliseconds(phases.electionUs),
        milliseconds(phases.recoveryUs),
        term.endedAtUs < 0 ? 'it has not' : term.ended,
      ];
    }),
  );
}

function serverTable(outcome: Outcome): string {
  const columns = [
    { head: 'server', align: 'right' },
    { head: 'state', align: 'left' },
    { head: 'accepted epoch', align: 'right' },
    { head: 'current epoch', align: 'right' },
    { head: 'last zxid', align: 'right' },
    { head: 'last committed', align: 'right' },
  ] as const;
  return plainTable(
    columns,
    outcome.servers.map((server) => [
      String(server.id),
      server.state,
      String(server.acceptedEpoch),
      String(server.currentEpoch),
      server.lastZxid,
      server.lastCommitted,
    ]),
  );
}

function faultTimeline(steps: readonly FaultStep[]): string {
  const width = Math.max(...steps.map((step) => milliseconds(step.atUs).length));
  const lines = steps.map((step) => {
    const at = milliseconds(step.atUs).padStart(width);
    const whom = step.servers.length === 0 ? '' : ` on ${step.servers.map(nameOf).join(', ')}`;
    const what = step.phase === 'ended' ? `${step.verb} ended` : `${step.verb}${whom}`;
    return `  ${at} ms  ${what}${step.effect ? '' : ', without effect'}  (${step.name})`;
  });
  return ['Faults:', ...lines].join('\n');
}
