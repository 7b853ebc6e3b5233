import { formatZxid, type Zxid } from '../core/zxid.ts';
import type { Moment, TraceEvent } from '../node/facts.ts';
import type { NodeId } from '../node/ids.ts';
import type { QuorumSystem, Tally } from '../node/quorum.ts';
import { concerned } from './concerned.ts';
import type { Ledger } from './ledger.ts';
import type { Accuse, Handlers, Monitor } from './monitor.ts';
import { perServer } from './per-server.ts';

/**
 * What is said is on the disk: S-3 `claims-are-durable`, S-4 `acks-are-durable`, P-1
 * `new-leader-ack-durable`, P-4 `up-to-date-backed`. A claim in ACKEPOCH is also good when a start found it
 * on the disk, synced or not: the process cannot tell.
 *
 * And of them together `epoch-held-by-quorum`: when a leader is established, a quorum has its epoch on the
 * disk as currentEpoch, or elections to come may be won by who was not in it (Zab, DSN 2011, phase 2: f.a).
 */
export class Acks implements Monitor {
  readonly invariants: readonly string[] = [
    'claims-are-durable',
    'acks-are-durable',
    'new-leader-ack-durable',
    'up-to-date-backed',
    'epoch-held-by-quorum',
  ];
  readonly source = 'Zab (DSN 2011) section 5; ZOOKEEPER-1282, -3911, -4643, -4646';
  readonly observes: readonly TraceEvent['kind'][] = [
    'txn-acked',
    'epoch-acked',
    'new-leader-acked',
    'up-to-date-sent',
    'leader-established',
    'sync-chosen',
  ];
  readonly frequent: Handlers = {
    'txn-acked': (event) => this.#onAcked(event.server, event.zxid),
  };
  readonly #ledger: Ledger;
  readonly #accuse: Accuse;
  /** By epoch: who acked its NEWLEADER. */
  readonly #joined = new Map<number, Tally>();
  /** By epoch: those of them whose currentEpoch was, or is now, durable. */
  readonly #held = new Map<number, Tally>();
  /** By learner: up to where its leader said that DIFF or SNAP goes. */
  readonly #synced: Float64Array;

  constructor(ledger: Ledger, accuse: Accuse) {
    this.#ledger = ledger;
    this.#accuse = accuse;
    this.#synced = perServer(ledger.servers);
  }

  observe(event: TraceEvent, _moment: Moment): void {
    switch (event.kind) {
      case 'epoch-acked':
        this.#synced[event.server] = 0;
        this.#onClaim(event.server, event.lastZxid);
        return;
      case 'sync-chosen':
        this.#synced[event.learner] = event.mode === 'trunc' ? 0 : event.zxid;
        return;
      case 'new-leader-acked':
        this.#onJoined(event.server, event.leader, event.epoch);
        return;
      case 'up-to-date-sent':
        this.#onUpToDate(event.server, event.epoch, 'UPTODATE was sent before a quorum acked NEWLEADER');
        return;
      case 'leader-established':
        this.#onUpToDate(event.server, event.epoch, 'a leader began before a quorum acked NEWLEADER');
        this.#onEstablished(event.server, event.epoch);
        return;
      default:
    }
  }

  #onAcked(sid: NodeId, zxid: Zxid): void {
    if (this.#ledger.server(sid).disk.holdsDurably(zxid)) return;
    this.#say('acks-are-durable', [sid], 'a transaction was acked that is not durable', zxid);
  }

  #onClaim(sid: NodeId, zxid: Zxid): void {
    const disk = this.#ledger.server(sid).disk;
    // A zxid that names no transaction claims nothing beyond: ⟨e, 0⟩ of a leader, the target of a TRUNC.
    if (zxid <= Math.max(disk.lastZxid(true), disk.inherited) || !this.#ledger.book.knows(zxid)) return;
    this.#say('claims-are-durable', [sid], 'a history was claimed that is not durable', zxid);
  }

  #onJoined(sid: NodeId, leader: NodeId, epoch: number): void {
    tallyOf(this.#joined, epoch, this.#ledger.configurations.of(leader).quorums).add(sid);
    const disk = this.#ledger.server(sid).disk;
    if (disk.current.durable >= epoch) {
      tallyOf(this.#held, epoch, this.#ledger.configurations.of(leader).quorums).add(sid);
    }
    if (disk.current.durable !== epoch) {
      this.#accuse({
        invariant: 'new-leader-ack-durable',
        tier: 3,
        servers: concerned(sid, leader),
        rule: 'NEWLEADER was acked before currentEpoch was durable',
        message: `${sid} acks epoch ${epoch} of ${leader}; durable is ${disk.current.durable}`,
      });
    }
    // Observers flush what they were synced with after UPTODATE: nobody counts on them.
    if (this.#ledger.configurations.everVotes(sid)) this.#checkSynced(sid, leader, epoch);
  }

  #checkSynced(sid: NodeId, leader: NodeId, number: number): void {
    const epoch = this.#ledger.epochNumbered(number);
    if (epoch === undefined) return;
    const disk = this.#ledger.server(sid).disk;
    const rule = 'NEWLEADER was acked before what the leader synced was durable';
    if (!epoch.initial.isPrefixOf(disk.history(true))) {
      this.#say('acks-are-durable', concerned(sid, leader), rule, epoch.initial.last);
      return;
    }
    const synced = this.#synced[sid] ?? 0;
    if (sid === leader || !epoch.has(synced) || synced === 0 || disk.holdsDurably(synced)) return;
    // Where the leader begins with a snapshot named ⟨e, 0⟩, DIFF names a zxid without a transaction.
    if (!this.#ledger.book.knows(synced)) return;
    this.#say('acks-are-durable', concerned(sid, leader), rule, synced);
  }

  #onEstablished(leader: NodeId, epoch: number): void {
    const joined = this.#joined.get(epoch);
    if (joined === undefined) return;
    const { quorums } = this.#ledger.configurations.of(leader);
    const held = tallyOf(this.#held, epoch, quorums);
    for (const sid of quorums.voters) {
      if (joined.has(sid) && this.#ledger.server(sid).disk.current.durable >= epoch) held.add(sid);
    }
    if (held.hasQuorum()) return;
    this.#accuse({
      invariant: 'epoch-held-by-quorum',
      tier: 2,
      servers: [leader],
      rule: 'an epoch began that no quorum has as its currentEpoch on its disks',
      message: `${leader} leads epoch ${epoch}; it is durable at ${held.size} voters`,
    });
  }

  #onUpToDate(leader: NodeId, epoch: number, rule: string): void {
    if (this.#joined.get(epoch)?.hasQuorum()) return;
    const message = `${leader} in epoch ${epoch}, with ${this.#joined.get(epoch)?.size ?? 0} voters`;
    this.#accuse({ invariant: 'up-to-date-backed', tier: 3, servers: [leader], rule, message });
  }

  #say(invariant: string, servers: readonly NodeId[], rule: string, zxid: number): void {
    const message = `${servers.join(', ')}: ${formatZxid(zxid)}`;
    this.#accuse({ invariant, tier: 3, servers, rule, message });
  }
}

function tallyOf(by: Map<number, Tally>, epoch: number, quorums: QuorumSystem): Tally {
  let tally = by.get(epoch);
  if (tally === undefined) {
    tally = quorums.tally();
    by.set(epoch, tally);
  }
  return tally;
}
