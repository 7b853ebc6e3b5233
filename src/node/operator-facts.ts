import type { Digest } from '../core/digest.ts';
import type { Zxid } from '../core/zxid.ts';
import type { NodeId } from './ids.ts';

/**
 * What a server testifies to of what operators ask for: that a leader make room for another, or that the
 * ensemble grow or shrink.
 */
export type OperatorFact =
  // --- A leader that makes room for another ---
  /** It takes no requests any more, and brings `heir` up to date. */
  | HandOverFact<'handing-over'>
  /** It asks `heir`, who has its whole log, to begin an epoch. */
  | HandOverFact<'handed-over'>
  /** Nothing came of it: it takes requests again, and first the `withheld` ones that came meanwhile. */
  | (HandOverFact<'hand-over-ended'> & { readonly because: string; readonly withheld: number })
  // --- A leader that changes who belongs to the ensemble ---
  /** It brings `member` up to date, before it lets it vote. */
  | MemberFact<'catching-up'>
  /** Nothing came of it: `member` does not vote. */
  | (MemberFact<'catch-up-ended'> & { readonly because: string })
  /**
   * From now on this server goes by the configuration that the entry at `zxid` of its log holds (0: by that
   * which it was given), until it has a newer one, or the entry is cut from its log.
   */
  | {
      readonly kind: 'config-adopted';
      readonly server: NodeId;
      readonly zxid: Zxid;
      readonly voters: readonly NodeId[];
      readonly observers: readonly NodeId[];
    };

interface HandOverFact<K extends string> {
  readonly kind: K;
  readonly server: NodeId;
  readonly epoch: number;
  readonly heir: NodeId;
}

interface MemberFact<K extends string> {
  readonly kind: K;
  readonly server: NodeId;
  readonly epoch: number;
  readonly member: NodeId;
}

/** Folds the numbers of such a fact into the fingerprint, its kind apart. */
export function foldOperatorFact(fact: OperatorFact, digest: Digest): void {
  switch (fact.kind) {
    case 'config-adopted':
      digest.integer(fact.zxid);
      digest.word(fact.voters.length);
      for (const member of fact.voters) digest.word(member);
      for (const member of fact.observers) digest.word(member);
      return;
    default:
      digest.word(fact.epoch);
      digest.word('heir' in fact ? fact.heir : fact.member);
  }
}
