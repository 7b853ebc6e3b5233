import { countedQuorums } from '../check/counted-quorums.ts';
import type { ClientHistory } from '../check/history/client-history.ts';
import { type LivenessVerdict, livenessBoundUs } from '../check/liveness.ts';
import type { EnsembleFacts } from '../check/monitor.ts';
import { calm, type Decisions, pinned, seeded } from '../core/decisions.ts';
import { ascending } from '../core/order.ts';
import { formatZxid } from '../core/zxid.ts';
import type { Moment, TraceEvent } from '../node/facts.ts';
import type { NodeId } from '../node/ids.ts';
import type { Witness } from '../sim/profile.ts';
import { contradictionsOf } from './contradictions.ts';
import { type Standing, unmetOf } from './expectations.ts';
import { fanOut } from './fan-out.ts';
import { Figures } from './figures.ts';
import { checkRecorded } from './history/check-recorded.ts';
import { judgedInvariants } from './history/history-invariants.ts';
import { historyOf, recorderFor } from './history/run-history.ts';
import { slowSyncUs } from './history/slack.ts';
import { InitialLosses } from './initial-losses.ts';
import { judgeLiveness, verdictOf } from './judge.ts';
import { busyUs } from './labour-profile.ts';
import type { Outcome, ServerOutcome } from './outcome.ts';
import type { Plan } from './plan.ts';
import { panelOf, protocolNamed, type RegisteredProtocol, type StartWorld } from './registry/protocols.ts';
import type { RunningWorld } from './running-world.ts';
import { runUntilSettled, runWithin } from './settled.ts';
import { standingOf } from './standing.ts';
import { keepsTree } from './tree-service.ts';

/** What may differ between runs of one plan. */
export interface SimulateOptions {
  /** Instead of the plan's. */
  readonly seed?: number;
  /** Instead of those that the plan and the seed give. */
  readonly decisions?: Decisions;
  /** Instead of the protocol that the plan names: one that is not registered. */
  readonly protocol?: RegisteredProtocol;
  /** Instead of the world of the protocol: a variant of it that is tried out. */
  readonly start?: StartWorld;
  /** Told everything that happens. It changes nothing of the run; events and moments are lent. */
  readonly trace?: (event: TraceEvent, moment: Moment) => void;
  /** Told what they want. They change nothing of the run either. */
  readonly witnesses?: readonly Witness[];
  /** Told the world when the run is over, for whoever wants more of it than the outcome says. */
  readonly ended?: (world: RunningWorld) => void;
  /**
   * True: the run ends as soon as its faults are over and the ensemble has settled. Where that is before the
   * plan's duration, liveness is not judged: there is nothing left that could stall.
   */
  readonly untilSettled?: boolean;
  /** The run may come to so many events; any number if absent. More of them are a `RunawayError`. */
  readonly mostEvents?: number;
  /** Shown the world whenever so much time has passed in it. It changes nothing of the run. */
  readonly looks?: { readonly everyUs: number; look(world: RunningWorld): void };
  /** Given what the clients saw, at the end of a run whose servers keep the tree. */
  readonly history?: (history: ClientHistory) => void;
  /**
   * Beside `untilSettled`: the run ends also soon after an invariant of this tier, or of a lower one, was
   * broken, for who wants to know no more than that; liveness is not judged then.
   */
  readonly untilTier?: 1 | 2 | 3;
  /** False: no invariant is watched over, for speed; the run itself stays the same. */
  readonly monitors?: boolean;
}

/**
 * Runs a plan to its end and judges it. Pure and synchronous: the same plan and seed give the same outcome,
 * on every machine.
 *
 * @throws RunawayError when there is no end to what happens, if that was asked for; else only for defects of
 * zabsim itself
 */
