/** One thing that is wrong with a scenario file. */
export interface ScenarioProblem {
  readonly file: string;
  /** From 1; 0 when the problem is with the file as a whole. */
  readonly line: number;
  /** From 1, in UTF-16 units; 0 when the problem is with the file as a whole. */
  readonly column: number;
  /** Where in the scenario, `faults[2].when.nth`; empty for the whole file. */
  readonly path: string;
  /** What should stand there, as a phrase: `a duration such as 250ms`. */
  readonly expected: string;
  /** What stands there, in the file's own spelling; `nothing` where a key is missing. */
  readonly found: string;
  /** What was probably meant, in the file's spelling. */
  readonly suggestion: string | undefined;
}

/** How many problems are printed; the rest is counted. */
const PRINTED = 25;

/** The user's input is wrong: all problems of a scenario file at once. Exit code 2. */
export class ScenarioErrors extends Error {
  override readonly name = 'ScenarioErrors';
  /** At least one, in the order of the file. */
  readonly problems: readonly ScenarioProblem[];

  constructor(problems: readonly ScenarioProblem[]) {
    const more = problems.length - PRINTED;
    const lines = problems.slice(0, PRINTED).map(formatProblem);
    if (more > 0) lines.push(`… and ${more} more`);
    super(lines.join('\n'));
    this.problems = problems;
  }

  /**
   * One line a problem, as an editor or a terminal makes links of: `file:line:column path: expected …, found
   * …`.
   */
  override toString(): string {
    return this.message;
  }
}

/**
 * The problem in one line: `x.yaml:9:9 faults[1].at: expected a duration such as 250ms, found "5 sec" (did
 * you …)`.
 */
export function formatProblem(problem: ScenarioProblem): string {
  const place = problem.line === 0 ? problem.file : `${problem.file}:${problem.line}:${problem.column}`;
  const where = problem.path === '' ? `${place}:` : `${place} ${problem.path}:`;
  const hint = problem.suggestion === undefined ? '' : ` (did you mean "${problem.suggestion}"?)`;
  return `${where} expected ${problem.expected}, found ${problem.found}${hint}`;
}
