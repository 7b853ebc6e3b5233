import { counterOf, epochOf, formatZxid, type Zxid } from '../core/zxid.ts';
import type { Moment, TraceEvent } from '../node/facts.ts';
import type { NodeId } from '../node/ids.ts';
import { concerned } from './concerned.ts';
import type { Ledger } from './ledger.ts';
import type { Accuse, Handlers, Monitor } from './monitor.ts';
import { perServer } from './per-server.ts';
import type { ServerRecord } from './server-record.ts';

type Appended = Extract<TraceEvent, { kind: 'appended' }>;

/**
 * What stands in the logs: S-5 `log-contiguous`; `kept-snapshots-restore`: a log goes only when no snapshot
 * needs it any more that is kept; and I-10 `history-consistency`: servers that joined one
 * epoch have histories of which one begins with the other. The latter follows from two things that are cheap
 * to check: each agreed with its leader when it acked NEWLEADER, and logged only what that leader broadcast
 * since.
 */
export class Logs implements Monitor {
  readonly invariants: readonly string[] = [
    'log-contiguous',
    'history-consistency',
    'kept-snapshots-restore',
  ];
  readonly source = 'Remix I-10, processConsistency; ZOOKEEPER-1156, -5094';
  readonly observes: readonly TraceEvent['kind'][] = [
    'appended',
    'found',
    'truncated',
    'removed',
    'lost',
    'wiped',
    'corrupted',
    'restarted',
    'new-leader-acked',
    'recovered',
    'log-truncated',
  ];
  readonly frequent: Handlers = {
    appended: (event) => {
      if (event.record === 'txn') this.#onAppended(event);
    },
  };
  readonly #ledger: Ledger;
  readonly #accuse: Accuse;
  /** By server: the last record of its log. */
  readonly #last: Float64Array;

  constructor(ledger: Ledger, accuse: Accuse) {
    this.#ledger = ledger;
    this.#accuse = accuse;
    this.#last = perServer(ledger.servers);
  }

  observe(event: TraceEvent, _moment: Moment): void {
    switch (event.kind) {
      case 'new-leader-acked':
        this.#onJoined(event.server, event.epoch);
        return;
      case 'recovered':
        this.#onRecovered(event.server);
        return;
      case 'log-truncated':
        this.#onCut(event.server, event.zxid);
        return;
      case 'removed':
        this.#onRemoved(event.server, event.file);
        this.#last[event.server] = this.#ledger.server(event.server).disk.lastLogged(false);
        return;
      case 'found':
      case 'truncated':
      case 'lost':
      case 'wiped':
      case 'corrupted':
      case 'restarted':
        this.#last[event.server] = this.#ledger.server(event.server).disk.lastLogged(false);
        return;
      default:
    }
  }

