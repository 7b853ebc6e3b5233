import type { Damaged, Stored } from '../node/env.ts';

/** A change of a file that no sync has covered yet, with what undoes it. */
type Change<R> =
  | { readonly kind: 'append' }
  | { readonly kind: 'truncate'; readonly removed: readonly (R | Damaged)[]; readonly keep: number }
  | { readonly kind: 'replace'; readonly old: (R | Damaged)[] };

const APPEND = { kind: 'append' } as const;

/**
 * One file: what a process reads now, and the changes that a power cut may still undo, oldest first. A
 * power cut keeps a prefix of them, so what is synced is never lost and a later change never survives an
 * earlier one.
 */
export class StoredFile<R extends Stored> {
  readonly name: string;
  /** What a process reads now. */
  records: (R | Damaged)[] = [];
  /** How many records were durable after the last sync. */
  durable = 0;
  /** Whether the file's existence is durable. */
  existsDurably = false;
  #changes: Change<R>[] = [];
  /** Number of changes that were made durable before the first one that is kept. */
  #settled = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** How many changes have been made since the file was created: what a sync that begins now will cover. */
  get mark(): number {
    return this.#settled + this.#changes.length;
  }

  /** How many changes a power cut may undo. */
  get unsynced(): number {
    return this.#changes.length;
  }

  /** How many cuts of the file a power cut may undo. */
  get unsyncedCuts(): number {
    let cuts = 0;
    for (const { kind } of this.#changes) if (kind === 'truncate') cuts++;
    return cuts;
  }

  append(record: R): void {
    this.records.push(record);
    this.#changes.push(APPEND);
  }

  truncate(keep: number): void {
    const removed = this.records.splice(keep);
    this.#changes.push({ kind: 'truncate', removed, keep });
  }

  replace(record: R): void {
    this.#changes.push({ kind: 'replace', old: this.records });
    this.records = [record];
  }

  /** Puts in what has been there from the beginning. */
  preload(records: readonly (R | Damaged)[]): void {
    for (const record of records) this.records.push(record);
    this.durable = records.length;
    this.existsDurably = true;
  }

  /** Whether a sync up to `mark` would write new data: what was cut again since takes no room. */
  writesUpTo(mark: number): boolean {
    const end = mark - this.#settled;
    let count = this.durable;
    let old = count;
    for (let i = 0; i < end; i++) {
      const change = this.#changes[i] as Change<R>;
      if (change.kind === 'append') count++;
      else if (change.kind === 'truncate') count = Math.min(count, change.keep);
      else count = 1;
      old = change.kind === 'replace' ? 0 : Math.min(old, count);
    }
    return count > old;
  }

  /**
   * A sync that began at `mark` succeeded. Returns the index of the first record that is durable only now;
   * those from it up to `min(durable, records.length)` are new, unless a change after the mark removed
   * them.
   */
  settle(mark: number): number {
    this.existsDurably = true;
    const end = mark - this.#settled;
    if (end <= 0) return this.durable;
    let count = this.durable;
    let first = count;
    for (let i = 0; i < end; i++) {
      const change = this.#changes[i] as Change<R>;
      if (change.kind === 'append') {
        count++;
      } else if (change.kind === 'truncate') {
        if (change.keep < count) count = change.keep;
        if (change.keep < first) first = change.keep;
      } else {
        count = 1;
        first = 0;
      }
    }
    this.durable = count;
    this.#settled = mark;
    dropFirst(this.#changes, end);
    return first;
  }

  /** How many of the leading records no change that is still unsynced has touched. */
  untouched(): number {
    let least = this.durable;
    for (const change of this.#changes) {
      if (change.kind === 'truncate' && change.keep < least) least = change.keep;
      else if (change.kind === 'replace') least = 0;
    }
    return Math.min(least, this.records.length);
  }

  /**
   * The power went: undoes the last `lost` changes; what is left is durable. Returns the first lost record,
   * if appended.
   */
  lose(lost: number): R | Damaged | undefined {
    let cut: R | Damaged | undefined;
    for (let i = 0; i < lost; i++) {
      const change = this.#changes.pop() as Change<R>;
      cut = undefined;
      if (change.kind === 'append') {
        cut = this.records.pop();
      } else if (change.kind === 'truncate') {
        for (const record of change.removed) this.records.push(record);
      } else {
        this.records = change.old;
      }
    }
    if (this.#changes.length > 0) this.existsDurably = true;
    this.#settled += this.#changes.length;
    this.#changes = [];
    this.durable = this.records.length;
    return cut;
  }
}

/** Takes the first `count` out, and keeps the room: setting the length to 0 would give it back. */
function dropFirst<T>(list: T[], count: number): void {
  const left = list.length - count;
  for (let i = 0; i < left; i++) list[i] = list[i + count] as T;
  for (let i = 0; i < count; i++) list.pop();
}
