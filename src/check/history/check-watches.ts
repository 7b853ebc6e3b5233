import { formatZxid } from '../../core/zxid.ts';
import { ArmedWatches } from './armed-watches.ts';
import type { ConnectionEntry, EventEntry, OpEntry } from './client-history.ts';
import type { IndexedHistory } from './indexed-history.ts';
import type { WatchCall } from './model/watch-call.ts';
import type { ReplayTrace, WatchesSet } from './replay.ts';
import type { Request, SetWatchesRequest } from './request.ts';
import type { Verdicts } from './verdicts.ts';
import { WatchIndex, type WatchTable } from './watch-index.ts';

/** There was no such watch. */
const NOWATCHER = -121;

type WatchesType = Extract<Request, { op: 'checkWatches' | 'removeWatches' }>['type'];
type Target = readonly [table: WatchTable, which: 'standard' | 'persistent'];

/** Which watches each type names. Source: Watcher.WatcherType, DataTree.containsWatcher. */
const TARGETS: { readonly [T in WatchesType]: readonly Target[] } = {
  data: [['data', 'standard']],
  children: [['child', 'standard']],
  persistent: [
    ['data', 'persistent'],
    ['child', 'persistent'],
  ],
  'persistent-recursive': [['recursive', 'persistent']],
  any: [
    ['data', 'standard'],
    ['child', 'standard'],
    ['data', 'persistent'],
    ['child', 'persistent'],
    ['recursive', 'persistent'],
  ],
};

/**
 * K11 and K12: on every connection the watch tables of its server are followed by its replies, so that it is
 * known which events are due before which packet; each must come once, and no other. O(n log n).
 */
export function checkWatches(history: IndexedHistory, trace: ReplayTrace, verdicts: Verdicts): void {
  const bases = new Set<string>();
  for (const { request } of history.ops) {
    if (request.op === 'addWatch' && request.recursive) bases.add(request.path);
    if (request.op === 'setWatches') for (const path of request.recursive) bases.add(path);
  }
  const index = new WatchIndex(trace.calls, bases);
  for (const [id, packets] of history.packetsOn) {
    const conn = history.connections.get(id);
    if (conn === undefined || conn.role === 'read-only') continue;
    const follower = new ConnectionWatches(history, trace, verdicts, index, conn);
    for (const packet of packets) follower.take(packet);
    follower.end();
  }
}

class ConnectionWatches {
  readonly #history: IndexedHistory;
  readonly #trace: ReplayTrace;
  readonly #verdicts: Verdicts;
  readonly #armed: ArmedWatches;
  readonly #conn: ConnectionEntry;
  /** Due and not delivered yet. */
  #due: WatchCall[] = [];
  /** Events that setWatches made up, whose reply is still to come. */
  #madeUp: EventEntry[] = [];
  #lastOp: OpEntry | undefined;

  constructor(
    history: IndexedHistory,
    trace: ReplayTrace,
    verdicts: Verdicts,
    index: WatchIndex,
    conn: ConnectionEntry,
  ) {
    this.#history = history;
    this.#trace = trace;
    this.#verdicts = verdicts;
    this.#conn = conn;
    const identities = () =>
      this.#lastOp === undefined ? history.identitiesAt(conn.id) : history.identitiesOf(this.#lastOp);
    this.#armed = new ArmedWatches(index, identities);
  }

  take(packet: OpEntry | EventEntry): void {
    if (packet.kind === 'ev') {
      this.#verdicts.checked('K12');
      if (packet.zxid === -1) this.#madeUp.push(packet);
      else this.#event(packet);
      return;
    }
    if (packet.zxid > 0) this.#demand(packet.zxid, true);
    // The identities of an op are those that were added before it was sent.
    this.#lastOp = packet;
    this.#register(packet);
  }

  /** No packet comes any more: what is due may stay away. */
  end(): void {
    for (const event of this.#madeUp) {
      const { request } = this.#pendingSetWatches(event) ?? {};
      if (request?.op !== 'setWatches') this.#accusePhantom(event, 'an event was made up without setWatches');
    }
  }

