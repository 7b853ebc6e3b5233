import { formatZxid, type Zxid } from '../core/zxid.ts';
import type { Fact } from '../node/facts.ts';
import { DIGEST_VERSION } from '../run/tree-digests.ts';
import type { LoggedTxn } from '../wire/txn-record.ts';

/**
 * Compares the tree behind each transaction with what the leader says that it is there. Source:
 * DataTree.compareDigest.
 */
export class DigestCheck {
  readonly #own: () => string;
  readonly #warn: (text: string) => void;
  /** What leaders said of transactions that are not applied yet: 16 hex digits. */
  readonly #told = new Map<number, string>();

  /** @param own the digest of the tree as it is, 16 hex digits */
  constructor(own: () => string, warn: (text: string) => void) {
    this.#own = own;
    this.#warn = warn;
  }

  /** A transaction came from the leader. */
  hear({ header, digest }: LoggedTxn): void {
    if (digest?.version !== DIGEST_VERSION) return;
    const text = BigInt.asUintN(64, digest.treeDigest).toString(16).padStart(16, '0');
    this.#told.set(Number(header.zxid), text);
  }

  /** The node testifies: what it has applied is compared, and with a leader ends what that one said. */
  observe(fact: Fact): void {
    if (fact.kind === 'looking') this.#told.clear();
    if (fact.kind !== 'txn-applied') return;
    const told = this.#told.get(fact.zxid);
    if (told === undefined) return;
    this.#told.delete(fact.zxid);
    const own = this.#own();
    if (own !== told) this.#warn(differs(fact.zxid, own, told));
  }
}

function differs(zxid: Zxid, own: string, told: string): string {
  return `the tree behind ${formatZxid(zxid)} has the digest ${own}, and the leader’s has ${told}`;
}
