import { traceJsonl } from '../report/trace-jsonl.ts';
import { traceText } from '../report/trace-text.ts';
import { readScenario } from '../run/files.ts';
import { runPlan, type SeedsTask } from '../run/seeds-worker.ts';

/**
 * What the parent asks of this process: runs, or what one run told while it handled the events `from..to`.
 */
export type Question =
  | { readonly kind: 'runs'; readonly task: SeedsTask }
  | {
      readonly kind: 'trace';
      readonly file: string;
      readonly seed: number;
      readonly from: number;
      readonly to: number;
    };

/** How a run went, as far as two processes compare it. */
export interface RunMark {
  readonly seed: number;
  readonly fingerprint: string;
  readonly checkpoints: readonly string[];
  readonly events: number;
}

/** One thing told of a run: `json` to compare, `text` to read. */
export interface TraceLine {
  readonly event: number;
  readonly json: string;
  readonly text: string;
}

/** What this process answers. */
export type Answer =
  | { readonly kind: 'runs'; readonly marks: readonly RunMark[] }
  | { readonly kind: 'trace'; readonly lines: readonly TraceLine[] }
  | { readonly kind: 'error'; readonly message: string };

async function answer(question: Question): Promise<Answer> {
  switch (question.kind) {
    case 'runs':
      return { kind: 'runs', marks: await marksOf(question.task) };
    case 'trace':
      return { kind: 'trace', lines: traceOf(question) };
  }
}

async function marksOf({ file, from, to }: SeedsTask): Promise<readonly RunMark[]> {
  const plan = readScenario(file);
  const marks: RunMark[] = [];
  for (let seed = from; seed <= to; seed++) {
    const { fingerprint, checkpoints, events } = runPlan(plan, seed).outcome;
    marks.push({ seed, fingerprint, checkpoints, events });
    // Lets this process hear that its parent is gone.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return marks;
}

function traceOf(question: Question & { readonly kind: 'trace' }): readonly TraceLine[] {
  const lines: TraceLine[] = [];
  runPlan(readScenario(question.file), question.seed, {
    trace: (event, moment) => {
      if (moment.event < question.from || moment.event > question.to) return;
      lines.push({ event: moment.event, json: traceJsonl(event, moment), text: traceText(event, moment) });
    },
  });
  return lines;
}

process.on('message', async (question: Question) => {
  let told: Answer;
  try {
    told = await answer(question);
  } catch (error) {
    told = {
      kind: 'error',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
  // The parent may be gone: whoever is told of an error by a function need not handle it elsewhere.
  process.send?.(told, () => {});
});
process.on('disconnect', () => process.exit());
