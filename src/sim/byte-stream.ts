import { assert } from '../core/assert.ts';
import type { Stream } from '../core/decisions.ts';
import type { Conversation } from '../node/wire-format.ts';

/** The most pieces that the bytes of a message come in. */
const MOST_PIECES = 4;

const NOTHING: readonly never[] = [];

/** The bytes of a message in flight. What of its receiver's code deals with it goes by its kind. */
export class InBytes {
  readonly kind: string;
  readonly bytes: Uint8Array;

  constructor(kind: string, bytes: Uint8Array) {
    this.kind = kind;
    this.bytes = bytes;
  }
}

/**
 * The bytes of one direction on their way. They come in drawn pieces, as TCP's segments do: the last piece of
 * a message when the message is due, maybe with a part of the next one, which is on its way as well.
 */
export class ByteStream<M> {
  readonly #conversation: Conversation<M>;
  readonly #splits: Stream;
  /** How many bytes of the first message in flight have come already. */
  #early = 0;

  /** @param splits where the bytes part; it goes on over all connections of this direction and port */
  constructor(conversation: Conversation<M>, splits: Stream) {
    this.#conversation = conversation;
    this.#splits = splits;
  }

  /** What goes on its way in place of a message. */
  write(message: M): InBytes {
    const { kind = '' } = message as { readonly kind?: string };
    return new InBytes(kind, this.#conversation.write(message));
  }

  /**
   * The last byte of a message has come.
   *
   * @param head its bytes
   * @param next those of the message behind it, if one is in flight
   * @returns what can be read now: this message, or none, or with it those that waited for it
   */
  arrive(head: Uint8Array, next: Uint8Array | undefined): readonly M[] {
    let left = head.subarray(this.#early);
    const ahead = next === undefined || next.length === 0 ? 0 : this.#splits.draw(next.length);
    for (let cuts = this.#splits.draw(MOST_PIECES); cuts > 0 && left.length > 1; cuts--) {
      const at = 1 + this.#splits.draw(left.length - 1);
      this.#conversation.push(left.subarray(0, at));
      left = left.subarray(at);
    }
    this.#early = ahead;
    this.#conversation.push(next === undefined || ahead === 0 ? left : joined(left, next.subarray(0, ahead)));
    const first = this.#conversation.next();
    if (first === undefined) return NOTHING;
    const messages = [first];
    for (let more = this.#conversation.next(); more !== undefined; more = this.#conversation.next()) {
      messages.push(more);
    }
    return messages;
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** What is in flight where the world speaks in bytes. */
export function bytesInFlight(item: unknown): Uint8Array {
  assert(item instanceof InBytes, 'only bytes are in flight');
  return item.bytes;
}
