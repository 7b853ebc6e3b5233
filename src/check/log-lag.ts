import { formatZxid, type Zxid } from '../core/zxid.ts';
import type { Moment, TraceEvent } from '../node/facts.ts';
import type { NodeId } from '../node/ids.ts';
import type { Ledger } from './ledger.ts';
import type { Accuse, EnsembleFacts, Handlers, Monitor } from './monitor.ts';
import { perServer } from './per-server.ts';

/** A commit needs a quorum, and the disk of one of the others may be as slow as any: so much is for that. */
const SPARE_US = 1_000_000;

/**
 * L-8 `log-keeps-up`: a server that serves has on its disk, or soon will, what it delivers. One whose disk
 * has refused a write must end its role; if it goes on, the ensemble has one copy less than it counts on. The
 * bound is syncLimit ticks and a second, and what is late on purpose; it begins anew as long as the disk
 * comes on, for who joins has much to catch up with, and when a disk is slow on purpose no longer, or the
 * server was paused. Source: Leader.lead, ZooKeeperCriticalThread; ZOOKEEPER-2247.
 */
export class LogLag implements Monitor {
  readonly invariants: readonly string[] = ['log-keeps-up'];
  readonly source = 'ZooKeeperCriticalThread; ZOOKEEPER-2247';
  readonly observes: readonly TraceEvent['kind'][] = [
    'txn-applied',
    'crashed',
    'looking',
    'leader-left',
    'leader-resigned',
    'paused',
    'resumed',
    'fault-fired',
    'fault-ended',
  ];
  readonly frequent: Handlers = {
    'txn-applied': (event, moment) => this.#onApplied(event.server, event.zxid, moment.atUs),
  };
  readonly #ledger: Ledger;
  readonly #accuse: Accuse;
  readonly #boundUs: number;
  readonly #slowSyncUs: number;
  /** By server: what its disk did not hold when it was delivered; 0: nothing. */
  readonly #missing: Float64Array;
  /** By server: how far its disk had come then. */
  readonly #durable: Float64Array;
  /** By server: since when. */
  readonly #sinceUs: Float64Array;
  /** Slow disks in force. */
  #slow = 0;
  /** Until when a sync may go on that was begun while a disk was slow. */
  #slowUntilUs = 0;

  constructor(ensemble: EnsembleFacts, ledger: Ledger, accuse: Accuse) {
    const { tickTimeUs, syncLimit, latenessUs = 0, busyUs = 0, slowSyncUs = 0 } = ensemble;
    this.#ledger = ledger;
    this.#accuse = accuse;
    this.#missing = perServer(ensemble.servers);
    this.#durable = perServer(ensemble.servers);
    this.#sinceUs = perServer(ensemble.servers);
    this.#slowSyncUs = slowSyncUs;
    this.#boundUs = syncLimit * tickTimeUs + SPARE_US + 4 * (latenessUs + busyUs);
  }

  observe(event: TraceEvent, { atUs }: Moment): void {
    if (event.kind === 'fault-fired' || event.kind === 'fault-ended') {
      if (event.verb !== 'slowDisk') return;
      this.#slow += event.kind === 'fault-fired' ? 1 : -1;
      for (const [i, sinceUs] of this.#sinceUs.entries()) this.#sinceUs[i] = Math.max(sinceUs, atUs);
      this.#slowUntilUs = atUs + this.#slowSyncUs;
    } else if ('server' in event) {
      // A server that is paused to the end has no time to sync anything.
      this.#sinceUs[event.server] = event.kind === 'paused' ? Number.POSITIVE_INFINITY : atUs;
      if (event.kind !== 'paused' && event.kind !== 'resumed') this.#missing[event.server] = 0;
    }
  }

  finish(atUs: number): void {
    for (const sid of this.#ledger.servers) this.#judge(sid, atUs);
  }

  #onApplied(server: NodeId, zxid: Zxid, atUs: number): void {
    const { disk, serving } = this.#ledger.server(server);
    if (!serving) return;
    const missing = this.#missing[server] ?? 0;
    if (missing !== 0) {
      // The common cases, each for one comparison: it has not come yet, or it has come meanwhile.
      const isAway = missing > disk.durableEnd;
      if (isAway && atUs - (this.#sinceUs[server] ?? atUs) <= this.#boundUs) return;
      if (isAway) this.#judge(server, atUs);
      else this.#missing[server] = 0;
    }
    if (this.#missing[server] !== 0 || zxid <= disk.durableEnd) return;
    this.#missing[server] = zxid;
    // A log file that has just been begun says nothing: what it is behind is in the one before.
    this.#durable[server] = disk.lastLogged(true);
    this.#sinceUs[server] = atUs;
  }

  #judge(server: NodeId, atUs: number): void {
    const missing = this.#missing[server] as Zxid;
    const sinceUs = Math.max(this.#sinceUs[server] ?? atUs, this.#slowUntilUs);
    if (missing === 0) return;
    const { disk } = this.#ledger.server(server);
    if (disk.reaches(missing)) {
      this.#missing[server] = 0;
    } else if (this.#slow === 0 && atUs - sinceUs > this.#boundUs) {
      const durable = disk.lastLogged(true);
      if (durable > (this.#durable[server] ?? 0)) {
        this.#durable[server] = durable;
        this.#sinceUs[server] = atUs;
        return;
      }
      this.#missing[server] = 0;
      this.#accuse({
        invariant: 'log-keeps-up',
        tier: 2,
        servers: [server],
        rule: 'a serving server does not log what it delivers',
        message: `${server} has delivered ${formatZxid(missing)}, not on its disk at ${atUs} µs`,
      });
    }
  }
}
