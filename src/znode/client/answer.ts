import { ZERO_ZXID, type Zxid } from '../../core/zxid.ts';
import type { Reply, ReplyResult } from '../client-messages.ts';
import { ERRORS } from '../errors.ts';
import { inward } from './chroot.ts';

/** What became of a request, as its client knows. */
export interface Answer {
  /** `unknown`: the connection went before a reply came; the request may or may not take effect. */
  readonly outcome: 'ok' | 'failed' | 'unknown';
  /** The request's xid; 0 when it never left the client. */
  readonly cxid: number;
  /** One of `ERRORS`; of a multi that failed the code of the part that did. CONNECTIONLOSS when unknown. */
  readonly err: number;
  /** Of the reply's header; 0 when unknown. */
  readonly zxid: Zxid;
  readonly result: ReplyResult | undefined;
}

/** What a reply says, to a client below `chroot`: what it made it finds under the path that is told. */
export function answerOf(reply: Reply, chroot: string): Answer {
  const err = reply.err === ERRORS.OK ? errorWithin(reply.result) : reply.err;
  const outcome = err === ERRORS.OK ? 'ok' : 'failed';
  return { outcome, cxid: reply.xid, err, zxid: reply.zxid, result: below(chroot, reply.result) };
}

/** Source: ZooKeeper.create, which leaves the parts of a multi as they are. */
function below(chroot: string, result: ReplyResult | undefined): ReplyResult | undefined {
  return result?.kind === 'created' ? { ...result, path: inward(chroot, result.path) } : result;
}

/** No reply came, and none will: the handle's connection was lost, or its session is over. */
export function unanswered(cxid: number, err: number = ERRORS.CONNECTIONLOSS): Answer {
  return { outcome: 'unknown', cxid, err, zxid: ZERO_ZXID, result: undefined };
}

/** Of a multi, the code of the part because of which it failed. Source: MultiResponse. */
function errorWithin(result: ReplyResult | undefined): number {
  if (result?.kind !== 'multi' || !result.aborted) return ERRORS.OK;
  for (const part of result.results) {
    if (part.kind === 'failed' && part.err !== ERRORS.OK) return part.err;
  }
  return ERRORS.RUNTIMEINCONSISTENCY;
}
