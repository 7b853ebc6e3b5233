import { formatZxid } from '../core/zxid.ts';
import type { Moment, TraceEvent } from '../node/facts.ts';
import type { NodeId } from '../node/ids.ts';
import { isPromiseFile } from './disk-image.ts';
import type { Ledger } from './ledger.ts';
import type { Accuse, Handlers, Monitor } from './monitor.ts';
import { perServer } from './per-server.ts';

/**
 * The two epoch files: S-1 `epochs-never-regress`, P-2 `epoch-ack-durable`, P-3 `leader-info-durable`, P-5
 * `history-before-epoch`. Both numbers only rise over the life of a disk, and the promise is never below the
 * epoch led under. What stood there before the first start is the scenario's business.
 */
export class EpochFiles implements Monitor {
  readonly invariants: readonly string[] = [
    'epochs-never-regress',
    'epoch-ack-durable',
    'leader-info-durable',
    'history-before-epoch',
  ];
  readonly source = 'Zab (DSN 2011) section 5; ZOOKEEPER-335, -1291, -1343, -4643';
  readonly observes: readonly TraceEvent['kind'][] = [
    'synced',
    'replaced',
    'found',
    'removed',
    'lost',
    'wiped',
    'epoch-acked',
    'epoch-accepted',
    'epoch-offered',
    'epoch-adopted',
  ];
  readonly frequent: Handlers = {
    synced: (event) => {
      if (isEpochFile(event.file)) this.#onSynced(event.server, event.file);
    },
  };
  readonly #ledger: Ledger;
  readonly #accuse: Accuse;
  /** By server, 1 more than the highest number that was durable. */
  readonly #accepted: Float64Array;
  readonly #current: Float64Array;

  constructor(ledger: Ledger, accuse: Accuse) {
    this.#ledger = ledger;
    this.#accuse = accuse;
    this.#accepted = perServer(ledger.servers);
    this.#current = perServer(ledger.servers);
  }

  observe(event: TraceEvent, _moment: Moment): void {
    switch (event.kind) {
      case 'replaced':
      case 'removed':
      case 'lost':
        if (isEpochFile(event.file)) this.#checkFloor(event.server);
        return;
      case 'found':
        return;
      case 'wiped':
        this.#accepted[event.server] = 0;
        this.#current[event.server] = 0;
        return;
      case 'epoch-acked':
        this.#checkPromise(event.server, event.epoch, 'epoch-ack-durable', 'ACKEPOCH was sent');
        return;
      case 'epoch-accepted':
        this.#checkPromise(event.server, event.epoch, 'epoch-ack-durable', 'an epoch was called accepted');
        return;
      case 'epoch-offered':
        this.#checkPromise(event.server, event.epoch, 'leader-info-durable', 'LEADERINFO was sent');
        return;
      case 'epoch-adopted':
        this.#onAdopted(event.server, event.epoch);
        return;
      default:
    }
  }

  #onSynced(sid: NodeId, file: string): void {
    const disk = this.#ledger.server(sid).disk;
    this.#checkFloor(sid);
    if (isPromiseFile(file)) {
      this.#accepted[sid] = Math.max(this.#accepted[sid] ?? 0, disk.accepted.durable + 1);
      return;
    }
    const before = this.#current[sid] ?? 0;
    this.#current[sid] = Math.max(before, disk.current.durable + 1);
    if (disk.current.durable + 1 > before) this.#checkHistory(sid, disk.current.durable);
  }

  /** Nothing on the disk is below what was durable once, and the promise is not below the epoch led under. */
  #checkFloor(sid: NodeId): void {
    const { disk, given } = this.#ledger.server(sid);
    if (given) return;
    const { accepted, current } = disk;
    if (accepted.written + 1 < (this.#accepted[sid] ?? 0) || accepted.written < accepted.durable) {
      this.#sayRegress(sid, 'acceptedEpoch went back', accepted.written, (this.#accepted[sid] ?? 0) - 1);
    }
    if (current.written + 1 < (this.#current[sid] ?? 0) || current.written < current.durable) {
      this.#sayRegress(sid, 'currentEpoch went back', current.written, (this.#current[sid] ?? 0) - 1);
    }
    // The first start makes one file after the other.
    if (accepted.written >= 0 && current.written >= 0 && accepted.written < current.written) {
      this.#sayRegress(sid, 'acceptedEpoch is below currentEpoch', accepted.written, current.written);
    } else if (accepted.durable >= 0 && current.durable >= 0 && accepted.durable < current.durable) {
      this.#sayRegress(sid, 'acceptedEpoch is below currentEpoch', accepted.durable, current.durable);
    }
  }

  #sayRegress(sid: NodeId, rule: string, is: number, was: number): void {
    const message = `${sid}: ${is} on the disk, against ${was}`;
    this.#accuse({ invariant: 'epochs-never-regress', tier: 3, servers: [sid], rule, message });
  }

  #checkPromise(sid: NodeId, epoch: number, invariant: string, what: string): void {
    const durable = this.#ledger.server(sid).disk.accepted.durable;
    if (durable >= epoch) return;
    const rule = `${what} before acceptedEpoch was durable`;
    const message = `${sid}: epoch ${epoch}, durable is ${durable}`;
    this.#accuse({ invariant, tier: 3, servers: [sid], rule, message });
  }

  #onAdopted(sid: NodeId, epoch: number): void {
    const durable = this.#ledger.server(sid).disk.current.durable;
    if (durable === epoch) return;
    this.#accuse({
      invariant: 'new-leader-ack-durable',
      tier: 3,
      servers: [sid],
      rule: 'an epoch was called adopted before currentEpoch was durable',
      message: `${sid}: epoch ${epoch}, durable is ${durable}`,
    });
  }

  /**
   * P-5: a crash between the epoch and the history would leave a server that outranks its own log in the next
   * election (ZOOKEEPER-4643). Observers never stand for election.
   */
  #checkHistory(sid: NodeId, number: number): void {
    const epoch = this.#ledger.epochNumbered(number);
    if (epoch === undefined || !this.#ledger.configurations.everVotes(sid)) return;
    const history = this.#ledger.server(sid).disk.history(true);
    if (epoch.initial.isPrefixOf(history)) return;
    this.#accuse({
      invariant: 'history-before-epoch',
      tier: 3,
      servers: [sid],
      rule: 'currentEpoch became durable before the initial history of the epoch',
      message:
        `${sid}: epoch ${number} begins with a history up to ${formatZxid(epoch.initial.last)}, ` +
        `durable are ${history.length} transactions up to ${formatZxid(history.last)}`,
    });
  }
}

function isEpochFile(file: string): boolean {
  return file === 'currentEpoch' || isPromiseFile(file);
}
