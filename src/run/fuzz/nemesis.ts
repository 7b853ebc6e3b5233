import { type Decisions, type Stream, seeded } from '../../core/decisions.ts';
import { uniform } from '../../core/distribution.ts';
import type { NodeId } from '../../node/ids.ts';
import type { Choice } from '../../sim/fault.ts';
import type { Expectations, InitialDisk, Plan, ZooSettings } from '../plan.ts';
import { DEFAULT_PROTOCOL, keepsTrees, requestsOf } from '../registry/protocols.ts';
import { drawAsks } from './asks.ts';
import { bearable, commitUs } from './bearable.ts';
import { drawChanges, knowChanges, withoutChanges, withoutFrailVoters } from './changes.ts';
import { drawClients, drawCrowd, withDoors, withTimeouts } from './draw-clients.ts';
import { withPast } from './draw-initial.ts';
import { drawLabour } from './draw-labour.ts';
import {
  drawShape,
  reapsOften,
  type Shape,
  withBuffers,
  withEnforcement,
  withGroups,
  withLocals,
  withReaper,
  withThrottle,
} from './draw-shape.ts';
import {
  withAddresses,
  withDepartures,
  withForgery,
  withOddities,
  withQuotas,
  withReapedNodes,
  withVariety,
} from './draw-workload.ts';
import { anyScale, happens, pick, several, within } from './draws.ts';
import type { Reach } from './harm.ts';
import { drawWriting } from './moments.ts';
import { FAMILIES, type Family, type Profile } from './profile.ts';
import { Script } from './script.ts';
import {
  drawComeback,
  drawDeath,
  drawDrain,
  drawHang,
  drawOffers,
  drawOutages,
  drawRefusal,
  drawRelief,
  drawRetreat,
  drawRivals,
  drawRounds,
  drawSeclusion,
  drawStraggler,
  drawTail,
  LONGEST_PATIENCE_US,
} from './situations.ts';
import type { Means } from './theme.ts';
import { drawTheme } from './themes.ts';
import { drawBallotWave, drawWave } from './waves.ts';

/** What a random plan is drawn for. */
export interface NemesisOptions {
  readonly profile: Profile;
  /** Names of rules to replace, as in a scenario's `ensemble.behaviour`; empty: the fixed behaviour. */
  readonly behaviour: readonly string[];
  /** The protocol that the servers run; `zab` if absent. Clients use the tree where it keeps one. */
  readonly protocol?: string;
}

/** Writes that take as long as that are under way at any time, even if there are not very many of them. */
const SLOW_COMMIT_US = 10_000;

/** Nothing is expected but what is expected of every run. */
export const NO_EXPECTATIONS: Expectations = {
  verdict: 'passed',
  violates: undefined,
  leader: undefined,
  epoch: undefined,
  roles: new Map(),
  elections: undefined,
  commits: undefined,
  unavailableUs: undefined,
  checkpoints: [],
};

/**
 * Writes a whole scenario: ensemble, timers, latencies, load, faults. It does so before the run, and has no
 * part in it (Jepsen's nemesis acts during it). About half of the kinds of faults are off in each plan (swarm
 * testing), so that the others come together more often.
 *
 * Every plan ends with a time in which nothing is wrong any more, long enough for liveness to be judged; in a
 * few, servers stay down, and if those are too many for a quorum, safety alone is judged.
 *
 * @param seed of the plan, and of all that is drawn when it runs
 */
