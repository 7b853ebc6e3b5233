import type { Zxid } from '../core/zxid.ts';
import type { Language } from '../node/protocol.ts';
import type { ClientMessage } from '../node/service.ts';

/** What the counter's clients and its servers say to each other. */
export type CounterMessage =
  | {
      readonly kind: 'counter-add';
      readonly session: number;
      readonly cxid: number;
      readonly amount: number;
    }
  | { readonly kind: 'counter-answer'; readonly cxid: number; readonly value: number; readonly zxid: Zxid };

/** How the world reads these messages. */
export const counterLanguage: Language<ClientMessage> = {
  describe: (message) => {
    const m = message as CounterMessage;
    return m.kind === 'counter-add' ? `add ${m.amount}, number ${m.cxid}` : `answer to ${m.cxid}: ${m.value}`;
  },
  fold: (message, digest) => {
    const m = message as CounterMessage;
    digest.word(m.kind === 'counter-add' ? 101 : 102);
    digest.word(m.cxid);
    digest.integer(m.kind === 'counter-add' ? m.amount : m.zxid);
  },
  // setData of 100 bytes, and its reply.
  sizeOf: (message) => (message.kind === 'counter-add' ? 140 : 90),
};
