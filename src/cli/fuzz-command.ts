import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import { coverageText } from '../report/coverage-text.ts';
import { fuzzTable } from '../report/fuzz-table.ts';
import { explore } from '../run/fuzz/campaign.ts';
import type { Discovery } from '../run/fuzz/discovery.ts';
import { type CampaignSum, sumUp } from '../run/fuzz/failures.ts';
import { PROFILES, type Profile } from '../run/fuzz/profile.ts';
import type { CampaignSettings } from '../run/fuzz/recipe.ts';
import { DEFECT } from '../run/fuzz/run-chunk.ts';
import { fuzzCrew } from '../run/fuzz-crew.ts';
import { DEFAULT_PROTOCOL, PROTOCOL_NAMES } from '../run/registry/protocols.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { type Filed, FoundFiles } from './found-files.ts';
import { type FuzzOptions, millisecondsOf, seedsOf, settingsOf, timeOf } from './fuzz-options.ts';
import { JournalFile } from './journal-file.ts';
import { parseRuns, parseSeed, parseSeedRange, parseWorkers } from './seed-range.ts';
import type { Shell } from './shell.ts';

const MORE = `
Each run has a plan of its own, drawn from its seed: ensemble, timers, latencies, load, faults. What fails is
grouped by what failed, and kept as a scenario file in DIR; a stall counts that is still there when the run
goes on for as long again. Seed and figures of a failure are those of the first run that showed it; its file
is the smallest plan that shows it, which may have another seed. The journal in DIR goes along with the runs:
the same command again goes on where an earlier one stopped or was killed.

Exit code 1: failures were found.

Examples:
  zabsim fuzz --time 10m
  zabsim fuzz --profile crash-recovery --runs 10000 --seed 1 --out found
  zabsim fuzz --behaviour 3.8.0 --first --json | jq '.failures[].invariant'`;

/** More than enough to make a failure small. */
const SHRINK_RUNS = 20_000;

/** All failures together may take so many times as long as one. */
const SHRINK_ALL = 3;

/** Adds `fuzz` to the program. */
export function addFuzzCommand(program: Command, shell: Shell): void {
  program
    .command('fuzz')
    .description('run random scenarios; keep what fails as scenario files')
    .addOption(
      new Option('--profile <NAME>', 'what the faults are out for')
        .choices(PROFILES)
        .default('all' as Profile),
    )
    .addOption(new Option('--runs <N>', 'end after so many runs').argParser(parseRuns))
    .option('--time <DURATION>', 'end after so long, e.g. 10m (default: 60s, unless runs are given)')
    .addOption(new Option('--seed <N>', 'the seed of the first run (default: 1)').argParser(parseSeed))
    .addOption(
      new Option('--seeds <A..B>', 'one run for each seed of a range')
        .argParser(parseSeedRange)
        .conflicts(['seed', 'runs']),
    )
    .addOption(
      new Option('--protocol <NAME>', 'what the servers run')
        .choices(PROTOCOL_NAMES)
        .default(DEFAULT_PROTOCOL),
    )
    .option('--behaviour <NAME...>', 'historical bugs or a release, as in ensemble.behaviour')
    .addOption(
      new Option('--workers <N>', 'threads that share the runs (default: one a core)').argParser(
        parseWorkers,
      ),
    )
    .option('--out <DIR>', 'where failures and the journal go', 'found')
    .option('--shrink <DURATION>', 'how long a failure may be made smaller; 0s: not at all', '30s')
    .option('--first', 'end with the first run that fails')
    .option('--afresh', 'throw an older journal of this campaign away')
    .option('--json', 'print one JSON document')
    .addHelpText('after', MORE)
    .action(async (options: FuzzOptions) => {
      shell.exitCode = await fuzz(options, shell);
    });
}

async function fuzz(options: FuzzOptions, shell: Shell): Promise<ExitCode> {
  const settings = settingsOf(options);
  const limits = timeOf(options);
  const shrinkMs = millisecondsOf('--shrink', options.shrink);
  const found = new FoundFiles(options.out, settings);
  const journal = new JournalFile(options.out, found.head(), options.afresh === true);
  const earlierMs = Math.max(0, ...journal.earlier.map((chunk) => chunk.wallMs));
  if (journal.earlier.length > 0) shell.warn(`${journal.path}: going on with this campaign`);
  const workers = options.workers ?? availableParallelism();
  const beganMs = performance.now();
  const sum = await campaign(limits, settings, workers, journal, earlierMs, shell);
  const wallMs = Math.round(performance.now() - beganMs);
  const filed = fileFailures(found, sum, shrinkMs, shell);
  if (options.json === true)
    shell.print(JSON.stringify(fuzzJson(sum, filed, settings, workers, wallMs), null, 2));
  else shell.print(told(sum, filed, workers, wallMs, shell));
  return exitCode(sum, filed);
}

