import { formatZxid } from '../../core/zxid.ts';
import type { IndexedHistory } from './indexed-history.ts';
import type { Verdicts } from './verdicts.ts';

/**
 * K8: what was acknowledged is in the log, every server delivers what the log has, equal zxids mean equal
 * trees, and no server's log is cut below what it delivered. Linear; needs the white box.
 */
export function checkDurability(history: IndexedHistory, verdicts: Verdicts): void {
  const hashes = new Map<number, number>();
  const accuse = (rule: string, zxid: number, expected: string, seen: string, ops: number[] = []) =>
    verdicts.accuse({ predicate: 'K8', rule, ops, zxid, expected, seen });
  for (const { zxid, hash } of history.log) {
    const known = hashes.get(zxid);
    if (known !== undefined && known !== hash)
      accuse('one zxid stands for two transactions', zxid, String(known), String(hash));
    hashes.set(zxid, hash);
  }
  const states = new Map<number, number>();
  const delivered = new Map<number, number>();
  const agree = (server: number, zxid: number, state: number) => {
    const known = states.get(zxid);
    states.set(zxid, known ?? state);
    if (known !== undefined && known !== state)
      accuse('two servers have different trees at one zxid', zxid, String(known), `${state} on ${server}`);
  };
  for (const entry of history.deliveries) {
    verdicts.checked('K8');
    const { server, zxid } = entry;
    if (entry.kind === 'cut') {
      const last = delivered.get(server) ?? 0;
      if (zxid >= last) continue;
      const rule = 'a log was cut below what its server had delivered';
      accuse(rule, zxid, formatZxid(last), `server ${server}`);
      continue;
    }
    const { hash, state } = entry;
    const known = hashes.get(zxid);
    if (known !== hash) {
      const rule = 'a server delivered something else than the log has';
      accuse(rule, zxid, known === undefined ? 'nothing' : String(known), `${hash} on ${server}`);
    }
    if (state >= 0) agree(server, zxid, state);
    delivered.set(server, Math.max(delivered.get(server) ?? 0, zxid));
  }
  for (const { server, zxid } of history.final?.servers ?? []) {
    const at = (history.final?.servers ?? []).find((s) => s.server === server);
    if (at !== undefined && at.state >= 0) agree(server, history.observed.normal(zxid), at.state);
  }
  for (const op of history.ops) {
    if (!history.owns(op)) continue;
    verdicts.checked('K8');
    if (hashes.has(op.zxid)) continue;
    accuse('an acknowledged write is not in the log', op.zxid, 'it is there', 'nothing', [op.id]);
  }
}
