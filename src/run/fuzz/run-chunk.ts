import type { Outcome } from '../outcome.ts';
import { RunawayError } from '../settled.ts';
import { signatureOf } from '../signature.ts';
import { simulate } from '../simulate.ts';
import type { Chunk, ChunkTask, FailedRun, Finding, RareRun } from './chunk.ts';
import { Coverage } from './coverage.ts';
import { withLastingStalls } from './lasting-stalls.ts';
import { MARKS } from './marks.ts';
import { type CampaignSettings, cook, type Recipe } from './recipe.ts';
import { runWhole } from './run-whole.ts';

/** The invariant that a run is said to break in which zabsim itself went wrong. */
export const DEFECT = 'defect';

/** Does the runs of a task, in their order. Never throws: a defect of zabsim is a finding like others. */
export function runChunk(task: ChunkTask, settings: CampaignSettings): Chunk {
  const frequent = new Set(task.frequent);
  const sums = { events: 0, virtualUs: 0, commits: 0 };
  const marks = MARKS.map(() => 0);
  const failed: (Omit<FailedRun, 'msBeforeEnd'> & { readonly doneMs: number })[] = [];
  const rare: RareRun[] = [];
  let to = task.from - 1;
  for (const [offset, recipe] of task.recipes.entries()) {
    const index = task.from + offset;
    to = index;
    const coverage = new Coverage();
    const tried = tryRun(recipe, settings, coverage);
    const features = coverage.features.filter((feature) => !frequent.has(feature));
    if (features.length > 0) rare.push({ index, recipe, features });
    for (const place of coverage.marks.places) marks[place] = (marks[place] ?? 0) + 1;
    if (!(tried instanceof Error)) {
      sums.events += tried.events;
      sums.virtualUs += tried.virtualUs;
      sums.commits += tried.commits;
    }
    const findings = tried instanceof Error ? [mishap(tried)] : findingsOf(tried);
    if (findings.length === 0) continue;
    const fingerprint = tried instanceof Error ? '' : tried.fingerprint;
    failed.push({ index, recipe, findings, fingerprint, doneMs: performance.now() });
    if (task.first === true) break;
  }
  const endMs = performance.now();
  const timed = failed.map(({ doneMs, ...run }) => ({ ...run, msBeforeEnd: Math.round(endMs - doneMs) }));
  return { from: task.from, to, ...sums, failed: timed, rare, marks };
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

function tryRun(recipe: Recipe, settings: CampaignSettings, coverage: Coverage): Outcome | Error {
  try {
    const plan = cook(recipe, settings);
    const outcome = simulate(plan, { untilSettled: true, witnesses: [coverage] });
    // What failed is told as it is when the plan runs to its end.
    return outcome.verdict === 'passed' ? outcome : withLastingStalls(plan, runWhole(plan));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Servers that go round in circles are no defect of zabsim. */
function mishap(error: Error): Finding {
  if (error instanceof RunawayError) {
    return { signature: 'actors-live: a run has no end', invariant: 'actors-live', tier: 1 };
  }
  // Numbers are left out, so that the same defect in two runs is one.
  const message = `${error.name}: ${error.message}`.replaceAll(/\d+/g, 'N');
  return { signature: `${DEFECT}: ${message}`, invariant: DEFECT, tier: 1 };
}
