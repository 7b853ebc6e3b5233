import { unreachable } from '../core/assert.ts';
import { counterOf, epochOf, type Zxid } from '../core/zxid.ts';
import type { Moment, TraceEvent } from '../node/facts.ts';
import { MAX_SID, type NodeId } from '../node/ids.ts';
import { type Configuration, Configurations } from './configurations.ts';
import { EpochRecord } from './epoch-record.ts';
import { CANONICAL, History } from './history.ts';
import type { EnsembleFacts, Handlers, Monitor } from './monitor.ts';
import { ServerRecord } from './server-record.ts';
import { TxnBook } from './txn-book.ts';

/** Epochs remembered: nobody works under one that so many others have followed. */
const EPOCHS_KEPT = 256;

type Of<K extends TraceEvent['kind']> = Extract<TraceEvent, { kind: K }>;

/**
 * The ghost ledger: what the safety monitors share. It accuses nobody, and comes first, so that the others
 * see the state after the event. `committed` is G, the one sequence of committed transactions: it grows at
 * its end only, by `txn-committed`, and by the initial history of an epoch whose NEWLEADER a quorum acked. A
 * delivery while a server is synced, before UPTODATE, commits nothing: the leader may still fail and its
 * history be cut (Zab, phase 2).
 */
export class Ledger implements Monitor {
  readonly invariants: readonly string[] = [];
  readonly source = 'Zab (DSN 2011), histories';
  readonly observes: readonly TraceEvent['kind'][] = [
    'appended',
    'synced',
    'txn-applied',
    'txn-proposed',
    'txn-committed',
    'found',
    'replaced',
    'truncated',
    'removed',
    'lost',
    'corrupted',
    'wiped',
    'restarted',
    'crashed',
    'looking',
    'epoch-acked',
    'sync-chosen',
    'leader-synchronizing',
    'leader-established',
    'new-leader-acked',
    'follower-synced',
    'log-truncated',
    'snapshot-installed',
    'recovered',
    'fast-forwarded',
    'leader-left',
    'leader-resigned',
  ];
  readonly frequent: Handlers = {
    appended: (event) => this.#onAppended(event),
    synced: (event) => this.server(event.server).disk.sync(event.file, event.count, event.cuts),
    'txn-applied': (event) => this.#onApplied(event),
    'txn-proposed': (event) => this.#onProposed(event),
    'txn-committed': (event) => this.#onCommitted(event.zxid),
  };
  readonly book = new TxnBook();
  readonly committed = new History();
  /** Who decides: where nothing else is said, that is judged by what the log of each server says of it. */
  readonly configurations: Configurations;
  /** Epochs that were taken, by number. */
  readonly epochs = new Map<number, EpochRecord>();
  /** The highest epoch taken. */
  highestEpoch = -1;
  readonly servers: readonly NodeId[];
  readonly #records: (ServerRecord | undefined)[] = new Array(MAX_SID + 1).fill(undefined);
  #epoch: EpochRecord | undefined;

  constructor(ensemble: EnsembleFacts) {
    this.configurations = new Configurations(ensemble.quorums, ensemble.observers);
    this.servers = ensemble.servers;
    for (const sid of ensemble.servers) this.#records[sid] = this.#newRecord(sid);
  }

  /** The record of a server; one that was not announced is no voter. */
  server(sid: NodeId): ServerRecord {
    let record = this.#records[sid];
    if (record === undefined) {
      record = this.#newRecord(sid);
      this.#records[sid] = record;
    }
    return record;
  }

