import type { LogEntry } from '../../check/history/client-history.ts';
import { ascending } from '../../core/order.ts';
import { epochOf, type Zxid } from '../../core/zxid.ts';
import { isConfig, NO_OP, type Proposed } from '../../node/content.ts';
import type { Fact } from '../../node/facts.ts';
import type { TxnBody } from '../../znode/txns.ts';
import { recordedTxn } from './recorded-txn.ts';
import { recordedSession } from './recorded-values.ts';

type Proposal = Extract<Fact, { kind: 'txn-proposed' }>;

/**
 * The one sequence of committed transactions, put together at the end of a run: what leaders committed, what
 * serving servers delivered, and the initial history of the last established epoch, which a leader may have
 * found on its disk and never delivered to anybody. An epoch's history is that of the epoch in which its
 * leader's log ended, up to that end, and what it proposed itself. Source: Zab (DSN 2011), histories.
 */
export class CanonicalLog {
  /** By zxid: what was proposed there; more than one are a defect of the protocol. */
  readonly #proposed = new Map<Zxid, Proposal[]>();
  /** By epoch: the zxids that were proposed in it, ascending. */
  readonly #byEpoch = new Map<number, Zxid[]>();
  /** By epoch: where its leader's log ended when it began. */
  readonly #began = new Map<number, Zxid>();
  /** By zxid: when a leader committed it first. */
  readonly #committed = new Map<Zxid, number>();
  /** By zxid: the digest of what is the protocol's own business. */
  readonly #own = new Map<Zxid, number>();
  /** By zxid: the digests that were delivered there. */
  readonly #delivered = new Map<Zxid, Set<number>>();
  #established = -1;

  /** Takes note of a proposal; one that is the protocol's own business is no transaction of the service. */
  proposed(proposal: Proposal): void {
    const { zxid, record } = proposal;
    if (record.txn.kind === NO_OP.kind || isConfig(record.txn)) {
      this.#own.set(zxid, record.txn.digest);
      return;
    }
    const known = this.#proposed.get(zxid);
    if (known === undefined) this.#proposed.set(zxid, [proposal]);
    else known.push(proposal);
    const epoch = epochOf(zxid);
    const ofEpoch = this.#byEpoch.get(epoch);
    if (ofEpoch === undefined) this.#byEpoch.set(epoch, [zxid]);
    else ofEpoch.push(zxid);
  }

  /** Whether what was delivered there is the protocol's own business. */
  isOwn(zxid: Zxid, digest: number): boolean {
    return this.#own.get(zxid) === digest;
  }

  committed(zxid: Zxid, atUs: number): void {
    if (!this.#own.has(zxid) && !this.#committed.has(zxid)) this.#committed.set(zxid, atUs);
  }

  delivered(zxid: Zxid, digest: number): void {
    const digests = this.#delivered.get(zxid);
    if (digests === undefined) this.#delivered.set(zxid, new Set([digest]));
    else digests.add(digest);
  }

  /** A leader begins an epoch with the history that ends at `zxid`. */
  began(epoch: number, zxid: Zxid): void {
    this.#began.set(epoch, zxid);
  }

  /** A quorum took over that history. */
  established(epoch: number): void {
    this.#established = Math.max(this.#established, epoch);
  }

  /** The log by zxid; a transaction that nobody proposed is missing. */
  entries(): LogEntry[] {
    const zxids = new Set<Zxid>(this.#committed.keys());
    for (const zxid of this.#delivered.keys()) zxids.add(zxid);
    for (const zxid of this.#inherited()) zxids.add(zxid);
    const entries: LogEntry[] = [];
    for (const zxid of [...zxids].sort(ascending)) {
      const committedUs = this.#committed.get(zxid);
      for (const { digest, record } of this.#contents(zxid))
        entries.push(entryOf(zxid, committedUs, digest, record));
    }
    return entries;
  }

  #contents(zxid: Zxid): readonly Proposal[] {
    const proposals = this.#proposed.get(zxid) ?? [];
    const digests = this.#delivered.get(zxid);
    if (digests === undefined) return proposals.slice(0, 1);
    const seen = new Set<number>();
    return proposals.filter(({ digest }) => {
      const first = digests.has(digest) && !seen.has(digest);
      seen.add(digest);
      return first;
    });
  }

  #inherited(): Zxid[] {
    const zxids: Zxid[] = [];
    let end = this.#began.get(this.#established);
    for (let epoch = this.#established; end !== undefined; ) {
      const before = epochOf(end);
      if (before >= epoch) break;
      const last = end;
      for (const zxid of this.#byEpoch.get(before) ?? []) if (zxid <= last) zxids.push(zxid);
      epoch = before;
      end = this.#began.get(before);
    }
    return zxids;
  }
}

function entryOf(zxid: Zxid, committedUs: number | undefined, hash: number, record: Proposed): LogEntry {
  const { session, cxid, timeMs, txn } = record;
  return {
    kind: 'log',
    zxid,
    session: recordedSession(session),
    cxid,
    timeMs,
    committedUs,
    hash,
    txn: recordedTxn(txn as unknown as TxnBody),
  };
}
