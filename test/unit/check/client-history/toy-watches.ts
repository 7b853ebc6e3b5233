import type { WatchCall } from '../../../../src/check/history/model/watch-call.ts';

/** The watches of one connection, kept the plain way: sets of paths. */
export class ToyWatches {
  readonly data = new Set<string>();
  readonly child = new Set<string>();
  readonly persistent = new Set<string>();
  readonly recursive: string[] = [];
  #served: WatchCall | undefined;

  /** Whether the connection gets a packet for this call; `before` is the call before it. */
  hears(call: WatchCall, before: WatchCall | undefined): boolean {
    const table = call.table === 'data' ? this.data : this.child;
    const armed = table.delete(call.path);
    const below =
      call.table === 'data' &&
      this.recursive.some((base) => base === '/' || call.path === base || call.path.startsWith(`${base}/`));
    if (!armed && !below && !this.persistent.has(call.path)) return false;
    if (call.table === 'child' && call.type === 'deleted' && this.#served === before) return false;
    this.#served = call;
    return true;
  }
}
