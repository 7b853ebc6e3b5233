import type { Zxid } from '../../core/zxid.ts';
import type { Moment, TraceEvent } from '../../node/facts.ts';
import type { NodeId } from '../../node/ids.ts';
import type { QuorumSystem } from '../../node/quorum.ts';
import type { RunningWorld } from '../running-world.ts';
import { demandOf } from '../timing/operation-text.ts';

/** Whether a server can reach a quorum of voters, as the network and the other servers are. */
export type Side = 'majority' | 'minority';

/** What a server is to its clients. `none`: it serves nobody. */
export type ServingAs = 'leader' | 'follower' | 'observer' | 'read-only' | 'none';

/** What is asked for. `sync + read`: the read behind a sync, measured from the sync on. */
export type Demand = 'write' | 'read' | 'sync + read';

/** An operation of a client and what came of it. */
export interface Asked {
  readonly side: Side;
  readonly as: ServingAs;
  readonly demand: Demand;
  /** `refused`: a server without a quorum does no writes. `unanswered`: its outcome is unknown. */
  outcome: 'answered' | 'refused' | 'unanswered';
  readonly atUs: number;
  /** −1: no answer. */
  latencyUs: number;
  /** Of an answered read: how old what it does not show was, when it was asked for. 0: fresh. */
  behindUs: number;
  /** Of an answered read: how many transactions that were committed then it does not show. */
  behindTxns: number;
}

const KINDS: readonly TraceEvent['kind'][] = [
  'invoked',
  'returned',
  'txn-committed',
  'looking',
  'leader-established',
  'follower-synced',
  'leader-resigned',
  'crashed',
  'client-admitted',
  'client-disconnected',
];

/** How long sides stay valid, µs: they change with faults only. */
export const LOOK_US = 10_000;

/** A sync, of which the read behind it is a part. */
interface Sync {
  readonly cxid: number;
  readonly atUs: number;
  failed: boolean;
}

/** A commit, as it was first decided anywhere. */
interface Commit {
  readonly zxid: Zxid;
  readonly atUs: number;
}

/**
 * Measures what clients get from their servers, by the server's side and role when they ask: what stays
 * available, and how old it is. Source: the CAP theorem, taken at its word.
 */
export class ConsistencyMeter {
  readonly asked: Asked[] = [];
  readonly #quorums: QuorumSystem;
  readonly #servers: readonly NodeId[];
  readonly #observers: readonly NodeId[];
  readonly #commits: Commit[] = [];
  readonly #sides = new Map<NodeId, Side>();
  readonly #roles = new Map<NodeId, ServingAs>();
  readonly #waiting = new Map<
    string,
    { readonly asked: Asked | undefined; readonly sync: Sync | undefined }
  >();
  /** By client: the sync that its last operation was. */
  readonly #syncs = new Map<NodeId, Sync>();

  constructor(quorums: QuorumSystem, servers: readonly NodeId[], observers: readonly NodeId[]) {
    this.#quorums = quorums;
    this.#servers = servers;
    this.#observers = observers;
  }

  wants(kind: TraceEvent['kind']): boolean {
    return KINDS.includes(kind);
  }

  /** Sees who can reach whom. */
  look(world: RunningWorld): void {
    for (const server of this.#servers) {
      const reached = this.#quorums.tally();
      for (const other of this.#servers) {
        const both = world.canReach(server, other) && world.canReach(other, server);
        if (other === server || (world.isUp(other) && both)) reached.add(other);
      }
      this.#sides.set(server, reached.hasQuorum() ? 'majority' : 'minority');
    }
  }

  observe(event: TraceEvent, { atUs }: Moment): void {
    switch (event.kind) {
      case 'txn-committed':
        this.#commit(event.zxid, atUs);
        return;
      case 'leader-established':
        this.#roles.set(event.server, 'leader');
        return;
      case 'follower-synced':
        this.#roles.set(event.server, this.#observers.includes(event.server) ? 'observer' : 'follower');
        return;
      case 'looking':
      case 'leader-resigned':
      case 'crashed':
        this.#roles.set(event.server, 'none');
        return;
      case 'client-admitted':
        if (event.role === 'read-only') this.#roles.set(event.server, 'read-only');
        return;
      case 'invoked':
        this.#ask(event.server, event.cxid, event.via, event.operation, atUs);
        return;
      case 'returned':
        this.#answer(event.server, event.cxid, event.outcome, event.zxid, atUs);
        return;
      default:
        return;
    }
  }

  #commit(zxid: Zxid, atUs: number): void {
    const last = this.#commits.at(-1);
    if (last === undefined || zxid > last.zxid) this.#commits.push({ zxid, atUs });
  }

  #ask(client: NodeId, cxid: number, via: NodeId, operation: string, nowUs: number): void {
    const before = this.#syncs.get(client);
    this.#syncs.delete(client);
    const key = `${client} ${cxid}`;
    if (operation.startsWith('sync')) {
      const sync = { cxid, atUs: nowUs, failed: false };
      this.#syncs.set(client, sync);
      this.#waiting.set(key, { asked: undefined, sync });
      return;
    }
    const demand = demandOf(operation);
    if (demand === undefined) return;
    const sync = demand === 'read' ? before : undefined;
    const asked: Asked = {
      side: this.#sides.get(via) ?? 'majority',
      as: this.#roles.get(via) ?? 'none',
      demand: sync === undefined ? demand : 'sync + read',
      outcome: 'unanswered',
      atUs: sync?.atUs ?? nowUs,
      latencyUs: -1,
      behindUs: 0,
      behindTxns: 0,
    };
    this.asked.push(asked);
    this.#waiting.set(key, { asked, sync });
  }

  #answer(client: NodeId, cxid: number, outcome: string, zxid: Zxid, nowUs: number): void {
    const key = `${client} ${cxid}`;
    const { asked, sync } = this.#waiting.get(key) ?? {};
    this.#waiting.delete(key);
    if (asked === undefined) {
      if (sync !== undefined) sync.failed = outcome !== 'ok';
      return;
    }
    if (outcome === 'unknown') return;
    const refused =
      sync?.failed === true || (outcome === 'failed' && asked.as === 'read-only' && asked.demand === 'write');
    asked.outcome = refused ? 'refused' : 'answered';
    asked.latencyUs = nowUs - asked.atUs;
    if (!refused && asked.demand !== 'write') this.#age(asked, zxid);
  }

  /** What had been committed when the question was asked, and is missing in the answer. */
  #age(asked: Asked, zxid: Zxid): void {
    const shown = firstIndex(this.#commits, (commit) => commit.zxid > zxid);
    const known = firstIndex(this.#commits, (commit) => commit.atUs > asked.atUs);
    const missed = this.#commits[shown];
    if (missed === undefined || known <= shown) return;
    asked.behindTxns = known - shown;
    asked.behindUs = asked.atUs - missed.atUs;
  }
}

/** Where the commits begin that hold; they are ascending. */
function firstIndex(commits: readonly Commit[], holds: (commit: Commit) => boolean): number {
  let low = 0;
  let high = commits.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(commits[middle] as Commit)) high = middle;
    else low = middle + 1;
  }
  return low;
}