export function simulate(plan: Plan, options: SimulateOptions = {}): Outcome {
  const seed = options.seed ?? plan.seed;
  const decisions = options.decisions ?? decisionsOf(plan, seed);
  const facts = factsOf(plan);
  const figures = new Figures(facts.quorums, facts.tickTimeUs);
  const protocol = options.protocol ?? protocolNamed(plan.protocol);
  const panel = options.monitors === false ? undefined : panelOf(protocol, facts);
  const witnesses: Witness[] = panel === undefined ? [figures] : [panel, figures];
  const records = keepsTree(plan) && (panel !== undefined || options.history !== undefined);
  const recorder = records ? recorderFor(plan, facts, seed) : undefined;
  if (recorder !== undefined) witnesses.push(recorder);
  const losses = plan.initial.size === 0 ? undefined : new InitialLosses(facts.quorums, plan.initial);
  if (losses !== undefined) witnesses.push(losses);
  if (options.witnesses !== undefined) witnesses.push(...options.witnesses);
  if (options.trace !== undefined) witnesses.push({ wants: () => true, observe: options.trace });
  const world = (options.start ?? protocol.start)(plan, decisions, fanOut(witnesses));

  const { untilTier } = options;
  const enough = () =>
    untilTier !== undefined && panel?.violations.some(({ tier }) => tier <= untilTier) === true;
  const { untilSettled = false } = options;
  const checkpoints = untilSettled ? [] : runThrough(world, plan, facts.servers, figures, options);
  if (untilSettled)
    runUntilSettled(world, plan, facts.servers, figures, untilTier === undefined ? undefined : enough);
  options.ended?.(world);
  const endUs = world.nowUs;
  panel?.finish(endUs);
  const history = recorder && historyOf(recorder, world, plan, lastStartUs(plan));
  if (history !== undefined) options.history?.(history);
  const seen =
    panel &&
    history &&
    checkRecorded(history, {
      events: world.events,
      healingUs: healingUs(plan, facts, world),
      ...(protocol.inexcusable === undefined ? {} : { inexcusable: protocol.inexcusable }),
    });
  const violations = [...(panel?.violations ?? []), ...(seen?.violations ?? [])];
  const living =
    panel === undefined || enough()
      ? UNWATCHED
      : judgeLiveness(panel, world, figures, facts, lastStartUs(plan), mayTurnAway(plan));
  const verdict = verdictOf(violations, living.stalls);
  const unfired = world.unfired();
  const unavailableUs = figures.unavailableUs(endUs);
  const unmet = unmetOf(plan.expect, {
    verdict,
    violated: [...new Set(violations.map((violation) => violation.invariant))],
    elections: figures.terms.established,
    commits: figures.commits,
    unavailableUs,
    end: standingOf(world, facts.servers, figures.terms),
    checkpoints,
    unfired,
  });
  return {
    file: plan.file,
    title: plan.title,
    protocol: plan.protocol,
    seed,
    verdict,
    expected: unmet.length === 0,
    unmet,
    fingerprint: world.fingerprint(),
    checkpoints: world.checkpoints,
    events: world.events,
    virtualUs: endUs,
    violations,
    stalls: living.stalls,
    leaders: figures.terms.terms,
    servers: facts.servers.map((server) => serverOutcome(world, server)),
    commits: figures.commits,
    unavailableUs,
    clients: figures.clients,
    unfired: unfired.map(({ name }) => name),
    withoutEffect: world.withoutEffect(),
    assumptions: [...contradictionsOf(plan.initial), ...figures.assumptions],
    liveness: { judged: living.judged, reason: living.reason },
    timeline: figures.timeline,
    lost: losses?.lost() ?? [],
    invariants:
      (panel?.invariants.length ?? 0) + (seen === undefined ? 0 : judgedInvariants(seen.summary).size),
    history: seen?.summary,
  };
}

/** Whether the leader serves nobody, or a read-only server may have shown what was never committed. */
function mayTurnAway({ ensemble, clients }: Plan): boolean {
  const { leaderServes, readOnlyMode } = ensemble.settings;
  return !leaderServes || (readOnlyMode && clients.readOnly);
}

/** How long a client whose attempt failed waits before the next, at most, µs: ClientCnxn's pauses. */
const RECONNECT_US = 3_000_000;

/** When clients must be served after a run healed: once the ensemble is well and they are back. */
function healingUs(plan: Plan, ensemble: EnsembleFacts, world: RunningWorld): number {
  return livenessBoundUs(ensemble, world.longestDisturbanceUs) + plan.clients.sessionTimeoutUs + RECONNECT_US;
}

const UNWATCHED: LivenessVerdict = { judged: false, reason: 'no monitor watched', stalls: [] };

