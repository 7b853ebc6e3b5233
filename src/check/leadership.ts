import { epochOf, formatZxid, type Zxid } from '../core/zxid.ts';
import type { Moment, TraceEvent } from '../node/facts.ts';
import type { NodeId } from '../node/ids.ts';
import type { Tally } from '../node/quorum.ts';
import { concerned } from './concerned.ts';
import type { Ledger } from './ledger.ts';
import type { Accuse, Handlers, Monitor } from './monitor.ts';

/** Whom a server promised an epoch to: a leader, and the incarnation of it that offered the epoch. */
interface Pledge {
  readonly leader: NodeId;
  readonly incarnation: number;
}

/**
 * Who leads which epoch: U-1 `one-leader-per-epoch` (Leadership2 of the TLA+ specification), E-6
 * `epoch-never-reused`, E-5 `non-voter-never-counts`, I-8 `initial-history`.
 *
 * "Established" is `leader-synchronizing`; two servers in the role of a leader, or two that offer one epoch,
 * are legal. E-6 is judged at the promises, since with five servers two leaders may offer one epoch when a
 * voter left the first after it was counted: one server promises an epoch to one leader, and offers none
 * twice. I-8 asks of the *older* epoch that a quorum acked NEWLEADER: a leader that died before that left
 * nothing to keep.
 */
export class Leadership implements Monitor {
  readonly invariants: readonly string[] = [
    'one-leader-per-epoch',
    'epoch-never-reused',
    'non-voter-never-counts',
    'initial-history',
  ];
  readonly source = 'Zab (DSN 2011) section 5; Remix I-1, I-8; TLA+ Leadership2';
  readonly observes: readonly TraceEvent['kind'][] = [
    'txn-proposed',
    'epoch-offered',
    'epoch-acked',
    'leader-synchronizing',
    'leader-established',
    'leader-elected',
    'leader-followed',
    'wiped',
  ];
  readonly frequent: Handlers = {
    'txn-proposed': (event) => this.#onProposed(event.server, event.zxid),
  };
  readonly #ledger: Ledger;
  readonly #accuse: Accuse;
  readonly #offered = new Map<NodeId, number>();
  /** By epoch and leader: the last incarnation that offered it. A message of it may outlive it. */
  readonly #offerers = new Map<string, number>();
  /** By server: the promises for each epoch. */
  readonly #promised = new Map<NodeId, Map<number, Pledge>>();
  /** By epoch and leader: who acked it countably. */
  readonly #acked = new Map<string, Tally>();

  constructor(ledger: Ledger, accuse: Accuse) {
    this.#ledger = ledger;
    this.#accuse = accuse;
  }

  observe(event: TraceEvent, _moment: Moment): void {
    switch (event.kind) {
      case 'epoch-offered':
        this.#onOffered(event.server, event.epoch);
        return;
      case 'epoch-acked':
        this.#onAcked(event);
        return;
      case 'leader-synchronizing':
        this.#onSynchronizing(event.server, event.epoch);
        return;
      case 'leader-established':
        this.#onEstablished(event.server, event.epoch);
        return;
      case 'leader-elected':
      case 'leader-followed':
        this.#onDecided(event.server, event.leader);
        return;
      case 'wiped':
        // A wiped disk forgets its promises: an assumption of the protocol is broken, not a step.
        this.#offered.delete(event.server);
        this.#promised.delete(event.server);
        return;
      default:
    }
  }

