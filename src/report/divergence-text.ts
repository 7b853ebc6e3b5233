import type { Paint } from './paint.ts';

/** Two runs of one scenario that differ, and where they do. */
export interface DivergenceView {
  readonly file: string;
  readonly seed: number;
  readonly fingerprints: readonly [string, string];
  readonly events: readonly [from: number, to: number];
  readonly first:
    | {
        readonly before: readonly string[];
        readonly told: readonly [ToldLine | undefined, ToldLine | undefined];
      }
    | undefined;
}

interface ToldLine {
  readonly event: number;
  readonly text: string;
  readonly json: string;
}

/** The first event that differs between two runs, under the other's, after what both told last. */
export function divergenceText(divergence: DivergenceView, paint: Paint): string {
  const { file, seed, fingerprints, events, first } = divergence;
  const lines = [
    paint.red(`${file}, seed ${seed}: two runs differ, fingerprints ${fingerprints.join(' and ')}`),
    `  after event ${events[0] - 1}, at event ${events[1]} at the latest`,
  ];
  if (first === undefined) {
    lines.push(
      '  Both traces tell the same there: the difference is in a message or a time that no trace shows.',
    );
    return lines.join('\n');
  }
  for (const text of first.before) lines.push(`  both     ${text}`);
  const [one, two] = first.told;
  lines.push(`  run one  ${shown(one)}`, `  run two  ${shown(two)}`);
  // The sentences leave out some fields: where they read the same, only these tell the runs apart.
  if (one !== undefined && two !== undefined && one.text === two.text) {
    lines.push(`  run one  ${one.json}`, `  run two  ${two.json}`);
  }
  return lines.join('\n');
}

function shown(line: ToldLine | undefined): string {
  return line === undefined ? '(tells nothing more)' : `${line.text}  [event ${line.event}]`;
}
