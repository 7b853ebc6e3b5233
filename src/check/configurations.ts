import type { Zxid } from '../core/zxid.ts';
import { MAX_SID, type NodeId } from '../node/ids.ts';
import type { QuorumSystem, Tally } from '../node/quorum.ts';
import { countedQuorums } from './counted-quorums.ts';
import type { History } from './history.ts';

/** Who decides from one entry of the log on, until the next such entry. */
export class Configuration {
  /** The position of the entry; 0: this is what the servers were given. */
  readonly zxid: number;
  readonly quorums: QuorumSystem;
  /** Members without a vote. */
  readonly observers: readonly NodeId[];
  readonly #tally: Tally;

  constructor(zxid: number, quorums: QuorumSystem, observers: readonly NodeId[]) {
    this.zxid = zxid;
    this.quorums = quorums;
    this.observers = observers;
    this.#tally = quorums.tally();
  }

  /** An empty set of supporters, lent until it is asked for again. */
  emptyTally(): Tally {
    const tally = this.#tally;
    tally.clear();
    return tally;
  }

  /** Whether the server belongs to the ensemble, with a vote or without. */
  has(sid: NodeId): boolean {
    return this.quorums.isVoter(sid) || this.observers.includes(sid);
  }
}

/**
 * Which configuration is in force, where the log itself says who belongs to the ensemble: for each server,
 * the newest that its log holds, committed or not, as its disk testifies to it (thesis of Ongaro, 2014,
 * §4.1). Where no entry changes it, that is the given one for all, at no cost.
 */
export class Configurations {
  readonly given: Configuration;
  /** The newest that is committed. */
  committed: Configuration;
  /** Whether there are others than the given one. */
  changed = false;
  readonly #byZxid = new Map<number, Configuration>();
  /** Without the given one, the newest first. */
  #newestFirst: Configuration[] = [];
  readonly #inForce: (Configuration | undefined)[] = new Array(MAX_SID + 1).fill(undefined);
  readonly #voted = new Set<NodeId>();

  constructor(quorums: QuorumSystem, observers: readonly NodeId[]) {
    this.given = new Configuration(0, quorums, observers);
    this.committed = this.given;
  }

  /** The configuration that the server's log says, or the given one. */
  of(sid: NodeId): Configuration {
    return this.#inForce[sid] ?? this.given;
  }

  /** What the entry at `zxid` says, if it is such an entry. */
  numbered(zxid: number): Configuration | undefined {
    return zxid === 0 ? this.given : this.#byZxid.get(zxid);
  }

  /** Whether the server has a vote in any configuration that was ever proposed. */
  everVotes(sid: NodeId): boolean {
    return this.given.quorums.isVoter(sid) || this.#voted.has(sid);
  }

  /** An entry was proposed that says who belongs to the ensemble. */
  define(zxid: number, voters: readonly NodeId[], observers: readonly NodeId[]): Configuration {
    const configuration = new Configuration(zxid, countedQuorums(voters), observers);
    this.changed = true;
    this.#byZxid.set(zxid, configuration);
    this.#newestFirst = [...this.#byZxid.values()].sort((a, b) => b.zxid - a.zxid);
    for (const voter of voters) this.#voted.add(voter);
    return configuration;
  }

  /** The server appended the entry at `zxid` to its log. */
  appended(sid: NodeId, zxid: number): void {
    const configuration = this.#byZxid.get(zxid);
    if (configuration !== undefined) this.#inForce[sid] = configuration;
  }

  /** The server's log changed otherwise: this is all that it holds now. */
  recount(sid: NodeId, history: History, committed: History): void {
    this.#inForce[sid] = this.#newestIn(history, committed);
  }

  /** The entry at `zxid` was committed. */
  commit(zxid: Zxid): void {
    const configuration = this.#byZxid.get(zxid);
    if (configuration !== undefined && zxid > this.committed.zxid) this.committed = configuration;
  }

  /** All of a history was committed. */
  commitAll(committed: History): void {
    this.committed = this.#newestIn(committed, committed) ?? this.given;
  }

  /** Of what lies below a floor, only what is committed is known to be there. */
  #newestIn(history: History, committed: History): Configuration | undefined {
    return this.#newestFirst.find(
      ({ zxid }) => history.has(zxid) && (zxid > history.floor || committed.has(zxid)),
    );
  }
}
