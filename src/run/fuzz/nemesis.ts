import { type Stream, seeded } from '../../core/decisions.ts';
import { uniform } from '../../core/distribution.ts';
import type { NodeId } from '../../node/ids.ts';
import type { Choice } from '../../sim/fault.ts';
import type { ClientsPlan, Expectations, Plan } from '../plan.ts';
import { DEFAULT_PROTOCOL, keepsTrees, requestsOf } from '../registry/protocols.ts';
import { drawAsks } from './asks.ts';
import { bearable, commitUs } from './bearable.ts';
import { drawChanges, withoutChanges, withoutFrailVoters } from './changes.ts';
import { drawClients, drawCrowd, withTimeouts } from './draw-clients.ts';
import { drawLabour } from './draw-labour.ts';
import {
  drawShape,
  reapsOften,
  type Shape,
  withBuffers,
  withGroups,
  withLenience,
  withPatience,
  withReaper,
} from './draw-shape.ts';
import { withHaste, withReapedNodes, withVariety } from './draw-workload.ts';
import { anyScale, happens, pick, several, within } from './draws.ts';
import { FIRST, type Reach } from './harm.ts';
import { ANY, drawWriting } from './moments.ts';
import { FAMILIES, type Family, type Profile } from './profile.ts';
import { at, Script } from './script.ts';
import { drawBallotWave, drawWave } from './waves.ts';

/** What a random plan is drawn for. */
export interface NemesisOptions {
  readonly profile: Profile;
  /** Names of rules to replace, as in a scenario's `ensemble.behaviour`; empty: the fixed behaviour. */
  readonly behaviour: readonly string[];
  /** The protocol that the servers run; `zab` if absent. Clients use the tree where it keeps one. */
  readonly protocol?: string;
}

/** Servers that wait longer than that for a leader would make a run too long that waits for them. */
const LONGEST_PATIENCE_US = 2_000_000;

/** Writes that take as long as that are under way at any time, even if there are not very many of them. */
const SLOW_COMMIT_US = 10_000;

/** Two ticks of a lenient ensemble: the least that there is. */
const SHORT_SESSION_US = 1_000_000;

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
  const reaped = withReaper(reaper, drawShape(chance.stream('shape'), behaviour));
  const whole = protocol === undefined ? withGroups(chance.stream('groups'), reaped) : reaped;
  const absent = drawAbsent(chance.stream('absent'), whole.ensemble.voters);
  const haste = chance.stream('haste');
  const hasty = protocol === undefined && happens(haste, 8);
  const silence = chance.stream('silence');
  const lenient = protocol === undefined && !hasty && happens(silence, 5);
  const timed = hasty ? withPatience(whole) : lenient ? withLenience(whole) : whole;
  const shape = without(absent, timed);
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
  for (let waves = within(stream, 1, 4); waves > 0; waves--) {
    drawWave(stream, script, families, reach);
    script.atUs += within(stream, 1, 1500) * 1000;
    if (happens(stream, 60)) script.add({ verb: 'start', servers: script.fallen });
  }
  if (protocol === undefined) drawComeback(chance.stream('comeback'), script, families);
  if (protocol === undefined) drawRelief(chance.stream('relief'), script, families);
  if (protocol === undefined) drawTail(chance.stream('tail'), script, settings, families);
  drawDiskError(chance.stream('disk error'), script, profile, reach);
  const requests = requestsOf(protocol ?? DEFAULT_PROTOCOL);
  drawAsks(chance.stream('asks'), script, withoutChanges(requests), families);
  const crowd = chance.stream('crowd');
  // Where a write takes no time it takes thousands of them.
  const crowded = happens(crowd, 6) && commitUs(shape) >= SLOW_COMMIT_US;
  if (crowded) drawStraggler(crowd, script);
  drawChanges(chance.stream('changes'), script, requests, families);
  if (hasty) drawDetours(haste, script, settings);
  if (lenient) drawSilence(silence, script);
  if (protocol === undefined) drawHang(chance.stream('hang'), script, settings, families);
  const activeUs = script.reachUs;
  script.atUs = activeUs;
  if (!happens(stream, 6)) heal(script);
  const boundUs = 3 * ((settings.initLimit + settings.syncLimit) * settings.tickTimeUs + 1_000_000);
  // A server may have been down for as long as this; liveness allows for twice that.
  const calmUs = boundUs + 2 * activeUs;
  const drawn = crowded ? drawCrowd(crowd, activeUs, shape) : drawClients(chance.stream('clients'), activeUs);
  const reapable = reapsOften(shape) ? withReapedNodes(reaper, drawn) : drawn;
  const busy = hasty ? withHaste(haste, reapable) : withVariety(chance.stream('variety'), reapable);
  const clients = lenient
    ? { ...busy, sessionTimeoutUs: SHORT_SESSION_US }
    : withTimeouts(chance.stream('timeouts'), busy);
  if (protocol === undefined) drawDeath(chance.stream('death'), script, clients, activeUs);
  const plan: Plan = {
    file: '-',
    title: `A random plan: ${profile}, seed ${seed}`,
    source: undefined,
    protocol: 'zab',
    seed,
    durationUs: script.atUs + calmUs + 1_000_000,
    ...shape,
    network: crowded ? shape.network : withBuffers(chance.stream('buffers'), shape.network),
    buggify: drawBuggify(chance.stream('buggify'), activeUs),
    ...drawLabour(chance.stream('labour'), settings),
    initial: new Map(),
    clients,
    faults: withoutFrailVoters(script.faults),
    decisions: undefined,
    expect: NO_EXPECTATIONS,
    found: undefined,
  };
  return underProtocol(bearable(plan), protocol);
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
 * The disk of somebody who writes, mostly the leader, refuses once: it should show what becomes of his role.
 */
