import type { NodeId } from '../node/ids.ts';
import type { FaultStep, LeaderTerm, LostTxn, Outcome } from '../run/outcome.ts';
import { milliseconds } from './milliseconds.ts';
import { phasesOf } from './phases.ts';
import { plainTable } from './plain-table.ts';
import { printable } from './printable.ts';
import { whomText } from './whom-text.ts';

/**
 * What the table of `run` adds for a single run: terms of leaders, servers at the end, faults. Empty parts
 * are left out.
 */
export function runDetails(outcome: Outcome): string {
  const parts = [leaderTable(outcome.leaders), serverTable(outcome)];
  if (outcome.timeline.length > 0) parts.push(faultTimeline(outcome.timeline));
  if (outcome.lost.length > 0) parts.push(lostTxns(outcome.lost));
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
    const what = step.phase === 'ended' ? `${step.verb} ended` : `${step.verb}${whomText(step)}`;
    return `  ${at} ms  ${what}${step.effect ? '' : ', without effect'}  (${step.name})`;
  });
  return ['Faults:', ...lines].join('\n');
}

/** How many lost transactions are named one by one. */
const NAMED = 12;

function lostTxns(lost: readonly LostTxn[]): string {
  const lines = lost.slice(0, NAMED).map(({ zxid, servers, change, left }) => {
    const whose = `on ${serversText(servers)}`;
    const rest = left.length === 0 ? '' : `; still on ${serversText(left)}, not yet in step with the leader`;
    return `  ${zxid}  ${change === '' ? '' : `${printable(change)}, `}${whose}${rest}`;
  });
  if (lost.length > NAMED) lines.push(`  and ${lost.length - NAMED} more, to ${lost.at(-1)?.zxid}`);
  return ['Lost of what was on the disks at the start:', ...lines, `  ${committedText(lost)}`].join('\n');
}

function serversText(ids: readonly NodeId[]): string {
  return `${ids.length === 1 ? 'server' : 'servers'} ${ids.join(', ')}`;
}

/** Whether a client misses something that it was promised. */
function committedText(lost: readonly LostTxn[]): string {
  const doubtful = lost.filter(({ mayBeCommitted }) => mayBeCommitted).length;
  if (doubtful === 0) return 'None of it was committed: no quorum can have had it.';
  const which = doubtful === lost.length ? 'Any of it' : `${doubtful} of them`;
  return `${which} may have been committed: with the disks that do not tell, a quorum may have had it.`;
}
