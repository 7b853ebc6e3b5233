import type { LoggedTxn } from './logged-txn.ts';

/** The code that the log has for a write: 0 for ok. */
export function codeOf(txn: LoggedTxn): number {
  if (txn.type === 'error') return txn.code;
  if (txn.type !== 'multi') return 0;
  for (const part of txn.parts) if (part.type === 'error' && part.code !== 0) return part.code;
  return 0;
}
