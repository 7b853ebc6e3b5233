import {
  type ConnectRequest,
  type ConnectResponse,
  connectRequestFrame,
  connectResponseFrame,
  type EventPacket,
  type ReplyPacket,
  type RequestPacket,
  readServerPacket,
  requestPacket,
} from './client-packets.ts';
import { Extent } from './extent.ts';
import { FOUR_LETTER_WORDS, type FourLetterWord } from './four-letter-words.ts';
import { ItemStream } from './item-stream.ts';
import { type JuteReader, JuteWriter } from './jute.ts';
import type { Codec } from './jute-codec.ts';
import { WireError } from './wire-error.ts';

/** The longest frame that a server takes from a client, bytes. Source: jute.maxbuffer. */
export const MAX_CLIENT_FRAME = 0xfffff;

/** What a server hears from a client. */
export type FromClient =
  /** Instead of everything else: what comes behind it, as behind `stmk`, is not looked at. */
  | { readonly kind: 'four-letter-word'; readonly word: FourLetterWord }
  /** `rest`: what stands behind it, which nobody looks at (ZooKeeperServer.processConnectRequest). */
  | { readonly kind: 'connect'; readonly request: ConnectRequest; readonly rest: Uint8Array }
  | { readonly kind: 'request'; readonly request: RequestPacket };

/** What a client hears from a server. */
export type FromServer =
  | { readonly kind: 'connected'; readonly response: ConnectResponse }
  | ReplyPacket
  | EventPacket;

/**
 * Reads what a client sends: a four-letter word, or a connect request and then requests. A body that makes no
 * sense under a whole header ends nothing: it comes as `undecodable`. Source: NIOServerCnxn.
 */
export class ClientRequestStream extends ItemStream<FromClient> {
  readonly #frame: Extent;
  #state: 'new' | 'connected' | 'told' = 'new';

  constructor(maxFrame: number = MAX_CLIENT_FRAME) {
    super(maxFrame);
    this.#frame = new Extent('buffer', maxFrame);
  }

  /** Nothing is heard after a four-letter word. */
  override push(piece: Uint8Array): void {
    if (this.#state !== 'told') super.push(piece);
  }

  protected override read(): FromClient | undefined {
    if (this.#state === 'told') return undefined;
    if (this.#state === 'new') {
      const word = FOUR_LETTER_WORDS.get(this.inbox.peekInt(0) ?? 0);
      if (word !== undefined) return this.#tell(word);
    }
    const from = insideOf(this.inbox.next(this.#frame));
    if (from === undefined) return undefined;
    const item: FromClient =
      this.#state === 'new'
        ? { kind: 'connect', request: connectRequestFrame.read(from), rest: from.rest() }
        : { kind: 'request', request: requestPacket.read(from) };
    from.finish();
    this.#state = 'connected';
    return item;
  }

  #tell(word: FourLetterWord): FromClient {
    this.#state = 'told';
    this.inbox.take(this.inbox.length);
    return { kind: 'four-letter-word', word };
  }
}

/**
 * Reads what a server sends to a client: a connect response, then replies and events. A reply does not say
 * what it answers: `typeOf` does, by its xid. Source: ClientCnxn.
 */
export class ClientReplyStream extends ItemStream<FromServer> {
  readonly #frame: Extent;
  readonly #typeOf: (xid: number) => number;
  #connected = false;

  constructor(typeOf: (xid: number) => number, maxFrame: number = MAX_CLIENT_FRAME) {
    super(maxFrame);
    this.#frame = new Extent('buffer', maxFrame);
    this.#typeOf = typeOf;
  }

  protected override read(): FromServer | undefined {
    const from = insideOf(this.inbox.next(this.#frame));
    if (from === undefined) return undefined;
    const item: FromServer = this.#connected
      ? readServerPacket(from, this.#typeOf)
      : { kind: 'connected', response: connectResponseFrame.read(from) };
    from.finish();
    this.#connected = true;
    return item;
  }
}

/** The bytes of a frame of the client protocol. */
export function frameBytes<T>(codec: Pick<Codec<T>, 'write'>, value: T): Uint8Array {
  const to = new JuteWriter();
  to.nested(() => codec.write(to, value));
  return to.take();
}

function insideOf(frame: JuteReader | undefined): JuteReader | undefined {
  const inside = frame?.nested();
  if (inside === null) throw new WireError('length', 0, 'a frame of −1 bytes');
  return inside;
}
