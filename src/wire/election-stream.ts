import {
  type ElectionHello,
  type ElectionNotification,
  electionHello,
  electionNotification,
  helloLength,
} from './election-messages.ts';
import { Extent } from './extent.ts';
import { ItemStream } from './item-stream.ts';
import { JuteReader, JuteWriter } from './jute.ts';
import { WireError } from './wire-error.ts';

/** The longest frame, bytes. Source: QuorumCnxManager.PACKETMAXSIZE. */
export const MAX_ELECTION_FRAME = 524288;

/** What a frame held that is no notification: it is dropped, and the connection lives. */
export interface MalformedNotification {
  readonly kind: 'malformed-notification';
  readonly error: WireError;
  readonly body: Uint8Array;
}

/** What comes in on an election connection. */
export type ElectionItem = ElectionHello | ElectionNotification | MalformedNotification;

/**
 * Reads one direction of an election connection. The end that was dialled reads a handshake first, the other
 * only frames.
 */
export class ElectionStream extends ItemStream<ElectionItem> {
  readonly #frame = new Extent('buffer', MAX_ELECTION_FRAME);
  #greeted: boolean;

  constructor(end: 'dialled' | 'dialler') {
    super(MAX_ELECTION_FRAME);
    this.#greeted = end === 'dialler';
  }

  protected override read(): ElectionItem | undefined {
    const { inbox } = this;
    if (!this.#greeted) {
      const length = helloLength(inbox.peekLong(0), inbox.peekInt(16));
      if (length < 0 || length > inbox.length) return undefined;
      this.#greeted = true;
      return electionHello.read(inbox.take(length));
    }
    const frame = inbox.next(this.#frame);
    if (frame === undefined) return undefined;
    const body = frame.nested();
    if (body === null || body.left === 0) throw new WireError('length', 0, 'a frame of no bytes');
    return readNotification(body.rest());
  }
}

/** The bytes of a message on the election port, with the frame where it has one. */
export function electionBytes(message: ElectionHello | ElectionNotification): Uint8Array {
  const to = new JuteWriter();
  if (message.kind === 'notification') to.nested(() => electionNotification.write(to, message));
  else electionHello.write(to, message);
  return to.take();
}

function readNotification(body: Uint8Array): ElectionNotification | MalformedNotification {
  try {
    return electionNotification.read(new JuteReader(body));
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return { kind: 'malformed-notification', error, body };
  }
}
