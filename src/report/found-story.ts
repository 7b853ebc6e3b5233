import { formatUs } from '../core/units.ts';
import type { FaultStep, LeaderTerm, Outcome } from '../run/outcome.ts';
import { signatureOf } from '../run/signature.ts';
import { printable } from './printable.ts';

/** More sentences than that are no short story. */
const SENTENCES_MAX = 40;
const SENTENCE_CHARS_MAX = 400;

interface Sentence {
  readonly atUs: number;
  readonly text: string;
}

/**
 * What happened in a run up to a violation, in sentences, each with its virtual time: leaders, faults, what
 * was violated.
 *
 * @param signature of the violation
 */
export function foundStory(outcome: Outcome, signature: string): readonly string[] {
  const violation = [...outcome.violations, ...outcome.stalls].find((one) => signatureOf(one) === signature);
  if (violation === undefined) return [];
  const sentences = [
    ...outcome.leaders.flatMap(termSentences),
    ...outcome.timeline.filter(({ effect }) => effect).map(faultSentence),
  ]
    .filter(({ atUs }) => atUs >= 0 && atUs <= violation.atUs)
    .sort((a, b) => a.atUs - b.atUs);
  const whom = violation.servers.length === 0 ? '' : ` (${serversText(violation.servers)})`;
  const last = { atUs: violation.atUs, text: `${violation.invariant}${whom}: ${violation.message}` };
  const told = sentences.slice(-SENTENCES_MAX);
  const skipped = sentences.length - told.length;
  const lines = [...told, last].map(({ atUs, text }) =>
    printable(`${formatUs(atUs)}: ${text}`).slice(0, SENTENCE_CHARS_MAX),
  );
  return skipped > 0 ? [`${skipped} earlier steps are left out`, ...lines] : lines;
}

function termSentences(term: LeaderTerm): readonly Sentence[] {
  const who = `server ${term.server}`;
  const sentences = [{ atUs: term.electedAtUs, text: `${who} is elected` }];
  if (term.establishedAtUs >= 0) {
    sentences.push({ atUs: term.establishedAtUs, text: `${who} is established, in epoch ${term.epoch}` });
  }
  if (term.endedAtUs >= 0)
    sentences.push({ atUs: term.endedAtUs, text: `${who} leads no more: ${term.ended}` });
  return sentences;
}

function faultSentence({ atUs, name, verb, phase, servers }: FaultStep): Sentence {
  const whom = servers.length === 0 ? '' : ` on ${serversText(servers)}`;
  return { atUs, text: phase === 'ended' ? `${verb} is over (${name})` : `${verb}${whom} (${name})` };
}

function serversText(servers: readonly number[]): string {
  return servers.length === 1 ? `server ${servers[0]}` : `servers ${servers.join(', ')}`;
}
