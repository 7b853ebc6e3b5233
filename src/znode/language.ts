import { chainText, type Digest } from '../core/digest.ts';
import { formatZxid } from '../core/zxid.ts';
import type { ServiceLanguage } from '../node/protocol.ts';
import type { Reply, ZnodeMessage } from './client-messages.ts';
import { chunkLength, txnLength } from './content-size.ts';
import { errorName } from './errors.ts';
import { bodyLength, frameLength } from './request-size.ts';
import type { Operation, ZnodeRequest } from './requests.ts';
import type { ZnodeChunk } from './snapshot.ts';
import type { ZnodeTxn } from './txns.ts';

/** Bytes of a Stat in a reply. */
const STAT = 68;

/** How the world reads what the znode service and its clients say to each other. */
export const znodeLanguage: ServiceLanguage = {
  describe: (message) => describe(message as ZnodeMessage),
  fold: (message, digest) => fold(message as ZnodeMessage, digest),
  sizeOf: (message) => sizeOf(message as ZnodeMessage),
  requestSize: (body) => bodyLength(body as ZnodeRequest),
  txnSize: (txn) => txnLength(txn as ZnodeTxn),
  chunkSize: (chunk) => chunkLength(chunk as ZnodeChunk),
};

function describe(m: ZnodeMessage): string {
  switch (m.kind) {
    case 'connect':
      return `connect ${m.session}, seen ${formatZxid(m.lastZxidSeen)}`;
    case 'connected':
      return m.timeoutMs === 0 ? 'session expired' : `connected ${m.session}, ${m.timeoutMs} ms`;
    case 'client-request':
      return `${m.xid} ${operationText(m.operation)}`;
    case 'reply':
      return `${m.xid} ${m.err === 0 ? (m.result?.kind ?? 'ok') : (errorName(m.err) ?? m.err)}`;
    case 'event':
      return `event ${m.type} ${m.path}`;
    case 'word':
      return m.word;
    case 'word-answer':
      return m.text;
  }
}

/** An operation in a few words: `setData /a`, `multi of 3`. */
export function operationText(
  operation: Operation | { readonly kind: 'ping' | 'auth' | 'unsupported' | 'malformed' },
): string {
  if ('path' in operation) return `${operation.kind} ${operation.path}`;
  if ('operations' in operation) return `${operation.kind} of ${operation.operations.length}`;
  return operation.kind;
}

function fold(m: ZnodeMessage, digest: Digest): void {
  switch (m.kind) {
    case 'client-request':
      digest.word(111);
      digest.word(m.xid);
      digest.word(chainText(0, operationText(m.operation)));
      return;
    case 'reply':
      digest.word(112);
      digest.word(m.xid);
      digest.word(m.err);
      digest.integer(m.zxid);
      return;
    case 'event':
      digest.word(113);
      digest.integer(m.zxid);
      digest.word(chainText(chainText(0, m.type), m.path));
      return;
    case 'connect':
      digest.word(114);
      digest.word(chainText(0, m.session));
      digest.integer(m.lastZxidSeen);
      return;
    case 'connected':
      digest.word(115);
      digest.word(chainText(m.timeoutMs, m.session));
      return;
    case 'word':
      digest.word(116);
      return;
    case 'word-answer':
      digest.word(chainText(117, m.text));
      return;
  }
}

/** The packets' lengths with their length fields; of a reply near enough. */
function sizeOf(m: ZnodeMessage): number {
  switch (m.kind) {
    case 'client-request':
      return m.operation.kind === 'ping' ||
        m.operation.kind === 'unsupported' ||
        m.operation.kind === 'malformed'
        ? 12
        : m.operation.kind === 'auth'
          ? 28 + m.operation.scheme.length + m.operation.auth.length
          : 4 + frameLength(m.operation);
    case 'reply':
      return 20 + replyLength(m.result);
    case 'event':
      return 40 + m.path.length;
    case 'connect':
      return 49;
    case 'connected':
      return 41;
    case 'word':
      return 4;
    case 'word-answer':
      return m.text.length;
  }
}

function replyLength(result: Reply['result']): number {
  switch (result?.kind) {
    case undefined:
      return 0;
    case 'data':
      return 4 + STAT + (result.data?.length ?? 0);
    case 'children':
      return 4 + STAT + textsLength(result.children);
    case 'paths':
      return 4 + textsLength(result.paths);
    case 'created':
    case 'synced':
      return 4 + result.path.length;
    case 'multi':
    case 'multiRead':
      return 9 + result.results.reduce((sum, part) => sum + 9 + replyLength(part), 0);
    default:
      return STAT;
  }
}

function textsLength(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + 4 + text.length, 0);
}
