import type { Stream } from '../../core/decisions.ts';
import { uniform } from '../../core/distribution.ts';
import type { Action, Choice } from '../../sim/fault.ts';
import { anyScale, happens, pick, several, within } from './draws.ts';
import { harm, NARROWEST, type Reach } from './harm.ts';
import { drawMoment, drawRecoveryStep, drawSyncStep } from './moments.ts';
import type { Family } from './profile.ts';
import { at, type Script } from './script.ts';

/** One way in which faults come together. It moves the script on. */
type Wave = (stream: Stream, script: Script, families: readonly Family[], reach: Reach) => void;

/**
 * Writes one wave of faults: alone, in bursts, several servers at once, leaders one after the other, or a
 * whole ensemble that goes down and comes up in parts.
 */
export function drawWave(stream: Stream, script: Script, families: readonly Family[], reach: Reach): void {
  const downs = among(DOWN, families);
  const aparts = among(APART, families);
  const waves: Wave[] = [strike, burst, burst];
  if (downs.length > 0) waves.push(revival, revival, succession, relay, relay);
  if (aparts.length > 0) waves.push(exile, flicker);
  if (families.includes('bandwidth')) waves.push(trickle, trickle);
  pick(stream, waves)(stream, script, families, reach);
}

const DOWN = ['crash', 'powerCut', 'restart', 'stop'] as const;
const APART = ['isolate', 'partition', 'pause', 'cut'] as const;

/** How long a ballot wave waits for votes, µs. */
const BALLOT_US = 1_500_000;

/**
 * Two servers stand at once; whoever votes for one of them goes, and is back before the other has got over
 * it: a vote that is not remembered is given away once more. Two have been paused for longer than they wait
 * for a leader, so that both stand as soon as they go on, and what they say to each other is slow; the winner
 * may go, too, before it is heard. Apart from `drawWave`: ZooKeeper's votes are on no disk, so that this
 * would be lost on its runs.
 *
 * @param patienceUs the longest time after which a server looks for a leader
 */
export function drawBallotWave(stream: Stream, script: Script, patienceUs: number): void {
  const voters = several(stream, script.voters, script.voters.length);
  const [a, b] = voters.map((id): Choice => [id]);
  if (a === undefined || b === undefined) return;
  const pausedUs = within(stream, patienceUs, patienceUs + 500_000);
  script.add({ verb: 'pause', servers: [...a, ...b] }, at(script.atUs), pausedUs);
  if (happens(stream, 75)) {
    const latency = uniform(200_000, within(stream, 200, 600) * 1000);
    const between = [a, b] as const;
    script.add({ verb: 'slow', between, server: undefined, latency }, at(script.atUs), pausedUs + BALLOT_US);
  }
  const fromUs = script.atUs + pausedUs;
  const strikeAt = (fact: string, server: Choice, goes: Action, backUs: number): void => {
    const untilUs = fromUs + BALLOT_US;
    const narrowed = { epoch: undefined, zxid: undefined, since: 'start', fromUs, untilUs } as const;
    const when = { fact, server, nth: 1, ...narrowed };
    script.add(goes, { atUs: undefined, afterUs: undefined, when });
    if (backUs === 0) return;
    script.add({ verb: 'start', servers: server }, { atUs: undefined, afterUs: backUs, when });
  };
  for (const voter of several(stream, voters, within(stream, 1, voters.length))) {
    const verb = pick(stream, ['crash', 'crash', 'crash', 'powerCut'] as const);
    strikeAt('vote-changed', [voter], { verb, servers: [voter] }, anyScale(stream, 100) * 1000);
  }
  if (happens(stream, 50)) strikeAt('leader-elected', voters, { verb: 'crash', servers: ['leader'] }, 0);
  script.atUs = fromUs + BALLOT_US;
}

/** One fault. */
const strike: Wave = (stream, script, families, reach) => {
  harm(stream, script, pick(stream, families), reach);
};

/** Some faults, close to each other. */
const burst: Wave = (stream, script, families, reach) => {
  for (let count = within(stream, 2, 4); count > 0; count--) {
    harm(stream, script, pick(stream, families), reach);
    script.atUs += anyScale(stream, 500) * 1000;
  }
};

/** Many go down, at once or one after the other; they come up again in parts, perhaps not in one go. */
const revival: Wave = (stream, script, families) => {
  const verb = pick(stream, among(['crash', 'powerCut', 'stop'], [...families, 'crash']));
  const all = happens(stream, 60);
  const down = all
    ? script.servers
    : several(stream, script.servers, within(stream, 1, script.servers.length));
  const apart = happens(stream, 50) ? 0 : anyScale(stream, 300) * 1000;
  const { trigger } = drawMoment(stream, ['leader'], script.atUs, 1_000_000);
  if (apart === 0 || trigger.when !== undefined) script.add({ verb, servers: down }, trigger);
  else {
    for (const server of down) {
      script.add({ verb, servers: [server] });
      script.atUs += apart;
    }
  }
  if (trigger.when !== undefined) script.atUs += 1_000_000;
  const order = several(stream, down, down.length);
  let left = order.length;
  for (const server of order) {
    // The first ones may do without the last for a while: long enough to elect, and to write.
    script.atUs += happens(stream, 30) ? within(stream, 300, 1500) * 1000 : anyScale(stream, 200) * 1000;
    script.add({ verb: 'start', servers: [server] });
    if (--left > 0 && happens(stream, 12))
      script.add({ verb, servers: [pick(stream, order)] }, soon(stream, script));
  }
};

