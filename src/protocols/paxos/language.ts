import { chainText, type Digest } from '../../core/digest.ts';
import type { ClientMessage } from '../../node/content.ts';
import type { Language } from '../../node/protocol.ts';
import type { PaxosMessage, Value, WireMessage } from './messages.ts';

/** How the world reads what Paxos servers say; what it does not know is the service's. */
export function paxosLanguage(service: Language<ClientMessage>): Language<WireMessage> {
  return {
    describe: (message) => describe(message as PaxosMessage) ?? service.describe(message),
    fold: (message, digest) => {
      if (!fold(message as PaxosMessage, digest)) service.fold(message, digest);
    },
    sizeOf: (message) => sizeOf(message as PaxosMessage) ?? service.sizeOf(message),
  };
}

function describe(message: PaxosMessage): string | undefined {
  switch (message.kind) {
    case 'prepare':
      return `prepare ballot ${message.ballot} from slot ${message.from}`;
    case 'promise':
      return `promise of ballot ${message.ballot}, ${message.votes.length} votes`;
    case 'accept':
      return `accept ballot ${message.ballot} slot ${message.slot}: ${textOf(message.value)}`;
    case 'accepted':
      return `accepted ballot ${message.ballot} slot ${message.slot}`;
    case 'reject':
      return `reject ballot ${message.ballot}: ${message.promised} is promised`;
    case 'decrees':
      return `decrees ${message.from} to ${message.from + message.values.length - 1}`;
    case 'present':
    case 'present-too':
      return `${message.kind} in ballot ${message.ballot}, applied ${message.applied}`;
    case 'ask':
      return `ask for decrees from ${message.from}`;
    case 'forward':
      return `forward ${textOf(message.value)}`;
    default:
      return undefined;
  }
}

function textOf({ body, session, cxid }: Value): string {
  return `${body?.kind ?? 'nothing'} of ${session}, number ${cxid}`;
}

/** Whether the message is one of Paxos. */
function fold(message: PaxosMessage, digest: Digest): boolean {
  switch (message.kind) {
    case 'prepare':
      digest.word(1);
      digest.word(message.ballot);
      digest.word(message.from);
      return true;
    case 'promise':
      digest.word(2);
      digest.word(message.ballot);
      digest.word(message.applied);
      for (const { slot, ballot, value } of message.votes) {
        digest.word(slot);
        digest.word(ballot);
        digest.word(value.digest);
      }
      return true;
    case 'accept':
      digest.word(3);
      digest.word(message.ballot);
      digest.word(message.slot);
      digest.word(message.value.digest);
      return true;
    case 'accepted':
      digest.word(4);
      digest.word(message.ballot);
      digest.word(message.slot);
      return true;
    case 'reject':
      digest.word(5);
      digest.word(message.ballot);
      digest.word(message.promised);
      return true;
    case 'decrees':
      digest.word(6);
      digest.word(message.from);
      for (const value of message.values) digest.word(value.digest);
      return true;
    case 'present':
    case 'present-too':
      digest.word(message.kind === 'present' ? 7 : 8);
      digest.word(message.ballot);
      digest.word(message.applied);
      return true;
    case 'ask':
      digest.word(9);
      digest.word(message.from);
      return true;
    case 'forward':
      digest.word(10);
      digest.word(message.value.digest);
      digest.word(chainText(0, message.value.session));
      return true;
    default:
      return false;
  }
}

/** Bytes on the wire, near enough. */
function sizeOf(message: PaxosMessage): number | undefined {
  switch (message.kind) {
    case 'promise':
      return 32 + 200 * message.votes.length;
    case 'accept':
    case 'forward':
      return 210;
    case 'decrees':
      return 28 + 180 * message.values.length;
    case 'prepare':
    case 'accepted':
    case 'reject':
    case 'present':
    case 'present-too':
    case 'ask':
      return 28;
    default:
      return undefined;
  }
}
