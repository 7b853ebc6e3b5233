import { ascending } from '../../core/order.ts';
import type { Outcome } from '../outcome.ts';
import type { Plan } from '../plan.ts';
import { quorumsOf } from '../quorums-of.ts';
import { simulate } from '../simulate.ts';
import { quantilesOf } from '../timing/quantiles.ts';
import {
  type Asked,
  ConsistencyMeter,
  type Demand,
  LOOK_US,
  type ServingAs,
  type Side,
} from './consistency-meter.ts';

/** What clients got from servers of one side and role, for one demand. Times in µs. */
export interface ConsistencyRow {
  readonly side: Side;
  readonly as: ServingAs;
  readonly demand: Demand;
  readonly asked: number;
  readonly answered: number;
  readonly refused: number;
  readonly unanswered: number;
  /** Of what was answered; −1 where nothing was. */
  readonly latencyP50Us: number;
  readonly latencyP99Us: number;
  /** Answered reads that did not show all that had been committed when they were asked for. */
  readonly old: number;
  /** Of those. */
  readonly behindP50Us: number;
  readonly behindMaxUs: number;
  readonly behindMaxTxns: number;
}

/** The rows of some runs, and the runs' own outcomes. */
export interface Consistency {
  readonly outcomes: readonly Outcome[];
  readonly rows: readonly ConsistencyRow[];
}

const SIDES: readonly Side[] = ['majority', 'minority'];
const ROLES: readonly ServingAs[] = ['leader', 'follower', 'observer', 'read-only', 'none'];
const DEMANDS: readonly Demand[] = ['write', 'read', 'sync + read'];

/** Runs a plan with each of the seeds and measures it. Pure, as `simulate` is. */
export function measureConsistency(plan: Plan, seeds: readonly number[]): Consistency {
  const { voters, observers } = plan.ensemble;
  const servers = [...voters, ...observers].sort(ascending);
  const asked: Asked[] = [];
  const outcomes: Outcome[] = [];
  for (const seed of seeds) {
    const meter = new ConsistencyMeter(quorumsOf(plan.ensemble), servers, observers);
    const looks = { everyUs: LOOK_US, look: meter.look.bind(meter) };
    outcomes.push(simulate(plan, { seed, witnesses: [meter], looks }));
    for (const one of meter.asked) asked.push(one);
  }
  const rows: ConsistencyRow[] = [];
  for (const side of SIDES) {
    for (const as of ROLES) {
      for (const demand of DEMANDS) {
        const of = asked.filter((one) => one.side === side && one.as === as && one.demand === demand);
        if (of.length > 0) rows.push({ side, as, demand, ...summaryOf(of) });
      }
    }
  }
  return { outcomes, rows };
}

function summaryOf(asked: readonly Asked[]): Omit<ConsistencyRow, 'side' | 'as' | 'demand'> {
  const answered = asked.filter(({ outcome }) => outcome === 'answered');
  const old = answered.filter(({ behindTxns }) => behindTxns > 0);
  const latency = quantilesOf(answered.map(({ latencyUs }) => latencyUs));
  const behind = quantilesOf(old.map(({ behindUs }) => behindUs));
  return {
    asked: asked.length,
    answered: answered.length,
    refused: asked.filter(({ outcome }) => outcome === 'refused').length,
    unanswered: asked.filter(({ outcome }) => outcome === 'unanswered').length,
    latencyP50Us: answered.length === 0 ? -1 : latency.p50,
    latencyP99Us: answered.length === 0 ? -1 : latency.p99,
    old: old.length,
    behindP50Us: old.length === 0 ? 0 : behind.p50,
    behindMaxUs: old.length === 0 ? 0 : behind.max,
    behindMaxTxns: old.reduce((most, { behindTxns }) => Math.max(most, behindTxns), 0),
  };
}
