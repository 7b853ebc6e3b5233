import { chainText, type Digest } from '../../core/digest.ts';
import { formatZxid } from '../../core/zxid.ts';
import type { Language, ServiceLanguage } from '../../node/protocol.ts';
import type { Errand, PaxosMessage, Value, WireMessage } from './messages.ts';

/** How the world reads what Paxos servers say; what it does not know is the service's. */
export function paxosLanguage(service: ServiceLanguage): Language<WireMessage> {
  return {
    describe: (message) => describe(message as PaxosMessage) ?? service.describe(message),
    fold: (message, digest) => {
      if (!fold(message as PaxosMessage, digest)) service.fold(message, digest);
    },
    sizeOf: (message) => sizeOf(message as PaxosMessage, service) ?? service.sizeOf(message),
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
      return `forward ${message.number} in ballot ${message.ballot}: ${errandText(message.errand)}`;
    case 'heard':
      return `heard forwards up to ${message.number} in ballot ${message.ballot}`;
    case 'revalidated':
      return `${message.session} is ${message.valid ? 'valid' : 'not valid'}`;
    default:
      return undefined;
  }
}

function textOf(value: Value): string {
  switch (value.kind) {
    case 'request':
      return `${value.body.kind} of ${value.session}, number ${value.cxid}`;
    case 'txn':
      return `${value.txn.kind} of ${value.session}, number ${value.cxid}, ${formatZxid(value.zxid)}`;
    case 'barrier':
      return `barrier, errand ${value.source.number} of ${value.source.member}`;
    default:
      return value.kind;
  }
}

function errandText(errand: Errand): string {
  switch (errand.kind) {
    case 'request': {
      const { origin, body } = errand.request;
      return `${body.kind} of ${origin.session}, number ${origin.cxid}`;
    }
    case 'revalidate':
      return `revalidate ${errand.session}, ${errand.timeoutMs} ms`;
    default:
      return errand.kind;
  }
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
      digest.word(7);
      digest.word(message.ballot);
      digest.word(message.applied);
      if (message.round > 0) digest.integer(message.round);
      return true;
    case 'present-too':
      digest.word(8);
      digest.word(message.ballot);
      digest.word(message.applied);
      for (const { session } of message.touches) digest.word(chainText(0, session));
      if (message.round > 0) digest.integer(message.round);
      return true;
    case 'ask':
      digest.word(9);
      digest.word(message.from);
      return true;
    case 'forward':
      digest.word(10);
      digest.word(message.ballot);
      digest.integer(message.since);
      digest.word(message.number);
      foldErrand(message.errand, digest);
      return true;
    case 'heard':
      digest.word(11);
      digest.word(message.ballot);
      digest.integer(message.since);
      digest.word(message.number);
      return true;
    case 'revalidated':
      digest.word(message.valid ? 12 : 13);
      digest.word(message.ballot);
      digest.integer(message.since);
      digest.word(message.number);
      digest.word(chainText(0, message.session));
      return true;
    default:
      return false;
  }
}

function foldErrand(errand: Errand, digest: Digest): void {
  switch (errand.kind) {
    case 'request':
      digest.word(1);
      digest.word(chainText(0, errand.request.origin.session));
      digest.word(errand.request.origin.cxid);
      return;
    case 'revalidate':
      digest.word(2);
      digest.word(chainText(0, errand.session));
      return;
    default:
      digest.word(3);
  }
}

/** Bytes on the wire, near enough. */
function sizeOf(message: PaxosMessage, service: ServiceLanguage): number | undefined {
  switch (message.kind) {
    case 'promise':
      return message.votes.reduce((sum, { value }) => sum + 20 + valueSize(value, service), 32);
    case 'accept':
      return 30 + valueSize(message.value, service);
    case 'decrees':
      return message.values.reduce((sum, value) => sum + valueSize(value, service), 28);
    case 'forward':
      return message.errand.kind === 'request' ? 78 + service.requestSize(message.errand.request.body) : 48;
    case 'present-too':
      return 28 + 12 * message.touches.length;
    case 'prepare':
    case 'accepted':
    case 'reject':
    case 'present':
    case 'ask':
    case 'heard':
    case 'revalidated':
      return 28;
    default:
      return undefined;
  }
}

function valueSize(value: Value, service: ServiceLanguage): number {
  if (value.kind === 'request') return 48 + service.requestSize(value.body);
  return value.kind === 'txn' ? 48 + service.txnSize(value.txn) : 48;
}
