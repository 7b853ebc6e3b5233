import { Extent } from './extent.ts';
import { ItemStream } from './item-stream.ts';
import { MAX_BUFFER } from './jute.ts';
import { PACKET_SHAPE, PACKETS, type QuorumPacket, quorumPacket } from './quorum-packets.ts';
import { type SnapshotItem, SnapshotReader } from './snapshot-stream.ts';

/** What comes in on a connection of the quorum port. */
export type QuorumItem = { readonly kind: 'packet'; readonly packet: QuorumPacket } | SnapshotItem;

/**
 * Reads one direction of a quorum connection. Behind a SNAP from a leader follows the raw state, up to its
 * signature.
 */
export class QuorumStream extends ItemStream<QuorumItem> {
  readonly #extent = new Extent(PACKET_SHAPE);
  readonly #from: 'leader' | 'learner';
  #snapshot: SnapshotReader | undefined;

  /** `from`: who sends. */
  constructor(from: 'leader' | 'learner') {
    super(MAX_BUFFER);
    this.#from = from;
  }

  protected override read(): QuorumItem | undefined {
    if (this.#snapshot !== undefined) {
      const item = this.#snapshot.next(this.inbox);
      if (this.#snapshot.done) this.#snapshot = undefined;
      return item;
    }
    const from = this.inbox.next(this.#extent);
    if (from === undefined) return undefined;
    const packet = quorumPacket.read(from);
    if (packet.type === PACKETS.SNAP && this.#from === 'leader') this.#snapshot = new SnapshotReader();
    return { kind: 'packet', packet };
  }
}
