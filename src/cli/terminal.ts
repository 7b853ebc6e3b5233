import { Presets, SingleBar } from 'cli-progress';
import pc from 'picocolors';
import { UNPAINTED } from '../report/paint.ts';
import { EXIT } from './exit-code.ts';
import type { Progress, Shell } from './shell.ts';

/** The shell of this process. A reader that went away (`| head`) ends the process quietly. */
export function terminal(): Shell {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', endQuietly);
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

function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? EXIT.expected);
  throw error;
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
