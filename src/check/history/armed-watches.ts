import { EventQueue } from '../../core/heap.ts';
import { parentOf } from './model/path-parts.ts';
import { permits, READ } from './model/permits.ts';
import type { WatchCall } from './model/watch-call.ts';
import type { Identity } from './request.ts';
import type { WatchIndex, WatchTable } from './watch-index.ts';

/** What one watch at one path is waiting for. */
interface Armed {
  readonly table: WatchTable;
  readonly path: string;
  standard: boolean;
  persistent: boolean;
  /** The numbers of the calls that it hears, and the next of them. */
  readonly heard: readonly number[];
  at: number;
  /** Whether it stands in the queue. */
  queued: boolean;
  readonly slot: number;
}

/**
 * The watches of one connection, as its server keeps them: which events are due up to a zxid. A heap over the
 * next call that each hears, so that a call which nobody hears costs nothing. Source: WatchManager.
 */
export class ArmedWatches {
  readonly #index: WatchIndex;
  readonly #identities: () => readonly Identity[];
  readonly #tables: { readonly [T in WatchTable]: Map<string, Armed> } = {
    data: new Map(),
    child: new Map(),
    recursive: new Map(),
  };
  readonly #slots: Armed[] = [];
  readonly #queue = new EventQueue();
  #pushed = 0;
  #handled = -1;
  #served = -1;

  constructor(index: WatchIndex, identities: () => readonly Identity[]) {
    this.#index = index;
    this.#identities = identities;
  }

  /** Registers a watch that hears what comes after `zxid`. */
  arm(table: WatchTable, path: string, persistent: boolean, zxid: number): void {
    let armed = this.#tables[table].get(path);
    if (armed === undefined) {
      const heard = this.#index.heardAt(table, path);
      const slot = this.#slots.length;
      armed = { table, path, standard: false, persistent: false, heard, at: 0, queued: false, slot };
      this.#slots.push(armed);
      this.#tables[table].set(path, armed);
    }
    if (persistent) armed.persistent = true;
    else armed.standard = true;
    if (armed.queued) return;
    armed.at = this.#firstAfter(armed.heard, zxid, armed.at);
    this.#enqueue(armed);
  }

  /** Removes the watches of this kind at `path`. */
  disarm(table: WatchTable, path: string, which: 'standard' | 'persistent'): void {
    const armed = this.#tables[table].get(path);
    if (armed !== undefined) armed[which] = false;
  }

  /** Whether there is a watch of this kind at `path`. */
  isArmed(table: WatchTable, path: string, which: 'standard' | 'persistent'): boolean {
    return this.#tables[table].get(path)?.[which] === true;
  }

  /** Adds to `due` the calls up to `zxid` of which the connection must hear. */
  drain(zxid: number, due: WatchCall[]): void {
    const { calls } = this.#index;
    while (this.#queue.size > 0) {
      const number = this.#queue.firstTime;
      const call = calls[number] as WatchCall;
      if (call.zxid > zxid) return;
      const armed = this.#slots[this.#queue.firstSlot] as Armed;
      this.#queue.pop();
      armed.queued = false;
      if (number !== this.#handled && isLive(armed)) {
        this.#handled = number;
        if (this.#hears(number, call)) due.push(call);
      }
      armed.at++;
      if (isLive(armed)) this.#enqueue(armed);
    }
  }

  /** Whether the call makes a packet for this connection; a one-shot watch is used up in any case. */
  #hears(number: number, call: WatchCall): boolean {
    const watch = this.#tables[call.table].get(call.path);
    const heard =
      (watch !== undefined && isLive(watch)) || (call.table === 'data' && this.#isBelow(call.path));
    if (watch !== undefined) watch.standard = false;
    if (!heard || !permits(call.acl, READ, this.#identities())) return false;
    if (call.table === 'child' && call.type === 'deleted' && this.#served === number - 1) return false;
    this.#served = number;
    return true;
  }

  #isBelow(path: string): boolean {
    const bases = this.#tables.recursive;
    if (bases.size === 0) return false;
    for (let at = path; ; at = parentOf(at)) {
      if (bases.get(at)?.persistent === true) return true;
      if (at === '/') return false;
    }
  }

  #enqueue(armed: Armed): void {
    const number = armed.heard[armed.at];
    if (number === undefined) return;
    armed.queued = true;
    this.#queue.push(number, this.#pushed++, armed.slot);
  }

  /** The place of the first call after `zxid`, not before `from`. */
  #firstAfter(heard: readonly number[], zxid: number, from: number): number {
    let low = from;
    let high = heard.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#index.calls[heard[middle] as number] as WatchCall).zxid <= zxid) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isLive(armed: Armed): boolean {
  return armed.standard || armed.persistent;
}