/**
 * One bare majority after the other runs, and each goes down in the middle of what it does: what one had
 * begun, another has to make out from the disks of those that were there.
 */
const relay: Wave = (stream, script, families) => {
  const verb = pick(stream, among(['crash', 'powerCut', 'stop'], [...families, 'crash']));
  const most = Math.floor(script.voters.length / 2) + 1;
  for (let count = within(stream, 2, 4); count > 0; count--) {
    script.add({ verb, servers: script.servers });
    script.atUs += anyScale(stream, 50) * 1000;
    const live = several(stream, script.voters, most);
    for (const server of live) script.add({ verb: 'start', servers: [server] });
    // Long enough to elect somebody, and for clients to find out.
    const spanUs = within(stream, 300, pick(stream, [1000, 3000])) * 1000;
    if (happens(stream, 75)) {
      const victim: Choice = happens(stream, 50) ? live : [pick(stream, live)];
      script.add({ verb, servers: victim }, drawRecoveryStep(stream, victim, script.atUs, spanUs));
    }
    script.atUs += spanUs;
  }
};

/** The leader goes; when the next one is there, it goes, too. */
const succession: Wave = (stream, script, families, reach) => {
  const verbs = among(DOWN, families);
  for (let count = within(stream, 2, 3); count > 0; count--) {
    harm(stream, script, pick(stream, verbs), reach, ['leader']);
    script.atUs += within(stream, 200, 1200) * 1000;
    if (happens(stream, 70)) script.add({ verb: 'start', servers: script.fallen }, soon(stream, script));
  }
};

/** Somebody, mostly the leader, is cut off, and others are hit while it is away. */
const exile: Wave = (stream, script, families, reach) => {
  const aparts = among(APART, families);
  const whom: Choice = happens(stream, 70) ? ['leader'] : [pick(stream, script.servers)];
  for (let count = within(stream, 1, 3); count > 0; count--) {
    harm(stream, script, pick(stream, aparts), reach, whom);
    script.atUs += within(stream, 100, 1500) * 1000;
    if (happens(stream, 50)) harm(stream, script, pick(stream, families), reach);
  }
};

/** The same short interruption, again and again. */
const flicker: Wave = (stream, script, families, { longestUs }) => {
  const family = pick(stream, among(APART, families));
  const whom: Choice = [pick(stream, script.servers)];
  const spanUs = Math.min(longestUs, anyScale(stream, 300) * 1000);
  for (let count = within(stream, 2, 5); count > 0; count--) {
    const short = { longestUs: spanUs, windowUs: spanUs };
    harm(stream, script, family, short, whom);
    script.atUs += spanUs + anyScale(stream, 300) * 1000;
  }
};

/**
 * Somebody was away, and what it is sent to catch up comes one after the other, over a narrow way: again and
 * again that breaks off in the middle.
 */
const trickle: Wave = (stream, script, families) => {
  const whom: Choice = [pick(stream, script.servers)];
  const between = [whom, ['rest']] as const;
  const awayUs = within(stream, 300, 1500) * 1000;
  if (happens(stream, 60)) {
    // Who led goes on writing, and has to cut that.
    script.add({ verb: 'isolate', servers: whom }, at(script.atUs), awayUs);
  } else {
    script.add({
      verb: pick(stream, among(['crash', 'powerCut', 'stop'], [...families, 'crash'])),
      servers: whom,
    });
    script.add({ verb: 'start', servers: script.fallen }, at(script.atUs + awayUs));
  }
  script.atUs += awayUs;
  const spanUs = within(stream, 500, 2000) * 1000;
  const bytesPerSecond = NARROWEST + anyScale(stream, 64_000);
  script.add({ verb: 'bandwidth', between, bytesPerSecond }, at(script.atUs), spanUs);
  for (let count = within(stream, 1, 3); count > 0; count--) {
    const trigger = drawSyncStep(stream, script.atUs, spanUs);
    if (happens(stream, 60)) script.add({ verb: 'reset', between }, trigger);
    else {
      script.add({ verb: pick(stream, ['crash', 'powerCut']), servers: whom }, trigger);
      script.add({ verb: 'start', servers: script.fallen }, soon(stream, script));
    }
  }
  script.atUs += spanUs;
};

function soon(stream: Stream, script: Script): ReturnType<typeof at> {
  return at(script.atUs + anyScale(stream, 300) * 1000);
}

/** Those of `some` that a run has. */
function among<F extends Family>(some: readonly F[], families: readonly Family[]): readonly F[] {
  return some.filter((family) => families.includes(family));
}
