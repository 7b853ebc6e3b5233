import { type Command, Option } from 'commander';
import { chromeTrace } from '../report/export/chrome-trace.ts';
import { mermaidDiagram } from '../report/export/mermaid.ts';
import { shivizLog } from '../report/export/shiviz.ts';
import { storySvg } from '../report/export/story-svg.ts';
import { spaceTimePage } from '../report/html/space-time-page.ts';
import { traceJsonl } from '../report/trace-jsonl.ts';
import { type Story, tell } from '../run/explain/story.ts';
import { parseInvariant } from './invariant-name.ts';
import { checkOutputs } from './output-paths.ts';
import { type RecordedRun, recordedRun } from './recorded-run.ts';
import { writeText } from './report-files.ts';
import { parseSeed } from './seed-range.ts';
import type { Shell } from './shell.ts';
import { UsageError } from './usage-error.ts';

const EXAMPLES = `
The ending of a file says what is written:
  .html    a space-time diagram of the whole run, to open in a browser
  .svg     the space-time diagram of what 'explain' tells
  .mmd     the same as a sequence diagram for Mermaid
  .json    a trace for Perfetto (ui.perfetto.dev), speedscope, or chrome://tracing
  .shiviz  a log for ShiViz, with vector clocks
  .jsonl   every event as a line of JSON

Examples:
  zabsim export scenarios/split-brain.yaml split-brain.html split-brain.json
  zabsim export trace.jsonl trace.shiviz`;

/** Adds `export` to the program. */
export function addExportCommand(program: Command, shell: Shell): void {
  program
    .command('export')
    .description('write a run in the formats of other tools, or as a diagram')
    .argument('<file>', 'a scenario, a failure that was found, or a trace (.jsonl)')
    .argument('<out...>', 'files to write')
    .addOption(new Option('--seed <N>', "run with this seed instead of the scenario's").argParser(parseSeed))
    .addOption(
      new Option('--invariant <NAME>', 'tell of the first violation of this invariant').argParser(
        parseInvariant,
      ),
    )
    .option('--json', 'print one JSON document')
    .addHelpText('after', EXAMPLES)
    .action((file: string, outs: readonly string[], options: ExportOptions) => {
      const writers = outs.map((out) => [out, writerOf(out)] as const);
      checkOutputs(
        outs.map((out) => ['the output', out]),
        [file],
      );
      const run = recordedRun(file, options.seed, { invariant: options.invariant });
      const story = run.target && tell(run.happenings, run.target, run.servers);
      const written = writers.map(([out, write]) => {
        const text = write(run, story);
        writeText(out, text);
        return { file: out, bytes: Buffer.byteLength(text) };
      });
      if (options.json === true) shell.print(JSON.stringify({ version: 1, written }, null, 2));
      else
        for (const { file: name, bytes } of written) shell.print(`${name}: ${Math.ceil(bytes / 1024)} KiB`);
    });
}

interface ExportOptions {
  readonly seed?: number;
  readonly invariant?: string;
  readonly json?: boolean;
}

type Writer = (run: RecordedRun, story: Story | undefined) => string;

const WRITERS: Readonly<Record<string, Writer>> = {
  html: ({ title, happenings }, story) => spaceTimePage(title, happenings, story),
  svg: (_run, story) => storySvg(existing(story)),
  mmd: (_run, story) => mermaidDiagram(existing(story)),
  json: ({ happenings }) => chromeTrace(happenings, happenings.at(-1)?.atUs ?? 0),
  shiviz: ({ happenings }) => shivizLog(happenings),
  jsonl: ({ happenings }) =>
    happenings.map(({ event, atUs, step }) => `${traceJsonl(event, { atUs, event: step })}\n`).join(''),
};

function writerOf(out: string): Writer {
  const ending = /\.([a-z]+)$/.exec(out)?.[1] ?? '';
  const writer = Object.hasOwn(WRITERS, ending) ? WRITERS[ending] : undefined;
  if (writer !== undefined) return writer;
  const known = Object.keys(WRITERS).map((one) => `.${one}`);
  throw new UsageError(`${out}: the ending says the format, one of ${known.join(', ')}`);
}

function existing(story: Story | undefined): Story {
  if (story !== undefined) return story;
  throw new UsageError('nothing to tell: nothing happened');
}
