import { formatZxid } from '../core/zxid.ts';
import type { Moment, TraceEvent } from '../node/facts.ts';
import type { NodeId } from '../node/ids.ts';
import { isPromiseFile } from './disk-image.ts';
import type { Ledger } from './ledger.ts';
import type { EnsembleFacts, Handlers, Monitor, Violation } from './monitor.ts';
import { perServer } from './per-server.ts';
import { Presence } from './presence.ts';

/** So long who looks for a leader hears nothing before it asks again (FastLeaderElection.finalizeWait). */
const SILENCE_US = 200_000;
/** Times of elections kept: more than any run may hold after its last disturbance. */
const KEPT = 1024;

/** What the run knows and the testimony does not say. */
export interface LivenessCase {
  readonly atUs: number;
  /** When the last fault began, ended or was healed. */
  readonly lastDisturbanceUs: number;
  /** The longest time that a fault was in force. */
  readonly longestDisturbanceUs: number;
  /** Whether a fault is in force other than clean cuts and dead minorities. */
  readonly faultsInForce: boolean;
  /** Whether a quorum of voters runs, unpaused and connected. */
  readonly quorumConnected: boolean;
  /** Whether a write waits for its answer that was sent longer ago than the bound. */
  readonly writesPending: boolean;
  /**
   * How clients fared that began to ask at a time or later; absent: nothing to go by, as where some of them
   * may speak to nobody but a server that is down.
   */
  readonly asked?: (fromUs: number) => Asked;
}

/** What became of what clients asked for. */
export interface Asked {
  /** How many requests were given up after a long wait. */
  readonly unanswered: number;
  /** Whether any was answered. */
  readonly answered: boolean;
}

/** The judgement: the rules that were not met, or why none was judged. */
export interface LivenessVerdict {
  readonly judged: boolean;
  readonly reason: string;
  readonly stalls: readonly Violation[];
}

/** A leader that serves. */
interface Reign {
  readonly leader: NodeId;
  readonly epoch: number;
}

/** So many requests without an answer are no accident. */
const UNANSWERED = 3;

/**
 * The bound B: how long after the last disturbance everything must be well again, in µs. Waits that doubled
 * during the longest one run out first; then three tries of an election, a discovery and a synchronization.
 */
export function livenessBoundUs(
  { tickTimeUs, initLimit, syncLimit }: Pick<EnsembleFacts, 'tickTimeUs' | 'initLimit' | 'syncLimit'>,
  longestDisturbanceUs: number,
): number {
  return (
    Math.min(60_000_000, 2 * longestDisturbanceUs) + 3 * ((initLimit + syncLimit) * tickTimeUs + 1_000_000)
  );
}

/**
 * Liveness, judged once, at the end: L-1 `elects`, L-2 `all-join`, L-4 `restarts-serve`, L-5 `writes-commit`,
 * L-6 `elections-settle`, L-7 `queues-drain`, L-8 `actors-live`. A server whose acceptedEpoch is above the
 * leader's epoch is excused (`accepted-epoch-ahead`): ZooKeeper locks it out until the next election, as was
 * measured. So is one that looks for a leader and hears of such a one: what that says over and over keeps it
 * from asking again (FastLeaderElection.lookForLeader does so after a time without a message).
 */
