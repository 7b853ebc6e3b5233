import { ZERO_ZXID, type Zxid } from '../../core/zxid.ts';
import type { Frontend, StateMachine } from '../../node/service.ts';
import { slotZxid } from './ledger.ts';
import type { PaxosEnv, Prepared, Value } from './messages.ts';
import type { PaxosRules } from './rules.ts';

/**
 * What a president's decrees do to the state. He prepares a transaction on top of what he has proposed, and
 * not all of that need be decided: of two decrees that he proposed one after the other, the second may stay
 * and the first be lost, and then the second would change another state than it was made for (Zab, DSN 2011,
 * section 1, on primary order; it is why Zab is not Paxos). So each says what it was prepared on, and is
 * carried out where it follows just that. Where it does not, it has no effect, on any server: all of them
 * have the same decrees. Whoever asked for it has lost his president, and with him his connection.
 *
 * A president's own first decree is a link of that chain. Once it stands in the ledger, nothing that earlier
 * ones prepared is carried out any more: what clients were told since then stays true. So a zxid may be what
 * it is elsewhere, ⟨who prepared it, where⟩: of all that is carried out, ballots never fall, and slots rise.
 * The slot alone would rise too, but name two transactions where two presidents proposed for it.
 */
export class Transactions {
  readonly #env: PaxosEnv;
  readonly #rules: PaxosRules;
  readonly #machine: StateMachine;
  readonly #frontend: () => Frontend;
  /** The last transaction carried out, or the last president's first decree behind it. */
  #last = ZERO_ZXID;
  /** The zxid of the last transaction carried out. */
  lastApplied = ZERO_ZXID;

  constructor(env: PaxosEnv, rules: PaxosRules, machine: StateMachine, frontend: () => Frontend) {
    this.#env = env;
    this.#rules = rules;
    this.#machine = machine;
    this.#frontend = frontend;
  }

  /**
   * The next decree.
   *
   * @param counted whether this server counted the votes for it, as president
   */
  apply(slot: number, value: Value, counted: boolean): void {
    if (value.kind === 'opening' && value.zxid > this.#last) this.#last = value.zxid;
    if (value.kind === 'txn' && this.#rules.follows(value.after, this.#last)) this.#carryOut(value, counted);
    else this.#skip(slot, value);
  }

  #carryOut(value: Prepared, counted: boolean): void {
    const env = this.#env;
    const { zxid, digest, txn } = value;
    if (counted) env.report({ kind: 'txn-committed', server: env.self, zxid });
    const result = this.#machine.apply(txn, zxid);
    this.#last = zxid;
    this.lastApplied = zxid;
    const state = this.#machine.digest();
    env.report({ kind: 'txn-applied', server: env.self, zxid, digest, state });
    this.#frontend().applied(value, result, zxid);
  }

  #skip(slot: number, { digest }: Value): void {
    const env = this.#env;
    const zxid: Zxid = slotZxid(slot);
    env.report({ kind: 'txn-skipped', server: env.self, zxid, digest });
  }
}
