import type { Zxid } from '../../core/zxid.ts';
import type { TxnRecord } from './messages.ts';
import type { ZabEnv } from './zab-env.ts';

/** Testifies to a COMMIT that does not fit the first pending proposal (Remix I-14). */
export function reportUnmatched(env: ZabEnv, head: TxnRecord | undefined, zxid: Zxid): void {
  env.report({ kind: 'commit-unmatched', server: env.self, pending: head?.position ?? (0 as Zxid), zxid });
}
