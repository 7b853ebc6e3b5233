import { ScenarioErrors, type ScenarioProblem } from '../core/errors.ts';
import type { Path, Spot, YamlSource } from './yaml-source.ts';

/** What differs from the plain case of a problem. */
export interface FindingDetails {
  /** Instead of the source text at the place. */
  readonly found?: string | undefined;
  readonly suggestion?: string | undefined;
  /** The place is the last key of the path, not its value. */
  readonly atKey?: boolean;
}

/** With so many problems found, reading stops: the file is no scenario. */
const MAX_PROBLEMS = 1000;

/** The problems found so far in one file. */
export class Findings {
  readonly file: string;
  readonly #problems: ScenarioProblem[] = [];
  readonly #places = new Set<string>();

  constructor(file: string) {
    this.file = file;
  }

  get count(): number {
    return this.#problems.length;
  }

  /** Notes a problem at a path of the parsed file. */
  add(source: YamlSource, path: Path, expected: string, details: FindingDetails = {}): void {
    const spot = details.atKey === true ? source.keySpot(path) : source.spot(path);
    this.addAt(
      details.found === undefined ? spot : { ...spot, found: details.found },
      path,
      expected,
      details.suggestion,
    );
  }

  /** Notes a problem at a place of the text. The first at a place and path counts: others follow from it. */
  addAt(spot: Spot, path: Path, expected: string, suggestion?: string): void {
    const { line, column, found } = spot;
    const place = `${line}:${column} ${pathText(path)}`;
    if (this.#places.has(place)) return;
    this.#places.add(place);
    this.#problems.push({ file: this.file, line, column, path: pathText(path), expected, found, suggestion });
    if (this.#problems.length >= MAX_PROBLEMS) this.throwIfAny();
  }

  /** Takes over what was found in another file. */
  addAll(problems: readonly ScenarioProblem[]): void {
    this.#problems.push(...problems);
  }

  /** Throws all problems as one error, in the order of the file, if there are any. */
  throwIfAny(): void {
    if (this.#problems.length === 0) return;
    throw new ScenarioErrors(this.#problems.toSorted((a, b) => a.line - b.line || a.column - b.column));
  }
}

/**
 * A path as people write it: `faults[2].when.nth`, `initial.1.log[3]`, `decisions.pins["link 1>3 quorum"]`.
 */
export function pathText(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^\w{1,60}$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${JSON.stringify(step.length > 60 ? `${step.slice(0, 59)}…` : step)}]`;
  }
  return text;
}
