import { epochOf, formatZxid, type Zxid } from '../core/zxid.ts';
import type { Moment, TraceEvent } from '../node/facts.ts';
import type { NodeId } from '../node/ids.ts';
import { concerned } from './concerned.ts';
import type { EpochRecord } from './epoch-record.ts';
import type { Ledger } from './ledger.ts';
import type { Accuse, Handlers, Monitor } from './monitor.ts';
import type { ServerRecord } from './server-record.ts';

type Applied = Extract<TraceEvent, { kind: 'txn-applied' }>;

/**
 * Zab's six properties and I-9. With one sequence G of committed transactions they come to one question per
 * delivery: is it the one in G that follows what is in the server's memory? Only when it is not, the answer
 * is put in Zab's words. A server that is being synced applies what its leader's history holds, which may
 * never be committed; the question to it is whether it follows that history.
 *
 * `local-primary-order` is meant for all pairs of transactions: the published TLA+ property holds vacuously.
 */
export class Deliveries implements Monitor {
  readonly invariants: readonly string[] = [
    'integrity',
    'agreement',
    'total-order',
    'local-primary-order',
    'global-primary-order',
    'primary-integrity',
    'commit-consistency',
  ];
  readonly source = 'Zab (DSN 2011) section 3; Remix I-2 to I-7, I-9';
  readonly observes: readonly TraceEvent['kind'][] = [
    'txn-applied',
    'txn-proposed',
    'txn-committed',
    'follower-synced',
    'leader-established',
  ];
  readonly frequent: Handlers = {
    'txn-applied': (event) => this.#onApplied(event),
    'txn-proposed': (event) => this.#onProposed(event),
    'txn-committed': (event) => this.#onCommitted(event.server, event.zxid),
  };
  readonly #ledger: Ledger;
  readonly #accuse: Accuse;

  constructor(ledger: Ledger, accuse: Accuse) {
    this.#ledger = ledger;
    this.#accuse = accuse;
  }

  observe(event: TraceEvent, _moment: Moment): void {
    switch (event.kind) {
      case 'follower-synced':
      case 'leader-established':
        this.#onServing(event.server, event.epoch);
        return;
      default:
    }
  }

