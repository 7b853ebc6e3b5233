import { readFileSync } from 'node:fs';
import type { NodeId } from '../node/ids.ts';
import { decodeText } from '../run/decode-text.ts';
import { readTrace } from '../run/explain/read-trace.ts';
import { record } from '../run/explain/record.ts';
import type { Happening } from '../run/explain/recording.ts';
import { type Question, type Target, targetOf } from '../run/explain/target.ts';
import { readScenario } from '../run/files.ts';
import { UsageError } from './usage-error.ts';

/** A run to look at: made now, or read from its trace. */
export interface RecordedRun {
  readonly title: string;
  readonly happenings: readonly Happening[];
  /** All servers, ascending; undefined where only those are known that took part. */
  readonly servers: readonly NodeId[] | undefined;
  /** Those of them that do not vote, where that is known. */
  readonly observers: readonly NodeId[];
  /** What is to be explained; undefined if there is nothing. */
  readonly target: Target | undefined;
}

/**
 * Runs a scenario, or reads a trace whose name ends in `.jsonl`. Throws `ScenarioErrors`, or a UsageError
 * for a file that is no trace.
 */
export function recordedRun(file: string, seed: number | undefined, question: Question): RecordedRun {
  if (!file.endsWith('.jsonl')) {
    const plan = readScenario(file);
    const { outcome, happenings } = record(plan, seed ?? plan.seed);
    const servers = outcome.servers.map(({ id }) => id);
    const title = `${plan.title} (seed ${outcome.seed})`;
    const target = targetOf(happenings, outcome, { ...question, expected: plan.expect.violates });
    return { title, happenings, servers, observers: plan.ensemble.observers, target };
  }
  if (seed !== undefined) throw new UsageError('a trace is of one run already: it has no other seed');
  const trace = readTrace(textOf(file));
  if (typeof trace === 'string') throw new UsageError(`${file}: ${trace}`);
  const { happenings } = trace;
  return {
    title: file,
    happenings,
    servers: undefined,
    observers: [],
    target: targetOf(happenings, { ...trace, unmet: [] }, question),
  };
}

function textOf(file: string): string {
  let text: ReturnType<typeof decodeText>;
  try {
    text = decodeText(readFileSync(file));
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
  if (typeof text === 'string') return text;
  throw new UsageError(`${file}:${text.line}:${text.column}: expected text in UTF-8, found ${text.found}`);
}
