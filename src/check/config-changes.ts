import { epochOf, formatZxid, type Zxid } from '../core/zxid.ts';
import { type ConfigTxn, isConfig } from '../node/content.ts';
import type { Moment, TraceEvent } from '../node/facts.ts';
import { MAX_SID, type NodeId } from '../node/ids.ts';
import type { Ledger } from './ledger.ts';
import type { Accuse, Handlers, Monitor } from './monitor.ts';

/**
 * How the log may change who belongs to the ensemble. `one-change-at-a-time`: a configuration differs from
 * the one before by one vote at most, and is proposed when that one is committed, and an entry of the
 * proposer's epoch; else there are quorums without a server in common. `newest-configuration`: a server goes
 * by the newest configuration in its log, committed or not, and by no other, whenever it decides something,
 * or has cut its log. What a log holds is judged from the disk. Source: Ongaro's thesis (2014), §4.1; his
 * note of July 2015.
 */
export class ConfigChanges implements Monitor {
  readonly invariants: readonly string[] = ['one-change-at-a-time', 'newest-configuration'];
  readonly source = 'Ongaro 2014, §4.1; raft-dev, July 2015';
  readonly observes: readonly TraceEvent['kind'][] = [
    'txn-proposed',
    'txn-committed',
    'epoch-offered',
    'leader-elected',
    'log-truncated',
    'follower-synced',
    'config-adopted',
    'restarted',
  ];
  readonly frequent: Handlers = {
    'txn-proposed': ({ server, zxid, record }) => {
      if (isConfig(record.txn)) this.#onProposed(server, zxid, record.txn);
    },
    'txn-committed': ({ server }) => this.#checkAdopted(server),
  };
  readonly #ledger: Ledger;
  readonly #accuse: Accuse;
  /** By server: the position of the configuration that it says it goes by. */
  readonly #adopted = new Float64Array(MAX_SID + 1);

  constructor(ledger: Ledger, accuse: Accuse) {
    this.#ledger = ledger;
    this.#accuse = accuse;
  }

  observe(event: TraceEvent, _moment: Moment): void {
    switch (event.kind) {
      case 'epoch-offered':
      case 'leader-elected':
      case 'log-truncated':
      case 'follower-synced':
        this.#checkAdopted(event.server);
        return;
      case 'config-adopted':
        this.#adopted[event.server] = event.zxid;
        return;
      case 'restarted':
        // It says anew what it finds on its disk.
        if (event.server <= MAX_SID) this.#adopted[event.server] = 0;
        return;
      default:
    }
  }

  #onProposed(server: NodeId, zxid: Zxid, { voters, observers }: ConfigTxn): void {
    const { configurations, committed } = this.#ledger;
    const before = configurations.of(server);
    const old = before.quorums.voters;
    const gone = old.filter((voter) => !voters.includes(voter)).length;
    const come = voters.filter((voter) => !old.includes(voter)).length;
    const step = `${server} proposes ${formatZxid(zxid)}: ${voters.join(', ')} after ${old.join(', ')}`;
    if (gone + come > 1) this.#say(server, 'a configuration changes more than one vote', step);
    if (before.zxid > 0 && !committed.has(before.zxid)) {
      this.#say(server, 'a configuration was proposed before the last one was committed', step);
    }
    if (this.#ledger.epochNumbered(epochOf(zxid))?.active !== true) {
      this.#say(server, 'a configuration was proposed before an entry of its epoch was committed', step);
    }
    configurations.define(zxid, voters, observers);
  }

  #say(server: NodeId, rule: string, message: string): void {
    this.#accuse({ invariant: 'one-change-at-a-time', tier: 3, servers: [server], rule, message });
  }

  #checkAdopted(server: NodeId): void {
    const { configurations } = this.#ledger;
    if (!configurations.changed) return;
    const logged = configurations.of(server).zxid;
    const adopted = this.#adopted[server] ?? 0;
    if (adopted === logged) return;
    this.#accuse({
      invariant: 'newest-configuration',
      tier: 3,
      servers: [server],
      rule: 'a server goes by another configuration than the newest in its log',
      message: `${server} goes by that of ${formatZxid(adopted)}; its log has that of ${formatZxid(logged)}`,
    });
  }
}
