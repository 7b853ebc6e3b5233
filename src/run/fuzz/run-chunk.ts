import type { Outcome } from '../outcome.ts';
import { signatureOf } from '../signature.ts';
import { simulate } from '../simulate.ts';
import type { Chunk, ChunkTask, FailedRun, Finding } from './chunk.ts';
import { type CampaignSettings, cook, type Recipe } from './recipe.ts';

/** The invariant that a run is said to break in which zabsim itself went wrong. */
export const DEFECT = 'defect';

/** Does the runs of a task, in their order. Never throws: a defect of zabsim is a finding like others. */
export function runChunk(task: ChunkTask, settings: CampaignSettings): Chunk {
  let events = 0;
  let virtualUs = 0;
  let commits = 0;
  const failed: FailedRun[] = [];
  for (const [offset, recipe] of task.recipes.entries()) {
    const tried = tryRun(recipe, settings);
    if (typeof tried !== 'string') {
      events += tried.events;
      virtualUs += tried.virtualUs;
      commits += tried.commits;
    }
    const findings = typeof tried === 'string' ? [defect(tried)] : findingsOf(tried);
    if (findings.length === 0) continue;
    const fingerprint = typeof tried === 'string' ? '' : tried.fingerprint;
    failed.push({ index: task.from + offset, recipe, findings, fingerprint });
  }
  return { from: task.from, to: task.from + task.recipes.length - 1, events, virtualUs, commits, failed };
}

/** What was found wrong in a run: each signature once, violations before stalls. */
export function findingsOf({ violations, stalls }: Outcome): readonly Finding[] {
  const bySignature = new Map<string, Finding>();
  for (const violation of [...violations, ...stalls]) {
    const signature = signatureOf(violation);
    if (bySignature.has(signature)) continue;
    bySignature.set(signature, { signature, invariant: violation.invariant, tier: violation.tier });
  }
  return [...bySignature.values()];
}

function tryRun(recipe: Recipe, settings: CampaignSettings): Outcome | string {
  try {
    const plan = cook(recipe, settings);
    const outcome = simulate(plan, { untilSettled: true });
    // What failed is told as it is when the plan runs to its end.
    return outcome.verdict === 'passed' ? outcome : simulate(plan);
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}

/** Numbers are left out, so that the same defect in two runs is one. */
function defect(message: string): Finding {
  return { signature: `${DEFECT}: ${message.replaceAll(/\d+/g, 'N')}`, invariant: DEFECT, tier: 1 };
}
