import type { ConnectionEntry, EventEntry, OpEntry } from './client-history.ts';
import type { IndexedHistory } from './indexed-history.ts';
import type { Predicate } from './predicate.ts';
import type { SetWatchesRequest } from './request.ts';
import type { Verdicts } from './verdicts.ts';

/** Of a client's clock; it counts by itself. */
const CLOCK = 0.98;
/**
 * What a client owes its session when it goes on at another server, and keeps a connection for. It brings all
 * of its watches along, of the state that it has seen last (K11), proves again who it is (K5), and gives no
 * connection up over which it hears, nor stays silent for so long that it hears nothing (K14). Only for
 * our own clients: others may have their own ways. Linear. Source: ZooKeeper.ZKWatchManager,
 * ClientCnxn.SendThread.
 */
export function checkClientDuties(history: IndexedHistory, verdicts: Verdicts): void {
  if (history.header.ownClients !== true) return;
  for (const connections of history.connectionsOf.values()) new Handle(history, verdicts).follow(connections);
}

const KINDS = ['data', 'exist', 'child', 'persistent', 'recursive'] as const;
type Kind = (typeof KINDS)[number];

/** What is known of one handle so far. */
class Handle {
  readonly #history: IndexedHistory;
  readonly #verdicts: Verdicts;
  /** The watches that stand, each as its kind and path. */
  readonly #watches = new Set<string>();
  readonly #proven = new Set<string>();

  constructor(history: IndexedHistory, verdicts: Verdicts) {
    this.#history = history;
    this.#verdicts = verdicts;
  }

  /** @param connections in their order */
  follow(connections: readonly ConnectionEntry[]): void {
    for (const connection of connections) {
      if (connection.outcome !== 'accepted') continue;
      const sent = this.#history.sentOn.get(connection.id) ?? [];
      this.#checkStart(connection, sent);
      this.#checkSilence(connection, sent);
      for (const op of sent) if (op.request.op === 'auth') this.#proven.add(authOf(op));
      for (const packet of this.#history.packetsOn.get(connection.id) ?? []) this.#take(packet);
    }
  }

  /** What goes out first; what the connection did not take any more was not forgotten. */
  #checkStart(connection: ConnectionEntry, sent: readonly OpEntry[]): void {
    const begins = sent.findIndex(({ request }) => request.op !== 'auth' && request.op !== 'setWatches');
    const first = begins < 0 ? sent : sent.slice(0, begins);
    const brought = new Set<string>();
    const proven = new Set<string>();
    for (const op of first) {
      if (op.request.op === 'auth') proven.add(authOf(op));
      if (op.request.op !== 'setWatches') continue;
      for (const watch of watchesIn(op.request)) brought.add(watch);
      this.#verdicts.checked('K11');
      if (op.request.relativeZxid === connection.lastZxidSeen) continue;
      const rule = 'a client brought its watches along as of another state than it had seen';
      this.#accuse('K11', rule, op.id, `${connection.lastZxidSeen}`, `${op.request.relativeZxid}`);
    }
    const stray = [...brought].find((watch) => !this.#watches.has(watch));
    if (stray !== undefined) {
      const rule = 'a client brought a watch along that it did not have';
      this.#accuse('K11', rule, first[0]?.id ?? -1, 'none', stray);
    }
    if (begins < 0) return;
    const op = sent[begins]?.id ?? -1;
    const lost = [...this.#watches].find((watch) => !brought.has(watch));
    if (lost !== undefined) this.#accuse('K11', 'a client did not bring a watch along', op, lost, 'none');
    const unproven = [...this.#proven].find((who) => !proven.has(who));
    if (unproven !== undefined)
      this.#accuse('K5', 'a client did not prove again who it is', op, unproven, 'none');
  }

  #checkSilence(connection: ConnectionEntry, sent: readonly OpEntry[]): void {
    const { lostUs, timeoutUs, returnedUs, id } = connection;
    if (lostUs === undefined) return;
    this.#verdicts.checked('K14');
    const patienceUs = Math.floor((timeoutUs * 2) / 3);
    const packets = this.#history.packetsOn.get(id) ?? [];
    const heardUs = packets.reduce((latest, packet) => Math.max(latest, timeOf(packet)), returnedUs);
    const about = sent.at(-1)?.id ?? -1;
    if (lostUs - heardUs < patienceUs * CLOCK) {
      const rule = 'a client gave up a connection over which it heard';
      this.#accuse('K14', rule, about, `patience until ${heardUs + patienceUs} µs`, `none at ${lostUs} µs`);
    }
    // While an answer is awaited the way may be full: then nothing more can be said.
    if (sent.some(({ outcome }) => outcome === 'unknown')) return;
    const silenceUs = Math.floor(patienceUs / 2);
    const saidUs = sent.reduce((latest, { invokedUs }) => Math.max(latest, invokedUs), returnedUs);
    if (lostUs - saidUs <= silenceUs / CLOCK + this.#history.header.slackUs) return;
    const rule = 'a client that heard nothing had not asked';
    this.#accuse('K14', rule, about, `a ping by ${saidUs + silenceUs} µs`, `none by ${lostUs} µs`);
  }

  #take(packet: OpEntry | EventEntry): void {
    if (packet.kind === 'ev') this.#fired(packet);
    else this.#answered(packet);
  }

  #answered({ request, error }: OpEntry): void {
    switch (request.op) {
      case 'exists':
        if (!request.watch) return;
        if (error === 0) this.#watches.add(watch('data', request.path));
        else if (error === NONODE) this.#watches.add(watch('exist', request.path));
        return;
      case 'getData':
      case 'getChildren':
        if (!request.watch || error !== 0) return;
        this.#watches.add(watch(request.op === 'getData' ? 'data' : 'child', request.path));
        return;
      case 'addWatch':
        if (error === 0)
          this.#watches.add(watch(request.recursive ? 'recursive' : 'persistent', request.path));
        return;
      case 'removeWatches':
        if (error !== 0) return;
        for (const kind of OF_TYPE[request.type]) this.#watches.delete(watch(kind, request.path));
        return;
      default:
    }
  }

  #fired({ type, path }: EventEntry): void {
    const kinds: readonly Kind[] =
      type === 'children-changed'
        ? ['child']
        : type === 'deleted'
          ? ['data', 'exist', 'child']
          : ['data', 'exist'];
    for (const kind of kinds) this.#watches.delete(watch(kind, path));
  }

  #accuse(predicate: Predicate, rule: string, op: number, expected: string, seen: string): void {
    this.#verdicts.accuse({ predicate, rule, ops: op < 0 ? [] : [op], zxid: -1, expected, seen });
  }
}

const NONODE = -101;

/** Which kinds a removal is about. */
const OF_TYPE = {
  data: ['data', 'exist'],
  children: ['child'],
  any: KINDS,
  persistent: ['persistent'],
  'persistent-recursive': ['recursive'],
} as const satisfies Record<string, readonly Kind[]>;

function watch(kind: Kind, path: string): string {
  return `${kind} ${path}`;
}

function watchesIn(request: SetWatchesRequest): string[] {
  return KINDS.flatMap((kind) => request[kind].map((path) => watch(kind, path)));
}

function authOf({ request }: OpEntry): string {
  return request.op === 'auth' ? `${request.scheme}:${request.id}` : '';
}

function timeOf(packet: OpEntry | EventEntry): number {
  return packet.kind === 'ev' ? packet.deliveredUs : packet.returnedUs;
}
