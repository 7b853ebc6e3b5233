import { epochOf, formatZxid, type Zxid } from '../core/zxid.ts';
import type { Moment, TraceEvent } from '../node/facts.ts';
import type { NodeId } from '../node/ids.ts';
import { concerned } from './concerned.ts';
import type { Ledger } from './ledger.ts';
import type { Accuse, Handlers, Monitor } from './monitor.ts';
import { perServer } from './per-server.ts';

/**
 * Messages that the code in its state cannot account for: I-11 `no-bad-state` to I-14 `no-bad-commit`. Nodes
 * testify to what they met; independently of that, proposals and commits of an epoch are counted here, acks
 * of a term must rise, and TRUNC must cut what the learner has and nothing that the leader delivered.
 */
export class Findings implements Monitor {
  readonly invariants: readonly string[] = ['no-bad-state', 'no-bad-ack', 'no-bad-proposal', 'no-bad-commit'];
  readonly source = 'Remix (EuroSys 2025) I-11 to I-14';
  readonly observes: readonly TraceEvent['kind'][] = [
    'txn-acked',
    'txn-proposed',
    'txn-committed',
    'sync-chosen',
    'new-leader-acked',
    'leader-synchronizing',
    'crashed',
    'message-unexpected',
    'ack-unmatched',
    'proposal-gap',
    'commit-unmatched',
  ];
  readonly frequent: Handlers = {
    'txn-acked': (event) => this.#onAcked(event.server, event.leader, event.zxid),
    'txn-proposed': (event) => this.#onProposed(event.server, event.zxid),
    'txn-committed': (event) => this.#onCommitted(event.server, event.zxid),
  };
  readonly #ledger: Ledger;
  readonly #accuse: Accuse;
  /** By server: the last zxid it acked since it joined. */
  readonly #acked: Float64Array;
  /** By leader, of its present term. */
  readonly #proposed: Float64Array;
  readonly #committed: Float64Array;

  constructor(ledger: Ledger, accuse: Accuse) {
    this.#ledger = ledger;
    this.#accuse = accuse;
    this.#acked = perServer(ledger.servers);
    this.#proposed = perServer(ledger.servers);
    this.#committed = perServer(ledger.servers);
  }

  observe(event: TraceEvent, _moment: Moment): void {
    switch (event.kind) {
      case 'sync-chosen':
        if (event.mode === 'trunc') this.#onTrunc(event.server, event.learner, event.from, event.zxid);
        return;
      case 'new-leader-acked':
        this.#acked[event.server] = 0;
        return;
      case 'leader-synchronizing':
      case 'crashed':
        this.#acked[event.server] = 0;
        this.#proposed[event.server] = 0;
        this.#committed[event.server] = 0;
        return;
      default:
        this.#onFinding(event);
        return;
    }
  }

  #onFinding(event: TraceEvent): void {
    switch (event.kind) {
      case 'message-unexpected': {
        const servers = concerned(event.server, event.from);
        const rule = `a ${event.message} came in a state that cannot take it`;
        const message = `${event.server}, ${event.state}, got ${event.message} from ${event.from}`;
        this.#accuse({ invariant: 'no-bad-state', tier: 3, servers, rule, message });
        return;
      }
      case 'ack-unmatched':
        this.#say('no-bad-ack', concerned(event.server, event.from), 'an ack matches nothing', event.zxid);
        return;
      case 'proposal-gap':
        this.#say(
          'no-bad-proposal',
          [event.server],
          'a proposal does not follow the last',
          event.zxid,
          event.after,
        );
        return;
      case 'commit-unmatched': {
        const rule = 'a commit is not for the first pending proposal';
        this.#say('no-bad-commit', [event.server], rule, event.zxid, event.pending);
        return;
      }
      default:
    }
  }

  #onAcked(server: NodeId, leader: NodeId, zxid: Zxid): void {
    const before = this.#acked[server] ?? 0;
    this.#acked[server] = zxid;
    if (zxid <= before) {
      this.#say('no-bad-ack', concerned(server, leader), 'acks of one term went backwards', zxid, before);
    }
    if (!this.#ledger.book.wasBroadcast(zxid)) {
      this.#say('no-bad-ack', concerned(server, leader), 'an ack is for what nobody proposed', zxid);
    }
  }

  #onProposed(server: NodeId, zxid: Zxid): void {
    const before = this.#proposed[server] ?? 0;
    this.#proposed[server] = zxid;
    if (before === 0 ? zxid > this.#initialLast(zxid) : zxid === before + 1) return;
    this.#say('no-bad-proposal', [server], 'a leader’s proposals are not consecutive', zxid, before);
  }

  #initialLast(zxid: Zxid): number {
    return this.#ledger.epochNumbered(epochOf(zxid))?.initial.last ?? 0;
  }

  #onCommitted(server: NodeId, zxid: Zxid): void {
    const before = this.#committed[server] ?? 0;
    this.#committed[server] = zxid;
    if (before !== 0) {
      if (zxid === before + 1) return;
    } else {
      const first = this.#ledger.epochNumbered(epochOf(zxid))?.proposed.first ?? zxid;
      if (zxid === first) return;
    }
    this.#say(
      'no-bad-commit',
      [server],
      'a leader committed out of the order of its proposals',
      zxid,
      before,
    );
  }

  #onTrunc(leader: NodeId, learner: NodeId, from: Zxid, zxid: Zxid): void {
    const servers = concerned(leader, learner);
    if (zxid > from) {
      this.#say('no-bad-proposal', servers, 'TRUNC goes beyond the end of the learner’s log', zxid, from);
      return;
    }
    // What the leader has delivered and the learner has logged stays: the target lies before it only by
    // mistake.
    const delivered = this.#ledger.server(leader).memory;
    const kept = this.#ledger.server(learner).disk.history(false).successorOf(zxid);
    if (kept < 0 || kept > from || !delivered.has(kept) || !this.#ledger.committed.has(kept)) return;
    this.#say('no-bad-proposal', servers, 'TRUNC goes below what is committed', zxid, kept);
  }

  #say(invariant: string, servers: readonly NodeId[], rule: string, zxid: number, other = 0): void {
    const place = other === 0 ? '' : `, beside ${formatZxid(other)}`;
    this.#accuse({
      invariant,
      tier: 3,
      servers,
      rule,
      message: `${servers.join(', ')}: ${formatZxid(zxid)}${place}`,
    });
  }
}
