import { decodeUtf8, encodeUtf8 } from '../core/utf8.ts';
import { nameOf, parentOf } from './path.ts';
import type { Data } from './requests.ts';

const QUOTA_ROOT = '/zookeeper/quota';
const LIMITS = 'zookeeper_limits';
const STATS = 'zookeeper_stats';

/** The limits of a quota, or what is used of it. −1: no such limit. Source: StatsTrack. */
export interface QuotaNumbers {
  readonly count: number;
  readonly bytes: number;
  readonly countHardLimit: number;
  readonly byteHardLimit: number;
}

/** Nodes and bytes below a quota. */
export interface Usage {
  readonly count: number;
  readonly bytes: number;
}

/** Where the limits of a quota on `path` stand. */
export function limitsPath(path: string): string {
  return `${QUOTA_ROOT}${path}/${LIMITS}`;
}

/** Where the use of a quota on `path` is counted. */
export function statsPath(path: string): string {
  return `${QUOTA_ROOT}${path}/${STATS}`;
}

/** What a node below `/zookeeper/quota` is for: which quota, and which half of it. Undefined for all else. */
export function quotaPart(
  path: string,
): { readonly root: string; readonly part: 'limits' | 'stats' } | undefined {
  if (!path.startsWith(`${QUOTA_ROOT}/`)) return undefined;
  const name = nameOf(path);
  if (name !== LIMITS && name !== STATS) return undefined;
  const root = (parentOf(path) ?? '').slice(QUOTA_ROOT.length);
  // ZooKeeper finds no quota on the root of the tree.
  return root === '' ? undefined : { root, part: name === LIMITS ? 'limits' : 'stats' };
}

/** Whether StatsTrack can read it: pairs of any name and a number, or nothing. */
export function isQuota(data: Data): boolean {
  if (data === null) return false;
  const pairs = decodeUtf8(data).replace(/[,;]+$/, '');
  return pairs === '' || pairs.split(/[,;]+/).every((pair) => isPair(pair.split('=')));
}

/** As Java's split has the parts, which leaves out empty ones at the end; an empty number is −1. */
function isPair([, number, ...more]: readonly string[]): boolean {
  if (number === '') return more.some((part) => part !== '');
  if (number === undefined || !/^[+-]?\d{1,40}$/.test(number)) return false;
  const value = BigInt(number.replace('+', ''));
  return BigInt.asIntN(64, value) === value;
}

/**
 * Reads `count=3,bytes=-1=;byteHardLimit=10;countHardLimit=5`. What is missing or no number is −1. Source:
 * StatsTrack, which fails on the latter.
 */
export function readQuota(data: Data): QuotaNumbers {
  const numbers = new Map<string, number>();
  for (const pair of decodeUtf8(data ?? new Uint8Array(0)).split(/[,;]+/)) {
    const [name, text] = pair.split('=');
    if (name !== undefined && text !== undefined && /^[+-]?\d{1,15}$/.test(text))
      numbers.set(name, Number(text));
  }
  const numberOf = (name: string) => numbers.get(name) ?? -1;
  return {
    count: numberOf('count'),
    bytes: numberOf('bytes'),
    countHardLimit: numberOf('countHardLimit'),
    byteHardLimit: numberOf('byteHardLimit'),
  };
}

/** The text of a quota as StatsTrack writes it: hard limits, if any, behind a `=` that old parsers skip. */
export function writeQuota(numbers: Partial<QuotaNumbers> & Usage): Uint8Array {
  const { count, bytes, byteHardLimit, countHardLimit } = numbers;
  let text = `count=${count},bytes=${bytes}`;
  if (byteHardLimit !== undefined || countHardLimit !== undefined) text += '=';
  if (byteHardLimit !== undefined) text += `;byteHardLimit=${byteHardLimit}`;
  if (countHardLimit !== undefined) text += `;countHardLimit=${countHardLimit}`;
  return encodeUtf8(text);
}

/**
 * Whether a change would go beyond a hard limit. Only what the change adds to is judged. Source:
 * DataTree.checkQuota.
 */
export function exceedsQuota(limits: QuotaNumbers, used: Usage, more: Usage): boolean {
  const { countHardLimit, byteHardLimit } = limits;
  if (more.count !== 0 && countHardLimit > -1 && used.count + more.count > countHardLimit) return true;
  return more.bytes !== 0 && byteHardLimit > -1 && used.bytes + more.bytes > byteHardLimit;
}

/** The nearest quota that holds the path, itself or an ancestor of it; undefined when none does. */
export function nearestQuota(path: string, isRoot: (path: string) => boolean): string | undefined {
  for (let at: string = path; at.length > 1; at = at.slice(0, at.lastIndexOf('/'))) {
    if (isRoot(at)) return at;
  }
  return undefined;
}
