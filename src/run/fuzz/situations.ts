import type { Stream } from '../../core/decisions.ts';
import { uniform } from '../../core/distribution.ts';
import type { Choice, Trigger } from '../../sim/fault.ts';
import type { ClientsPlan, ZooSettings } from '../plan.ts';
import { anyScale, happens, pick, several, within } from './draws.ts';
import { FIRST, NARROWEST } from './harm.ts';
import { ANY } from './moments.ts';
import type { Family } from './profile.ts';
import { at, type Script } from './script.ts';

/*
 * Situations that some mistake shows in, and no other: each was written for one that waves of faults met too
 * seldom. Each draws from a stream of its own, and happens in a part of the plans.
 */

/** Servers that wait longer than that for a leader would make a run too long that waits for them. */
export const LONGEST_PATIENCE_US = 2_000_000;

/**
 * Who is likely to lead first goes before its followers have found it, and is back while they still look
 * for it, more than once: it has to make out from what they say that they have chosen it (ZOOKEEPER-480).
 * Elsewhere nobody follows a leader before it says that it leads.
 */
export function drawComeback(stream: Stream, script: Script, families: readonly Family[]): void {
  // Not by power cut: the others close their half-open connections only later.
  const verbs = (['crash', 'stop'] as const).filter((verb) => families.includes(verb));
  const heir = script.voters[script.voters.length - 1];
  if (verbs.length === 0 || heir === undefined || !happens(stream, 30)) return;
  const strikeAt = (fact: string, server: Choice | undefined, nth: number, afterUs: number): void => {
    const when = { ...ANY, fact, server, nth, fromUs: 0, untilUs: script.reachUs };
    script.add({ verb: pick(stream, verbs), servers: [heir] }, { atUs: undefined, afterUs, when });
    const backUs = afterUs + anyScale(stream, 100) * 1000;
    script.add({ verb: 'start', servers: [heir] }, { atUs: undefined, afterUs: backUs, when });
  };
  strikeAt('leader-followed', undefined, 1, anyScale(stream, 16_000));
  // The others have answered when it goes again: what they say last, and say again when it is back, is that.
  for (let again = within(stream, 1, 2); again > 0; again--) {
    strikeAt('looking', [heir], 1 + again, anyScale(stream, 100) * 1000);
  }
}

/**
 * Who has only just found the leader loses it before it is connected, and waits for it to come back, while
 * the others elect it anew: it has joined in an earlier round than they have. Who comes later hears no two
 * members that agree about the round (ZOOKEEPER-1732).
 */
export function drawRounds(stream: Stream, script: Script, families: readonly Family[]): void {
  const verbs = (['crash', 'stop'] as const).filter((verb) => families.includes(verb));
  const { voters } = script;
  const [early, ...others] = several(stream, voters.slice(0, -1), voters.length - 1);
  if (verbs.length === 0 || early === undefined || others.length === 0 || !happens(stream, 10)) return;
  const fromUs = script.reachUs;
  script.add({ verb: 'start', servers: script.fallen }, at(fromUs));
  const againUs = fromUs + within(stream, 500, 1500) * 1000;
  script.add({ verb: pick(stream, verbs), servers: [early] }, at(againUs));
  script.add({ verb: 'start', servers: [early] }, at(againUs + anyScale(stream, 300) * 1000));
  const untilUs = againUs + 2_000_000;
  const when = { ...ANY, fact: 'leader-followed', server: [early], nth: 1, fromUs: againUs, untilUs };
  const goneUs = happens(stream, 50) ? 0 : anyScale(stream, 2000);
  script.add({ verb: pick(stream, verbs), servers: ['leader'] }, { atUs: undefined, afterUs: goneUs, when });
  const backUs = goneUs + anyScale(stream, 100) * 1000;
  script.add({ verb: 'start', servers: script.fallen }, { atUs: undefined, afterUs: backUs, when });
  const late = others.slice(0, within(stream, 1, Math.floor((voters.length - 1) / 2)));
  script.atUs = againUs + within(stream, 1500, 3500) * 1000;
  script.add({ verb: pick(stream, verbs), servers: late });
  script.atUs += anyScale(stream, 500) * 1000;
  script.add({ verb: 'start', servers: late });
}

