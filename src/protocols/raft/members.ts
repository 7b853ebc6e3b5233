import { counterOf, ZERO_ZXID, type Zxid } from '../../core/zxid.ts';
import type { ConfigTxn } from '../../node/content.ts';
import type { NodeId } from '../../node/ids.ts';
import { majority, type QuorumSystem } from '../../node/quorum.ts';
import type { RaftConfig } from './config.ts';
import type { Membership, RaftEnv } from './messages.ts';

/** Who belongs to the ensemble from one entry of the log on. */
export interface Configuration extends Membership {
  /** The index of the entry; 0: this is what the servers were given. */
  readonly index: number;
  readonly quorums: QuorumSystem;
}

/**
 * The configurations that the log holds (thesis §4.1). A server goes by the newest of them, committed or not,
 * from when it is in its log, and by the one before again when the entry is cut. What the servers were given
 * stands for an entry before the first; a snapshot says which one was in force at its end.
 */
export class Members {
  readonly #env: RaftEnv;
  readonly #config: RaftConfig;
  /** Ascending; never empty. */
  #all: readonly Configuration[];
  #current: Configuration;
  #committed = 0;

  constructor(env: RaftEnv, config: RaftConfig) {
    this.#env = env;
    this.#config = config;
    this.#current = this.#given();
    this.#all = [this.#current];
  }

  /** The one in force. */
  get current(): Configuration {
    return this.#current;
  }

  /** Who decides. */
  get quorums(): QuorumSystem {
    return this.#current.quorums;
  }

  /** Whether the server has a vote. */
  isVoter(server: NodeId): boolean {
    return this.#current.voters.includes(server);
  }

  /** Whether the server gets the log, with a vote or without. */
  has(server: NodeId): boolean {
    return this.isVoter(server) || this.#current.observers.includes(server);
  }

  /** Whether the configuration in force is committed. */
  get settled(): boolean {
    return this.#current.index <= this.#committed;
  }

  /**
   * Whether this server may stand for election. One that its log has removed may have to, until that is known
   * to be committed: nobody else may have the entry (thesis §4.2.2, Figure 4.6).
   */
  get mayStand(): boolean {
    const { self } = this.#env;
    if (this.isVoter(self)) return true;
    return !this.settled && this.at(this.#current.index - 1).voters.includes(self);
  }

  /** The one that the log up to this index says. */
  at(index: number): Configuration {
    const found = this.#all.findLast((configuration) => configuration.index <= index);
    return found ?? (this.#all[0] as Configuration);
  }

  /** An entry was appended that holds one. */
  append(zxid: Zxid, { voters, observers }: ConfigTxn): void {
    this.#all = [...this.#all, this.#made({ zxid, voters, observers })];
    this.#settle();
  }

  /** Every entry after `keep` was cut from the log. */
  cut(keep: number): void {
    if (this.#all.length === 1) return;
    const { rules } = this.#config;
    this.#all = this.#all.filter(({ index }, place) => place === 0 || !rules.dropsWith(index, keep));
    this.#settle();
  }

  /** The log begins anew behind a snapshot, which says this; undefined: what the servers were given. */
  begin(base: Membership | undefined, committed: number): void {
    this.#committed = committed;
    if (base === undefined && this.#all.length === 1 && this.#current.index === 0) return;
    this.#all = [base === undefined ? this.#given() : this.#made(base)];
    this.#settle();
  }

  /** All up to this index is committed. */
  commit(index: number): void {
    this.#committed = index;
    if (this.#all.length > 1) this.#settle();
  }

  #settle(): void {
    const { rules } = this.#config;
    const before = this.#current;
    const found = this.#all.findLast(({ index }, i) => i === 0 || rules.adopts(index, this.#committed));
    if (found === undefined || found.zxid === before.zxid) return;
    this.#current = found;
    const { zxid, voters, observers } = found;
    this.#env.report({ kind: 'config-adopted', server: this.#env.self, zxid, voters, observers });
  }

  #given(): Configuration {
    const { quorums, observers } = this.#config;
    return { zxid: ZERO_ZXID, index: 0, voters: quorums.voters, observers, quorums };
  }

  #made({ zxid, voters, observers }: Membership): Configuration {
    const decide = this.#config.rules.decide(voters, this.#env.self);
    return { zxid, index: counterOf(zxid), voters, observers, quorums: majority(decide) };
  }
}
