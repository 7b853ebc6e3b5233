import type { Outcome } from '../run/outcome.ts';
import { milliseconds } from './milliseconds.ts';
import type { Paint } from './paint.ts';

/**
 * What is to be said of a run beyond its figures: violations, stalls, unmet expectations, notes. Empty if
 * nothing.
 */
export function runFindings(outcome: Outcome, paint: Paint): string {
  const lines: string[] = [];
  for (const { atUs, invariant, servers, message } of outcome.violations) {
    const whom =
      servers.length === 0 ? '' : ` (${servers.length === 1 ? 'server' : 'servers'} ${servers.join(', ')})`;
    lines.push(
      `${paint.red('violated')} ${paint.bold(invariant)} at ${milliseconds(atUs)} ms${whom}: ${message}`,
    );
  }
  for (const { invariant, message } of outcome.stalls) {
    lines.push(`${paint.yellow('stalled')} ${paint.bold(invariant)}: ${message}`);
  }
  for (const { expect, wanted, got, atUs } of outcome.unmet) {
    lines.push(
      `${paint.red('unmet')} ${paint.bold(expect)} at ${milliseconds(atUs)} ms: wanted ${wanted}, got ${got}`,
    );
  }
  if (outcome.assumptions.length > 0) {
    lines.push(`note: beyond what the protocol relies on: ${outcome.assumptions.join('; ')}`);
  }
  if (outcome.withoutEffect.length > 0) {
    lines.push(`note: fired and found nothing to do: ${outcome.withoutEffect.join(', ')}`);
  }
  for (const { name, twice } of outcome.timeline) {
    if (twice === undefined) continue;
    lines.push(`note: in more than one group, and left in the first: ${twice.join(', ')} (${name})`);
  }
  return lines.join('\n');
}
