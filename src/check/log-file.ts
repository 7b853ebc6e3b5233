import { CANONICAL, DAMAGED, History } from './history.ts';

/**
 * One transaction log file as the world testifies to it: what is written, and what of it a power cut cannot
 * take. A cut of the file is volatile until synced: till then the old content is what is durable.
 */
export class LogFile {
  readonly zxid: number;
  readonly written = new History();
  #durable = 0;
  /** What the file held before an unsynced cut. */
  #before: History | undefined;
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

  /** All that was done is durable; the file holds `count` records. */
  sync(count: number): void {
    this.#durable = Math.min(count, this.written.length);
    this.#before = undefined;
  }

  truncate(count: number): void {
    this.#torn = false;
    if (count >= this.written.length) return;
    // Also for what is not durable yet: of an unsynced record and its cut a power cut may take the cut alone.
    if (this.#before === undefined) this.#before = this.written.copy();
    this.written.keep(count);
  }

  /** A power cut left `count` records, the last of them at `position`. */
  lose(count: number, position: number, torn: boolean): void {
    const before = this.#before;
    if (before !== undefined && before.length >= count && before.zxidAt(count - 1) === position) {
      this.written.keep(0);
      this.written.extend(before, -1, Infinity);
    }
    this.written.keep(count);
    this.#before = undefined;
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
    const durable = (this.#before ?? this.written).copy();
    durable.keep(this.#durable);
    return durable;
  }

  /** The last durable record's zxid, or 0. */
  get durableLast(): number {
    return (this.#before ?? this.written).zxidAt(this.#durable - 1);
  }

  /** The start of the run that the last durable record is in, as far as that is cheap to tell. */
  get durableRunStart(): number {
    if (this.#before !== undefined || this.written.lastMark !== CANONICAL) return this.durableLast + 1;
    return Math.min(this.written.lastRunStart, this.durableLast);
  }

  holdsDurably(zxid: number): boolean {
    return zxid <= this.durableLast && (this.#before ?? this.written).has(zxid);
  }
}