export class Liveness implements Monitor {
  readonly invariants: readonly string[] = [
    'elects',
    'all-join',
    'restarts-serve',
    'writes-commit',
    'elections-settle',
    'queues-drain',
    'actors-live',
  ];
  readonly source = 'ZOOKEEPER-480, -1144, -1697, -1732, -2247, -4394, -4685';
  readonly observes: readonly TraceEvent['kind'][] = [
    'txn-proposed',
    'txn-committed',
    'restarted',
    'crashed',
    'paused',
    'resumed',
    'reachable',
    'looking',
    'leader-elected',
    'leader-followed',
    'leader-synchronizing',
    'leader-established',
    'follower-synced',
    'leader-left',
    'leader-resigned',
    'epoch-accepted',
    'epoch-offered',
    'found',
    'replaced',
    'corrupted',
    'lost',
    'wiped',
  ];
  readonly frequent: Handlers = {
    'txn-proposed': (event, moment) => this.#onProposed(event.zxid, moment.atUs),
    'txn-committed': (event, moment) => this.#onCommitted(event.zxid, moment.atUs),
  };
  readonly #ensemble: EnsembleFacts;
  readonly #ledger: Ledger;
  readonly #presence = new Presence();
  readonly #accepted: Float64Array;
  readonly #startedUs: Float64Array;
  readonly #heardUs: Float64Array;
  /** By server: the epoch in which it serves, or −1. */
  readonly #serves: Float64Array;
  readonly #looked = new Set<NodeId>();
  /** Servers that look for a leader now. */
  readonly #looking = new Set<NodeId>();
  /** Servers whose disk the plan laid out or damaged, and who have not looked for a leader with it. */
  readonly #given = new Set<NodeId>();
  readonly #failed = new Map<NodeId, string>();
  readonly #elections: number[] = [];
  #reign: Reign | undefined;
  #committed = 0;
  #committedUs = 0;
  /** What was committed a while ago: everybody has had time for it. */
  #settled = 0;
  #markedUs = 0;
  #marked = 0;
  #proposed = 0;
  /** Since when proposals of a leader wait and none commits: clients that ask again do not end this. */
  #waitingUs = 0;
  /** When an epoch last ended because its counter ran over: a new one has to begin, and that is no fault. */
  #ranOverUs = -1;

  constructor(ensemble: EnsembleFacts, ledger: Ledger) {
    this.#ledger = ledger;
    this.#ensemble = ensemble;
    this.#accepted = perServer(ensemble.servers, -1);
    this.#startedUs = perServer(ensemble.servers);
    this.#heardUs = perServer(ensemble.servers);
    this.#serves = perServer(ensemble.servers, -1);
  }

  /** The bound B of this ensemble, in µs. */
  boundUs(longestDisturbanceUs: number): number {
    return livenessBoundUs(this.#ensemble, longestDisturbanceUs);
  }

  observe(event: TraceEvent, moment: Moment): void {
    switch (event.kind) {
      case 'found':
      case 'replaced':
        if (event.kind === 'found') this.#given.add(event.server);
        if (isPromiseFile(event.file)) this.#accepted[event.server] = event.position;
        return;
      case 'corrupted':
        this.#given.add(event.server);
        return;
      case 'lost':
        // A power cut may also take what put an older promise back: then the newer one is there again.
        if (isPromiseFile(event.file)) this.#accepted[event.server] = event.count === 0 ? -1 : event.position;
        return;
      case 'wiped':
        this.#accepted[event.server] = -1;
        return;
      default:
    }
    if (this.#presence.observe(event)) {
      this.#onProcess(event, moment.atUs);
      return;
    }
    this.#onFact(event, moment.atUs);
  }

  #onProposed(zxid: number, atUs: number): void {
    if (this.#proposed <= this.#committed) this.#waitingUs = atUs;
    this.#proposed = zxid;
  }

  #onCommitted(zxid: number, atUs: number): void {
    if (atUs - this.#markedUs >= this.#graceUs()) {
      this.#settled = this.#marked;
      this.#marked = this.#committed;
      this.#markedUs = atUs;
    }
    this.#committed = Math.max(this.#committed, zxid);
    this.#committedUs = atUs;
    this.#waitingUs = atUs;
  }