export function nemesis(seed: number, { profile, behaviour, protocol }: NemesisOptions): Plan {
  const chance = seeded(`nemesis ${profile} ${seed}`);
  const reaper = chance.stream('reaper');
  const reaped = withReaper(reaper, chance.stream('pace'), drawShape(chance.stream('shape'), behaviour));
  const whole = protocol === undefined ? withGroups(chance.stream('groups'), reaped) : reaped;
  const absent = drawAbsent(chance.stream('absent'), whole.ensemble.voters);
  const all = FAMILIES[profile];
  const theme = protocol === undefined ? drawTheme(chance, all) : undefined;
  const requests = requestsOf(protocol ?? DEFAULT_PROTOCOL);
  const themed = theme?.shape(whole) ?? whole;
  const bare = without(absent, withThrottle(chance.stream('throttle'), themed));
  const agable = protocol === undefined && theme === undefined;
  const { shape, initial } = agable
    ? withPast(chance.stream('past'), bare)
    : { shape: bare, initial: new Map<NodeId, InitialDisk>() };
  const { voters, observers, settings } = shape.ensemble;
  const stream = chance.stream('faults');
  const script = new Script(voters, observers, stream.draw(1500) * 1000, absent);
  const families = drawFamilies(chance.stream('families'), profile);
  const reach = drawReach(stream, settings);
  const ballots = chance.stream('ballots');
  const patienceUs = 2 * settings.syncLimit * settings.tickTimeUs;
  if (protocol !== undefined && patienceUs <= LONGEST_PATIENCE_US && happens(ballots, 30)) {
    // Often after a leader was elected.
    script.atUs += within(ballots, 0, 3 * patienceUs);
    drawBallotWave(ballots, script, patienceUs);
  }
  const means: Means = { all, families, reach };
  const filled = theme?.instead !== undefined;
  if (filled) theme.instead(script, settings, means);
  else {
    drawWaves(stream, script, families, reach);
    if (protocol === undefined) drawSituations(chance, script, settings, means);
  }
  theme?.behind?.(script, settings, means);
  drawDiskError(chance.stream('disk error'), script, profile, reach);
  drawAsks(chance.stream('asks'), script, withoutChanges(requests), families);
  const crowd = chance.stream('crowd');
  // Where a write takes no time it takes thousands of them.
  const mayStraggle = !filled && theme?.crowd === undefined;
  const straggles = mayStraggle && happens(crowd, 6) && commitUs(shape) >= SLOW_COMMIT_US;
  if (straggles) drawStraggler(crowd, script);
  drawChanges(chance.stream('changes'), script, requests, families);
  if (knowChanges(requests)) drawRivals(chance.stream('rivals'), script);
  theme?.last?.(script, settings, means);
  if (protocol === undefined && !filled) drawHang(chance.stream('hang'), script, settings, families);
  const refusal = chance.stream('refusal');
  if (requests.includes('hand-over') && happens(refusal, 20)) drawRefusal(refusal, script);
  const activeUs = script.reachUs;
  script.atUs = activeUs;
  const boundUs = 3 * ((settings.initLimit + settings.syncLimit) * settings.tickTimeUs + 1_000_000);
  // A server may have been down for as long as this; liveness allows for twice that.
  const calmUs = boundUs + 2 * activeUs;
  const crowded = straggles || theme?.crowd !== undefined;
  const drawn = crowded
    ? drawCrowd(crowd, activeUs, shape, theme?.crowd)
    : (theme?.clients?.(activeUs) ?? drawClients(chance.stream('clients'), activeUs));
  const reapable = reapsOften(shape) ? withReapedNodes(reaper, drawn) : drawn;
  const varied = withVariety(chance.stream('variety'), reapable);
  const quotas = chance.stream('quotas');
  const forging = withForgery(chance.stream('forgery'), withQuotas(quotas, varied));
  const odd = withOddities(chance.stream('oddities'), forging);
  const limited = withAddresses(chance.stream('addresses'), odd);
  const departing = filled ? limited : withDepartures(chance.stream('departures'), limited);
  const busy = theme?.load?.(reapable) ?? (crowded ? varied : departing);
  const clients =
    theme?.sessionTimeoutUs === undefined
      ? withTimeouts(chance.stream('timeouts'), withDoors(chance.stream('doors'), busy, settings))
      : { ...busy, sessionTimeoutUs: theme.sessionTimeoutUs };
  if (protocol === undefined) drawDeath(chance.stream('death'), script, clients, activeUs);
  if (!happens(stream, 6)) heal(script);
  const plan: Plan = {
    file: '-',
    title: `A random plan: ${profile}, seed ${seed}`,
    source: undefined,
    protocol: 'zab',
    seed,
    durationUs: script.atUs + calmUs + 1_000_000,
    ...withLocals(chance.stream('locals'), withEnforcement(quotas, shape, clients), clients),
    network: crowded || filled ? shape.network : withBuffers(chance.stream('buffers'), shape.network),
    buggify: drawBuggify(chance.stream('buggify'), activeUs),
    ...drawLabour(chance.stream('labour'), settings),
    initial,
    clients,
    faults: withoutFrailVoters(script.faults),
    decisions: undefined,
    expect: NO_EXPECTATIONS,
    found: undefined,
  };
  return underProtocol(bearable(plan), protocol);
}

