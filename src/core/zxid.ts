import { assert } from './assert.ts';

/**
 * A transaction id ⟨epoch, counter⟩ packed into one safe integer, `epoch × 2³² + counter`, so that `<`,
 * `===`, map keys and JSON work as they stand. −1 ("possibly missing data", ZOOKEEPER-3911's autocreate)
 * survives as itself. Bounds: epoch 0..2²¹−1, counter 0..2³²−1. Source: ZxidUtils.
 */
export type Zxid = number & { readonly brand: 'Zxid' };

const COUNTERS = 4294967296;

/** A power of two: to multiply by it is as exact as the division, and three times as fast. */
const PER_COUNTER = 1 / COUNTERS;

/** The largest epoch that a packed zxid can hold; a wire decoder refuses a larger one. */
export const MAX_EPOCH = 2097151;

/** The last counter of an epoch: it is never proposed, the leader steps down instead (ZOOKEEPER-1277). */
export const MAX_COUNTER = 0xffffffff;

/** The zxid before the first transaction of the first epoch. */
export const ZERO_ZXID = 0 as Zxid;

/** Packs ⟨epoch, counter⟩. A value out of bounds is a defect of the caller. */
export function makeZxid(epoch: number, counter: number): Zxid {
  assert(Number.isInteger(epoch) && epoch >= 0 && epoch <= MAX_EPOCH, 'a zxid holds an epoch below 2^21');
  assert(
    Number.isInteger(counter) && counter >= 0 && counter <= MAX_COUNTER,
    'a zxid holds a counter below 2^32',
  );
  return (epoch * COUNTERS + counter) as Zxid;
}

/** The epoch of a zxid: its high 32 bits. */
export function epochOf(zxid: Zxid): number {
  return Math.floor(zxid * PER_COUNTER);
}

/** The counter of a zxid: its low 32 bits. */
export function counterOf(zxid: Zxid): number {
  return zxid >>> 0;
}

/** The zxid as ZooKeeper prints it, `0x500000003`; −1 is `-1`. */
export function formatZxid(zxid: number): string {
  return zxid < 0 ? String(zxid) : `0x${zxid.toString(16)}`;
}
