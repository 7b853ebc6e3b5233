import {
  type ClientHistory,
  HISTORY_VERSION,
  type HistoryEntry,
} from '../../check/history/client-history.ts';
import { type ClientFact, isClientFact } from '../../node/client-facts.ts';
import type { Moment, TraceEvent } from '../../node/facts.ts';
import type { Witness } from '../../sim/profile.ts';
import { Calm } from './calm.ts';
import { RecordedConnections } from './recorded-connections.ts';
import { RecordedRecipes } from './recorded-recipes.ts';
import { RecordedServers, SERVER_KINDS } from './recorded-servers.ts';
import { RecordedWords } from './recorded-words.ts';
import { SLACK_KINDS, Slack } from './slack.ts';

/** What a history says of its run beforehand. */
export interface RecordedRun {
  readonly seed: number;
  /** All servers, ascending, observers among them. */
  readonly servers: readonly number[];
  readonly observers: readonly number[];
  readonly tickTimeUs: number;
  readonly syncLimit: number;
  /** What the world's own delays may add to a bound. */
  readonly baseSlackUs: number;
  /** How long an answer may take though all is well. */
  readonly answerUs: number;
  /** Whether the servers' disks were empty: else the log is not known from its first transaction on. */
  readonly fromNothing: boolean;
  readonly localSessions: boolean;
  readonly sessionUpgrades: boolean;
  readonly ttlNodes: boolean;
  readonly skipAcl: boolean;
  readonly enforceQuota: boolean;
  readonly maxNeverUsedMs: number;
  readonly reaperPauseMs: number;
  readonly reaperCheckMs: number;
  readonly wallJumpMs: number;
  /** The bounds of a session's timeout. */
  readonly leastTimeoutMs: number;
  readonly mostTimeoutMs: number;
  /** Whether clients ask for servers without a quorum as well. */
  readonly readOnlyClients: boolean;
  /** Below what node the clients live; empty: nowhere in particular. */
  readonly chroot: string;
  /** Whether the clients are ours. */
  readonly ownClients: boolean;
}

/** How the run stood at its end. */
export interface RunEnd {
  readonly atUs: number;
  /** Since when nothing was injected, if all servers run and nothing is in force; −1: it never healed. */
  readonly healedUs: number;
}

const SERVERS: ReadonlySet<TraceEvent['kind']> = new Set(SERVER_KINDS);
const SLACK: ReadonlySet<TraceEvent['kind']> = new Set(SLACK_KINDS);

/**
 * Writes down what the clients of a run saw, and what its servers did beside it, from the testimony of the
 * run. A witness: it changes nothing.
 */
export class HistoryRecorder implements Witness {
  readonly #run: RecordedRun;
  readonly #servers = new RecordedServers();
  readonly #calm = new Calm();
  readonly #connections = new RecordedConnections(this.#servers, this.#calm);
  readonly #recipes = new RecordedRecipes(this.#connections);
  readonly #words = new RecordedWords(this.#servers);
  readonly #slack: Slack;

  constructor(run: RecordedRun) {
    this.#run = run;
    this.#slack = new Slack(run.baseSlackUs);
  }

  wants(kind: TraceEvent['kind']): boolean {
    return SERVERS.has(kind) || SLACK.has(kind) || isClientFact({ kind });
  }

  observe(event: TraceEvent, { atUs }: Moment): void {
    this.#calm.observe(event, atUs);
    if (SERVERS.has(event.kind)) this.#servers.observe(event, atUs);
    if (SLACK.has(event.kind)) this.#slack.observe(event, atUs);
    if (event.kind === 'recipe-step') this.#recipes.observe(event, atUs);
    else if (event.kind === 'quorum-sought') this.#words.observe(event, atUs);
    else if (isClientFact(event)) this.#connections.observe(event as ClientFact, atUs);
  }

  /** The history of the run that ended so. */
  history({ atUs, healedUs }: RunEnd): ClientHistory {
    const { seed, servers, observers, tickTimeUs, syncLimit, localSessions } = this.#run;
    const standing = this.#servers.standing();
    // A server that lags behind for longer than this is given up by its leader.
    const quiet = this.#servers.lastProposedUs < atUs - (syncLimit + 1) * tickTimeUs;
    const allStand = servers.every((server) => standing.some((one) => one.server === server));
    // An epoch that is used up ends the peace as a fault does.
    const calmUs = allStand && healedUs >= 0 ? Math.max(healedUs, this.#servers.ranOverUs) : -1;
    const { leaderSinceUs } = this.#servers;
    const entries: HistoryEntry[] = [
      ...this.#connections.entries((...span) => this.#servers.stopped(...span)),
      ...this.#servers.log.entries(),
      ...this.#servers.entries,
      ...this.#words.entries,
      ...this.#recipes.entries(),
      { kind: 'final', atUs, healedUs: calmUs, quiet, leaderSinceUs, servers: standing },
    ];
    return {
      header: {
        kind: 'header',
        version: HISTORY_VERSION,
        seed: String(seed),
        servers,
        observers,
        tickTimeUs,
        syncLimit,
        slackUs: this.#slack.us(atUs),
        answerUs: this.#run.answerUs,
        whiteBox: this.#run.fromNothing,
        ...(this.#run.fromNothing ? {} : { priorData: true }),
        localSessions,
        sessionUpgrades: this.#run.sessionUpgrades,
        ttlNodes: this.#run.ttlNodes,
        skipAcl: this.#run.skipAcl,
        enforceQuota: this.#run.enforceQuota,
        maxNeverUsedMs: this.#run.maxNeverUsedMs,
        reaperPauseMs: this.#run.reaperPauseMs,
        reaperCheckMs: this.#run.reaperCheckMs,
        wallJumpMs: this.#run.wallJumpMs,
        leastTimeoutMs: this.#run.leastTimeoutMs,
        mostTimeoutMs: this.#run.mostTimeoutMs,
        readOnlyClients: this.#run.readOnlyClients,
        ...(this.#run.chroot === '' ? {} : { chroot: this.#run.chroot }),
        ownClients: this.#run.ownClients,
      },
      entries,
    };
  }
}
