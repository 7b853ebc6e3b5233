import type { Paint } from '../report/paint.ts';
import type { ExitCode } from './exit-code.ts';

/**
 * What a command may do to its caller: the two outputs, colours, progress, and the exit code that it ends
 * with.
 */
export interface Shell {
  /** Writes lines to standard output. */
  print(text: string): void;
  /** Writes lines to standard error. */
  warn(text: string): void;
  /** Colours for standard output, none where nobody sees them. */
  readonly paint: Paint;
  /** The columns of standard output; 120 where it is no terminal. */
  readonly width: number;
  /**
   * Shows how far a long task is; shows nothing where standard error is no terminal.
   *
   * @param total NaN: nobody knows
   * @param done how much of it was done before
   */
  progress(total: number, unit: string, done?: number): Progress;
  exitCode: ExitCode;
}

/** How far a task is. */
export interface Progress {
  advance(count: number): void;
  /** Takes the display away. */
  stop(): void;
}
