import { connect, type Socket } from 'node:net';
import { connectRequestFrame, requestPacket, XIDS } from '../../../src/wire/client-packets.ts';
import type { ReplyBody } from '../../../src/wire/client-replies.ts';
import { type RequestBody, requestType } from '../../../src/wire/client-requests.ts';
import { ClientReplyStream, type FromServer, frameBytes } from '../../../src/wire/client-stream.ts';

/** Sends a four-letter word, and returns the answer. */
export function tell(port: number, word: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(word));
    let answer = '';
    socket.setEncoding('utf8');
    socket.on('data', (text) => {
      answer += text;
    });
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
  });
}

/** A reply: what counts of its header, and its body. */
export interface Answer {
  readonly err: number;
  readonly zxid: bigint;
  readonly body: ReplyBody;
}

/** A session of a real server, spoken through our own codecs; one request at a time. */
export class RealClient {
  readonly #socket: Socket;
  readonly #types = new Map<number, number>();
  readonly #stream = new ClientReplyStream((xid) => this.#types.get(xid) ?? 0);
  /** The watch events that came and that nobody has looked at: `type path`. */
  readonly events: string[] = [];
  #waiting: { resolve: (item: FromServer) => void; reject: (error: unknown) => void } | undefined;
  #xid = 0;
  #session = 0n;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes) => this.#onData(bytes));
    socket.on('error', (error) => this.#waiting?.reject(error));
    socket.on('close', () => this.#waiting?.reject(new Error('the server closed the connection')));
  }

  /** Opens a session. */
  static async open(port: number, timeOut = 10_000): Promise<RealClient> {
    const socket = connect(port, '127.0.0.1');
    const client = new RealClient(socket);
    const hello = {
      protocolVersion: 0,
      lastZxidSeen: 0n,
      timeOut,
      sessionId: 0n,
      passwd: new Uint8Array(16),
      readOnly: false,
    };
    const answer = await client.#exchange(frameBytes(connectRequestFrame, hello));
    if (answer.kind !== 'connected' || answer.response.timeOut <= 0) throw new Error('no session');
    client.#session = answer.response.sessionId;
    return client;
  }

  get session(): bigint {
    return this.#session;
  }

  /** Asks, and waits for the reply. A ping, an auth packet and setWatches have an xid of their own. */
  async ask(body: RequestBody, xid = ++this.#xid): Promise<Answer> {
    const type = requestType(body) ?? 0;
    this.#types.set(xid, type);
    const answer = await this.#exchange(frameBytes(requestPacket, { xid, type, body }));
    if (answer.kind !== 'reply' || answer.header.xid !== xid) throw new Error(`no reply to ${body.kind}`);
    return { err: answer.header.err, zxid: answer.header.zxid, body: answer.body };
  }

  /** All events up to now have come once this is answered. */
  async ping(): Promise<void> {
    await this.ask({ kind: 'ping' }, XIDS.ping);
  }

  close(): void {
    this.#socket.destroy();
  }

  #exchange(bytes: Uint8Array): Promise<FromServer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(bytes);
    });
  }

  #onData(bytes: Uint8Array): void {
    this.#stream.push(bytes);
    for (let item = this.#stream.next(); item !== undefined; item = this.#stream.next()) {
      if (item.kind === 'event') {
        this.events.push(`${item.event.type} ${item.event.path}`);
        continue;
      }
      const waiting = this.#waiting;
      this.#waiting = undefined;
      waiting?.resolve(item);
    }
  }
}
