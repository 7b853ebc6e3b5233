import type { z } from 'zod';
import { parseDurationUs } from '../core/units.ts';
import type { FindingDetails, Findings } from './findings.ts';
import { SELECTORS } from './participants.ts';
import { suggest } from './suggest.ts';
import { type Path, shorten, type YamlSource } from './yaml-source.ts';

type Issue = z.core.$ZodIssue;

/**
 * Turns what the schema found into problems with a place in the file. `base` is the path of the checked
 * value.
 */
export function reportIssues(
  issues: readonly Issue[],
  base: Path,
  source: YamlSource,
  findings: Findings,
): void {
  for (const issue of issues) {
    const path = [...base, ...(issue.path as Path)];
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys)
        reportUnknownKey([...path, key], issue.message.split(' '), source, findings);
    } else if (issue.code === 'invalid_key') {
      const expected = issue.issues[0]?.message ?? 'a known key';
      findings.add(source, path, expected, { found: JSON.stringify(String(path.at(-1))), atKey: true });
    } else {
      const branch = issue.code === 'invalid_union' ? meantBranch(issue) : undefined;
      if (branch !== undefined) reportIssues(branch, path, source, findings);
      else findings.add(source, path, issue.message, detailsFor(issue, path, source));
    }
  }
}

/** Notes a key that is not one of `known`. */
export function reportUnknownKey(
  path: Path,
  known: readonly string[],
  source: YamlSource,
  findings: Findings,
): void {
  const key = String(path.at(-1));
  const suggestion = suggest(key, known);
  const kind = path.length === 3 && path[0] === 'faults' ? 'a verb or another key of faults' : 'a known key';
  const expected = suggestion === undefined ? `one of the keys ${known.join(', ')}` : kind;
  findings.add(source, path, expected, { suggestion, atKey: true, found: JSON.stringify(shorten(key)) });
}

/**
 * The alternative of a union that the value was meant to be: the only one whose own shape fits, if there is
 * one.
 */
function meantBranch(issue: Extract<Issue, { code: 'invalid_union' }>): readonly Issue[] | undefined {
  const deeper = issue.errors.filter((branch) => branch.some((inner) => isInside(inner)));
  if (deeper.length === 1) return deeper[0];
  const narrowed = issue.errors.filter((branch) => branch.every((inner) => inner.code === 'custom'));
  return deeper.length === 0 && narrowed.length === 1 ? narrowed[0] : undefined;
}

function isInside(issue: Issue): boolean {
  if (issue.path.length > 0 || issue.code === 'unrecognized_keys') return true;
  return issue.code === 'invalid_union' && meantBranch(issue) !== undefined;
}

function detailsFor(issue: Issue, path: Path, source: YamlSource): FindingDetails {
  const value = source.valueAt(path);
  if (typeof value === 'string' && /^-?\d+$/.test(value) && wantsNumber(issue))
    return { found: `${source.spot(path).found}, which is text: a number has no quotes` };
  return { suggestion: suggestionFor(issue, value) };
}

function suggestionFor(issue: Issue, value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const meant = meantQuantity(String(value), issue.message);
  // It is spelt as it should be, and too large.
  if (meant === value) return undefined;
  if (meant !== undefined || typeof value === 'number') return meant;
  return /^c\d{1,4}$/.test(value) && wantsNumber(issue) ? value.slice(1) : suggest(value, wordsOf(issue));
}

function wantsNumber({ message }: Issue): boolean {
  return /server id|integer/.test(message);
}

/** A number without its unit, or with another spelling of it. */
function meantQuantity(value: string, expected: string): string | undefined {
  if (/ppm/.test(expected)) return /^-?\d{1,9}(?= *(?:ppm)?$)/i.exec(value)?.[0].concat('ppm');
  return /duration|range/.test(expected) ? meantDuration(value) : undefined;
}

/** The words that would have been right. */
function wordsOf(issue: Issue): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code !== 'invalid_union') return [];
  const words = issue.errors.flatMap((branch) => branch.flatMap(wordsOf));
  return words.length > 0 ? words : /selector/.test(issue.message) ? [...SELECTORS] : [];
}

const LONG_UNITS: readonly (readonly [RegExp, string])[] = [
  [/^(?:us|µs|μs|usecs?|micros?|microseconds?)$/i, 'us'],
  [/^(?:ms|msecs?|millis?|milliseconds?)$/i, 'ms'],
  [/^(?:s|secs?|seconds?)$/i, 's'],
  [/^(?:m|mins?|minutes?)$/i, 'm'],
  [/^(?:h|hrs?|hours?)$/i, 'h'],
];

/**
 * `5 sec` was meant to be `5s`, a bare `2000` to be milliseconds, as in ZooKeeper's own files, and `10`
 * seconds.
 */
function meantDuration(value: string): string | undefined {
  const match = /^\s*(\d{1,12}(?:[.,]\d{1,6})?)\s*(\D{0,12}?)\s*$/.exec(value);
  if (match === null) return undefined;
  const number = (match[1] ?? '').replace(',', '.');
  const word = match[2] ?? '';
  const unit =
    word === ''
      ? Number(number) < 100
        ? 's'
        : 'ms'
      : LONG_UNITS.find(([pattern]) => pattern.test(word))?.[1];
  const meant = `${number}${unit}`;
  return unit === undefined || meant === value || parseDurationUs(meant) === undefined ? undefined : meant;
}
