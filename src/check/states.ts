import { formatZxid, type Zxid } from '../core/zxid.ts';
import type { Moment, TraceEvent } from '../node/facts.ts';
import type { NodeId } from '../node/ids.ts';
import type { Ledger } from './ledger.ts';
import type { Accuse, Handlers, Monitor } from './monitor.ts';

/**
 * What the transactions come to: T-1, T-2, T-4 `digests-agree`, S-6 `replay-equals-claim`, S-7 `no-
 * resurrection`, S-2 `restartable`.
 *
 * A state is compared only where it is one: of servers that serve, and not before the last transaction whose
 * effect a fuzzy snapshot may already hold. A removed transaction may come back from a leader, through the
 * log or a snapshot.
 */
export class States implements Monitor {
  readonly invariants: readonly string[] = [
    'digests-agree',
    'replay-equals-claim',
    'no-resurrection',
    'restartable',
  ];
  readonly source = 'determinism of the state machine; ZOOKEEPER-962, -1549, -2355, -2832, -3642, -1653';
  readonly observes: readonly TraceEvent['kind'][] = [
    'txn-applied',
    'recovered',
    'fast-forwarded',
    'crashed',
  ];
  readonly frequent: Handlers = {
    'txn-applied': (event) => this.#onApplied(event.server, event.zxid, event.state),
  };
  readonly #ledger: Ledger;
  readonly #accuse: Accuse;

  constructor(ledger: Ledger, accuse: Accuse) {
    this.#ledger = ledger;
    this.#accuse = accuse;
  }

  observe(event: TraceEvent, _moment: Moment): void {
    switch (event.kind) {
      case 'recovered':
        this.#checkReplay(event.server, event.zxid);
        this.#checkState(event.server, event.zxid, event.state);
        this.#checkRemoved(event.server);
        return;
      case 'fast-forwarded':
        this.#checkState(event.server, event.zxid, event.state);
        this.#checkRemoved(event.server);
        return;
      case 'crashed':
        // A disk that the plan laid out or damaged may be one that no run of the protocol leaves behind.
        if (
          event.how === 'exit' &&
          event.reason.startsWith('recovery') &&
          !this.#ledger.server(event.server).given
        )
          this.#onFailedStart(event.server, event.reason);
        return;
      default:
    }
  }

  #onApplied(sid: NodeId, zxid: Zxid, state: number): void {
    const server = this.#ledger.server(sid);
    if (!server.serving || zxid < server.fuzzyUntil) return;
    if (this.#ledger.book.applied(zxid, state)) return;
    this.#accuse({
      invariant: 'digests-agree',
      tier: 1,
      servers: [sid],
      rule: 'two states after one transaction',
      message: `after ${formatZxid(zxid)} ${sid} has ${state}, not ${this.#ledger.book.stateAfter(zxid)}`,
    });
  }

  /** The checker's own replay of the same disk arrives at the same transaction. */
  #checkReplay(sid: NodeId, zxid: Zxid): void {
    const disk = this.#ledger.server(sid).disk;
    const expected = disk.lastZxid(false);
    if (disk.damaged || zxid === expected) return;
    // The leader's ⟨e, 0⟩ and the target of a TRUNC may name no transaction.
    if (zxid > expected && !this.#ledger.book.knows(zxid)) return;
    this.#accuse({
      invariant: 'replay-equals-claim',
      tier: 2,
      servers: [sid],
      rule: 'memory was rebuilt up to another transaction than the disk holds',
      message: `${sid} restored up to ${formatZxid(zxid)}, its disk holds up to ${formatZxid(expected)}`,
    });
  }

  #checkState(sid: NodeId, zxid: Zxid, state: number): void {
    const server = this.#ledger.server(sid);
    const known = this.#ledger.book.stateAfter(zxid);
    if (known < 0 || zxid < server.fuzzyUntil || known === state >>> 0) return;
    this.#accuse({
      invariant: 'replay-equals-claim',
      tier: 2,
      servers: [sid],
      rule: 'memory was rebuilt to another state than was delivered',
      message: `${sid} restored ${formatZxid(zxid)} as ${state}, it was delivered as ${known}`,
    });
  }

  #checkRemoved(sid: NodeId): void {
    const server = this.#ledger.server(sid);
    if (server.removed.size === 0) return;
    for (const zxid of server.removed) {
      if (!server.memory.has(zxid) || zxid <= server.memory.floor) continue;
      this.#accuse({
        invariant: 'no-resurrection',
        tier: 2,
        servers: [sid],
        rule: 'a removed transaction came back from the own disk',
        message: `${sid} has ${formatZxid(zxid)} in memory again`,
      });
      return;
    }
  }

  #onFailedStart(sid: NodeId, reason: string): void {
    this.#accuse({
      invariant: 'restartable',
      tier: 1,
      servers: [sid],
      rule: 'a server could not start from its own disk',
      message: `${sid}: ${reason}`,
    });
  }
}