  /** How long a commit may take to reach all who are synced. */
  #graceUs(): number {
    return this.#ensemble.syncLimit * this.#ensemble.tickTimeUs + 1_000_000;
  }

  #onProcess(event: TraceEvent, atUs: number): void {
    if (event.kind === 'restarted') {
      this.#startedUs[event.server] = atUs;
      this.#heardUs[event.server] = atUs;
      this.#looked.delete(event.server);
      this.#failed.delete(event.server);
    } else if (event.kind === 'crashed') {
      this.#endRole(event.server);
      if (event.how === 'exit' && !this.#given.has(event.server))
        this.#failed.set(event.server, event.reason);
    }
  }

  #endRole(server: NodeId): void {
    this.#serves[server] = -1;
    if (this.#reign?.leader === server) this.#reign = undefined;
  }

  #onFact(event: TraceEvent, atUs: number): void {
    if (!('server' in event)) return;
    const server = event.server;
    this.#heardUs[server] = atUs;
    switch (event.kind) {
      case 'looking':
        this.#looked.add(server);
        this.#looking.add(server);
        this.#given.delete(server);
        this.#endRole(server);
        return;
      case 'leader-elected':
        this.#looked.add(server);
        this.#looking.delete(server);
        return;
      case 'leader-followed':
        this.#looking.delete(server);
        return;
      case 'leader-synchronizing':
        this.#elections.push(atUs);
        if (this.#elections.length > 2 * KEPT) this.#elections.splice(0, KEPT);
        return;
      case 'leader-established':
        this.#serves[server] = event.epoch;
        this.#waitingUs = atUs;
        if (this.#reign === undefined || event.epoch >= this.#reign.epoch) {
          this.#reign = { leader: server, epoch: event.epoch };
        }
        return;
      case 'follower-synced':
        this.#serves[server] = event.epoch;
        return;
      case 'leader-resigned':
        if (event.because === 'zxid rollover') this.#ranOverUs = atUs;
        this.#endRole(server);
        return;
      case 'leader-left':
        this.#endRole(server);
        return;
      case 'epoch-accepted':
      case 'epoch-offered':
        this.#accepted[server] = Math.max(this.#accepted[server] ?? -1, event.epoch);
        return;
      default:
    }
  }

  /** Judges the run as it stands. */
  judge(situation: LivenessCase): LivenessVerdict {
    const lastDisturbanceUs = Math.max(situation.lastDisturbanceUs, this.#ranOverUs);
    const given = { ...situation, lastDisturbanceUs };
    const boundUs = this.boundUs(given.longestDisturbanceUs);
    const reason = this.#whyNot(given, boundUs);
    if (reason !== '') return { judged: false, reason, stalls: [] };
    const stalls: Violation[] = [];
    const stall = (invariant: string, servers: readonly NodeId[], rule: string, message: string): void => {
      stalls.push({ invariant, tier: 1, atUs: given.atUs, event: 0, servers, rule, message });
    };
    const reign = this.#reign;
    if (reign === undefined || !this.#presence.isUp(reign.leader)) {
      const message = `no leader serves ${boundUs / 1000} ms after the last disturbance`;
      stall('elects', [], 'no leader serves', message);
    } else {
      this.#judgeJoins(reign, given.atUs, boundUs, stall);
      this.#judgeQueues(reign, given.atUs, stall);
    }
    this.#judgeStarts(given.atUs, boundUs, stall);
    if (given.writesPending) {
      stall(
        'writes-commit',
        [],
        'a write was not answered',
        `a write waits for longer than ${boundUs / 1000} ms`,
      );
    }
    const left = this.#unansweredIn(given, boundUs);
    if (left > 0) {
      const message = `${left} requests were given up without an answer, though everything is well`;
      stall('writes-commit', [], 'requests are not answered', message);
    }
    const elections = this.#elections.filter((atUs) => atUs > given.lastDisturbanceUs).length;
    if (elections > 3 + this.#ensemble.servers.length) {
      stall('elections-settle', [], 'elections go on', `${elections} epochs since the last disturbance`);
    }
    return { judged: true, reason: '', stalls };
  }

  /**
   * How many requests went unanswered that need not have; 0: none, or too few to tell, or nobody leads: where
   * each proposes his own, they may get in each other's way for long.
   */
  #unansweredIn({ asked, lastDisturbanceUs }: LivenessCase, boundUs: number): number {
    const reign = this.#reign;
    if (asked === undefined || reign === undefined) return 0;
    // Who is locked out may be the only server that a client knows.
    if (this.#ensemble.servers.some((sid) => this.#isAhead(sid, reign))) return 0;
    const { unanswered } = asked(lastDisturbanceUs + boundUs);
    if (unanswered >= UNANSWERED) return unanswered;
    // Before the bound some may: not all of them.
    const late = asked(lastDisturbanceUs + boundUs / 2);
    return late.answered || late.unanswered < UNANSWERED ? 0 : late.unanswered;
  }

  #whyNot(given: LivenessCase, boundUs: number): string {
    if (given.faultsInForce) return 'a fault is in force';
    if (!given.quorumConnected) return 'no quorum runs connected';
    const leftUs = given.lastDisturbanceUs + boundUs - given.atUs;
    return leftUs > 0
      ? `the run ends ${leftUs / 1000} ms before the bound of ${boundUs / 1000} ms after the last disturbance`
      : '';
  }

  #judgeJoins(reign: Reign, atUs: number, boundUs: number, stall: Stall): void {
    const quiet = atUs - this.#committedUs >= this.#graceUs();
    const due = quiet ? this.#committed : this.#settled;
    for (const sid of this.#ensemble.servers) {
      const applied = this.#ledger.server(sid).memory.last;
      const reachable = this.#presence.isUp(sid) && this.#presence.connected(sid, reign.leader);
      const excused = this.#isAhead(sid, reign) || !this.#belongs(sid, reign.leader);
      if (!reachable || excused || atUs - (this.#startedUs[sid] ?? 0) < boundUs) continue;
      if (this.#serves[sid] !== reign.epoch) {
        if (this.#isDistracted(sid, reign, atUs)) continue;
        const where = `${sid}, which reaches leader ${reign.leader} of epoch ${reign.epoch}`;
        stall('all-join', [sid], 'a server that reaches the leader does not serve', where);
        if (atUs - (this.#heardUs[sid] ?? 0) >= boundUs) {
          stall('actors-live', [sid], 'a running server neither serves nor does anything', where);
        }
      } else if (applied < due) {
        const message = `${sid} applied up to ${formatZxid(applied)} of ${formatZxid(due)}`;
        stall('all-join', [sid], 'a serving server lags behind what is committed', message);
      }
    }
  }

  /** Whether the server has accepted a later epoch than the leader's. */
  #isAhead(sid: NodeId, { epoch }: Reign): boolean {
    return (this.#accepted[sid] ?? -1) > epoch;
  }

  /** Whether it looks for a leader, and somebody who is locked out says over and over whom it would elect. */
  #isDistracted(sid: NodeId, reign: Reign, atUs: number): boolean {
    const isHeard = (other: NodeId): boolean =>
      this.#presence.isUp(other) &&
      this.#presence.connected(other, sid) &&
      atUs - (this.#heardUs[other] ?? 0) < SILENCE_US;
    return (
      this.#looking.has(sid) &&
      this.#ensemble.servers.some((other) => this.#isAhead(other, reign) && isHeard(other))
    );
  }

  /** Whoever was removed is told nothing any more, and need not serve. */
  #belongs(sid: NodeId, leader: NodeId): boolean {
    const { configurations } = this.#ledger;
    return configurations.committed.has(sid) && configurations.of(leader).has(sid);
  }

  #judgeQueues(reign: Reign, atUs: number, stall: Stall): void {
    if (this.#proposed <= this.#committed || atUs - this.#waitingUs < this.#graceUs()) return;
    if (Math.floor(this.#proposed / 4294967296) !== reign.epoch) return;
    const message = `${formatZxid(this.#proposed)} is proposed, committed is ${formatZxid(this.#committed)}`;
    stall('queues-drain', [reign.leader], 'a proposal of the serving leader was never committed', message);
  }

  #judgeStarts(atUs: number, boundUs: number, stall: Stall): void {
    for (const sid of this.#ensemble.servers) {
      const reason = this.#failed.get(sid);
      if (reason?.startsWith('recovery')) {
        stall('restarts-serve', [sid], 'a server could not start from its own disk', `${sid}: ${reason}`);
      } else if (reason !== undefined && !reason.startsWith('the disk')) {
        stall('restarts-serve', [sid], 'a server ended itself', `${sid}: ${reason}`);
      }
      if (!this.#presence.isUp(sid) || this.#looked.has(sid)) continue;
      if (atUs - (this.#startedUs[sid] ?? 0) < boundUs) continue;
      stall(
        'restarts-serve',
        [sid],
        'a started server never looked for a leader',
        `${sid} runs, and never looked`,
      );
    }
  }
}

type Stall = (invariant: string, servers: readonly NodeId[], rule: string, message: string) => void;
