import type { Violation } from '../../check/monitor.ts';
import type { NodeId } from '../../node/ids.ts';
import type { Outcome } from '../outcome.ts';
import type { Happening } from './recording.ts';
import { weightOf } from './weight.ts';

/** What a story explains. */
export interface Target {
  /** The happening in which it came to light. */
  readonly id: number;
  readonly atUs: number;
  /** In a line: of a violation, the rule that was broken. */
  readonly text: string;
  /** Of a violation: what happened, with numbers; empty for all else. */
  readonly detail: string;
  /** Whom it concerns; empty: the ensemble. */
  readonly servers: readonly NodeId[];
  readonly violation: Violation | undefined;
  /** Of a delay: when it began, virtual µs; −1 for all else. */
  readonly sinceUs: number;
}

/** What a reader may ask to have explained instead of what is most amiss. */
export interface Question {
  /** The first violation, or liveness rule not met, of this name. */
  readonly invariant?: string | undefined;
  /** The violation that the scenario is there to show: explained rather than an earlier one. */
  readonly expected?: string | undefined;
  /** What had happened by this time, virtual µs. */
  readonly atUs?: number | undefined;
}

/**
 * What is to be explained of a run: what was asked for, else the violation that was expected, the first
 * one, a stall, an expectation that was not met, or else the longest wait for a leader. Undefined if
 * nothing of the kind happened.
 */
export function targetOf(
  happenings: readonly Happening[],
  outcome: Pick<Outcome, 'violations' | 'stalls' | 'unmet'>,
  { invariant, expected, atUs }: Question = {},
): Target | undefined {
  if (atUs !== undefined) {
    const last = happenings.findLast((happening) => happening.atUs <= atUs);
    return last && plain(last, 'What had happened by then', last.atUs);
  }
  const named = (violation: Violation): boolean =>
    invariant === undefined || violation.invariant === invariant;
  const violation =
    (invariant === undefined ? outcome.violations.find((one) => one.invariant === expected) : undefined) ??
    outcome.violations.find(named);
  if (violation !== undefined) return ofViolation(happenings, violation);
  const stall = outcome.stalls.find(named);
  const last = happenings.at(-1);
  if (stall !== undefined && last !== undefined) {
    return { ...plain(last, ruleOf(stall), last.atUs), ...accused(stall) };
  }
  if (invariant !== undefined) return undefined;
  const [unmet] = outcome.unmet;
  if (unmet !== undefined) {
    const at = happenings.findLast((happening) => happening.atUs <= unmet.atUs);
    const text = `Expected ${unmet.expect}: wanted ${unmet.wanted}, got ${unmet.got}`;
    if (at !== undefined) return plain(at, text, at.atUs);
  }
  return longestWait(happenings);
}

function plain(happening: Happening, text: string, atUs: number): Target {
  return { id: happening.id, atUs, text, detail: '', servers: [], violation: undefined, sinceUs: -1 };
}

function ruleOf({ invariant, rule }: Violation): string {
  return `${invariant}: ${rule}`;
}

function accused(violation: Violation): Pick<Target, 'detail' | 'servers' | 'violation'> {
  return { detail: violation.message, servers: violation.servers, violation };
}

function ofViolation(happenings: readonly Happening[], violation: Violation): Target | undefined {
  const last = happenings.findLastIndex(({ step }) => step <= violation.event);
  if (last < 0) return undefined;
  // A step may hold a lot: what a server concerned did in it comes nearer to the matter than what came last.
  const concerned = (id: number): boolean => {
    const { step, who, event } = happenings[id] as Happening;
    const theirs = who !== undefined && violation.servers.includes(who);
    return step === violation.event && theirs && weightOf(event, NO_TOPIC) > 0;
  };
  let id = last;
  while (id >= 0 && happenings[id]?.step === violation.event && !concerned(id)) id--;
  if (id < 0 || !concerned(id)) id = last;
  return { id, atUs: violation.atUs, text: ruleOf(violation), ...accused(violation), sinceUs: -1 };
}

const NO_TOPIC = { zxids: new Set<number>(), epochs: new Set<number>() };

/** From then on a leader takes no requests. */
const ENDS: ReadonlySet<string> = new Set(['leader-resigned', 'crashed', 'handing-over']);

/** The longest time from the end of a leader, or the start of the run, to the next established one. */
function longestWait(happenings: readonly Happening[]): Target | undefined {
  const leading = new Set<NodeId>();
  let [sinceUs, id, longestUs, fromUs] = [0, -1, -1, 0];
  for (const { event, atUs, id: at } of happenings) {
    // A leader that gave up a hand-over takes requests again.
    if (event.kind === 'leader-established' || event.kind === 'hand-over-ended') {
      // Whoever loses a leader waits for the next; that the first one takes its time is no delay.
      const again = id < 0 || fromUs === 0;
      if (leading.size === 0 && (again || atUs - sinceUs > longestUs))
        [longestUs, id, fromUs] = [atUs - sinceUs, at, sinceUs];
      leading.add(event.server);
    } else if (ENDS.has(event.kind) && 'server' in event) {
      if (leading.delete(event.server) && leading.size === 0) sinceUs = atUs;
    } else if (event.kind === 'fault-fired' && event.effect) {
      // A leader that is frozen or cut off has not ended; from here on it does not count.
      const hit = event.servers.filter((server) => leading.has(server));
      if (event.verb === 'pause' || event.verb === 'isolate' || event.verb === 'partition') {
        for (const server of hit) leading.delete(server);
        if (hit.length > 0 && leading.size === 0) sinceUs = atUs;
      }
    }
  }
  const happening = happenings[id];
  if (happening === undefined || happening.who === undefined) return neverLed(happenings);
  const then = happening.event.kind === 'hand-over-ended' ? 'leads on' : 'is established';
  const text = `No leader for ${(longestUs / 1000).toFixed(1)} ms, then ${happening.who} ${then}`;
  return { ...plain(happening, text, happening.atUs), servers: [happening.who], sinceUs: fromUs };
}

function neverLed(happenings: readonly Happening[]): Target | undefined {
  const last = happenings.at(-1);
  return last && plain(last, 'No leader was ever established', last.atUs);
}
