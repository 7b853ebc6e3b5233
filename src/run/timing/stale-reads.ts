import type { Moment, TraceEvent } from '../../node/facts.ts';
import type { LinkId, NodeId } from '../../node/ids.ts';
import type { Reply } from '../../znode/client-messages.ts';
import { type ClientOperation, isRead, isWrite } from '../../znode/operation-class.ts';
import type { Sample } from './measures.ts';

/** The kinds of events that stale reads are counted from. */
export const STALE_READ_KINDS: readonly TraceEvent['kind'][] = [
  'leader-established',
  'follower-synced',
  'looking',
  'leader-resigned',
  'crashed',
  'client-connecting',
  'client-sent',
  'client-received',
  'client-disconnected',
];

/** A request under way. */
interface UnderWay {
  readonly reads: boolean;
  /** The newest write that some client had seen acknowledged when it was sent. */
  readonly acked: number;
}

/**
 * Counts the reads that were answered from a past that had ended: by a server that still served an old epoch
 * when a newer one had its leader, and without a write that had been acknowledged before the read was sent.
 * ZooKeeper allows them (`sync` is there for who cannot bear them); how many there are is a matter of timing.
 */
export class StaleReads {
  /** By server: the epoch that it serves. */
  readonly #epochs = new Map<NodeId, number>();
  readonly #servers = new Map<LinkId, NodeId>();
  readonly #underWay = new Map<LinkId, Map<number, UnderWay>>();
  #newestEpoch = -1;
  #acked = 0;
  /** Whether anybody was answered a read. */
  #asked = false;
  #count = 0;
  #lastUs = 0;

  observe(event: TraceEvent, { atUs }: Moment): void {
    switch (event.kind) {
      case 'leader-established':
      case 'follower-synced':
        this.#epochs.set(event.server, event.epoch);
        this.#newestEpoch = Math.max(this.#newestEpoch, event.epoch);
        return;
      case 'looking':
      case 'leader-resigned':
      case 'crashed':
        this.#epochs.delete(event.server);
        return;
      case 'client-connecting':
        this.#servers.set(event.link, event.via);
        return;
      case 'client-sent':
        this.#sent(event.link, event.xid, event.operation as ClientOperation);
        return;
      case 'client-received':
        this.#received(event.link, event.message as Reply, atUs);
        return;
      case 'client-disconnected':
        this.#servers.delete(event.link);
        this.#underWay.delete(event.link);
        return;
      default:
    }
  }

  /** How many there were, if anybody read; `overlapped`: whether two leaders were established at once. */
  samples(overlapped: boolean): readonly Sample[] {
    if (!overlapped || !this.#asked) return [];
    return [{ measure: 'stale-reads', value: this.#count, atUs: this.#lastUs, server: 0 }];
  }

  #sent(link: LinkId, xid: number, operation: ClientOperation): void {
    const reads = isRead(operation);
    if (!reads && !isWrite(operation)) return;
    const requests = this.#underWay.get(link) ?? new Map<number, UnderWay>();
    this.#underWay.set(link, requests.set(xid, { reads, acked: this.#acked }));
  }

  #received(link: LinkId, { kind, xid, zxid, err }: Reply, atUs: number): void {
    if (kind !== 'reply') return;
    const requests = this.#underWay.get(link);
    const request = requests?.get(xid);
    if (request === undefined) return;
    requests?.delete(xid);
    if (!request.reads) {
      if (err === 0) this.#acked = Math.max(this.#acked, zxid);
      return;
    }
    this.#asked = true;
    const server = this.#servers.get(link);
    const epoch = server === undefined ? undefined : this.#epochs.get(server);
    if (epoch === undefined || epoch >= this.#newestEpoch || zxid >= request.acked) return;
    this.#count++;
    this.#lastUs = atUs;
  }
}