/**
 * A voter that was down comes back, and while the leader brings it up to date, so many go that there is a
 * quorum only with the one that has just come (ZOOKEEPER-1697). It is slow to write down what it is sent, at
 * times.
 */
export function drawRelief(
  stream: Stream,
  script: Script,
  { syncLimit, tickTimeUs }: ZooSettings,
  families: readonly Family[],
): void {
  const verbs = downAmong(families);
  const { voters } = script;
  // Who has the highest number leads, mostly.
  const drawn = happens(stream, 70) ? voters.slice(0, -1) : voters;
  const most = Math.floor((voters.length - 1) / 2);
  const [relief, ...relieved] = several(stream, drawn, Math.min(drawn.length, 1 + most));
  if (verbs.length === 0 || relief === undefined || relieved.length === 0 || !happens(stream, 20)) return;
  const patienceUs = syncLimit * tickTimeUs;
  const patient = patienceUs > LONGEST_PATIENCE_US;
  let goneUs = within(stream, 0, script.reachUs);
  if (!patient && happens(stream, 60)) {
    // The leader has led for longer than it would wait for anybody.
    script.add({ verb: 'start', servers: script.fallen }, at(script.reachUs));
    goneUs = script.reachUs + patienceUs + within(stream, 500, 1500) * 1000;
  }
  script.add({ verb: pick(stream, verbs), servers: [relief] }, at(goneUs));
  const backUs = goneUs + within(stream, 100, 2000) * 1000;
  script.add({ verb: 'start', servers: [relief] }, at(backUs));
  const untilUs = backUs + 3_000_000;
  const window = { ...ANY, fact: 'sync-chosen', server: undefined, nth: 1, fromUs: backUs, untilUs };
  if (families.includes('slowDisk') && !patient && happens(stream, 60)) {
    const sync = uniform(Math.floor(patienceUs / 8), Math.floor(patienceUs / 2));
    script.add({ verb: 'slowDisk', server: [relief], sync }, at(backUs), 2 * patienceUs);
  }
  const afterUs = happens(stream, 50) ? 0 : anyScale(stream, 50) * 1000;
  script.add({ verb: pick(stream, verbs), servers: relieved }, { atUs: undefined, afterUs, when: window });
}

/**
 * A leader is cut off with what only it has, and is back as soon as the next one serves, before that has
 * anything of its own: it cuts its log (TRUNC). Then it leads again perhaps, and what it still remembers of
 * its tail it might tell to whoever comes late.
 *
 * @param breaksOff whether its connection breaks with the first transaction that it takes over then: perhaps
 *   before it has written down what it was told (ZOOKEEPER-5094)
 */