function drawDiskError(stream: Stream, script: Script, profile: Profile, { windowUs }: Reach): void {
  if (!FAMILIES[profile].includes('failSync') || !happens(stream, 15)) return;
  const whom: Choice = happens(stream, 75) ? ['leader'] : [pick(stream, script.servers)];
  const { trigger, victim } = drawWriting(stream, whom, within(stream, 0, script.reachUs), 2 * windowUs);
  script.add({ verb: 'failSync', server: victim, times: 1 }, trigger);
}

/**
 * Who is likely to lead first goes before its followers have found it, and is back while they still look
 * for it, more than once: it has to make out from what they say that they have chosen it (ZOOKEEPER-480).
 * Elsewhere nobody follows a leader before it says that it leads.
 */
function drawComeback(stream: Stream, script: Script, families: readonly Family[]): void {
  // Not by power cut: the others close their half-open connections only later.
  const verbs = (['crash', 'stop'] as const).filter((verb) => families.includes(verb));
  const heir = script.voters[script.voters.length - 1];
  if (verbs.length === 0 || heir === undefined || !happens(stream, 20)) return;
  const strikeAt = (fact: string, server: Choice | undefined, nth: number, afterUs: number): void => {
    const when = { ...ANY, fact, server, nth, fromUs: 0, untilUs: script.reachUs };
    script.add({ verb: pick(stream, verbs), servers: [heir] }, { atUs: undefined, afterUs, when });
    const backUs = afterUs + anyScale(stream, 300) * 1000;
    script.add({ verb: 'start', servers: [heir] }, { atUs: undefined, afterUs: backUs, when });
  };
  strikeAt('leader-followed', undefined, 1, anyScale(stream, 16_000));
  // The others have answered when it goes again: what they say last, and say again when it is back, is that.
  for (let again = within(stream, 1, 2); again > 0; again--) {
    strikeAt('looking', [heir], 1 + again, anyScale(stream, 300) * 1000);
  }
}

/**
 * A voter that was down comes back, and while the leader brings it up to date, another one goes: whether
 * there is a quorum hangs on the one that has just come (ZOOKEEPER-1697).
 */
function drawRelief(stream: Stream, script: Script, families: readonly Family[]): void {
  const verbs = (['crash', 'stop', 'powerCut'] as const).filter((verb) => families.includes(verb));
  const [relief, relieved] = several(stream, script.voters, 2);
  if (verbs.length === 0 || relief === undefined || relieved === undefined || !happens(stream, 15)) return;
  const goneUs = within(stream, 0, script.reachUs);
  script.add({ verb: pick(stream, verbs), servers: [relief] }, at(goneUs));
  const backUs = goneUs + within(stream, 100, 2000) * 1000;
  script.add({ verb: 'start', servers: [relief] }, at(backUs));
  const untilUs = backUs + 3_000_000;
  const window = { ...ANY, fact: 'sync-chosen', server: undefined, nth: 1, fromUs: backUs, untilUs };
  const afterUs = happens(stream, 50) ? 0 : anyScale(stream, 50) * 1000;
  script.add({ verb: pick(stream, verbs), servers: [relieved] }, { atUs: undefined, afterUs, when: window });
}

/**
 * Now and then one server is slow to reach the others, though not so slow that they give it up; in between it
 * catches up, or no client that has seen more would be let in there.
 */