/** What a campaign came to. */
interface Campaign extends CampaignSum {
  readonly discovery: Discovery;
}

async function campaign(
  { runs, timeMs, first }: ReturnType<typeof timeOf>,
  settings: CampaignSettings,
  workers: number,
  journal: JournalFile,
  earlierMs: number,
  shell: Shell,
): Promise<Campaign> {
  const beganMs = performance.now();
  let interrupted = false;
  const interrupt = (): void => {
    if (interrupted) process.exit(EXIT.unexpected);
    interrupted = true;
    shell.warn('interrupted: the runs under way come to their end; once more ends at once');
  };
  process.on('SIGINT', interrupt);
  const earlierRuns = journal.earlier.reduce((all, { from, to }) => all + to - from + 1, 0);
  const progress = shell.progress(runs ?? Number.NaN, 'runs', Math.min(earlierRuns, runs ?? earlierRuns));
  const crew = fuzzCrew(settings, workers);
  try {
    const { chunks, discovery } = await explore(
      settings,
      {
        runs: runs ?? seedsOf(settings),
        first,
        enough: () => interrupted || performance.now() - beganMs >= timeMs,
      },
      journal.earlier,
      {
        ...crew,
        wallMs: () => earlierMs + performance.now() - beganMs,
        onDone: (chunk) => {
          journal.add(chunk);
          progress.advance(chunk.to - chunk.from + 1);
        },
      },
    );
    return { ...sumUp(chunks), discovery };
  } finally {
    process.off('SIGINT', interrupt);
    progress.stop();
    await crew.dismiss();
  }
}

/** Shrinks what was found, each failure for so long at most; a kill leaves what was best until then. */
function fileFailures(
  found: FoundFiles,
  { failures }: CampaignSum,
  timeMs: number,
  shell: Shell,
): readonly Filed[] {
  if (failures.length === 0) return [];
  if (timeMs > 0) shell.warn(`making ${failures.length === 1 ? 'a failure' : 'failures'} smaller …`);
  const startedMs = performance.now();
  return found.file(failures, () => {
    const beganMs = performance.now();
    // Many signatures often have one cause: the later ones get what is left.
    const ownMs = Math.min(timeMs, startedMs + SHRINK_ALL * timeMs - beganMs);
    return { runs: SHRINK_RUNS, spent: () => (ownMs > 0 ? (performance.now() - beganMs) / ownMs : 1) };
  });
}

function exitCode({ failures }: CampaignSum, filed: readonly Filed[]): ExitCode {
  if (failures.some(({ invariant }) => invariant === DEFECT)) return EXIT.defect;
  if (filed.some(({ repeated }) => !repeated)) return EXIT.nondeterministic;
  return failures.length > 0 ? EXIT.unexpected : EXIT.expected;
}

function fuzzJson(
  sum: Campaign,
  filed: readonly Filed[],
  settings: CampaignSettings,
  workers: number,
  wallMs: number,
): Readonly<Record<string, unknown>> {
  return {
    version: 1,
    profile: settings.profile,
    protocol: settings.protocol ?? DEFAULT_PROTOCOL,
    behaviour: settings.behaviour,
    seed: settings.seed,
    runs: sum.runs,
    failedRuns: sum.failedRuns,
    events: sum.events,
    virtualUs: sum.virtualUs,
    commits: sum.commits,
    wallMs,
    workers,
    failures: filed.map(({ failure, file, fileSeed, faultsBefore, faultsAfter }) => ({
      signature: failure.signature,
      invariant: failure.invariant,
      tier: failure.tier,
      seed: failure.first.recipe.seed,
      file,
      fileSeed,
      count: failure.count,
      runsToFind: failure.first.index + 1,
      wallMsToFind: failure.wallMsToFind,
      faultsBefore,
      faultsAfter,
    })),
    coverage: sum.discovery,
  };
}

function told(
  sum: Campaign,
  filed: readonly Filed[],
  workers: number,
  wallMs: number,
  { paint }: Shell,
): string {
  const hours = (sum.virtualUs / 3_600_000_000).toFixed(1);
  const figures =
    `${sum.runs} runs, ${sum.events} events, ${hours} virtual hours, ${sum.commits} commits; ` +
    `this session ${(wallMs / 1000).toFixed(1)} s with ${workers} ${workers === 1 ? 'worker' : 'workers'}`;
  const told =
    filed.length === 0
      ? `${paint.green('No failure.')} ${figures}`
      : `${fuzzTable(filed, paint)}\n\n${paint.red(`${sum.failedRuns} runs failed.`)} ${figures}`;
  return `${told}\n${coverageText(sum.discovery, paint)}`;
}
