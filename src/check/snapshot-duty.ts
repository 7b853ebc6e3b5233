import { formatZxid, type Zxid } from '../core/zxid.ts';
import type { Moment, TraceEvent } from '../node/facts.ts';
import type { NodeId } from '../node/ids.ts';
import type { Ledger } from './ledger.ts';
import type { Accuse, EnsembleFacts, Handlers, Monitor } from './monitor.ts';
import { perServer } from './per-server.ts';

/** What is logged and not applied yet gets into no snapshot. */
const BACKLOG = 20;
/** The last one may just have been begun when the next was due, and servers draw how many they wait for. */
const ROUNDS = 3;
/** It takes its first piece so long, at most, to be written: a log may go on fast meanwhile, µs. */
const SPARE_US = 2_000_000;

/**
 * `disk-stays-bounded`: a server that serves takes a snapshot every so many transactions (snapCount), and
 * keeps no more snapshots than it was told to (snapRetainCount). Else its disk fills up, and its next start
 * has ever more to read. `kept-snapshots-restore`, the other way round: nor does it keep a log that none of
 * its snapshots needs, or fewer snapshots than it was told to, of those that there were: they are what it can
 * start from when the newest one is damaged. Not judged while a snapshot is on its way. Source:
 * SyncRequestProcessor, PurgeTxnLog.
 */
export class SnapshotDuty implements Monitor {
  readonly invariants: readonly string[] = ['disk-stays-bounded'];
  readonly source = 'SyncRequestProcessor; PurgeTxnLog';
  readonly observes: readonly TraceEvent['kind'][] = [
    'txn-applied',
    'appended',
    'snapshot-taken',
    'removed',
    'restarted',
    'resumed',
    'looking',
    'new-leader-acked',
    'follower-synced',
    'leader-established',
  ];
  readonly frequent: Handlers = {
    'txn-applied': ({ server }, { atUs }) => {
      const applied = (this.#applied[server] ?? 0) + 1;
      this.#applied[server] = applied;
      if (applied > this.#most && (this.#logged[server] ?? 0) > this.#most) this.#tooMany(server, atUs);
    },
    appended: ({ server, record }) => {
      if (record === 'txn') {
        // While nothing was applied there is nothing new to take a snapshot of.
        if ((this.#applied[server] ?? 0) > 0) this.#logged[server] = (this.#logged[server] ?? 0) + 1;
        if (this.#taken[server] === 1) this.#checkKept(server);
      }
      if (record === 'chunk') {
        this.#applied[server] = -Infinity;
        this.#sinceUs[server] = 0;
        this.#taken[server] = 0;
      }
    },
  };
  readonly #ledger: Ledger;
  readonly #accuse: Accuse;
  /** How many transactions there may be behind the last snapshot. */
  readonly #most: number;
  /** How long it may take until the next one shows. */
  readonly #patienceUs: number;
  /** How many snapshots are kept; 0: all. */
  readonly #kept: number;
  /** By server: what it applied since its last snapshot, or its role, began; −∞: one is on its way. */
  readonly #applied: Float64Array;
  /** By server: what it logged since then, behind something that it applied. */
  readonly #logged: Float64Array;
  /** By server: since when there have been too many; 0: there are not. */
  readonly #sinceUs: Float64Array;
  /** By server: how many older ones it has removed since it took a snapshot. */
  readonly #removed: Float64Array;
  /** By server: 1: it has just taken a snapshot, and has had time to remove what is not kept. */
  readonly #taken: Float64Array;

  constructor(
    { snapCount = Infinity, snapRetainCount = 0, servers, latenessUs = 0, busyUs = 0 }: EnsembleFacts,
    ledger: Ledger,
    accuse: Accuse,
  ) {
    this.#ledger = ledger;
    this.#accuse = accuse;
    this.#most = ROUNDS * snapCount + BACKLOG;
    this.#patienceUs = SPARE_US + 4 * (latenessUs + busyUs);
    this.#kept = snapRetainCount;
    this.#applied = perServer(servers);
    this.#logged = perServer(servers);
    this.#sinceUs = perServer(servers);
    this.#taken = perServer(servers);
    this.#removed = perServer(servers);
  }

  observe(event: TraceEvent, _moment: Moment): void {
    if (!('server' in event)) return;
    if (event.kind === 'removed' && !event.file.startsWith('snapshot.')) return;
    this.#applied[event.server] = 0;
    this.#logged[event.server] = 0;
    this.#sinceUs[event.server] = 0;
    // It is in seeing to the older ones that files are removed.
    this.#removed[event.server] = event.kind === 'removed' ? (this.#removed[event.server] ?? 0) + 1 : 0;
    if (event.kind !== 'removed') this.#taken[event.server] = event.kind === 'snapshot-taken' ? 1 : 0;
  }

  #tooMany(server: NodeId, atUs: number): void {
    const sinceUs = this.#sinceUs[server] ?? 0;
    if (sinceUs === 0) this.#sinceUs[server] = atUs;
    if (sinceUs === 0 || atUs - sinceUs <= this.#patienceUs) return;
    this.#applied[server] = 0;
    if (!this.#ledger.server(server).serving) return;
    this.#accuse({
      invariant: 'disk-stays-bounded',
      tier: 2,
      servers: [server],
      rule: 'a server takes no snapshot',
      message: `${server} has logged and applied more than ${this.#most} transactions since the last one`,
    });
  }

  /** What comes next after a snapshot was taken comes after it was seen to the older ones. */
  #checkKept(server: NodeId): void {
    this.#taken[server] = 0;
    const { disk } = this.#ledger.server(server);
    // A damaged snapshot counts for none.
    if (this.#kept === 0 || disk.damaged) return;
    const snapshots = disk.wholeSnapshots();
    const oldest = snapshots[this.#kept - 1];
    const keeps = `, with ${this.#kept} snapshots to be kept`;
    if (oldest === undefined) {
      if ((this.#removed[server] ?? 0) === 0) return;
      this.#accuse({
        invariant: 'kept-snapshots-restore',
        tier: 2,
        servers: [server],
        rule: 'fewer snapshots are kept than wanted',
        message: `${server} has removed ${this.#removed[server]}, and has ${snapshots.length}${keeps}`,
      });
    } else if (snapshots.length > this.#kept) {
      this.#accuse({
        invariant: 'disk-stays-bounded',
        tier: 2,
        servers: [server],
        rule: 'more snapshots are kept than wanted',
        message: `${server} has ${snapshots.length}${keeps}`,
      });
    } else if (disk.keepsLogBefore(oldest)) {
      this.#accuse({
        invariant: 'kept-snapshots-restore',
        tier: 2,
        servers: [server],
        rule: 'a log is kept that no snapshot needs',
        message: `${server} has a log of what comes before ${formatZxid(oldest as Zxid)}${keeps}`,
      });
    }
  }
}
