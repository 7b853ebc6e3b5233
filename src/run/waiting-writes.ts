import type { NodeId } from '../node/ids.ts';

/** A client, as far as its writes go. */
export interface Writer {
  /** The server that it asks. */
  via: NodeId;
  /** Whether it has left one server, and has not come to the next. */
  away: boolean;
  /** Whether its server could serve it when that was last looked at. */
  served: boolean;
  /** Its writes that wait for an answer; they are few. */
  readonly cxids: number[];
}

/** The writes that wait at servers that could have them committed. */
export class WaitingWrites {
  readonly #writers = new Map<NodeId, Writer>();
  readonly #isServed: (client: NodeId, writer: Writer) => boolean;
  /** How many wait there. */
  #count = 0;

  constructor(isServed: (client: NodeId, writer: Writer) => boolean) {
    this.#isServed = isServed;
  }

  /** Whether one waits. */
  get any(): boolean {
    return this.#count > 0;
  }

  /** A client asks a server for a write. */
  asked(client: NodeId, via: NodeId, cxid: number): void {
    const writer = this.#writers.get(client) ?? this.#meet(client, via);
    if (writer.via !== via) this.#turn(client, writer, via);
    writer.cxids.push(cxid);
    if (writer.served) this.#count++;
  }

  /** An operation is over. Whether it was a write that waited. */
  over(client: NodeId, cxid: number): boolean {
    const writer = this.#writers.get(client);
    const at = writer === undefined ? -1 : writer.cxids.indexOf(cxid);
    if (writer === undefined || at < 0) return false;
    const last = writer.cxids.pop() as number;
    if (at < writer.cxids.length) writer.cxids[at] = last;
    if (writer.served) this.#count--;
    return true;
  }

  /** A client has come to a server, and asks it for its session. */
  connecting(client: NodeId, via: NodeId): void {
    const writer = this.#writers.get(client) ?? this.#meet(client, via);
    writer.away = false;
    this.#turn(client, writer, via);
  }

  /** A client has left its server, or has been left. */
  disconnected(client: NodeId): void {
    const writer = this.#writers.get(client);
    if (writer === undefined) return;
    writer.away = true;
    this.#look(client, writer);
  }

  /** A participant died: what it waited for, nobody waits for any more. */
  died(client: NodeId): void {
    const writer = this.#writers.get(client);
    if (writer?.served === true) this.#count -= writer.cxids.length;
    this.#writers.delete(client);
  }

  /** What servers and ways can do has changed. */
  look(): void {
    for (const [client, writer] of this.#writers) this.#look(client, writer);
  }

  #turn(client: NodeId, writer: Writer, via: NodeId): void {
    writer.via = via;
    this.#look(client, writer);
  }

  #look(client: NodeId, writer: Writer): void {
    const served = this.#isServed(client, writer);
    if (served === writer.served) return;
    writer.served = served;
    this.#count += served ? writer.cxids.length : -writer.cxids.length;
  }

  #meet(client: NodeId, via: NodeId): Writer {
    const writer: Writer = { via, away: false, served: false, cxids: [] };
    this.#writers.set(client, writer);
    this.#look(client, writer);
    return writer;
  }
}
