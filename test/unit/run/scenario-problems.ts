import { expect } from 'vitest';
import { formatProblem, ScenarioErrors, type ScenarioProblem } from '../../../src/core/errors.ts';
import { parseScenario } from '../../../src/run/scenario.ts';

/** The problems of a text; none when it is sound. */
export function problemsOf(text: string): readonly ScenarioProblem[] {
  try {
    parseScenario(text, 'x.yaml');
  } catch (error) {
    if (error instanceof ScenarioErrors) return error.problems;
    throw error;
  }
  return [];
}

/** What is wrong; the text; line:column; path; a fragment of the printed problem. */
export type Row = readonly [what: string, text: string, place: string, path: string, fragment: string];

/** The text has exactly this problem. */
export function check([, text, place, path, fragment]: Row): void {
  const problems = problemsOf(text);
  const printed = problems.map(formatProblem);
  expect(printed).toHaveLength(1);
  expect(printed[0]).toContain(fragment);
  expect(`${problems[0]?.line}:${problems[0]?.column}`, printed[0]).toBe(place);
  expect(problems[0]?.path).toBe(path);
}

/** The rows' texts after a title. */
export function titled(rows: readonly Row[]): readonly Row[] {
  return rows.map(([what, text, ...rest]) => [what, `title: t\n${text}`, ...rest]);
}
