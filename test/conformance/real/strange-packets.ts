import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/*
 * Packets as hex digits, part by part, and what a server says to them.
 */

/** Four bytes. */
export const int = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');
/** Eight bytes. */
export const long = (value: bigint): string => BigInt.asUintN(64, value).toString(16).padStart(16, '0');
/** A string, behind its length. */
export const text = (value: string): string => {
  const bytes = Buffer.from(value);
  return int(bytes.length) + bytes.toString('hex');
};
/** A string, a buffer or a list that is null. */
export const NONE = int(-1);
/** The access list that lets everyone do everything. */
export const OPEN = `${int(1)}${int(31)}${text('world')}${text('anyone')}`;

/** A part of a multi. */
export const part = (type: number, body: string): string => `${int(type)}00${NONE}${body}`;
/** The end of a multi. */
export const END = `${NONE}01${NONE}`;

const PING = 11;

/** What a client says first: the zxid that it has seen, a new session of 10 s, and what comes behind. */
export const hello = (seen: bigint, rest: string): string =>
  `${int(0)}${long(seen)}${int(10_000)}${long(0n)}${int(16)}${'00'.repeat(16)}${rest}`;

/** What comes back: xids and errors, what the last packet says, and whether a ping behind it is answered. */
export interface Outcome {
  readonly reply: string;
  readonly body: string;
  readonly goesOn: boolean;
}

const frame = (hex: string): Uint8Array => Buffer.from(int(hex.length / 2) + hex, 'hex');

/** A connection, read frame by frame. */
class Line {
  readonly #socket: Socket;
  #bytes = Buffer.alloc(0);

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1');
    // Whoever is hung up on is told by what it reads.
    this.#socket.on('error', () => undefined);
  }

  say(hex: string): void {
    this.#socket.write(frame(hex));
  }

  /** Reads one frame; empty at the end of the connection. */
  async heard(): Promise<Buffer> {
    const socket = this.#socket;
    for (;;) {
      const length = this.#bytes.length < 4 ? Number.POSITIVE_INFINITY : 4 + this.#bytes.readInt32BE(0);
      if (this.#bytes.length >= length) {
        const one = this.#bytes.subarray(4, length);
        this.#bytes = this.#bytes.subarray(length);
        return one;
      }
      const piece = socket.read() as Buffer | null;
      if (piece !== null) this.#bytes = Buffer.concat([this.#bytes, piece]);
      else if (socket.readableEnded || socket.destroyed) return Buffer.alloc(0);
      else await Promise.race(['readable', 'end', 'close'].map((event) => once(socket, event)));
    }
  }

  hangUp(): void {
    this.#socket.destroy();
  }
}

/** How a server answers to this as the first packet: with so much time for the session, or not at all. */
export async function admission(port: number, connectRequest: string): Promise<string> {
  const line = new Line(port);
  line.say(connectRequest);
  const answer = await line.heard();
  line.hangUp();
  return answer.length === 0 ? 'nothing' : `${answer.readInt32BE(4)} ms`;
}

/**
 * Asks in a session of its own, and pings once there is an answer. `ends`: the server should end the
 * connection by itself, at once or a little later; then there is no ping, which might come first.
 */
export async function outcomeOf(
  port: number,
  type: number,
  asked: string,
  { xid = 5, ends = false } = {},
): Promise<Outcome> {
  const line = new Line(port);
  line.say(hello(0n, '01'));
  if ((await line.heard()).length < 20) throw new Error('no session');
  line.say(int(xid) + int(type) + asked);
  const replies: Buffer[] = [];
  let pongs = type === PING ? 2 : 1;
  for (let reply = await line.heard(); reply.length > 0; reply = await line.heard()) {
    if (reply.readInt32BE(0) === -2 && --pongs === 0) break;
    if (replies.push(reply) === 1 && !ends) line.say(int(-2) + int(PING));
  }
  line.hangUp();
  const told = replies.map((reply) => `xid ${reply.readInt32BE(0)} err ${reply.readInt32BE(12)}`);
  const body = replies.at(-1)?.subarray(16).toString('hex') ?? '';
  return { reply: told.join(', ') || 'nothing', body, goesOn: pongs === 0 };
}
