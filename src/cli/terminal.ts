import { Presets, SingleBar } from 'cli-progress';
import pc from 'picocolors';
import { UNPAINTED } from '../report/paint.ts';
import { EXIT } from './exit-code.ts';
import type { Progress, Shell } from './shell.ts';

/**
 * The shell of this process. A reader that went away (`| head`) ends the process quietly; where standard
 * output takes nothing, the process says so and ends as with any file that cannot be written.
 */
export function terminal(): Shell {
  const shell = shellOfProcess();
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(shell.exitCode);
    shell.warn(`standard output cannot be written: ${error.message}`);
    process.exit(EXIT.usage);
  });
  // Nobody is left to tell; what the process ends with still says how it went.
  process.stderr.on('error', () => {});
  return shell;
}

function shellOfProcess(): Shell {
  return {
    print: (text) => void process.stdout.write(`${text}\n`),
    warn: (text) => void process.stderr.write(`${text}\n`),
    paint: process.stdout.isTTY && pc.isColorSupported ? pc.createColors(true) : UNPAINTED,
    width: process.stdout.isTTY ? Math.max(60, process.stdout.columns) : 120,
    progress: (total, unit, done = 0) =>
      process.stderr.isTTY && !(total <= 1) ? bar(total, unit, done) : SILENT,
    exitCode: EXIT.expected,
  };
}

const SILENT: Progress = { advance: () => {}, stop: () => {} };

function bar(total: number, unit: string, done: number): Progress {
  const format = Number.isNaN(total)
    ? `{value} ${unit} · {duration_formatted}`
    : `{bar} {value}/{total} ${unit} · {duration_formatted} · {eta_formatted} to go`;
  const single = new SingleBar(
    { stream: process.stderr, clearOnComplete: true, format },
    Presets.shades_classic,
  );
  single.start(total, done);
  return { advance: (count) => single.increment(count), stop: () => single.stop() };
}
