import type { Predicate, Waiver } from './predicate.ts';

/** A guarantee that did not hold. */
export interface Accusation {
  readonly predicate: Predicate;
  /** What was broken, without numbers. */
  readonly rule: string;
  /** The numbers of the ops concerned. */
  readonly ops: readonly number[];
  /** Where in the canonical log; −1 when nowhere. */
  readonly zxid: number;
  readonly expected: string;
  readonly seen: string;
}

/** How often something was found, and the first few times. */
export interface Tally {
  readonly rule: string;
  readonly predicate: Predicate;
  count: number;
  readonly first: Accusation[];
}

const KEPT = 20;

/** Where the checkers of a history write what they found. */
export class Verdicts {
  readonly #accused = new Map<string, Tally>();
  readonly #waived = new Map<Waiver, Tally>();
  readonly #checked = new Map<Predicate, number>();
  readonly #skipped = new Map<Predicate, string>();
  readonly #refused: ReadonlySet<Waiver>;

  /** The waivers in `refused` do not count: what they would excuse is a violation. */
  constructor(refused: ReadonlySet<Waiver> = new Set()) {
    this.#refused = refused;
  }

  accuse(accusation: Accusation): void {
    note(this.#accused, `${accusation.predicate} ${accusation.rule}`, accusation);
  }

  /** It is accused, unless the exception counts: then `true`. */
  excuse(waiver: Waiver, accusation: Accusation): boolean {
    if (this.#refused.has(waiver)) this.accuse(accusation);
    else note(this.#waived, waiver, accusation);
    return !this.#refused.has(waiver);
  }

  /** So many things were checked for this guarantee. */
  checked(predicate: Predicate, count = 1): void {
    this.#checked.set(predicate, (this.#checked.get(predicate) ?? 0) + count);
  }

  /** The guarantee was not checked, or not all of it. */
  skip(predicate: Predicate, why: string): void {
    this.#skipped.set(predicate, why);
  }

  get accused(): readonly Tally[] {
    return [...this.#accused.values()];
  }

  get waived(): ReadonlyMap<Waiver, Tally> {
    return this.#waived;
  }

  get checks(): ReadonlyMap<Predicate, number> {
    return this.#checked;
  }

  get skips(): ReadonlyMap<Predicate, string> {
    return this.#skipped;
  }
}

function note<K>(tallies: Map<K, Tally>, key: K, accusation: Accusation): void {
  let tally = tallies.get(key);
  if (tally === undefined) {
    tally = { rule: accusation.rule, predicate: accusation.predicate, count: 0, first: [] };
    tallies.set(key, tally);
  }
  tally.count++;
  if (tally.first.length < KEPT) tally.first.push(accusation);
}