export function drawTail(
  stream: Stream,
  script: Script,
  { syncLimit, tickTimeUs }: ZooSettings,
  families: readonly Family[],
  breaksOff = false,
): void {
  const patienceUs = (syncLimit + 1) * tickTimeUs;
  const { voters, servers } = script;
  const heir = voters[voters.length - 1];
  const others = voters.filter((id) => id !== heir);
  if (heir === undefined || others.length < 2 || patienceUs > LONGEST_PATIENCE_US) return;
  if (!breaksOff && !happens(stream, 20)) return;
  const verbs = downAmong(families);
  let atUs = script.reachUs;
  // Who begins together with all others leads them, if it has the highest number.
  if (breaksOff) script.add({ verb: 'restart', servers: script.servers }, at(atUs));
  else script.add({ verb: 'start', servers: script.fallen }, at(atUs));
  atUs += within(stream, 500, 1500) * 1000;
  const cutUs = patienceUs + 1_000_000;
  const groups = [[heir], servers.filter((id) => id !== heir)];
  const name = script.add({ verb: 'partition', groups }, at(atUs), cutUs);
  const goes = verbs.length > 0 && happens(stream, 40);
  if (goes)
    script.add({ verb: pick(stream, verbs), servers: [heir] }, at(atUs + anyScale(stream, 300) * 1000));
  const window = { nth: 1, fromUs: atUs, untilUs: atUs + cutUs };
  const established = { ...ANY, ...window, fact: 'leader-established', server: others };
  const back = { atUs: undefined, afterUs: anyScale(stream, 100) * 1000, when: established };
  script.add({ verb: 'heal', what: name }, back);
  if (goes) script.add({ verb: 'start', servers: [heir] }, back);
  if (breaksOff) {
    // What was committed before the cut is applied soon.
    const fromUs = atUs + patienceUs / 3;
    const applies = { ...ANY, ...window, fact: 'txn-applied', server: [heir], fromUs };
    const between = [[heir], ['rest']] as const;
    script.add({ verb: 'reset', between }, { atUs: undefined, afterUs: undefined, when: applies });
    const bytesPerSecond = NARROWEST + anyScale(stream, 16_000);
    const lastsUs = within(stream, 200, 2000) * 1000;
    if (families.includes('bandwidth'))
      script.add({ verb: 'bandwidth', between, bytesPerSecond }, back, lastsUs);
  }
  atUs += cutUs;
  if (verbs.length > 0 && happens(stream, 50)) {
    const spanUs = () => anyScale(stream, 1500) * 1000;
    const late = [pick(stream, others)];
    script.add({ verb: pick(stream, verbs), servers: late }, at(atUs));
    atUs += spanUs();
    script.add({ verb: 'restart', servers: ['leader'] }, at(atUs));
    atUs += spanUs();
    script.add({ verb: 'start', servers: late }, at(atUs));
  }
  script.atUs = atUs;
}

/**
 * All begin anew, and who leads is cut off, alone or with a few, as soon as it has offered its epoch: the
 * others may agree on the same one with another leader, and whoever has promised it comes to that one.
 */
export function drawOffers(stream: Stream, script: Script, families: readonly Family[]): void {
  const { voters } = script;
  const most = Math.floor((voters.length - 1) / 2);
  if (most < 1 || !families.includes('restart') || !families.includes('partition')) return;
  if (!happens(stream, 6)) return;
  const fromUs = script.reachUs;
  script.add({ verb: 'restart', servers: script.servers }, at(fromUs));
  const heir = voters.slice(-1);
  const few = [...several(stream, voters.slice(0, -1), within(stream, 0, most - 1)), ...heir];
  const groups = [few, script.servers.filter((id) => !few.includes(id))];
  const when = { ...ANY, fact: 'epoch-offered', server: heir, nth: 1, fromUs, untilUs: fromUs + 3_000_000 };
  const afterUs = happens(stream, 50) ? 0 : anyScale(stream, 10) * 1000;
  const trigger = { atUs: undefined, afterUs, when };
  script.add({ verb: 'partition', groups }, trigger, within(stream, 500, 4000) * 1000);
  script.atUs = script.reachUs;
}

/**
 * Only one of several voters is quick to log; its connection breaks when it has acked, and it joins the same
 * leader again, slow now: what it had acked counts only if its log holds it still.
 */