  #newRecord(sid: NodeId): ServerRecord {
    return new ServerRecord(sid, this.configurations.given.quorums.isVoter(sid));
  }

  /** The epoch, if a leader took it. */
  epochNumbered(epoch: number): EpochRecord | undefined {
    if (this.#epoch?.epoch === epoch) return this.#epoch;
    const record = this.epochs.get(epoch);
    if (record !== undefined) this.#epoch = record;
    return record;
  }

  /** Whether the voters that durably hold the transaction are a quorum. */
  isDurableAtQuorum(zxid: number, configuration: Configuration): boolean {
    const tally = configuration.emptyTally();
    const { voters } = configuration.quorums;
    for (let i = 0; i < voters.length; i++) {
      const sid = voters[i] as NodeId;
      if (this.server(sid).disk.holdsDurably(zxid) && tally.add(sid) && tally.hasQuorum()) return true;
    }
    return false;
  }

  /** Whether the voters for which `test` holds are a quorum. */
  isQuorum(test: (server: ServerRecord) => boolean, configuration: Configuration): boolean {
    const tally = configuration.emptyTally();
    for (const sid of configuration.quorums.voters) {
      if (test(this.server(sid))) tally.add(sid);
    }
    return tally.hasQuorum();
  }

  /**
   * Who may have to decide now: the newest committed configuration, and what is newer in the logs of running
   * servers.
   */
  electorates(): Configuration[] {
    const { configurations } = this;
    const newer = this.servers
      .filter((sid) => this.server(sid).running)
      .map((sid) => configurations.of(sid))
      .filter(({ zxid }) => zxid > configurations.committed.zxid);
    return [configurations.committed, ...new Set(newer)];
  }

  observe(event: TraceEvent, _moment: Moment): void {
    switch (event.kind) {
      case 'found':
      case 'replaced':
      case 'truncated':
      case 'removed':
      case 'lost':
      case 'corrupted':
        this.#onDisk(event);
        this.#recount(event.server);
        return;
      case 'wiped':
        this.#onWiped(event.server);
        this.#recount(event.server);
        return;
      case 'restarted':
      case 'crashed':
        this.#onProcess(event);
        this.#recount(event.server);
        return;
      case 'log-truncated':
        this.#onLogTruncated(event);
        return;
      case 'sync-chosen': {
        const { memory, memoryKnown } = this.server(event.server);
        this.server(event.learner).source = memoryKnown ? memory : undefined;
        return;
      }
      case 'snapshot-installed':
        this.#onSnapshotInstalled(event);
        return;
      case 'recovered':
        this.#onRecovered(event);
        return;
      case 'fast-forwarded':
        this.#onFastForwarded(event);
        return;
      default:
        this.#onRole(event);
        return;
    }
  }

  #onAppended(event: Of<'appended'>): void {
    const server = this.server(event.server);
    const position = event.position;
    if (event.record !== 'txn') {
      server.disk.append(event.file, event.record, position, CANONICAL);
      if (event.record === 'seal') {
        this.#onSealed(server, position);
        this.#recount(event.server);
      }
      return;
    }
    if (this.configurations.changed) this.configurations.appended(event.server, position);
    if (this.book.define(position, event.digest)) server.disk.append(event.file, 'txn', position, CANONICAL);
    else server.disk.append(event.file, 'txn', position, event.digest);
    if (server.removed.size > 0) server.removed.delete(position);
    if (server.superseded.size > 0) server.superseded.delete(position);
  }

  #onSealed(server: ServerRecord, zxid: number): void {
    server.addSnapshot(zxid);
    if (server.memoryKnown) server.disk.describeSnapshot(zxid, server.memory.through(zxid));
  }

  #onApplied(event: Of<'txn-applied'>): void {
    const server = this.server(event.server);
    const memory = server.memory;
    const zxid = event.zxid;
    server.before = memory.last;
    server.beforeKnown = server.memoryKnown;
    const mark = this.book.define(zxid, event.digest) ? CANONICAL : event.digest;
    if (!server.memoryKnown) {
      // A story that begins in the middle: the first delivery says where memory stood.
      memory.floor = this.#predecessorOf(server, zxid) as typeof memory.floor;
      server.memoryKnown = true;
    }
    if (zxid > memory.last || mark !== CANONICAL || !memory.has(zxid)) memory.push(zxid, mark);
    if (zxid > server.highest) server.highest = zxid;
    // A leader delivers it: what a snapshot lacked came back behind it, and need not be logged once more.
    if (server.removed.size > 0) server.removed.delete(zxid);
    if (server.superseded.size > 0) server.superseded.delete(zxid);
  }

  #onProposed(event: Of<'txn-proposed'>): void {
    const zxid = event.zxid;
    this.book.define(zxid, event.digest);
    this.book.broadcast(zxid);
    this.epochNumbered(epochOf(zxid))?.propose(zxid);
  }

  #onCommitted(zxid: Zxid): void {
    if (zxid > this.committed.last) this.committed.push(zxid);
    if (this.configurations.changed) this.configurations.commit(zxid);
  }

  /** The server's log changed otherwise than at its end. */
  #recount(sid: NodeId): void {
    const { configurations, committed } = this;
    if (configurations.changed) configurations.recount(sid, this.server(sid).disk.history(false), committed);
  }

  #predecessorOf(server: ServerRecord, zxid: number): number {
    return this.epochNumbered(server.epoch)?.predecessorOf(zxid) ?? Math.max(0, zxid - 1);
  }

  #onDisk(event: Of<'found' | 'replaced' | 'truncated' | 'removed' | 'lost' | 'corrupted'>): void {
    const server = this.server(event.server);
    const disk = server.disk;
    switch (event.kind) {
      case 'found':
        this.server(event.server).given = true;
        if (event.record === 'txn') this.book.broadcast(event.position);
        disk.append(event.file, event.record, event.position, this.#markOf(event));
        return;
      case 'replaced':
        disk.replace(event.file, event.position);
        return;
      case 'truncated':
        disk.truncate(event.file, event.count);
        return;
      case 'removed':
        disk.remove(event.file);
        return;
      case 'lost':
        disk.lose(event.file, event.count, event.position, event.torn);
        return;
      case 'corrupted':
        server.given = true;
        disk.corrupt(event.file, event.index, event.how === 'torn');
        return;
      default:
        unreachable(event);
    }
  }

  #onWiped(sid: NodeId): void {
    const server = this.server(sid);
    server.disk.wipe();
    server.removed.clear();
    server.overlaps.clear();
  }

  #markOf(event: Of<'found'>): number {
    if (event.record !== 'txn') return CANONICAL;
    return this.book.define(event.position, event.digest) ? CANONICAL : event.digest;
  }

  #onProcess(event: Of<'restarted' | 'crashed'>): void {
    const server = this.server(event.server);
    server.memory = new History();
    server.memoryKnown = false;
    if (event.kind === 'restarted') {
      server.incarnation = event.incarnation;
      server.running = true;
      if (server.powerCut) server.disk.settle();
      server.disk.inherited = server.disk.lastZxid(false);
      return;
    }
    server.running = false;
    server.powerCut = event.how === 'power-cut';
    // A cut that was not yet acked may be undone by the loss of power: the tail never left the disk.
    if (server.powerCut && server.cutUnacked) server.removed.clear();
    server.endRole();
    server.redeliverUntil = 0;
  }

  #onLogTruncated(event: Of<'log-truncated'>): void {
    const server = this.server(event.server);
    const before = server.memory;
    server.memory = before.through(event.zxid);
    server.removeFrom(before, server.memory, server.removed);
    server.resyncing = true;
    server.cutUnacked = true;
  }

  #onSnapshotInstalled(event: Of<'snapshot-installed'>): void {
    const server = this.server(event.server);
    const leader = this.server(event.leader);
    let installed: History;
    // Once its role has ended, a leader may have begun anew from less than it had sent, or be down.
    const hasLess = leader.leader !== event.leader && event.zxid > leader.memory.last;
    if (leader.memoryKnown && !(hasLess && this.book.knows(event.zxid))) {
      installed = leader.memory.through(event.zxid);
      // ⟨e, 0⟩ is no transaction: whoever had come to it has all that lies below it.
    } else if (
      server.source !== undefined &&
      (server.source.last >= event.zxid || counterOf(event.zxid) === 0)
    ) {
      installed = server.source.through(event.zxid);
    } else {
      installed = new History();
      installed.floor = event.zxid;
    }
    server.removeFrom(server.memory, installed, server.superseded);
    server.removeFrom(server.disk.history(false), installed, server.superseded);
    for (const zxid of server.removed) if (installed.has(zxid)) server.removed.delete(zxid);
    server.memory = installed;
    server.memoryKnown = true;
    server.redeliverUntil = event.zxid;
    server.fuzzyUntil = Math.max(event.zxid, leader.highest);
    server.highest = Math.max(server.highest, server.fuzzyUntil);
    server.resyncing = true;
    server.cutUnacked = true;
    server.disk.describeSnapshotsFrom(event.zxid, installed);
  }

  #onRecovered(event: Of<'recovered'>): void {
    const server = this.server(event.server);
    let memory = server.disk.snapshotHistory(event.snapshot)?.copy();
    if (memory === undefined) {
      memory = new History();
      if (event.snapshot > 0) memory.floor = event.snapshot;
    }
    server.disk.addLogged(memory, Math.max(0, event.snapshot), event.zxid, false);
    server.memory = memory;
    server.memoryKnown = true;
    server.fuzzyUntil = server.overlaps.get(event.snapshot) ?? event.snapshot;
    server.highest = Math.max(server.highest, event.zxid);
    server.redeliverUntil = 0;
  }

  #onFastForwarded(event: Of<'fast-forwarded'>): void {
    const server = this.server(event.server);
    server.disk.addLogged(server.memory, server.memory.last, event.zxid, false);
    server.highest = Math.max(server.highest, event.zxid);
  }

  #onRole(event: TraceEvent): void {
    switch (event.kind) {
      case 'epoch-acked': {
        const server = this.server(event.server);
        server.endRole();
        server.epoch = event.epoch;
        server.leader = event.leader;
        return;
      }
      case 'leader-synchronizing':
        this.#onSynchronizing(event);
        return;
      case 'leader-established': {
        const epoch = this.epochNumbered(event.epoch);
        this.server(event.server).serving = true;
        if (epoch !== undefined && epoch.leader === event.server) this.#commitInitial(epoch);
        return;
      }
      case 'new-leader-acked': {
        const server = this.server(event.server);
        server.epoch = event.epoch;
        server.leader = event.leader;
        server.joined = true;
        server.resyncing = false;
        server.cutUnacked = false;
        server.settleRemoved();
        return;
      }
      case 'follower-synced':
        this.server(event.server).serving = true;
        return;
      case 'looking':
        this.server(event.server).given = false;
        this.server(event.server).endRole();
        return;
      case 'leader-left':
      case 'leader-resigned':
        this.server(event.server).endRole();
        return;
      default:
    }
  }

  #onSynchronizing(event: Of<'leader-synchronizing'>): void {
    const server = this.server(event.server);
    server.endRole();
    server.epoch = event.epoch;
    server.leader = event.server;
    const initial = server.disk.history(false).through(event.zxid);
    if (!this.epochs.has(event.epoch)) {
      this.epochs.set(event.epoch, new EpochRecord(event.epoch, event.server, server.incarnation, initial));
    }
    this.highestEpoch = Math.max(this.highestEpoch, event.epoch);
    const oldest = this.epochs.keys().next().value;
    if (this.epochs.size > EPOCHS_KEPT && oldest !== undefined) this.epochs.delete(oldest);
  }

  #commitInitial(epoch: EpochRecord): void {
    epoch.active = true;
    const committed = this.committed;
    if (!committed.isPrefixOf(epoch.initial)) return;
    if (committed.length === 0) committed.floor = epoch.initial.floor;
    committed.extend(epoch.initial, committed.last, Infinity);
    if (this.configurations.changed) this.configurations.commitAll(committed);
  }
}
