import { expect } from 'vitest';
import type { Waiver } from '../../../../src/check/history/predicate.ts';
import { ask, made, statOf, type ToldHistory, z } from './told-history.ts';

/** When something was sent and answered. */
export const at = (from: number, to = from + 1) => [from, to] as const;
/** Client 1 creates /a at the third zxid. */
export const a3 = (told: ToldHistory) =>
  told.write(1, ask.create('/a'), made('/a'), z(3), at(10), { path: '/a' });
/** The Stat of /a then, but for those fields. */
export const stat3 = (fields = {}) => statOf({ czxid: z(3), mzxid: z(3), pzxid: z(3), ...fields });
/** A change of /a, as the log has it. */
export const set = (data: string, version: number) =>
  ({ type: 'setData', path: '/a', data, version }) as const;
/** A write that was refused, as the log has it. */
export const error = (code: number) => ({ type: 'error', code }) as const;

/** The history breaks that rule and no other. */
export function only(told: ToldHistory, rule: string): void {
  expect(told.broken()).toEqual([rule]);
}

/** The history breaks nothing, and those exceptions are what excuses it. */
export function silent(told: ToldHistory, ...waivers: Waiver[]): void {
  expect(told.broken()).toEqual([]);
  expect(told.excused()).toEqual(waivers);
  for (const waiver of waivers) expect(told.broken({ refuse: [waiver] })).not.toEqual([]);
}