  #onAppended(event: Appended): void {
    const zxid = event.position as Zxid;
    const previous = this.#last[event.server] ?? 0;
    this.#last[event.server] = zxid;
    const server = this.#ledger.server(event.server);
    const book = this.#ledger.book;
    if (!book.wasBroadcastAs(zxid, event.digest)) {
      this.#accuse({
        invariant: 'history-consistency',
        tier: 2,
        servers: [event.server],
        rule: 'a record was logged that no primary broadcast',
        message: `${event.server} logs ${formatZxid(zxid)}`,
      });
    }
    if (zxid !== previous + 1) this.#onGap(server, previous, zxid);
    if (server.joined && epochOf(zxid) !== server.epoch) this.#onOtherEpoch(server, zxid);
  }

  #onOtherEpoch(server: ServerRecord, zxid: Zxid): void {
    const epoch = this.#ledger.epochNumbered(server.epoch);
    if (epoch !== undefined && !epoch.initial.has(zxid)) this.#accuseStranger(server, zxid);
  }

  #accuseStranger(server: ServerRecord, zxid: Zxid): void {
    this.#accuse({
      invariant: 'history-consistency',
      tier: 2,
      servers: concerned(server.sid, server.leader),
      rule: 'a server logged what is not in the history of the leader it joined',
      message: `${server.sid} logs ${formatZxid(zxid)} in epoch ${server.epoch} of ${server.leader}`,
    });
  }

  /** A gap is legal only where a snapshot covers it, and between epochs where nothing lies. */
  #onGap(server: ServerRecord, previous: number, zxid: Zxid): void {
    if (server.disk.damaged) return;
    const snapshot = server.disk.newestSnapshot(false);
    if (zxid > previous && zxid <= snapshot) return;
    if (zxid <= previous) {
      this.#accuseOrder(server.sid, 'a log went backwards', previous, zxid);
      return;
    }
    const base = Math.max(previous, snapshot);
    let before = this.#ledger.epochNumbered(server.epoch)?.predecessorOf(zxid) ?? -1;
    if (before < 0 && epochOf(zxid) === epochOf(base as Zxid)) before = zxid - 1;
    // Under a snapshot that was found nobody knows what lies.
    if (before > base && before < zxid) this.#accuseOrder(server.sid, 'a log has a hole', base, zxid);
  }

  #accuseOrder(sid: NodeId, rule: string, previous: number, zxid: Zxid): void {
    const message = `${sid} has ${formatZxid(zxid)} after ${formatZxid(previous)}`;
    this.#accuse({ invariant: 'log-contiguous', tier: 2, servers: [sid], rule, message });
  }

  /**
   * S-5 for what a start restored: a committed last transaction stands on all the committed ones before it.
   */
  #onRecovered(sid: NodeId): void {
    const server = this.#ledger.server(sid);
    const memory = server.memory;
    const committed = this.#ledger.committed;
    if (memory.length === 0 || server.disk.damaged || !committed.has(memory.last)) return;
    if (memory.isPrefixOf(committed)) return;
    this.#accuse({
      invariant: 'log-contiguous',
      tier: 2,
      servers: [sid],
      rule: 'a restored history has a hole',
      message: `${sid} restored ${memory.length} transactions up to ${formatZxid(memory.last)}`,
    });
  }

  /** What is not after the cut is still on the disk, in the log or under a snapshot. */
  #onCut(sid: NodeId, zxid: Zxid): void {
    const { memory, memoryKnown, disk, given } = this.#ledger.server(sid);
    if (!memoryKnown || given || disk.damaged) return;
    const [gone] = memory.without(disk.history(false), 1);
    if (gone === undefined) return;
    this.#accuse({
      invariant: 'log-contiguous',
      tier: 2,
      servers: [sid],
      rule: 'TRUNC took what it had to leave',
      message: `${sid} cut its log after ${formatZxid(zxid)}, and has lost ${formatZxid(gone as Zxid)}`,
    });
  }

  /** A snapshot that is kept can be started from: the log after it is kept, too (PurgeTxnLog). */
  #onRemoved(sid: NodeId, file: string): void {
    const { disk, given } = this.#ledger.server(sid);
    if (given || disk.damaged || !file.startsWith('log.')) return;
    const oldest = disk.oldestSnapshot() as Zxid;
    const next = disk.firstLoggedAfter(oldest);
    // Between epochs nobody knows what comes next; nothing is logged as a counter of 0.
    if (next < 0 || oldest < 0 || counterOf(oldest) === 0 || epochOf(next as Zxid) !== epochOf(oldest))
      return;
    // A follower may have applied, and taken a snapshot of, what its own log never came to.
    if (next === oldest + 1 || !disk.hadLoggedAfter(oldest, file)) return;
    this.#accuse({
      invariant: 'kept-snapshots-restore',
      tier: 2,
      servers: [sid],
      rule: 'a log was removed that a snapshot needs',
      message: `${sid} keeps snapshot ${formatZxid(oldest)}, and a log from ${formatZxid(next as Zxid)} on`,
    });
  }

  #onJoined(sid: NodeId, number: number): void {
    const epoch = this.#ledger.epochNumbered(number);
    if (epoch === undefined) return;
    const history = this.#ledger.server(sid).disk.history(false);
    const other = epoch.history();
    if (history.agreesWith(other)) return;
    this.#accuse({
      invariant: 'history-consistency',
      tier: 2,
      servers: concerned(sid, epoch.leader),
      rule: 'a server joined an epoch with a history that departs from its leader’s',
      message:
        `${sid} acks epoch ${number} with ${history.length} records up to ${formatZxid(history.last)}; ` +
        `${epoch.leader} has ${other.length} up to ${formatZxid(other.last)}`,
    });
  }
}
