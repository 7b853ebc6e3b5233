import { chainText, type Digest } from '../../core/digest.ts';
import { formatZxid } from '../../core/zxid.ts';
import type { Language, ServiceLanguage } from '../../node/protocol.ts';
import type { RaftMessage, WireMessage } from './messages.ts';

/** How the world reads what Raft servers say; what it does not know is the service's. */
export function raftLanguage(service: ServiceLanguage): Language<WireMessage> {
  return {
    describe: (message) => describe(message as RaftMessage) ?? service.describe(message),
    fold: (message, digest) => {
      if (!fold(message as RaftMessage, digest)) service.fold(message, digest);
    },
    sizeOf: (message) => sizeOf(message as RaftMessage, service) ?? service.sizeOf(message),
  };
}

function describe(message: RaftMessage): string | undefined {
  switch (message.kind) {
    case 'hello':
      return `hello from ${message.sid}`;
    case 'ask-vote':
      return (
        `${message.pre ? 'ask-pre-vote' : 'ask-vote'} term=${message.term} ` +
        `last=${formatZxid(message.last)}`
      );
    case 'vote':
      return (
        `${message.pre ? 'pre-vote' : 'vote'} ${message.granted ? 'granted' : 'refused'} ` +
        `term=${message.term}`
      );
    case 'append':
      return describeAppend(message);
    case 'appended':
      return message.ok
        ? `appended term=${message.term} up to ${message.index}`
        : `conflict term=${message.term} at ${message.index}, term ${message.conflictTerm} there`;
    case 'snapshot':
      return `snapshot term=${message.term} ${formatZxid(message.zxid)}`;
    case 'snapshot-piece':
    case 'snapshot-end':
    case 'timeout-now':
    case 'newer-term':
      return `${message.kind} term=${message.term}`;
    case 'request': {
      const { body, origin } = message.request;
      return `${body.kind} of ${origin.session}, number ${origin.cxid}`;
    }
    case 'read-index':
      return message.kind;
    case 'read-indexed':
      return `read-indexed ${message.index}`;
    case 'revalidate':
      return `revalidate ${message.session}, ${message.timeoutMs} ms`;
    case 'revalidated':
      return `${message.session} is ${message.valid ? 'valid' : 'not valid'}`;
    default:
      return undefined;
  }
}

function describeAppend({ term, prev, entries, commit }: Extract<RaftMessage, { kind: 'append' }>): string {
  const last = entries.at(-1);
  const after = `term=${term} after ${formatZxid(prev)}, commit ${commit}`;
  if (last === undefined) return `append nothing ${after}`;
  return `append ${entries.length} up to ${formatZxid(last.position)} ${after}`;
}

/** Whether the message is one of Raft's. */
function fold(message: RaftMessage, digest: Digest): boolean {
  switch (message.kind) {
    case 'append':
      digest.word(1);
      digest.word(message.term);
      digest.integer(message.prev);
      digest.word(message.commit);
      digest.word(message.round);
      for (const { position, digest: content } of message.entries) {
        digest.integer(position);
        digest.word(content);
      }
      return true;
    case 'appended':
      digest.word(message.ok ? 2 : 3);
      digest.word(message.term);
      digest.word(message.index);
      digest.word(message.conflictTerm);
      digest.word(message.round);
      for (const { session } of message.touches) digest.word(chainText(0, session));
      return true;
    case 'hello':
      digest.word(4);
      digest.word(message.sid);
      return true;
    case 'ask-vote':
      digest.word(message.pre ? 5 : 6);
      digest.word(message.term);
      digest.integer(message.last);
      digest.word(message.transfer ? 1 : 0);
      return true;
    case 'vote':
      digest.word(message.pre ? 7 : 8);
      digest.word(message.term);
      digest.word(message.granted ? 1 : 0);
      return true;
    case 'snapshot':
      digest.word(9);
      digest.word(message.term);
      digest.integer(message.zxid);
      if (message.members !== undefined) digest.integer(message.members.zxid);
      return true;
    case 'snapshot-piece':
      digest.word(10);
      digest.word(message.chunk.digest);
      return true;
    case 'snapshot-end':
    case 'timeout-now':
      digest.word(message.kind === 'snapshot-end' ? 11 : 12);
      digest.word(message.term);
      return true;
    case 'newer-term':
      digest.word(19);
      digest.word(message.term);
      return true;
    case 'request':
      digest.word(13);
      digest.word(chainText(0, message.request.origin.session));
      digest.word(message.request.origin.cxid);
      return true;
    case 'read-index':
      digest.word(14);
      return true;
    case 'read-indexed':
      digest.word(15);
      digest.word(message.index);
      return true;
    case 'revalidate':
    case 'revalidated':
      digest.word(message.kind === 'revalidate' ? 16 : message.valid ? 17 : 18);
      digest.word(chainText(0, message.session));
      return true;
    default:
      return false;
  }
}

/**
 * Bytes on the wire, near enough: a header of 20, and the body of a transaction as in ZooKeeper's packets.
 */
function sizeOf(message: RaftMessage, service: ServiceLanguage): number | undefined {
  switch (message.kind) {
    case 'append':
      return message.entries.reduce((sum, { txn }) => sum + 48 + service.txnSize(txn), 52);
    case 'appended':
      return 44 + 12 * message.touches.length;
    case 'ask-vote':
    case 'vote':
      return 32;
    case 'hello':
    case 'snapshot':
    case 'snapshot-end':
    case 'timeout-now':
    case 'newer-term':
    case 'read-index':
    case 'read-indexed':
    case 'revalidate':
    case 'revalidated':
      return 28;
    case 'snapshot-piece':
      return 20 + service.chunkSize(message.chunk);
    case 'request':
      return 48 + service.requestSize(message.request.body);
    default:
      return undefined;
  }
}
