import { chainText, type Digest } from '../../core/digest.ts';
import { formatZxid } from '../../core/zxid.ts';
import type { Language, ServiceLanguage } from '../../node/protocol.ts';
import type { Touch } from '../../node/service.ts';
import type { WireMessage, ZabMessage } from './messages.ts';

/** How the world reads what ZAB servers say; what it does not know is the service's. */
export function zabLanguage(service: ServiceLanguage): Language<WireMessage> {
  return {
    describe: (message) => describe(message as ZabMessage) ?? service.describe(message),
    fold: (message, digest) => {
      if (!fold(message as ZabMessage, digest)) service.fold(message, digest);
    },
    sizeOf: (message) => sizeOf(message as ZabMessage, service) ?? service.sizeOf(message),
  };
}

function describe(message: ZabMessage): string | undefined {
  switch (message.kind) {
    case 'hello':
      return `hello from ${message.sid}`;
    case 'notification':
      return (
        `notification ${message.state} leader=${message.leader} zxid=${formatZxid(message.zxid)} ` +
        `round=${message.electionEpoch} peerEpoch=${message.peerEpoch}`
      );
    case 'follower-info':
    case 'observer-info':
      return `${message.kind} sid=${message.sid} acceptedEpoch=${message.acceptedEpoch}`;
    case 'ack-epoch':
      return `ack-epoch lastZxid=${formatZxid(message.lastZxid)} currentEpoch=${message.currentEpoch}`;
    case 'leader-info':
    case 'new-leader':
      return `${message.kind} epoch=${message.epoch}`;
    case 'ping':
      return `ping ${formatZxid(message.zxid)}${touchesText(message.touches)}`;
    case 'ack':
    case 'commit':
    case 'diff':
    case 'trunc':
    case 'snap':
      return `${message.kind} ${formatZxid(message.zxid)}`;
    case 'proposal':
    case 'inform':
      return `${message.kind} ${formatZxid(message.record.position)}`;
    case 'request':
      return (
        `${message.barrier ? 'sync' : message.request.body.kind} of ${message.request.origin.session}, ` +
        `number ${message.request.origin.cxid}`
      );
    case 'revalidate':
      return `revalidate ${message.session}, ${message.timeoutMs} ms`;
    case 'revalidated':
      return `${message.session} is ${message.valid ? 'valid' : 'not valid'}`;
    case 'snapshot-piece':
    case 'snapshot-end':
    case 'up-to-date':
    case 'sync':
      return message.kind;
    default:
      return undefined;
  }
}

/** Whether the message is one of ZAB's. */
function fold(message: ZabMessage, digest: Digest): boolean {
  switch (message.kind) {
    case 'proposal':
      digest.word(1);
      digest.integer(message.record.position);
      digest.word(message.record.digest);
      return true;
    case 'ack':
      digest.word(2);
      digest.integer(message.zxid);
      return true;
    case 'commit':
      digest.word(3);
      digest.integer(message.zxid);
      return true;
    case 'ping':
      digest.word(4);
      digest.integer(message.zxid);
      for (const touch of message.touches) foldTouch(touch, digest);
      return true;
    case 'inform':
      digest.word(5);
      digest.integer(message.record.position);
      digest.word(message.record.digest);
      return true;
    case 'request':
      digest.word(6);
      digest.word(chainText(0, message.request.origin.session));
      digest.word(message.request.origin.cxid);
      return true;
    case 'notification':
      digest.word(7);
      digest.word(STATES[message.state]);
      digest.integer(message.leader);
      digest.integer(message.zxid);
      digest.integer(message.electionEpoch);
      digest.integer(message.peerEpoch);
      return true;
    case 'hello':
      digest.word(8);
      digest.word(message.sid);
      return true;
    case 'follower-info':
    case 'observer-info':
      digest.word(message.kind === 'follower-info' ? 9 : 10);
      digest.word(message.sid);
      digest.word(message.acceptedEpoch);
      return true;
    case 'ack-epoch':
      digest.word(11);
      digest.integer(message.lastZxid);
      digest.word(message.currentEpoch);
      return true;
    case 'leader-info':
    case 'new-leader':
      digest.word(message.kind === 'leader-info' ? 12 : 13);
      digest.word(message.epoch);
      return true;
    case 'diff':
    case 'trunc':
    case 'snap':
      digest.word(message.kind === 'diff' ? 14 : message.kind === 'trunc' ? 15 : 16);
      digest.integer(message.zxid);
      return true;
    case 'snapshot-piece':
      digest.word(17);
      digest.word(message.chunk.digest);
      return true;
    case 'snapshot-end':
      digest.word(18);
      return true;
    case 'up-to-date':
      digest.word(19);
      return true;
    case 'revalidate':
      digest.word(20);
      foldTouch(message, digest);
      return true;
    case 'revalidated':
      digest.word(message.valid ? 21 : 22);
      digest.word(chainText(0, message.session));
      return true;
    case 'sync':
      digest.word(23);
      return true;
    default:
      return false;
  }
}

function foldTouch({ session, timeoutMs }: Touch, digest: Digest): void {
  digest.word(chainText(0, session));
  digest.word(timeoutMs);
}

function touchesText(touches: readonly Touch[]): string {
  return touches.length === 0 ? '' : `, ${touches.length} sessions`;
}

const STATES = { looking: 0, following: 1, leading: 2, observing: 3 } as const;

/** A quorum packet that carries nothing. */
const PACKET = 20;

/** The header of a transaction, and its digest. */
const TXN_HEADER = 48;

/** Bytes on the wire, from the packet layouts. */
function sizeOf(message: ZabMessage, service: ServiceLanguage): number | undefined {
  switch (message.kind) {
    case 'hello':
      return 35;
    case 'notification':
      return 186;
    case 'follower-info':
    case 'observer-info':
      return 40;
    case 'ack-epoch':
    case 'leader-info':
      return 24;
    case 'new-leader':
      return 158;
    case 'proposal':
    case 'inform':
      return PACKET + TXN_HEADER + service.txnSize(message.record.txn);
    case 'request':
      return PACKET + 28 + service.requestSize(message.request.body);
    case 'snapshot-piece':
      return PACKET + service.chunkSize(message.chunk);
    case 'ping':
      return PACKET + 12 * message.touches.length;
    case 'revalidate':
      return 32;
    case 'revalidated':
      return 29;
    case 'ack':
    case 'commit':
    case 'diff':
    case 'trunc':
    case 'snap':
    case 'snapshot-end':
    case 'up-to-date':
    case 'sync':
      return PACKET;
    default:
      return undefined;
  }
}