export function drawRetreat(
  stream: Stream,
  script: Script,
  { syncLimit, tickTimeUs }: ZooSettings,
  families: readonly Family[],
): void {
  const patienceUs = syncLimit * tickTimeUs;
  const fast = pick(stream, script.voters);
  const slow = script.voters.filter((id) => id !== fast);
  if (slow.length < 3 || patienceUs > LONGEST_PATIENCE_US || !families.includes('slowDisk')) return;
  if (!happens(stream, 40)) return;
  const sync = uniform(Math.floor(patienceUs / 4), Math.floor(patienceUs / 2));
  const lastsUs = 2 * patienceUs;
  const fromUs = script.reachUs;
  script.add({ verb: 'slowDisk', server: slow, sync }, at(fromUs), lastsUs);
  const on = (fact: string): Trigger['when'] => ({
    ...ANY,
    fact,
    server: [fast],
    nth: 1,
    fromUs: fromUs + within(stream, 1, 50) * 1000,
    untilUs: fromUs + lastsUs,
  });
  const acked = { atUs: undefined, afterUs: anyScale(stream, 10) * 1000, when: on('txn-acked') };
  script.add({ verb: 'reset', between: [[fast], ['leader']] }, acked);
  const cut = { atUs: undefined, afterUs: undefined, when: on('leader-left') };
  script.add({ verb: 'slowDisk', server: [fast], sync }, cut, lastsUs);
  script.atUs = script.reachUs + patienceUs;
}

/** A server that may serve without a quorum has none for longer than it waits before it does, two seconds. */
export function drawSeclusion(stream: Stream, script: Script, { readOnlyMode }: ZooSettings): void {
  if (!readOnlyMode || !happens(stream, 50)) return;
  const alone = [pick(stream, script.voters)];
  const groups = [alone, script.servers.filter((id) => !alone.includes(id))];
  script.add({ verb: 'partition', groups }, at(script.reachUs), within(stream, 4000, 8000) * 1000);
  script.atUs = script.reachUs;
}

/**
 * A role ends while its log is being synced, for its leader has gone, and then that sync fails: who waits for
 * it must not wait for ever.
 */
export function drawDrain(
  stream: Stream,
  script: Script,
  { syncLimit, tickTimeUs }: ZooSettings,
  families: readonly Family[],
): void {
  const patienceUs = syncLimit * tickTimeUs;
  const verbs = downAmong(families);
  if (verbs.length === 0 || patienceUs > LONGEST_PATIENCE_US || !families.includes('failSync')) return;
  if (!happens(stream, 20)) return;
  const server = [pick(stream, script.servers)];
  const fromUs = script.reachUs;
  const sync = uniform(Math.floor(patienceUs / 2), patienceUs);
  script.add({ verb: 'slowDisk', server, sync }, at(fromUs), patienceUs);
  const goneUs = fromUs + within(stream, Math.floor(patienceUs / 4), Math.floor(patienceUs / 2));
  script.add({ verb: pick(stream, verbs), servers: ['leader'] }, at(goneUs));
  script.add({ verb: 'failSync', server, times: 1 }, at(goneUs));
  script.atUs = script.reachUs + patienceUs;
  script.add({ verb: 'start', servers: script.fallen });
}

/** Files of the log are short where a snapshot is taken every so many transactions, or fewer. */
const SHORT_FILES = 6;

/**
 * The power of a voter goes again and again while it writes, at times the first record of a file: what is
 * left of that must not stand before what is written next. At last it is restarted, and has to find all that
 * it has acked since.
 */
export function drawOutages(
  stream: Stream,
  script: Script,
  { snapCount }: ZooSettings,
  families: readonly Family[],
): void {
  if (snapCount > SHORT_FILES || !families.includes('powerCut') || !happens(stream, 15)) return;
  const servers = [pick(stream, script.voters)];
  script.add({ verb: 'start', servers: script.fallen }, at(script.reachUs));
  script.atUs = script.reachUs + 500_000;
  for (let outages = within(stream, 3, 5); outages > 0; outages--) {
    const fromUs = script.atUs;
    const window = { ...ANY, fact: 'appended', server: servers, fromUs, untilUs: fromUs + 800_000 };
    const when = { ...window, nth: within(stream, 1, 2 * SHORT_FILES) };
    script.add({ verb: 'powerCut', servers }, { atUs: undefined, afterUs: anyScale(stream, 500), when });
    const backUs = anyScale(stream, 300) * 1000;
    script.add({ verb: 'start', servers }, { atUs: undefined, afterUs: 1000 + backUs, when });
    script.atUs += within(stream, 800, 1500) * 1000;
  }
  script.atUs = script.reachUs;
  script.add({ verb: 'restart', servers });
}

