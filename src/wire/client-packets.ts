import { assert } from '../core/assert.ts';
import type { ReplyBody } from './client-replies.ts';
import { readReplyBody, writeReplyBody } from './client-replies.ts';
import { type RequestBody, readRequestBody, requestType, writeRequestBody } from './client-requests.ts';
import type { JuteReader } from './jute.ts';
import { buffer, type Codec, type Decoded, int, long, record, ustring } from './jute-codec.ts';

/** The xids that are no number of a request. Sources: ClientCnxn, WatcherEvent. */
export const XIDS = Object.freeze({ event: -1, ping: -2, auth: -4, setWatches: -8 } as const);

const connectRequest = record({
  protocolVersion: int,
  lastZxidSeen: long,
  timeOut: int,
  sessionId: long,
  passwd: buffer,
});

const connectResponse = record({ protocolVersion: int, timeOut: int, sessionId: long, passwd: buffer });

/** Whether a read-only server will do, or is what answered; undefined in the form before 3.4. */
interface MaybeReadOnly {
  readonly readOnly: boolean | undefined;
}

/** The first frame of a client. Source: ConnectRequest. */
export type ConnectRequest = Decoded<typeof connectRequest> & MaybeReadOnly;

/** The first frame of a server; a timeout of 0 refuses the session. Source: ConnectResponse. */
export type ConnectResponse = Decoded<typeof connectResponse> & MaybeReadOnly;

/** The codec of a client's first frame. */
export const connectRequestFrame = withReadOnly(connectRequest);

/** The codec of a server's first frame. */
export const connectResponseFrame = withReadOnly(connectResponse);

function withReadOnly<T extends object>(codec: Codec<T>): Pick<Codec<T & MaybeReadOnly>, 'read' | 'write'> {
  return {
    read: (from) => {
      const fields = codec.read(from);
      return { ...fields, readOnly: from.left === 0 ? undefined : from.bool() };
    },
    write: (to, value) => {
      codec.write(to, value);
      if (value.readOnly !== undefined) to.bool(value.readOnly);
    },
  };
}

/** The header of a request. */
export const requestHeader = record({ xid: int, type: int });

/** The header of a reply or an event. */
export const replyHeader = record({ xid: int, zxid: long, err: int });

/** A request; the type in its header is that of its body. */
export interface RequestPacket {
  readonly xid: number;
  readonly type: number;
  readonly body: RequestBody;
}

/** A frame of a client after the first. */
export const requestPacket: Pick<Codec<RequestPacket>, 'read' | 'write'> = {
  read: (from) => {
    const { xid, type } = requestHeader.read(from);
    return { xid, type, body: readRequestBody(from, type) };
  },
  write: (to, { xid, type, body }) => {
    assert((requestType(body) ?? type) === type, 'the type in the header is that of the body');
    requestHeader.write(to, { xid, type });
    writeRequestBody(to, body);
  },
};

/** Something happened to a node that the client watches. Source: WatcherEvent. */
export const watcherEvent = record({ type: int, state: int, path: ustring });

/** A reply. */
export interface ReplyPacket {
  readonly kind: 'reply';
  readonly header: Decoded<typeof replyHeader>;
  readonly body: ReplyBody;
}

/** An event: a packet whose xid is −1. */
export interface EventPacket {
  readonly kind: 'event';
  readonly header: Decoded<typeof replyHeader>;
  readonly event: Decoded<typeof watcherEvent>;
}

/**
 * Reads a frame of a server after the first.
 *
 * @param typeOf the type of the request with this xid, which the packet itself does not tell
 */
export function readServerPacket(
  from: JuteReader,
  typeOf: (xid: number) => number,
): ReplyPacket | EventPacket {
  const header = replyHeader.read(from);
  if (header.xid === XIDS.event) return { kind: 'event', header, event: watcherEvent.read(from) };
  return { kind: 'reply', header, body: readReplyBody(from, typeOf(header.xid), header.err) };
}

/** Writes a frame of a server after the first. */
export const serverPacket: Pick<Codec<ReplyPacket | EventPacket>, 'write'> = {
  write: (to, packet) => {
    replyHeader.write(to, packet.header);
    if (packet.kind === 'event') watcherEvent.write(to, packet.event);
    else writeReplyBody(to, packet.body);
  },
};