  #event(event: EventEntry): void {
    this.#demand(event.zxid, false);
    const at = this.#due.findIndex((call) => call.type === event.type && call.path === event.path);
    if (at < 0) {
      this.#accusePhantom(event, 'an event came that no watch was due for');
      return;
    }
    if (at > 0) {
      this.#verdicts.accuse({
        predicate: 'K10',
        rule: 'the events of one transaction came in another order than its changes',
        ops: [],
        zxid: event.zxid,
        expected: shown(this.#due[0] as WatchCall),
        seen: shown(event),
      });
    }
    this.#due.splice(at, 1);
  }

  /** What is due below `zxid` (or at it, `inclusive`) and did not come is missing. */
  #demand(zxid: number, inclusive: boolean): void {
    this.#armed.drain(zxid, this.#due);
    if (this.#due.length === 0) return;
    const rest: WatchCall[] = [];
    for (const call of this.#due) {
      if (inclusive || call.zxid < zxid) this.#accuseMissing(call, zxid);
      else rest.push(call);
    }
    this.#due = rest;
  }

  #register(op: OpEntry): void {
    const { request } = op;
    const found = op.error === 0;
    const arm = (table: 'data' | 'child', path: string) => {
      this.#verdicts.checked('K11');
      this.#armed.arm(table, path, false, op.zxid);
    };
    switch (request.op) {
      case 'getData':
        if (request.watch && found) arm('data', request.path);
        return;
      case 'exists':
        if (request.watch && (found || op.error === -101)) arm('data', request.path);
        return;
      case 'getChildren':
        if (request.watch && found) arm('child', request.path);
        return;
      case 'addWatch':
        if (found) this.#armPersistent(request.path, request.recursive, op.zxid);
        return;
      case 'removeWatches':
        if (found || op.error === NOWATCHER) this.#remove(op, request.path, request.type);
        return;
      case 'checkWatches':
        if (found || op.error === NOWATCHER) this.#compare(op, request.path, TARGETS[request.type]);
        return;
      case 'setWatches':
        if (found) this.#setWatches(op, request);
        return;
      default:
    }
  }

  #armPersistent(path: string, recursive: boolean, zxid: number): void {
    this.#verdicts.checked('K11');
    if (recursive) {
      this.#armed.arm('recursive', path, true, zxid);
      return;
    }
    this.#armed.arm('data', path, true, zxid);
    this.#armed.arm('child', path, true, zxid);
  }

  /** Removes the watches of this type that there are; if there are none, the client is told so. */
  #remove(op: OpEntry, path: string, type: WatchesType): void {
    const targets = TARGETS[type];
    this.#compare(op, path, targets);
    for (const [table, which] of targets) this.#armed.disarm(table, path, which);
  }

  /** The client is told whether there are any of these. */
  #compare(op: OpEntry, path: string, targets: readonly Target[]): void {
    this.#verdicts.checked('K11');
    const had = targets.some(([table, which]) => this.#armed.isArmed(table, path, which));
    if (had === (op.error === 0)) return;
    this.#verdicts.accuse({
      predicate: 'K11',
      rule: 'a connection was told otherwise than its watches are',
      ops: [op.id],
      zxid: op.zxid,
      expected: had ? `a watch at ${path}` : `no watch at ${path}`,
      seen: `code ${op.error}`,
    });
  }

  #setWatches(op: OpEntry, request: SetWatchesRequest): void {
    const facts = this.#trace.watchesSet.get(op.id);
    if (facts === undefined) return;
    this.#compareMadeUp(op, facts);
    for (const path of facts.data) this.#armed.arm('data', path, false, op.zxid);
    for (const path of facts.child) this.#armed.arm('child', path, false, op.zxid);
    for (const path of request.persistent) this.#armPersistent(path, false, op.zxid);
    for (const path of request.recursive) this.#armPersistent(path, true, op.zxid);
    this.#verdicts.checked('K11', facts.data.length + facts.child.length + facts.events.length);
  }

  #compareMadeUp(op: OpEntry, facts: WatchesSet): void {
    const wanted = new Map<string, number>();
    for (const event of facts.events) wanted.set(shown(event), (wanted.get(shown(event)) ?? 0) + 1);
    for (const event of this.#madeUp) {
      const left = wanted.get(shown(event)) ?? 0;
      if (left === 0) this.#accusePhantom(event, 'setWatches made up an event that its state does not give');
      else wanted.set(shown(event), left - 1);
    }
    this.#madeUp = [];
    for (const [event, left] of wanted) {
      if (left === 0) continue;
      this.#verdicts.accuse({
        predicate: 'K11',
        rule: 'setWatches did not make up for a missed change',
        ops: [op.id],
        zxid: op.zxid,
        expected: event,
        seen: 'nothing',
      });
    }
  }

  #pendingSetWatches(event: EventEntry): OpEntry | undefined {
    return this.#history.sentOn
      .get(this.#conn.id)
      ?.find(
        (op) =>
          op.request.op === 'setWatches' && op.outcome === 'unknown' && op.invokedUs <= event.deliveredUs,
      );
  }

  #accuseMissing(call: WatchCall, zxid: number): void {
    this.#verdicts.accuse({
      predicate: 'K11',
      rule: 'a watch that was due did not fire',
      ops: [],
      zxid: call.zxid,
      expected: `${shown(call)} before a packet with ${formatZxid(zxid)} on connection ${this.#conn.id}`,
      seen: 'nothing',
    });
  }

  #accusePhantom(event: EventEntry, rule: string): void {
    this.#verdicts.accuse({
      predicate: 'K12',
      rule,
      ops: [],
      zxid: event.zxid,
      expected: 'no event',
      seen: `${shown(event)} as packet ${event.position} of connection ${event.connection}`,
    });
  }
}

function shown(event: { readonly type: string; readonly path: string }): string {
  return `${event.type} ${event.path}`;
}
