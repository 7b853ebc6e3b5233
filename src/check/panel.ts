import type { Moment, TraceEvent } from '../node/facts.ts';
import type { QuorumSystem } from '../node/quorum.ts';
import { AckedLeaders } from './acked-leaders.ts';
import { createMonitors } from './catalogue.ts';
import { ChosenLeaders } from './chosen-leaders.ts';
import { HungFollowers } from './hung-followers.ts';
import { JoinTries } from './join-tries.ts';
import { LeaderSupport } from './leader-support.ts';
import { Ledger } from './ledger.ts';
import { Liveness, type LivenessCase, type LivenessVerdict } from './liveness.ts';
import { LogLag } from './log-lag.ts';
import type { Accuse, EnsembleFacts, Handler, Monitor, Violation } from './monitor.ts';
import { PatientLeaders } from './patient-leaders.ts';
import { ResignedLeaders } from './resigned-leaders.ts';
import { SnapshotDuty } from './snapshot-duty.ts';
import { SupportedLeaders } from './supported-leaders.ts';

/** Distinct findings kept of a run: a broken run breaks everything after a while. */
const KEPT = 100;

/** What a panel judges. */
export interface PanelOptions {
  /** Judge these invariants only; all if absent. */
  readonly only?: readonly string[];
  /** Further monitors, shown each event after those of the catalogue. */
  readonly others?: (accuse: Accuse, ledger: Ledger) => readonly Monitor[];
}

/** A finding, and how often it came up again. */
export interface CountedViolation {
  readonly violation: Violation;
  readonly again: number;
}

/**
 * All judges of one run: hands each event to the monitors that observe its kind, and keeps the first
 * violation of each (invariant, rule).
 */
export class Panel {
  readonly #monitors: readonly Monitor[];
  /** By kind: who is shown the event. */
  readonly #table = new Map<TraceEvent['kind'], Handler[]>();
  readonly #found = new Map<string, { violation: Violation; again: number }>();
  readonly #only: ReadonlySet<string> | undefined;
  readonly #liveness: Liveness;
  readonly #ledger: Ledger;
  /** When it is. Lent. */
  #moment: Moment = { atUs: 0, event: 0 };

  constructor(ensemble: EnsembleFacts, options: PanelOptions = {}) {
    this.#only = options.only === undefined ? undefined : new Set(options.only);
    const accuse: Accuse = (accusation) => this.#accuse(accusation);
    const ledger = new Ledger(ensemble);
    this.#ledger = ledger;
    this.#liveness = new Liveness(ensemble, ledger);
    const all = [
      ...createMonitors(ensemble, accuse, ledger),
      new LeaderSupport(ensemble, accuse, ledger.configurations),
      new SupportedLeaders(ensemble, accuse, ledger.configurations),
      new PatientLeaders(ensemble, accuse, ledger.configurations),
      new ResignedLeaders(ensemble, accuse),
      new ChosenLeaders(ensemble, accuse, ledger.configurations),
      new AckedLeaders(ensemble, accuse, ledger.configurations),
      new JoinTries(ensemble, accuse),
      new LogLag(ensemble, ledger, accuse),
      new HungFollowers(ensemble, ledger, accuse),
      new SnapshotDuty(ensemble, ledger, accuse),
      this.#liveness,
      ...(options.others?.(accuse, ledger) ?? []),
    ];
    this.#monitors = all.filter((monitor) => this.#concerns(monitor));
    for (const monitor of this.#monitors) {
      const rest: Handler = (event, moment) => monitor.observe(event, moment);
      for (const kind of monitor.observes) {
        const handler = (monitor.frequent?.[kind] as Handler | undefined) ?? rest;
        const row = this.#table.get(kind);
        if (row === undefined) this.#table.set(kind, [handler]);
        else row.push(handler);
      }
    }
  }

  /** Whether any monitor observes events of this kind; the world does not build the others. */
  wants(kind: TraceEvent['kind']): boolean {
    return this.#table.has(kind);
  }

  /** Takes the moment that all of a run happens at: what is accused of from now on happened then. */
  lend(moment: Moment): void {
    this.#moment = moment;
  }

  /** Shows the event to the monitors. `moment` is lent. */
  observe(event: TraceEvent, moment: Moment): void {
    this.#moment = moment;
    for (const handle of this.handlers(event.kind)) handle(event, moment);
  }

  /** What `observe` hands events of this kind to, in order; who tells them without it has lent the moment. */
  handlers(kind: TraceEvent['kind']): readonly Handler[] {
    return this.#table.get(kind) ?? [];
  }

  /** The run ended. */
  finish(atUs: number): void {
    this.#moment = { atUs, event: this.#moment.event };
    for (const monitor of this.#monitors) monitor.finish?.(atUs);
  }

  /** How long after the last disturbance everything must be well again, in µs. */
  boundUs(longestDisturbanceUs: number): number {
    return this.#liveness.boundUs(longestDisturbanceUs);
  }

  /**
   * Who decides, as the run stands: quorums of all of these have to be there for anything to be demanded.
   */
  electorates(): readonly QuorumSystem[] {
    return this.#ledger.electorates().map(({ quorums }) => quorums);
  }

  /** Judges liveness as the run stands: what stalled is not among the violations. */
  judge(given: LivenessCase): LivenessVerdict {
    const verdict = this.#liveness.judge(given);
    const only = this.#only;
    if (only === undefined) return verdict;
    return { ...verdict, stalls: verdict.stalls.filter((stall) => only.has(stall.invariant)) };
  }

  /** The invariants that this panel can accuse of, in the order of the catalogue. */
  get invariants(): readonly string[] {
    const names = this.#monitors.flatMap((monitor) => monitor.invariants);
    return this.#only === undefined ? names : names.filter((name) => this.#only?.has(name));
  }

  /** The first violation of each (invariant, rule), in the order in which they came up. */
  get violations(): readonly Violation[] {
    return [...this.#found.values()].map((found) => found.violation);
  }

  /** The same, with how often each came up again. */
  get counted(): readonly CountedViolation[] {
    return [...this.#found.values()];
  }

  #concerns(monitor: Monitor): boolean {
    // A monitor without invariants of its own keeps what the others share.
    const only = this.#only;
    return (
      only === undefined ||
      monitor.invariants.length === 0 ||
      monitor.invariants.some((name) => only.has(name))
    );
  }

  #accuse(accusation: Parameters<Accuse>[0]): void {
    if (this.#only !== undefined && !this.#only.has(accusation.invariant)) return;
    const key = `${accusation.invariant}: ${accusation.rule}`;
    const found = this.#found.get(key);
    if (found !== undefined) found.again++;
    else if (this.#found.size < KEPT) {
      const { atUs, event } = this.#moment;
      const violation = { ...accusation, atUs, event };
      this.#found.set(key, { violation, again: 0 });
    }
  }
}
