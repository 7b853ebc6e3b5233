import { CANONICAL, DAMAGED, History } from './history.ts';

/**
 * One transaction log file as the world testifies to it: what is written, and what of it a power cut cannot
 * take. A cut of the file is volatile until synced: till then the old content is what is durable.
 */
export class LogFile {
  readonly zxid: number;
  readonly written = new History();
  #durable = 0;
  /** What the file held before each cut that is not durable yet, the first one first. */
  #before: readonly History[] = [];
  #torn = false;

  /** @param zxid the number in its name */
  constructor(zxid: number) {
    this.zxid = zxid;
  }

  append(zxid: number, mark: number): void {
    if (this.#torn) {
      this.written.push(zxid, DAMAGED);
      this.#torn = false;
    }
    this.written.push(zxid, mark);
  }

  /** All that was done is durable, but for the last `cuts` cuts; of it `count` records. */
  sync(count: number, cuts = 0): void {
    if (this.#before.length > cuts) this.#before = cuts === 0 ? [] : this.#before.slice(-cuts);
    this.#durable = Math.min(count, this.#settled.length);
  }

  /** What a power cut takes a part of: all up to the first cut that is not durable. */
  get #settled(): History {
    return this.#before[0] ?? this.written;
  }

  truncate(count: number): void {
    this.#torn = false;
    if (count >= this.written.length) return;
    // Also for what is not durable yet: of an unsynced record and its cut a power cut may take the cut alone.
    this.#before = [...this.#before, this.written.copy()];
    this.written.keep(count);
  }

  /** A power cut left `count` records, the last of them at `position`. */
  lose(count: number, position: number, torn: boolean): void {
    const before = this.#before.find((old) => old.length >= count && old.zxidAt(count - 1) === position);
    if (before !== undefined) {
      this.written.keep(0);
      this.written.extend(before, -1, Infinity);
    }
    this.written.keep(count);
    this.#before = [];
    this.#durable = this.written.length;
    this.#torn = torn;
  }

  /** Record `index` is torn in place: a reader takes it for the end of the file. */
  tear(index: number): void {
    this.lose(index, this.written.zxidAt(index - 1), true);
  }

  damage(index: number): void {
    if (index < this.written.length) this.written.damage(index);
  }

  /** What survives a power cut, whatever else does. Made on demand. */
  durable(): History {
    const durable = this.#settled.copy();
    durable.keep(this.#durable);
    return durable;
  }

  /** The last durable record's zxid, or 0. */
  get durableLast(): number {
    return this.#settled.zxidAt(this.#durable - 1);
  }

  /** The start of the run that the last durable record is in, as far as that is cheap to tell. */
  get durableRunStart(): number {
    if (this.#before.length > 0 || this.written.lastMark !== CANONICAL) return this.durableLast + 1;
    return Math.min(this.written.lastRunStart, this.durableLast);
  }

  holdsDurably(zxid: number): boolean {
    return zxid <= this.durableLast && this.#settled.has(zxid);
  }
}