/** The disk of a voter hangs for longer than a leader puts up with, and everything else is well. */
export function drawHang(
  stream: Stream,
  script: Script,
  { syncLimit, tickTimeUs }: ZooSettings,
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
 * The last thing that happens: a leader is to make room for one that is paused, and has to give that up. What
 * clients asked for meanwhile is still to be done.
 */
export function drawRefusal(stream: Stream, script: Script): void {
  const subject: Choice = [pick(stream, script.voters)];
  const atUs = script.reachUs + within(stream, 500, 2000) * 1000;
  script.add({ verb: 'pause', servers: subject }, at(atUs), within(stream, 500, 2500) * 1000);
  const afterUs = within(stream, 0, 200) * 1000;
  script.add({ verb: 'ask', server: ['leader'], request: 'hand-over', subject }, at(atUs + afterUs));
}

/**
 * A leader of four has let go of one voter, and nobody knows of it yet; the next one lets go of that leader
 * as soon as it is elected. Each ensemble of three has two that the other has not: is either of them decided?
 * (Ongaro's message to raft-dev, July 2015.)
 */
export function drawRivals(stream: Stream, script: Script): void {
  const [former, dropped, third, fourth] = several(stream, script.voters, 4);
  if (script.voters.length !== 4 || former === undefined || !happens(stream, 50)) return;
  if (dropped === undefined || third === undefined || fourth === undefined) return;
  let atUs = script.reachUs;
  script.add({ verb: 'start', servers: script.fallen }, at(atUs));
  atUs += within(stream, 500, 1500) * 1000;
  script.add({ verb: 'ask', server: ['leader'], request: 'hand-over', subject: [former] }, at(atUs));
  atUs += within(stream, 300, 1000) * 1000;
  script.add({ verb: 'ask', server: [former], request: 'remove-voter', subject: [dropped] }, at(atUs));
  const lastsUs = 4_000_000;
  const first = (fact: string, server: Choice): Trigger => ({
    atUs: undefined,
    afterUs: 0,
    when: { ...ANY, fact, server, nth: 1, fromUs: atUs, untilUs: atUs + lastsUs },
  });
  const rest = (...of: readonly number[]) => script.servers.filter((id) => !of.includes(id));
  const adopted = first('config-adopted', [former]);
  const alone = script.add({ verb: 'partition', groups: [[former], rest(former)] }, adopted, lastsUs);
  const elected = first('leader-elected', rest(former));
  script.add({ verb: 'heal', what: alone }, elected);
  script.add({ verb: 'partition', groups: [[former, third], rest(former, third)] }, elected, lastsUs);
  for (const next of [dropped, fourth])
    script.add({ verb: 'ask', server: [next], request: 'remove-voter', subject: [former] }, elected);
  script.atUs = script.reachUs;
}

/** One who is down when the others are up again: he joins them while they work. */
export function drawStraggler(stream: Stream, script: Script): void {
  script.atUs = script.reachUs + within(stream, 0, 1000) * 1000;
  script.add({ verb: pick(stream, ['crash', 'powerCut', 'stop']), servers: ['follower'] });
  script.atUs += within(stream, 1, 1000) * 1000;
}

/** A client dies, and nobody says so: its session has to end by itself, whoever leads then. */
export function drawDeath(stream: Stream, script: Script, clients: ClientsPlan, activeUs: number): void {
  const { count, workload } = clients;
  if (count < 2 || workload.kind === 'counter' || !happens(stream, 20)) return;
  script.add({ verb: 'crash', servers: [FIRST] }, at(within(stream, 0, activeUs)));
}

/** How a server goes down, of what a run has. */
export function downAmong(families: readonly Family[]): readonly ('crash' | 'stop' | 'powerCut')[] {
  return (['crash', 'stop', 'powerCut'] as const).filter((verb) => families.includes(verb));
}