function factsOf(plan: Plan): EnsembleFacts {
  const { voters, observers, settings, weights, groups } = plan.ensemble;
  return {
    quorums: countedQuorums(voters, weights, groups),
    servers: [...voters, ...observers].sort(ascending),
    observers,
    tickTimeUs: settings.tickTimeUs,
    initLimit: settings.initLimit,
    syncLimit: settings.syncLimit,
    latenessUs: plan.buggify?.delay.maxUs ?? 0,
    busyUs: busyUs(plan),
    slowUs: slowUs(plan),
    slowSyncUs: slowSyncUs(plan),
    hopUs: hopUs(plan),
    flushUs: flushUs(plan),
    snapCount: settings.snapCount,
    snapRetainCount: settings.snapRetainCount,
    cnxTimeoutUs: settings.cnxTimeoutUs,
  };
}

/** One sync is under way already, the others are of as many transactions as go into one. */
function flushUs({ disk, clients, ensemble }: Plan): number {
  const { count, workload } = clients;
  const atOnce = count * (workload.kind === 'mix' ? workload.pipeline : 1);
  return disk.sync.maxUs * (1 + Math.ceil(atOnce / ensemble.settings.maxBatchSize));
}

/** How long the messages are under way at most that a fault slows. */
function slowUs({ faults }: Plan): number {
  return Math.max(0, ...faults.map(({ action }) => (action.verb === 'slow' ? action.latency.maxUs : 0)));
}

function decisionsOf(plan: Plan, seed: number): Decisions {
  const rest = plan.decisions?.rest === 'calm' ? calm() : seeded(seed);
  return plan.decisions === undefined ? rest : pinned(rest, plan.decisions.pins);
}

/**
 * Runs to the end, with a stop at each expected checkpoint. Returns how things stood there, in the order of
 * the plan.
 */
function runThrough(
  world: RunningWorld,
  plan: Plan,
  servers: readonly NodeId[],
  figures: Figures,
  options: SimulateOptions,
): readonly (Standing | undefined)[] {
  const standings = new Map<number, Standing>();
  const times = plan.expect.checkpoints.map((checkpoint) => checkpoint.atUs);
  for (const atUs of [...new Set(times)].sort(ascending)) {
    if (atUs > plan.durationUs) break;
    runTo(world, atUs, options);
    standings.set(atUs, standingOf(world, servers, figures.terms));
  }
  runTo(world, plan.durationUs, options);
  return times.map((atUs) => standings.get(atUs));
}

function runTo(world: RunningWorld, untilUs: number, { looks, mostEvents }: SimulateOptions): void {
  if (looks !== undefined) {
    const { everyUs } = looks;
    for (let atUs = Math.floor(world.nowUs / everyUs) * everyUs + everyUs; atUs < untilUs; atUs += everyUs) {
      runWithin(world, atUs, mostEvents);
      looks.look(world);
    }
  }
  runWithin(world, untilUs, mostEvents);
}

function serverOutcome(world: RunningWorld, id: NodeId): ServerOutcome {
  const view = world.inspect(id);
  const { acceptedEpoch, currentEpoch, lastZxid, lastCommitted } = view ?? world.stored(id);
  return {
    id,
    state: view?.state ?? 'stopped',
    acceptedEpoch,
    currentEpoch,
    lastZxid: formatZxid(lastZxid),
    lastCommitted: formatZxid(lastCommitted),
  };
}

/** When the last server first started of those that were to start by themselves, and lateness had its end. */
function lastStartUs(plan: Plan): number {
  return Math.max(
    plan.buggify?.untilUs ?? 0,
    ...[...plan.ensemble.start.values()].map((startUs) => startUs ?? 0),
  );
}

/** The longest latency, a thread's longest wait, what a server is busy with, and what is late on purpose. */
function hopUs(plan: Plan): number {
  const { network, stages, buggify } = plan;
  const latencies = [network.latency, ...network.links.map(({ latency }) => latency)];
  const latencyUs = Math.max(...latencies.map(({ maxUs }) => maxUs));
  return latencyUs + stages.maxUs + busyUs(plan) + (buggify?.delay.maxUs ?? 0);
}
