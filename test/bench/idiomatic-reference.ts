import { createHash } from 'node:crypto';
import seedrandom from 'seedrandom';

/**
 * ZAB's broadcast phase as one would write it without a thought of speed: a closure per event in a heap of
 * objects, a string per message type, a Map of Sets of acks, BigInt zxids, a SHA-256 over the text of each
 * event. It elects nobody and survives nothing. What it is for: being slow in the usual way, so that a ratio
 * to it means the same on any machine.
 */
export class IdiomaticBroadcast {
  events = 0;
  writes = 0;
  violations = 0;
  #now = 0;
  #seq = 0;
  readonly #heap: Scheduled[] = [];
  readonly #random = seedrandom('broadcast');
  readonly #trace = createHash('sha256');
  readonly #links = new Map<string, number>();
  readonly #servers = new Map<number, Server>();
  readonly #clients: Client[] = [];
  /** What was committed, by zxid: every server must apply the same. */
  readonly #agreed = new Map<bigint, string>();

  constructor(servers: number, clients: number) {
    for (let id = 1; id <= servers; id++) this.#servers.set(id, new Server(this, id, servers, servers));
    for (const server of this.#servers.values()) this.after(0, () => server.tick());
    for (let i = 0; i < clients; i++) {
      const client = new Client(this, 1000 + i, 1 + (i % servers));
      this.#clients.push(client);
      this.after(0, () => client.next());
    }
  }

  /** Runs that many events. */
  run(events: number): void {
    for (const end = this.events + events; this.events < end; ) {
      const event = pop(this.#heap);
      if (event === undefined) return;
      this.#now = event.time;
      this.events++;
      event.fn();
    }
  }

  after(delay: number, fn: () => void): void {
    push(this.#heap, { time: this.#now + delay, seq: this.#seq++, fn });
  }

  between(low: number, high: number): number {
    return low + Math.floor(this.#random() * (high - low + 1));
  }

  send(from: number, to: number, message: Message): void {
    const link = `${from}->${to}`;
    const arrival = Math.max(this.#now + this.between(500, 1500), (this.#links.get(link) ?? 0) + 1);
    this.#links.set(link, arrival);
    this.after(arrival - this.#now, () => {
      this.#trace.update(`${this.#now} ${link} ${message.type} ${message.zxid ?? ''}`);
      const receiver = this.#servers.get(to) ?? this.#clients[to - 1000];
      receiver?.receive(from, message);
    });
  }

  /** A server applied a transaction: the same as the others? */
  applied(zxid: bigint, previous: bigint, data: string): void {
    if (zxid !== previous + 1n) this.violations++;
    const agreed = this.#agreed.get(zxid);
    if (agreed === undefined) {
      this.#agreed.set(zxid, data);
      this.#agreed.delete(zxid - 4096n);
    } else if (agreed !== data) this.violations++;
  }
}

interface Scheduled {
  readonly time: number;
  readonly seq: number;
  readonly fn: () => void;
}

interface Message {
  readonly type: 'REQUEST' | 'FORWARD' | 'PROPOSAL' | 'ACK' | 'COMMIT' | 'REPLY' | 'PING';
  readonly zxid?: bigint;
  readonly origin?: Origin;
  readonly data?: string;
}

interface Origin {
  readonly server: number;
  readonly client: number;
  readonly cxid: number;
}

interface Txn {
  readonly zxid: bigint;
  readonly origin: Origin;
  readonly data: string;
}

class Client {
  readonly #world: IdiomaticBroadcast;
  readonly #id: number;
  readonly #server: number;
  #cxid = 0;

  constructor(world: IdiomaticBroadcast, id: number, server: number) {
    this.#world = world;
    this.#id = id;
    this.#server = server;
  }

  next(): void {
    const origin = { server: this.#server, client: this.#id, cxid: ++this.#cxid };
    const data = `/client-${this.#id}=${this.#cxid}`;
    this.#world.send(this.#id, this.#server, { type: 'REQUEST', origin, data });
  }

  receive(_from: number, message: Message): void {
    if (message.type !== 'REPLY' || message.origin?.cxid !== this.#cxid) return;
    this.#world.writes++;
    this.next();
  }
}

class Server {
  readonly #world: IdiomaticBroadcast;
  readonly #id: number;
  readonly #size: number;
  readonly #leader: number;
  readonly #log = new Map<bigint, Txn>();
  readonly #tree = new Map<string, string>();
  readonly #acks = new Map<bigint, Set<number>>();
  #unsynced: Txn[] = [];
  #syncing = false;
  #proposed = 1n << 32n;
  #committed = 1n << 32n;

  constructor(world: IdiomaticBroadcast, id: number, size: number, leader: number) {
    this.#world = world;
    this.#id = id;
    this.#size = size;
    this.#leader = leader;
  }

  /** Every half tick the leader pings. */
  tick(): void {
    if (this.#id === this.#leader) this.#broadcast({ type: 'PING', zxid: this.#proposed });
    this.#world.after(1_000_000, () => this.tick());
  }

  receive(from: number, message: Message): void {
    const { type, zxid, origin, data } = message;
    switch (type) {
      case 'REQUEST':
        if (this.#id === this.#leader) this.#propose(origin as Origin, data as string);
        else this.#world.send(this.#id, this.#leader, { type: 'FORWARD', ...pick(message) });
        return;
      case 'FORWARD':
        this.#propose(origin as Origin, data as string);
        return;
      case 'PROPOSAL':
        this.#append({ zxid: zxid as bigint, origin: origin as Origin, data: data as string });
        return;
      case 'ACK':
        this.#acked(from, zxid as bigint);
        return;
      case 'COMMIT':
        this.#apply(zxid as bigint);
        return;
      case 'PING':
        if (this.#id !== this.#leader) this.#world.send(this.#id, from, { type: 'PING' });
        return;
      default:
    }
  }

  #broadcast(message: Message): void {
    for (let id = 1; id <= this.#size; id++) if (id !== this.#id) this.#world.send(this.#id, id, message);
  }

  #propose(origin: Origin, data: string): void {
    const zxid = ++this.#proposed;
    this.#acks.set(zxid, new Set());
    this.#broadcast({ type: 'PROPOSAL', zxid, origin, data });
    this.#append({ zxid, origin, data });
  }

  /** One sync for all that came in during the last one. */
  #append(txn: Txn): void {
    this.#log.set(txn.zxid, txn);
    this.#unsynced.push(txn);
    if (!this.#syncing) this.#sync();
  }

  #sync(): void {
    const batch = this.#unsynced;
    this.#unsynced = [];
    this.#syncing = true;
    this.#world.after(this.#world.between(2000, 6000), () => {
      this.#syncing = false;
      for (const { zxid } of batch) {
        if (this.#id === this.#leader) this.#acked(this.#id, zxid);
        else this.#world.send(this.#id, this.#leader, { type: 'ACK', zxid });
      }
      if (this.#unsynced.length > 0) this.#sync();
    });
  }

  #acked(from: number, zxid: bigint): void {
    this.#acks.get(zxid)?.add(from);
    for (let next = this.#committed + 1n; ; next++) {
      const acks = this.#acks.get(next);
      if (acks === undefined || acks.size <= this.#size / 2) return;
      this.#acks.delete(next);
      this.#broadcast({ type: 'COMMIT', zxid: next });
      this.#apply(next);
    }
  }

  #apply(zxid: bigint): void {
    const txn = this.#log.get(zxid);
    if (txn === undefined) throw new Error('a commit came before its proposal');
    this.#world.applied(zxid, this.#committed, txn.data);
    this.#committed = zxid;
    this.#log.delete(zxid - 500n);
    const [path = '', value = ''] = txn.data.split('=');
    this.#tree.set(path, value);
    const { origin } = txn;
    if (origin.server === this.#id)
      this.#world.send(this.#id, origin.client, { type: 'REPLY', zxid, origin });
  }
}

function pick({ origin, data }: Message): Pick<Message, 'origin' | 'data'> {
  return { ...(origin && { origin }), ...(data !== undefined && { data }) };
}

function before(a: Scheduled, b: Scheduled): boolean {
  return a.time < b.time || (a.time === b.time && a.seq < b.seq);
}

function push(heap: Scheduled[], event: Scheduled): void {
  let at = heap.length;
  heap.push(event);
  while (at > 0) {
    const up = (at - 1) >> 1;
    const parent = heap[up] as Scheduled;
    if (!before(event, parent)) break;
    heap[at] = parent;
    at = up;
  }
  heap[at] = event;
}

function pop(heap: Scheduled[]): Scheduled | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let at = 0;
  for (let child = 1; child < heap.length; child = 2 * at + 1) {
    const right = heap[child + 1];
    if (right !== undefined && before(right, heap[child] as Scheduled)) child++;
    const least = heap[child] as Scheduled;
    if (!before(least, last)) break;
    heap[at] = least;
    at = child;
  }
  heap[at] = last;
  return first;
}
