import { formatZxid, type Zxid } from '../core/zxid.ts';
import type { Moment, TraceEvent } from '../node/facts.ts';
import type { NodeId } from '../node/ids.ts';
import { LateMessages } from './late-messages.ts';
import type { Ledger } from './ledger.ts';
import type { Accuse, EnsembleFacts, Handlers, Monitor } from './monitor.ts';
import { perServer } from './per-server.ts';
import { Presence } from './presence.ts';

/** A message, when nothing is known of the world. */
const HOP_US = 50_000;

/**
 * `hung-follower-is-dropped`: a leader gives a follower up that has acked nothing of what it was sent for
 * syncLimit ticks, for its disk hangs: else it counts as one that keeps the leader in office, and a quorum of
 * them is one that commits nothing. One proposal of each follower is watched, as the leader does; a tick of
 * the leader's pings, a slow clock and what is late on purpose are the slack. Nothing is asked where messages
 * may be late or lost, nor of who is paused, and the time begins anew when that is over, or the disk comes
 * on. Source: LearnerHandler.SyncLimitCheck.
 */
export class HungFollowers implements Monitor {
  readonly invariants: readonly string[] = ['hung-follower-is-dropped'];
  readonly source = 'LearnerHandler.SyncLimitCheck';
  readonly observes: readonly TraceEvent['kind'][] = [
    'txn-proposed',
    'restarted',
    'paused',
    'resumed',
    'reachable',
    'crashed',
    'looking',
    'leader-left',
    'leader-resigned',
    'fault-fired',
    'fault-ended',
  ];
  readonly frequent: Handlers = {
    'txn-proposed': (event, moment) => this.#onProposed(event.server, event.zxid, moment.atUs),
  };
  readonly #ledger: Ledger;
  readonly #accuse: Accuse;
  readonly #boundUs: number;
  readonly #late: LateMessages;
  readonly #presence = new Presence();
  /** By server: the proposal that is watched; 0: none. */
  readonly #watched: Float64Array;
  /** By server: how far its disk had come. */
  readonly #durable: Float64Array;
  /** By server: since when it has not come on. */
  readonly #sinceUs: Float64Array;
  #next = 0;

  constructor(ensemble: EnsembleFacts, ledger: Ledger, accuse: Accuse) {
    const { servers, tickTimeUs, syncLimit, latenessUs = 0, busyUs = 0, hopUs = HOP_US } = ensemble;
    this.#ledger = ledger;
    this.#accuse = accuse;
    this.#late = new LateMessages(ensemble.slowUs, true);
    this.#watched = perServer(servers);
    this.#durable = perServer(servers);
    this.#sinceUs = perServer(servers);
    this.#boundUs = Math.round((syncLimit + 1) * tickTimeUs * 1.2) + 4 * (hopUs + latenessUs + busyUs);
  }

  observe(event: TraceEvent, { atUs }: Moment): void {
    if (this.#presence.observe(event)) {
      this.#watched.fill(0);
      return;
    }
    switch (event.kind) {
      case 'looking':
      case 'leader-left':
      case 'leader-resigned':
        this.#watched[event.server] = 0;
        return;
      case 'fault-fired':
      case 'fault-ended':
        if (!this.#late.observe(event, atUs)) return;
        this.#watched.fill(0);
        return;
      default:
    }
  }

  finish(atUs: number): void {
    for (const sid of this.#ledger.servers) this.#judge(sid, atUs);
  }

  /** One server for each proposal: that is often enough, and costs the same for any number of them. */
  #onProposed(leader: NodeId, zxid: Zxid, atUs: number): void {
    const { servers } = this.#ledger;
    this.#next = this.#next + 1 < servers.length ? this.#next + 1 : 0;
    const sid = servers[this.#next] as NodeId;
    const watched = this.#watched[sid] ?? 0;
    if (watched !== 0) {
      // The common case, for one comparison.
      if (watched <= this.#ledger.server(sid).disk.durableEnd) this.#watch(sid, zxid, atUs);
      else if (atUs - (this.#sinceUs[sid] ?? atUs) > this.#boundUs) this.#judge(sid, atUs);
    } else if (sid !== leader && this.#follows(sid, leader)) this.#watch(sid, zxid, atUs);
  }

  #follows(sid: NodeId, leader: NodeId): boolean {
    const server = this.#ledger.server(sid);
    if (!server.serving || server.leader !== leader || this.#presence.isPaused(sid)) return false;
    return this.#ledger.configurations.of(leader).quorums.voters.includes(sid);
  }

  #watch(sid: NodeId, zxid: Zxid, atUs: number): void {
    this.#watched[sid] = zxid;
    this.#durable[sid] = this.#ledger.server(sid).disk.lastLogged(true);
    this.#sinceUs[sid] = atUs;
  }

  #judge(sid: NodeId, atUs: number): void {
    const watched = this.#watched[sid] as Zxid;
    const sinceUs = Math.max(this.#sinceUs[sid] ?? atUs, this.#late.overUs);
    if (watched === 0 || atUs - sinceUs <= this.#boundUs) return;
    const { disk, leader } = this.#ledger.server(sid);
    if (disk.reaches(watched) || disk.lastLogged(true) > (this.#durable[sid] ?? 0)) {
      this.#watched[sid] = 0;
      return;
    }
    this.#watched[sid] = 0;
    this.#accuse({
      invariant: 'hung-follower-is-dropped',
      tier: 2,
      servers: [sid],
      rule: 'a leader goes on with a follower that acks nothing',
      message: `${sid} follows ${leader}; ${formatZxid(watched)} not on its disk ${atUs - sinceUs} µs later`,
    });
  }
}