  #onApplied(event: Applied): void {
    const ledger = this.#ledger;
    const zxid = event.zxid;
    const server = ledger.server(event.server);
    if (!ledger.book.wasBroadcastAs(zxid, event.digest)) {
      this.#say('integrity', [event.server], 'a transaction was delivered that no primary broadcast', zxid);
      return;
    }
    if (!server.serving) {
      this.#onSyncing(server, zxid);
      return;
    }
    const committed = ledger.committed;
    // The common case: the next one of the run that G ends with, in the newest epoch.
    const next = server.beforeKnown && zxid === server.before + 1 && epochOf(zxid) >= ledger.highestEpoch;
    if (next && zxid <= committed.last && zxid > committed.lastRunStart) return;
    this.#onServed(server, zxid);
  }

  #onServed(server: ServerRecord, zxid: Zxid): void {
    const committed = this.#ledger.committed;
    const who = [server.sid];
    if (!committed.has(zxid)) {
      if (zxid > committed.last) {
        this.#say('integrity', who, 'a transaction was delivered that no leader had committed', zxid);
      } else this.#say('agreement', who, 'a transaction was delivered that is not among the committed', zxid);
      return;
    }
    this.#checkPrimary(server, zxid);
    if (!server.beforeKnown) return;
    const before = server.before as Zxid;
    if (epochOf(before) !== epochOf(zxid)) this.#checkInitial(server, epochOf(zxid));
    if (zxid <= before) {
      // Proposals may follow a snapshot that already holds them; applying one again changes nothing.
      if (zxid <= server.redeliverUntil) return;
      if (epochOf(zxid) < epochOf(before)) {
        this.#say('global-primary-order', who, 'an older epoch was delivered after a newer', zxid, before);
      } else this.#say('total-order', who, 'a transaction was delivered after a later one', zxid, before);
      return;
    }
    const skipped = committed.successorOf(before);
    // Under a snapshot that was found nobody knows what lies.
    if (skipped === zxid || zxid <= committed.floor) return;
    const rule = 'a transaction was delivered and one before it was not';
    const same = epochOf(skipped as Zxid) === epochOf(zxid);
    this.#say(same ? 'local-primary-order' : 'total-order', who, rule, zxid, before);
  }

  /** Before UPTODATE: the leader's history in its order, from where memory stood. */
  #onSyncing(server: ServerRecord, zxid: Zxid): void {
    const epoch = this.#ledger.epochNumbered(server.epoch);
    if (epoch === undefined || !server.beforeKnown) return;
    const who = concerned(server.sid, epoch.leader);
    const before = server.before as Zxid;
    if (!epoch.has(zxid)) {
      this.#say(
        'agreement',
        who,
        'a learner applied a transaction that its leader does not have',
        zxid,
        before,
      );
      return;
    }
    if (zxid <= before) {
      if (zxid > server.redeliverUntil) {
        this.#say('total-order', who, 'a transaction was delivered after a later one', zxid, before);
      }
      return;
    }
    const previous = epoch.predecessorOf(zxid);
    // From the leader's snapshot up to the transaction itself: nobody knows what lies under it.
    if (previous === before || previous >= zxid) return;
    if (previous > before) {
      const same = epochOf(previous as Zxid) === epochOf(zxid);
      const rule = 'a transaction was delivered and one before it was not';
      this.#say(same ? 'local-primary-order' : 'total-order', who, rule, zxid, before);
    } else if (this.#ledger.book.knows(before)) {
      const rule = 'a learner applied over a transaction that its leader does not have';
      this.#say('agreement', who, rule, zxid, before);
    }
  }

  /** Z-6: once a newer primary has broadcast, only what it began with may be delivered of older epochs. */
  #checkPrimary(server: ServerRecord, zxid: Zxid): void {
    const number = epochOf(zxid);
    if (number >= this.#ledger.highestEpoch) return;
    for (const epoch of this.#ledger.epochs.values()) {
      if (epoch.epoch <= number || epoch.proposed.length === 0 || epoch.initial.has(zxid)) continue;
      const rule =
        'an old transaction was delivered that a newer primary had not delivered when it broadcast';
      this.#say('primary-integrity', concerned(server.sid, epoch.leader), rule, zxid);
      return;
    }
  }

  #onProposed(event: Extract<TraceEvent, { kind: 'txn-proposed' }>): void {
    const zxid = event.zxid;
    const epoch = this.#ledger.epochNumbered(epochOf(zxid));
    if (!this.#ledger.book.define(zxid, event.digest)) {
      this.#say('integrity', [event.server], 'two transactions were broadcast under one zxid', zxid);
    }
    if (epoch?.leader !== event.server || epoch.proposed.length !== 1 || epoch.proposed.last !== zxid) return;
    if (this.#hasInitial(this.#ledger.server(event.server), epoch)) return;
    const rule = 'a primary broadcast before it had delivered its initial history';
    this.#say('primary-integrity', [event.server], rule, zxid);
  }

  #onCommitted(leader: NodeId, zxid: Zxid): void {
    if (this.#ledger.committed.has(zxid)) return;
    const rule = 'a leader committed a transaction that the committed sequence left behind';
    this.#say('agreement', [leader], rule, zxid, this.#ledger.committed.last);
  }

  #onServing(sid: NodeId, number: number): void {
    const server = this.#ledger.server(sid);
    const epoch = this.#ledger.epochNumbered(number);
    if (!server.memoryKnown) return;
    // An observer delivers what it was synced with after UPTODATE.
    if (epoch !== undefined && server.voter) this.#checkInitial(server, number);
    if (server.memory.isPrefixOf(this.#ledger.committed)) return;
    const rule = 'a server began to serve a history that the committed one does not begin with';
    this.#say('agreement', [sid], rule, server.memory.last, this.#ledger.committed.last);
  }

  /** I-9: who serves in an epoch has delivered its initial history. */
  #checkInitial(server: ServerRecord, number: number): void {
    const epoch = this.#ledger.epochNumbered(number);
    if (epoch === undefined || this.#hasInitial(server, epoch)) return;
    const rule = 'a server works in an epoch without its initial history';
    this.#say(
      'commit-consistency',
      concerned(server.sid, epoch.leader),
      rule,
      server.memory.last,
      epoch.initial.last,
    );
  }

  #hasInitial(server: ServerRecord, epoch: EpochRecord): boolean {
    return !server.memoryKnown || epoch.initial.isPrefixOf(server.memory);
  }

  #say(invariant: string, servers: readonly NodeId[], rule: string, zxid: Zxid, other?: Zxid): void {
    const place = other === undefined ? '' : `, beside ${formatZxid(other)}`;
    const message = `${servers.join(', ')}: ${formatZxid(zxid)}${place}`;
    this.#accuse({ invariant, tier: 2, servers, rule, message });
  }
}
