import { chain32 } from '../../core/digest.ts';
import { counterOf, ZERO_ZXID, type Zxid } from '../../core/zxid.ts';
import { isConfig, NO_OP } from '../../node/content.ts';
import type { NodeId, Ticket } from '../../node/ids.ts';
import type { Chunk, Result, StateMachine } from '../../node/service.ts';
import type { RaftConfig } from './config.ts';
import { Members } from './members.ts';
import type { Membership, PromiseRecord, RaftEnv, TxnRecord } from './messages.ts';
import { RaftLog } from './raft-log.ts';
import { RecoveryError } from './recovery-error.ts';
import { Snapshots } from './snapshots.ts';

/** A snapshot that came from a leader. */
export interface ReceivedSnapshot {
  readonly zxid: Zxid;
  /** The configuration at its end; undefined: what the servers were given. */
  readonly members: Membership | undefined;
  readonly chunks: readonly Chunk[];
}

/** The file that holds the term and the vote given in it. */
const PROMISE = 'promise';

/**
 * What a server keeps: its term and vote, the log, snapshots, and the state machine with all that is applied.
 * Memory is rebuilt from the newest snapshot alone; entries behind it are applied when a leader says that
 * they are committed (§5.3, §7).
 */
export class Store {
  readonly #env: RaftEnv;
  readonly #config: RaftConfig;
  readonly machine: StateMachine;
  readonly members: Members;
  readonly log: RaftLog;
  readonly snapshots: Snapshots;
  term = 0;
  votedFor = 0 as NodeId;
  /** The position of the last entry applied. */
  lastApplied: Zxid = ZERO_ZXID;
  #sinceSnapshot = 0;
  #snapshotAt = 0;
  /** The snapshot on its way to the disk. */
  #taking: { readonly ticket: Ticket; readonly zxid: Zxid } | undefined;

  constructor(env: RaftEnv, config: RaftConfig, machine: StateMachine) {
    this.#env = env;
    this.#config = config;
    this.machine = machine;
    this.members = new Members(env, config);
    this.log = new RaftLog(env, this.members);
    this.snapshots = new Snapshots(env);
    this.#drawSnapshot();
  }

  /**
   * Reads the disk.
   *
   * @returns the tickets of what this process builds on: it takes part once all that is durable
   * @throws RecoveryError when the disk does not hold what a server may rely on
   */
  recover(): readonly Ticket[] {
    const tickets: Ticket[] = [];
    const [promise] = this.#env.read(PROMISE);
    if (promise !== undefined) {
      if (promise.kind !== 'promise') throw new RecoveryError(`${PROMISE} holds no term`);
      this.term = promise.position;
      this.votedFor = promise.votedFor;
      tickets.push(this.#env.sync(PROMISE));
    }
    this.machine.clear();
    const [newest] = this.snapshots.whole();
    if (newest !== undefined) {
      for (const chunk of this.snapshots.chunks(newest)) this.machine.restore(chunk);
      tickets.push(this.snapshots.sync(newest));
    }
    this.lastApplied = newest?.zxid ?? ZERO_ZXID;
    this.members.begin(newest && this.snapshots.members(newest), this.appliedIndex);
    tickets.push(...this.log.load(this.lastApplied));
    if (promise === undefined && this.log.last > 0) throw new RecoveryError('there is a log and no term');
    this.#env.report({
      kind: 'recovered',
      server: this.#env.self,
      snapshot: this.lastApplied,
      zxid: this.lastApplied,
      records: 0,
      state: this.machine.digest(),
    });
    return tickets;
  }

  /** Writes the term and the vote; both are in force at once, and nothing may be said before the sync. */
  promise(term: number, votedFor: NodeId): Ticket {
    this.term = term;
    this.votedFor = votedFor;
    const record: PromiseRecord = {
      kind: 'promise',
      position: term,
      digest: chain32(term, votedFor) >>> 1,
      votedFor: this.#config.rules.remembered(votedFor),
    };
    this.#env.replace(PROMISE, record);
    return this.#env.sync(PROMISE);
  }

  /** Applies the entry under a commit; undefined for one that is Raft's own business. */
  apply(record: TxnRecord): Result | undefined {
    const { position, digest, txn } = record;
    const result = txn.kind === NO_OP.kind || isConfig(txn) ? undefined : this.machine.apply(txn, position);
    this.lastApplied = position;
    const state = this.machine.digest();
    this.#env.report({ kind: 'txn-applied', server: this.#env.self, zxid: position, digest, state });
    if (++this.#sinceSnapshot >= this.#snapshotAt) this.#snapshot();
    return result;
  }

  /**
   * Whether the ticket was that of a snapshot: then the log is shortened. Some entries are kept for followers
   * that are a little behind, and all after the index that one which is given a snapshot `needed`.
   */
  synced(ticket: Ticket, needed: number): boolean {
    const taking = this.#taking;
    if (taking === undefined || ticket !== taking.ticket) return false;
    this.#taking = undefined;
    const { zxid } = taking;
    const { rules, settings } = this.#config;
    this.#env.report({ kind: 'snapshot-taken', server: this.#env.self, zxid });
    const through = counterOf(rules.compactsThrough(zxid, this.log.last));
    this.log.compact(Math.min(through - settings.commitLogCount, needed));
    this.snapshots.purge(Math.max(1, settings.snapRetainCount));
    return true;
  }

  /**
   * Puts a leader's snapshot in the place of the state, and of a log that does not hold its last entry.
   *
   * @returns the ticket that makes it durable; `installed` follows
   */
  install(leader: NodeId, { zxid, members, chunks }: ReceivedSnapshot): Ticket {
    this.#taking = undefined;
    this.#sinceSnapshot = 0;
    this.machine.clear();
    for (const chunk of chunks) this.machine.restore(chunk);
    this.lastApplied = zxid;
    this.#env.report({ kind: 'snapshot-installed', server: this.#env.self, leader, zxid });
    this.members.begin(members, counterOf(zxid));
    return this.snapshots.write(zxid, this.machine, members);
  }

  /** The installed snapshot is durable: the log before it goes. */
  installed(zxid: Zxid): void {
    this.log.reset(zxid);
    this.snapshots.purge(Math.max(1, this.#config.settings.snapRetainCount));
  }

  /** The position up to which everything survives a power cut. */
  get durablePosition(): Zxid {
    return this.log.positionAt(this.log.durable) ?? this.log.base;
  }

  get appliedIndex(): number {
    return counterOf(this.lastApplied);
  }

  #snapshot(): void {
    if (this.#taking !== undefined) return;
    this.#sinceSnapshot = 0;
    this.#drawSnapshot();
    const zxid = this.lastApplied;
    const members = this.members.at(this.appliedIndex);
    const kept = members.index > 0 && this.#config.rules.keepsConfiguration() ? members : undefined;
    this.#taking = { ticket: this.snapshots.write(zxid, this.machine, kept), zxid };
  }

  /** Half of snapCount, and a random part of the other half: servers do not all take snapshots at once. */
  #drawSnapshot(): void {
    const half = Math.max(1, Math.floor(this.#config.settings.snapCount / 2));
    this.#snapshotAt = half + this.#env.draw(half);
  }
}
