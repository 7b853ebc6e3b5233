import type { Zxid } from '../../src/core/zxid.ts';
import type { ClientMessage, Proposed } from '../../src/node/content.ts';
import type { Stored } from '../../src/node/env.ts';
import type { Language } from '../../src/node/protocol.ts';

/** An entry of the log, in the file `log.1`: `position` is ⟨epoch, index⟩. */
export type Entry = Stored & Proposed & { readonly kind: 'txn'; readonly position: Zxid };

/** What lies on a disk: the log, and in `promise` how often the leader has started. */
export type DiskRecord = Entry | (Stored & { readonly kind: 'epoch' });

/** To a follower: entries from an index on, how many are committed; from one: how many are on its disk. */
export type Copy = {
  readonly copy: readonly Entry[];
  readonly from: number;
  readonly count: number;
  readonly epoch: number;
};

/** Whatever a server may get. */
export type Wire = (Copy & { readonly kind: 'copy' }) | ClientMessage;

/** How the world reads the messages; those of clients are the service's. */
export const language = (clients: Language<ClientMessage>): Language<Wire> => ({
  describe: (m) =>
    'copy' in m ? `${m.copy.length} entries from ${m.from}, ${m.count}` : clients.describe(m),
  fold: (m, digest) => {
    if (!('copy' in m)) clients.fold(m, digest);
    else for (const n of [m.epoch, m.from, m.copy.length, m.count]) digest.word(n);
  },
  sizeOf: (m) => ('copy' in m ? 40 + 180 * m.copy.length : clients.sizeOf(m)),
});