/** Writes some waves of faults. In between all come up that are down, mostly. */
function drawWaves(stream: Stream, script: Script, families: readonly Family[], reach: Reach): void {
  for (let waves = within(stream, 1, 4); waves > 0; waves--) {
    drawWave(stream, script, families, reach);
    script.atUs += within(stream, 1, 1500) * 1000;
    if (happens(stream, 60)) script.add({ verb: 'start', servers: script.fallen });
  }
}

/** Writes what waves come upon too seldom. */
function drawSituations(
  chance: Decisions,
  script: Script,
  settings: ZooSettings,
  { all, families }: Means,
): void {
  drawComeback(chance.stream('comeback'), script, families);
  drawRounds(chance.stream('rounds'), script, families);
  drawRelief(chance.stream('relief'), script, settings, families);
  drawTail(chance.stream('tail'), script, settings, families);
  drawRetreat(chance.stream('retreat'), script, settings, families);
  drawSeclusion(chance.stream('seclusion'), script, settings);
  drawDrain(chance.stream('drain'), script, settings, families);
  drawOffers(chance.stream('offers'), script, all);
  drawOutages(chance.stream('outages'), script, settings, families);
}

/** One plan in so many keeps the tree where a protocol may: a counter is cheap, and mostly enough. */
const TREE_EVERY = 4;

/** The same plan for servers that run another protocol: mostly they keep a counter, and its clients count. */
export function underProtocol(plan: Plan, protocol = 'zab'): Plan {
  if (protocol === 'zab') return plan;
  if (keepsTrees(protocol) && plan.seed % TREE_EVERY === 0) return { ...plan, protocol };
  const counting = { workload: { kind: 'counter' }, chroot: '', readOnly: false } as const;
  return { ...plan, protocol, clients: { ...plan.clients, ...counting } };
}

/**
 * Voters that never start, so that those who do are a bare quorum, or little more: each of them has to do its
 * part, and nobody makes up for what one of them gets wrong.
 */
function drawAbsent(stream: Stream, voters: readonly NodeId[]): readonly NodeId[] {
  const spare = Math.floor((voters.length - 1) / 2);
  return spare > 0 && happens(stream, 20) ? several(stream, voters, within(stream, 1, spare)) : [];
}

function without(absent: readonly NodeId[], shape: Shape): Shape {
  if (absent.length === 0) return shape;
  const start = new Map([...shape.ensemble.start, ...absent.map((id) => [id, undefined] as const)]);
  return { ...shape, ensemble: { ...shape.ensemble, start } };
}

/**
 * The disk of somebody who writes, mostly the leader, refuses a few times: it should show what becomes of his
 * role.
 */
function drawDiskError(stream: Stream, script: Script, profile: Profile, { windowUs }: Reach): void {
  if (!FAMILIES[profile].includes('failSync') || !happens(stream, 15)) return;
  const whom: Choice = happens(stream, 75) ? ['leader'] : [pick(stream, script.servers)];
  const { trigger, victim } = drawWriting(stream, whom, within(stream, 0, script.reachUs), 2 * windowUs);
  script.add({ verb: 'failSync', server: victim, times: within(stream, 1, 3) }, trigger);
}

/** Lateness of up to a tick or so at single places, as long as there are faults. */
function drawBuggify(stream: Stream, activeUs: number): Plan['buggify'] {
  if (!happens(stream, 40)) return undefined;
  const mostUs = anyScale(stream, 200) * 1000;
  return { delay: uniform(Math.min(500, mostUs), mostUs), untilUs: activeUs };
}

function drawFamilies(stream: Stream, profile: Profile): readonly Family[] {
  const all = FAMILIES[profile];
  const some = all.filter(() => happens(stream, 50));
  return some.length > 0 ? some : several(stream, all, 1);
}

/** A fault is long when it outlasts what the servers put up with. */
function drawReach(
  stream: Stream,
  { initLimit, syncLimit, tickTimeUs }: Plan['ensemble']['settings'],
): Reach {
  const patienceUs = (initLimit + syncLimit) * tickTimeUs;
  const longestUs = within(stream, 500, Math.max(1000, Math.min(6000, patienceUs / 500))) * 1000;
  return { longestUs, windowUs: within(stream, 200, 2500) * 1000 };
}

/** Everything is well from here on: nobody is down, and nothing is in force. */
function heal(script: Script): void {
  script.add({ verb: 'heal', what: 'all' });
  script.add({ verb: 'resume', servers: ['paused'] });
  script.add({ verb: 'start', servers: script.everybody });
}