  #onProposed(server: NodeId, zxid: Zxid): void {
    const epoch = this.#ledger.epochNumbered(epochOf(zxid));
    if (epoch !== undefined && epoch.leader === server) return;
    // ZOOKEEPER-1277: a counter that runs over its 32 bits leads into an epoch that nobody elected.
    this.#accuse({
      invariant: 'one-leader-per-epoch',
      tier: 2,
      servers: [server],
      rule: 'a transaction was proposed in an epoch that its proposer did not take',
      message: `${server} proposed ${formatZxid(zxid)}; that epoch is of ${epoch?.leader ?? 'nobody'}`,
    });
  }

  #onOffered(server: NodeId, epoch: number): void {
    const before = this.#offered.get(server) ?? -1;
    this.#offered.set(server, Math.max(before, epoch));
    this.#offerers.set(`${epoch} ${server}`, this.#ledger.server(server).incarnation);
    // Who offers an epoch has promised it to itself (Leader.getEpochToPropose writes acceptedEpoch).
    this.#onPromise(server, epoch, server);
    if (epoch > before) return;
    // ZOOKEEPER-1291: the promise of an epoch that was not written is offered again by the next incarnation.
    this.#accuse({
      invariant: 'epoch-never-reused',
      tier: 2,
      servers: [server],
      rule: 'a server offered an epoch that it had offered before',
      message: `${server} offers epoch ${epoch} after epoch ${before}`,
    });
  }

  #onAcked(event: Extract<TraceEvent, { kind: 'epoch-acked' }>): void {
    // −1: "already promised, do not count me".
    if (event.currentEpoch < 0) return;
    const key = `${event.epoch} ${event.leader}`;
    let tally = this.#acked.get(key);
    if (tally === undefined) {
      // By what the log of whoever asks says: he does not change it before he leads.
      tally = this.#ledger.configurations.of(event.leader).quorums.tally();
      this.#acked.set(key, tally);
    }
    tally.add(event.server);
    this.#onPromise(event.server, event.epoch, event.leader);
  }

  #onPromise(server: NodeId, epoch: number, leader: NodeId): void {
    const { incarnation: present } = this.#ledger.server(leader);
    const incarnation = this.#offerers.get(`${epoch} ${leader}`) ?? present;
    let promises = this.#promised.get(server);
    if (promises === undefined) {
      promises = new Map();
      this.#promised.set(server, promises);
    }
    const before = promises.get(epoch);
    if (before === undefined) promises.set(epoch, { leader, incarnation });
    if (before === undefined || (before.leader === leader && before.incarnation === incarnation)) return;
    // A non-voter's promise counts for nothing, and an observer may well follow one candidate after the
    // other.
    if (!this.#ledger.configurations.everVotes(server)) return;
    this.#accuse({
      invariant: 'epoch-never-reused',
      tier: 2,
      servers: concerned(server, leader, before.leader),
      rule: 'a server promised one epoch to two leaders',
      message: `${server} acks epoch ${epoch} to ${leader}, after ${before.leader}`,
    });
  }

  #onSynchronizing(server: NodeId, epoch: number): void {
    const record = this.#ledger.epochNumbered(epoch);
    const incarnation = this.#ledger.server(server).incarnation;
    if (record === undefined) return;
    if (record.leader !== server || record.incarnation !== incarnation) {
      this.#accuse({
        invariant: 'one-leader-per-epoch',
        tier: 2,
        servers: concerned(server, record.leader),
        rule: 'two leaders took one epoch',
        message:
          `epoch ${epoch} is taken by ${server} (incarnation ${incarnation}), ` +
          `and was by ${record.leader} (incarnation ${record.incarnation})`,
      });
      return;
    }
    this.#checkVoters(server, epoch);
    for (const older of this.#ledger.epochs.values()) {
      if (older.epoch < epoch && older.active) this.#checkInitial(older.epoch, epoch);
    }
  }

  #checkVoters(server: NodeId, epoch: number): void {
    const { configurations } = this.#ledger;
    const tally = this.#acked.get(`${epoch} ${server}`) ?? configurations.of(server).quorums.tally();
    tally.add(server);
    // One that its own log has removed may be needed to lead until that is committed: it does not count.
    if (configurations.everVotes(server) && tally.hasQuorum()) return;
    // ZOOKEEPER-2959: observers were counted in the discovery of an epoch.
    this.#accuse({
      invariant: 'non-voter-never-counts',
      tier: 3,
      servers: [server],
      rule: 'an epoch was taken without a quorum of voters that acked it',
      message: `${server} takes epoch ${epoch} with ${tally.size} voters`,
    });
  }

  #checkInitial(older: number, newer: number): void {
    const a = this.#ledger.epochNumbered(older);
    const b = this.#ledger.epochNumbered(newer);
    if (a === undefined || b === undefined || a.initial.isPrefixOf(b.initial)) return;
    this.#accuse({
      invariant: 'initial-history',
      tier: 2,
      servers: concerned(a.leader, b.leader),
      rule: 'the initial history of an epoch does not begin with that of an older one',
      message:
        `epoch ${newer} of ${b.leader} has ${b.initial.length} up to ${formatZxid(b.initial.last)}, ` +
        `epoch ${older} of ${a.leader} with ${a.initial.length} up to ${formatZxid(a.initial.last)}`,
    });
  }

  #onEstablished(server: NodeId, epoch: number): void {
    if (this.#ledger.epochNumbered(epoch)?.leader !== server) return;
    // The NEWLEADER quorum may be told of late, when a newer epoch was already taken.
    for (const newer of this.#ledger.epochs.values()) {
      if (newer.epoch > epoch) this.#checkInitial(epoch, newer.epoch);
    }
  }

  #onDecided(server: NodeId, leader: NodeId): void {
    if (this.#ledger.configurations.everVotes(leader)) return;
    this.#accuse({
      invariant: 'non-voter-never-counts',
      tier: 3,
      servers: concerned(server, leader),
      rule: 'a server that does not vote was elected',
      message: `${server} decided for ${leader}`,
    });
  }
}
