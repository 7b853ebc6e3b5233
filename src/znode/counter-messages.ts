import { chainText } from '../core/digest.ts';
import type { Zxid } from '../core/zxid.ts';
import type { SessionId } from '../node/ids.ts';
import type { ServiceLanguage } from '../node/protocol.ts';

/** What the counter's clients and its servers say to each other. */
export type CounterMessage =
  /** The first message of a connection, and its answer: this server serves. */
  | { readonly kind: 'counter-connect' | 'counter-connected'; readonly session: SessionId }
  | {
      readonly kind: 'counter-add';
      readonly session: SessionId;
      readonly cxid: number;
      readonly amount: number;
    }
  | { readonly kind: 'counter-answer'; readonly cxid: number; readonly value: number; readonly zxid: Zxid };

/** How the world reads these messages. */
export const counterLanguage: ServiceLanguage = {
  describe: (message) => {
    const m = message as CounterMessage;
    if (m.kind === 'counter-add') return `add ${m.amount}, number ${m.cxid}`;
    if (m.kind === 'counter-answer') return `answer to ${m.cxid}: ${m.value}`;
    return `${m.kind} ${m.session}`;
  },
  fold: (message, digest) => {
    const m = message as CounterMessage;
    if (m.kind === 'counter-add') {
      digest.word(101);
      digest.word(m.cxid);
      digest.integer(m.amount);
    } else if (m.kind === 'counter-answer') {
      digest.word(102);
      digest.word(m.cxid);
      digest.integer(m.zxid);
    } else {
      digest.word(m.kind === 'counter-connect' ? 103 : 104);
      digest.word(chainText(0, m.session));
    }
  },
  // Near the sizes of a setData of 100 bytes, its reply, and the session handshake.
  sizeOf: (message) => (message.kind === 'counter-add' ? 140 : message.kind === 'counter-answer' ? 90 : 45),
  requestSize: () => 132,
  txnSize: () => 132,
  chunkSize: () => 100,
};