function drawDetours(
  stream: Stream,
  script: Script,
  { syncLimit, tickTimeUs }: Plan['ensemble']['settings'],
): void {
  let atUs = within(stream, 0, script.reachUs);
  for (let left = within(stream, 2, 5); left > 0; left--) {
    const server = pick(stream, script.servers);
    const others = script.servers.filter((other) => other !== server);
    const leastUs = within(stream, 200_000, Math.floor((syncLimit * tickTimeUs) / 8));
    const latency = uniform(leastUs, 2 * leastUs);
    const lastsUs = within(stream, 100_000, 1_500_000);
    script.add({ verb: 'slow', between: [[server], others], server: undefined, latency }, at(atUs), lastsUs);
    atUs += lastsUs + 2 * leastUs + within(stream, 500_000, 2_000_000);
  }
}

/**
 * What one server says reaches no other for longer than sessions live, and it stays a follower: its clients
 * are connected, and answered what they read, when their sessions end.
 */
function drawSilence(stream: Stream, script: Script): void {
  const from: Choice = [pick(stream, script.servers)];
  const lastsUs = within(stream, 2 * SHORT_SESSION_US, 4 * SHORT_SESSION_US);
  script.add({ verb: 'cut', from, to: ['rest'] }, at(within(stream, 0, script.reachUs)), lastsUs);
}

/** The disk of a voter hangs for longer than a leader puts up with, and everything else is well. */
function drawHang(
  stream: Stream,
  script: Script,
  { syncLimit, tickTimeUs }: Plan['ensemble']['settings'],
  families: readonly Family[],
): void {
  const patienceUs = (syncLimit + 1) * tickTimeUs;
  if (patienceUs > LONGEST_PATIENCE_US || !families.includes('slowDisk') || !happens(stream, 20)) return;
  const server = [pick(stream, script.voters)];
  const sync = uniform(2 * patienceUs, 3 * patienceUs);
  script.add({ verb: 'slowDisk', server, sync }, at(script.reachUs), within(stream, 1, patienceUs));
  script.atUs = script.reachUs + 3 * patienceUs;
}

/**
 * Who is likely to lead is cut off with what only it has; when it is back that is cut from its log, and it
 * leads again: what it still remembers of that, it might tell to whoever comes late.
 */
function drawTail(
  stream: Stream,
  script: Script,
  { syncLimit, tickTimeUs }: Plan['ensemble']['settings'],
  families: readonly Family[],
): void {
  const patienceUs = (syncLimit + 1) * tickTimeUs;
  const verbs = (['crash', 'stop', 'powerCut'] as const).filter((verb) => families.includes(verb));
  const heir = script.voters[script.voters.length - 1];
  const others = script.voters.filter((id) => id !== heir);
  if (heir === undefined || others.length < 2 || patienceUs > LONGEST_PATIENCE_US || verbs.length === 0)
    return;
  if (!happens(stream, 15)) return;
  const spanUs = () => anyScale(stream, 1500) * 1000;
  const groups = [[heir], script.servers.filter((id) => id !== heir)];
  let atUs = script.reachUs;
  script.add({ verb: 'start', servers: script.fallen }, at(atUs));
  atUs += within(stream, 500, 1500) * 1000;
  const cutUs = patienceUs + within(stream, 200, 1000) * 1000;
  script.add({ verb: 'partition', groups }, at(atUs), cutUs);
  atUs += cutUs + spanUs();
  const late = [pick(stream, others)];
  script.add({ verb: pick(stream, verbs), servers: late }, at(atUs));
  atUs += spanUs();
  script.add({ verb: 'restart', servers: ['leader'] }, at(atUs));
  atUs += spanUs();
  script.add({ verb: 'start', servers: late }, at(atUs));
  script.atUs = atUs;
}

/** A client dies, and nobody says so: its session has to end by itself, whoever leads then. */
function drawDeath(stream: Stream, script: Script, clients: ClientsPlan, activeUs: number): void {
  const { count, workload } = clients;
  if (count < 2 || workload.kind === 'counter' || !happens(stream, 20)) return;
  script.add({ verb: 'crash', servers: [FIRST] }, at(within(stream, 0, activeUs)));
}

/** One who is down when the others are up again: he joins them while they work. */
function drawStraggler(stream: Stream, script: Script): void {
  script.atUs = script.reachUs + within(stream, 0, 1000) * 1000;
  script.add({ verb: pick(stream, ['crash', 'powerCut', 'stop']), servers: ['follower'] });
  script.atUs += within(stream, 1, 1000) * 1000;
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
