import { chain32, chainText } from '../../core/digest.ts';
import { counterOf, epochOf, type Zxid } from '../../core/zxid.ts';
import type { Body, Origin, Txn } from '../../node/content.ts';
import type { Asked, Barrier, Nothing, Opening, Prepared, Source, Value } from './messages.ts';

/** What fills a slot in which nothing was decided, and nothing can have been. */
export const NOTHING: Nothing = Object.freeze({ kind: 'nothing', digest: 1 });

/** What identifies a request: the same one is decreed once. */
export function keyOf({ session, cxid }: Origin): string {
  return `${session} ${cxid}`;
}

/** A request as a decree. */
export function asked({ session, cxid }: Origin, body: Body, timeMs: number): Asked {
  const what = chainText(chainText(0, session), body.kind);
  const digest = chain32(chain32(what, cxid), timeMs) >>> 1;
  return { kind: 'request', digest, session, cxid, timeMs, body };
}

/** The first decree of a president. */
export function opening(zxid: Zxid): Opening {
  return { kind: 'opening', digest: digestAt(zxid, 2), zxid };
}

/** A transaction as a decree: of the same one, prepared twice, there are two. */
export function prepared(
  { session, cxid }: Origin,
  timeMs: number,
  txn: Txn,
  at: Pick<Prepared, 'zxid' | 'after' | 'source'>,
): Prepared {
  const { zxid, after, source } = at;
  const digest = digestAt(zxid, txn.digest);
  return { kind: 'txn', digest, session, cxid, timeMs, txn, zxid, after, source };
}

/** A barrier as a decree of the president's: asked for again, it is another one. */
export function barrier(source: Source, zxid: Zxid): Barrier {
  const { member, since, number } = source;
  return { kind: 'barrier', digest: digestAt(zxid, chain32(chain32(member, since), number)), source };
}

function digestAt(zxid: Zxid, content: number): number {
  return chain32(chain32(content, epochOf(zxid)), counterOf(zxid)) >>> 1;
}

/** Whether two values are one and the same. */
export function isSame(one: Value, other: Value): boolean {
  return one.kind === other.kind && one.digest === other.digest;
}
