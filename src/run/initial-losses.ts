import { ascending } from '../core/order.ts';
import { counterOf, formatZxid, type Zxid } from '../core/zxid.ts';
import type { Damaged } from '../node/env.ts';
import type { TraceEvent } from '../node/facts.ts';
import type { NodeId } from '../node/ids.ts';
import type { QuorumSystem } from '../node/quorum.ts';
import type { DiskRecord, TxnRecord } from '../protocols/zab/messages.ts';
import type { SubTxn, ZnodeTxn } from '../znode/txns.ts';
import type { LostTxn } from './outcome.ts';
import type { InitialDisk } from './plan.ts';

/** What a server has of the transactions that lay on the disks at the start. */
interface Holding {
  /** What a snapshot covers: all up to here. */
  readonly base: Zxid;
  readonly log: ReadonlySet<Zxid>;
}

const OWN_KINDS: ReadonlySet<TraceEvent['kind']> = new Set([
  'wiped',
  'log-truncated',
  'follower-synced',
  'leader-established',
] as const);

const NOTHING: Holding = { base: 0 as Zxid, log: new Set() };

/**
 * Which of the transactions that lay on the disks at the start the ensemble went on without. A server that
 * has followed a leader has the leader's history, no more and no less; whoever led last decides.
 */
export class InitialLosses {
  readonly #quorums: QuorumSystem;
  readonly #disks: ReadonlyMap<NodeId, InitialDisk>;
  readonly #holdings = new Map<NodeId, Holding>();
  #leader: NodeId | undefined;

  constructor(quorums: QuorumSystem, disks: ReadonlyMap<NodeId, InitialDisk>) {
    this.#quorums = quorums;
    this.#disks = disks;
    for (const [id, disk] of disks) this.#holdings.set(id, holdingOf(disk));
  }

  wants(kind: TraceEvent['kind']): boolean {
    return OWN_KINDS.has(kind);
  }

  observe(event: TraceEvent): void {
    switch (event.kind) {
      case 'wiped':
        this.#holdings.delete(event.server);
        break;
      case 'log-truncated':
        this.#holdings.set(event.server, upTo(this.#holding(event.server), event.zxid));
        break;
      case 'follower-synced':
        this.#holdings.set(event.server, this.#holding(event.leader));
        break;
      case 'leader-established':
        this.#leader = event.server;
        break;
    }
  }

  /** What was lost, ascending; nothing as long as nobody led. */
  lost(): readonly LostTxn[] {
    if (this.#leader === undefined) return [];
    const kept = this.#holding(this.#leader);
    const lost = new Map<Zxid, NodeId[]>();
    const changes = new Map<number, string>();
    for (const [id, disk] of this.#disks) {
      for (const zxid of lastOf(holdingOf(disk))) {
        if (holds(kept, zxid)) continue;
        const servers = lost.get(zxid);
        if (servers === undefined) lost.set(zxid, [id]);
        else servers.push(id);
      }
      for (const { position, txn } of txnsOf(disk)) {
        if (!holds(kept, position as Zxid)) changes.set(position, changeOf(txn as ZnodeTxn));
      }
    }
    const untold = this.#quorums.voters.filter((id) => !isWhole(this.#disks.get(id)));
    return [...lost]
      .sort(([a], [b]) => ascending(a, b))
      .map(([zxid, servers]) => ({
        zxid: formatZxid(zxid),
        servers,
        change: changes.get(zxid) ?? '',
        mayBeCommitted: this.#isQuorum([...servers, ...untold]),
        left: servers.filter((id) => holds(this.#holding(id), zxid)),
      }));
  }

  #isQuorum(servers: readonly NodeId[]): boolean {
    const tally = this.#quorums.tally();
    for (const id of servers) tally.add(id);
    return tally.hasQuorum();
  }

  #holding(server: NodeId): Holding {
    return this.#holdings.get(server) ?? NOTHING;
  }
}

/** What the log has, and the last that a snapshot holds without it; ⟨e,0⟩ names no transaction. */
function lastOf({ base, log }: Holding): ReadonlySet<Zxid> {
  return counterOf(base) === 0 ? log : new Set([base, ...log]);
}

function holds({ base, log }: Holding, zxid: Zxid): boolean {
  return zxid <= base || log.has(zxid);
}

function upTo({ base, log }: Holding, zxid: Zxid): Holding {
  return { base: Math.min(base, zxid) as Zxid, log: new Set([...log].filter((one) => one <= zxid)) };
}

function holdingOf(disk: InitialDisk): Holding {
  if (disk.dataDir === undefined) return { base: disk.snapshot ?? (0 as Zxid), log: new Set(disk.log) };
  let base = 0 as Zxid;
  for (const records of disk.dataDir.files.values()) {
    const last = records.at(-1);
    if (last?.kind === 'seal') base = Math.max(base, last.position) as Zxid;
  }
  return { base, log: new Set(txnsOf(disk).map(({ position }) => position as Zxid)) };
}

function txnsOf(disk: InitialDisk | undefined): readonly TxnRecord[] {
  const records = [...(disk?.dataDir?.files.values() ?? [])].flat();
  return records.filter((record: DiskRecord | Damaged): record is TxnRecord => record.kind === 'txn');
}

/** Whether the disk has all that the server ever logged, as far as one can see. */
function isWhole(disk: InitialDisk | undefined): boolean {
  if (disk === undefined) return false;
  const logs = [...(disk.dataDir?.files ?? [])].filter(([name]) => name.startsWith('log.'));
  return logs.every(([, records]) => records.every(({ kind }) => kind !== 'damaged'));
}

/** `setData /a`: the change in a few words. */
function changeOf(txn: ZnodeTxn | SubTxn): string {
  if (txn.kind === 'multi') return `multi (${txn.parts.map(changeOf).join(', ')})`;
  return 'path' in txn ? `${txn.kind} ${txn.path}` : txn.kind;
}
