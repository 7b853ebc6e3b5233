import { epochOf, formatZxid, type Zxid } from '../core/zxid.ts';
import type { Moment, TraceEvent } from '../node/facts.ts';
import type { NodeId } from '../node/ids.ts';
import { concerned } from './concerned.ts';
import type { Configuration } from './configurations.ts';
import type { EpochRecord } from './epoch-record.ts';
import type { Ledger } from './ledger.ts';
import type { Accuse, Handlers, Monitor } from './monitor.ts';
import type { ServerRecord } from './server-record.ts';

/**
 * What is committed, and stays so: U-2 `majority-commit` counts the voters whose disk holds a transaction
 * durably, whatever acks the leader counted; U-3 `no-lost-commit` asks that committed transactions be in the
 * history of every later leader (leaderLogCompleteness), are never cut for good, stay durable where every
 * quorum finds them, and that no log goes which holds them before something durable has taken its place: a
 * power cut in between would take back what its server has acked.
 */
export class Commits implements Monitor {
  readonly invariants: readonly string[] = ['majority-commit', 'no-lost-commit'];
  readonly source = 'Zab (DSN 2011) sections 3, 5; leaderLogCompleteness, committedLogDurability';
  readonly observes: readonly TraceEvent['kind'][] = [
    'txn-committed',
    'leader-synchronizing',
    'leader-established',
    'log-truncated',
    'snapshot-installed',
    'lost',
    'removed',
    'wiped',
    'corrupted',
    'new-leader-acked',
    'crashed',
  ];
  readonly frequent: Handlers = {
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
      case 'leader-synchronizing':
        this.#onSynchronizing(event.server, event.epoch);
        return;
      case 'leader-established':
        this.#onEstablished(event.server, event.epoch);
        return;
      case 'log-truncated':
      case 'snapshot-installed':
        this.#onCut(event.server);
        return;
      case 'removed':
        if (event.file.startsWith('log.')) this.#onRemoved(event.server, event.file);
        return;
      case 'lost':
      case 'wiped':
      case 'corrupted':
      case 'new-leader-acked':
      case 'crashed':
        this.#checkEveryQuorum(event.server);
        return;
      default:
    }
  }

  /** The run ended: nobody serves a history that left the committed one. */
  finish(_atUs: number): void {
    const committed = this.#ledger.committed;
    for (const sid of this.#ledger.servers) {
      const server = this.#ledger.server(sid);
      if (!server.serving || !server.memoryKnown || server.memory.agreesWith(committed)) continue;
      this.#accuseLoss(
        [sid],
        'a server serves a history that lacks committed transactions',
        `${sid} serves up to ${formatZxid(server.memory.last)}, committed is ${formatZxid(committed.last)}`,
      );
    }
  }

  #onCommitted(server: NodeId, zxid: Zxid): void {
    const ledger = this.#ledger;
    const configuration = ledger.configurations.of(server);
    if (!ledger.isDurableAtQuorum(zxid, configuration)) {
      this.#accuse({
        invariant: 'majority-commit',
        tier: 2,
        servers: [server],
        rule: 'a transaction was committed that no quorum holds durably',
        message: `${server} commits ${formatZxid(zxid)}, durable at ${this.#holders(zxid, configuration)}`,
      });
    }
    if (epochOf(zxid) >= ledger.highestEpoch) return;
    // An ack may arrive after its sender went on to a newer leader; that leader then has the transaction.
    for (const epoch of ledger.epochs.values()) {
      if (epoch.epoch <= epochOf(zxid) || epoch.initial.has(zxid)) continue;
      this.#accuseLoss(
        concerned(server, epoch.leader),
        'a committed transaction is missing in the initial history of a newer epoch',
        `${server} commits ${formatZxid(zxid)}, epoch ${epoch.epoch} of ${epoch.leader} began without it`,
      );
    }
  }

  #onSynchronizing(server: NodeId, number: number): void {
    const epoch = this.#ledger.epochNumbered(number);
    const committed = this.#ledger.committed;
    // A candidate that was paused may take its epoch when a newer one has long committed: nobody follows it.
    if (number < this.#ledger.highestEpoch) return;
    if (epoch === undefined || epoch.leader !== server || committed.isPrefixOf(epoch.initial)) return;
    this.#accuseLoss(
      [server],
      'a committed transaction is missing in the initial history of a newer epoch',
      `epoch ${number} of ${server} begins with ${epoch.initial.length} transactions up to ` +
        `${formatZxid(epoch.initial.last)}; committed is ${formatZxid(committed.last)}`,
    );
  }

  #onEstablished(server: NodeId, number: number): void {
    const epoch = this.#ledger.epochNumbered(number);
    if (epoch === undefined || epoch.leader !== server || this.#isInitialDurable(epoch)) return;
    this.#accuse({
      invariant: 'majority-commit',
      tier: 2,
      servers: [server],
      rule: 'an initial history was committed that no quorum holds durably',
      message:
        `epoch ${number} of ${server} began; its history up to ${formatZxid(epoch.initial.last)} ` +
        `is durable at ${this.#holders(epoch.initial.last, this.#ledger.configurations.of(server))}`,
    });
  }

  #isInitialDurable(epoch: EpochRecord): boolean {
    return this.#ledger.isQuorum(
      (server) => epoch.initial.isPrefixOf(server.disk.history(true)),
      this.#ledger.configurations.of(epoch.leader),
    );
  }

  /**
   * A cut may take a committed transaction that the leader committed and has not applied: it sends that again
   * at once. What the leader does not have is gone.
   */
  #onCut(sid: NodeId): void {
    const server = this.#ledger.server(sid);
    this.#checkGone(server, server.removed);
    this.#checkGone(server, server.superseded);
  }

  #checkGone(server: ServerRecord, gone: ReadonlySet<number>): void {
    if (gone.size === 0) return;
    const sid = server.sid;
    const epoch = this.#ledger.epochNumbered(server.epoch);
    for (const zxid of gone) {
      if (!this.#ledger.committed.has(zxid) || zxid <= this.#ledger.committed.floor) continue;
      if (epoch?.has(zxid)) continue;
      this.#accuseLoss(
        [sid],
        'a committed transaction was cut from a log',
        `${sid} cut ${formatZxid(zxid)}, which is committed, and its leader does not have it`,
      );
      return;
    }
  }

  /**
   * What a log held durably to its end is still durable when a SNAP has taken its place, if it is committed.
   * What the SNAP lacks, and what a TRUNC takes, its leader does not count the ack of (any more).
   */
  #onRemoved(sid: NodeId, file: string): void {
    const { committed } = this.#ledger;
    const { disk, memory, memoryKnown, resyncing } = this.#ledger.server(sid);
    const end = disk.durableEndOf(file);
    if (end === 0 || !memoryKnown || !resyncing || disk.damaged) return;
    const zxid = Math.min(end, memory.last);
    if (zxid <= committed.floor || !committed.has(zxid) || disk.holdsDurably(zxid)) return;
    this.#accuseLoss(
      [sid],
      'a log was removed that held a committed transaction, and nothing else that is durable does',
      `${sid} removed ${file}, which ends with ${formatZxid(zxid as Zxid)}`,
    );
  }

  /** Whoever comes together after a restart of all finds the last committed transaction on some disk. */
  #checkEveryQuorum(sid: NodeId): void {
    const ledger = this.#ledger;
    const zxid = ledger.committed.last;
    const { committed } = ledger.configurations;
    if (ledger.committed.length === 0) return;
    // A server that is being brought up to date may get back at any moment what was cut.
    const without = ledger.isQuorum(
      (server) => !server.resyncing && !server.disk.holdsDurably(zxid),
      committed,
    );
    if (!without) return;
    this.#accuseLoss(
      [sid],
      'a quorum exists whose disks do not hold a committed transaction',
      `${formatZxid(zxid)} is committed and durable only at ${this.#holders(zxid, committed)}`,
    );
  }

  #holders(zxid: number, { quorums }: Configuration): string {
    const holders = quorums.voters.filter((sid) => this.#ledger.server(sid).disk.holdsDurably(zxid));
    return holders.length === 0 ? 'no voter' : `voters ${holders.join(', ')}`;
  }

  #accuseLoss(servers: readonly NodeId[], rule: string, message: string): void {
    this.#accuse({ invariant: 'no-lost-commit', tier: 1, servers, rule, message });
  }
}
