import { epochOf, formatZxid, type Zxid } from '../../core/zxid.ts';
import { type HistoryHeader, type LogEntry, NO_SESSION } from './client-history.ts';
import type { ModelTree } from './model/model-tree.ts';
import type { Znode } from './model/znode.ts';
import type { Verdicts } from './verdicts.ts';

/** What the reaper goes by. */
type Reapable = Pick<Znode, 'life' | 'mtime' | 'ttl' | 'cversion' | 'numChildren'>;

/** A container or a TTL node that there is. */
interface Present extends Reapable {
  /** When it came to be what it is. */
  readonly sinceMs: number;
}

/** What a container or a TTL node was until a transaction changed it. */
interface Past {
  readonly was: Reapable;
  /** Of the transaction that changed it. */
  readonly untilMs: number;
}

/** A commit needs a quorum, and disks may be slow. */
const SPARE_MS = 1000;
/** Times are whole milliseconds. */
const ROUNDED_MS = 2;

/**
 * K6 for what no client asked for: the leader reaps only containers that had children, or were never used
 * for long, and TTL nodes that are due; both only without children. It goes by what was applied when its
 * round began, so that a change that was under way, or came since, does not save a node (W6). And what is due
 * goes: a leader that writes on for more than one of its rounds has asked to remove it, one after the other,
 * with its pause in between. Source: ContainerManager.
 */
export class ReaperCheck {
  readonly #tree: ModelTree;
  readonly #verdicts: Verdicts;
  readonly #windowMs: number;
  readonly #maxNeverUsedMs: number | undefined;
  readonly #wallJumpMs: number;
  readonly #pauseMs: number;
  readonly #checkMs: number | undefined;
  /** By how much what it asks for may come late to be prepared. */
  readonly #lateMs: number;
  /** By path: the containers and TTL nodes that there are. */
  readonly #present = new Map<string, Present>();
  /** How many there were at most. */
  #most = 0;
  /** By path: what there was not long ago, the oldest first. */
  readonly #past = new Map<string, Past[]>();
  /** The epoch that the log has come to, and when its first transaction was prepared. */
  #epoch = -1;
  #epochSinceMs = 0;
  /** How many nodes the reaper of an epoch has asked to remove, and how it kept its pace at its latest. */
  #pace = { epoch: -1, asked: 0, leastLeadMs: Infinity };

  /**
   * @param header what is known of containers, and of clocks that were set while the reaper looked
   * @param windowMs for how long a change may be under way before it is applied
   */
  constructor(header: HistoryHeader, tree: ModelTree, verdicts: Verdicts, windowMs: number) {
    this.#tree = tree;
    this.#verdicts = verdicts;
    this.#wallJumpMs = header.wallJumpMs ?? 0;
    this.#windowMs = windowMs + this.#wallJumpMs;
    this.#maxNeverUsedMs = header.maxNeverUsedMs;
    this.#pauseMs = header.reaperPauseMs ?? 0;
    this.#checkMs = header.reaperCheckMs;
    this.#lateMs = header.slackUs / 1000 + ROUNDED_MS;
  }

  before(entry: LogEntry): void {
    this.#keepPace(entry);
    if (entry.txn.type !== 'delete' || entry.session !== NO_SESSION) return;
    const { path } = entry.txn;
    const node = this.#tree.get(path);
    if (node === undefined) return;
    this.#verdicts.checked('K6');
    if (this.#isDue(node, entry.timeMs)) return;
    const accusation = {
      predicate: 'K6',
      ops: [],
      zxid: entry.zxid,
      expected: 'only containers and TTL nodes that are due',
      seen: `${node.life} ${path} at ${formatZxid(entry.zxid)}`,
    } as const;
    // A leader's list is no older than its term, and it begins with all that was committed before.
    const isOfTerm = epochOf(entry.zxid as Zxid) === this.#epoch;
    const past = isOfTerm ? this.#past.get(path) : undefined;
    const wasDue = past?.some(
      ({ was, untilMs }) => this.#isRecent(untilMs, entry.timeMs) && this.#isDue(was, entry.timeMs),
    );
    if (wasDue === true)
      this.#verdicts.excuse('W6', { ...accusation, rule: 'the reaper took a node that was just changed' });
    else if (node.life !== 'container' && node.life !== 'ttl')
      this.#verdicts.accuse({
        ...accusation,
        rule: 'the reaper took a znode that is neither container nor TTL',
      });
    else this.#verdicts.accuse({ ...accusation, rule: 'the reaper took a znode before its time' });
  }

  /** @param touched the paths whose znodes or Stats the transaction changed */
  after({ timeMs, zxid }: LogEntry, touched: readonly string[]): void {
    const epoch = epochOf(zxid as Zxid);
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#past.clear();
      this.#epochSinceMs = timeMs;
    }
    for (const path of touched) {
      const was = this.#present.get(path);
      if (was !== undefined) {
        const past = this.#past.get(path)?.filter(({ untilMs }) => this.#isRecent(untilMs, timeMs)) ?? [];
        this.#past.set(path, [...past, { was, untilMs: timeMs }]);
      }
      const node = this.#tree.get(path);
      if (node?.life === 'container' || node?.life === 'ttl') {
        const { life, mtime, ttl, cversion, numChildren } = node;
        this.#present.set(path, { life, mtime, ttl, cversion, numChildren, sinceMs: timeMs });
      } else if (was !== undefined) this.#present.delete(path);
    }
    this.#askForTheDue(timeMs, zxid);
  }

  /**
   * The n-th request after any other comes no earlier than n pauses after it; one that failed is an error in
   * the log. `leadMs`: by how much the requests are ahead of that pace, on a scale of their own.
   */
  #keepPace({ txn, session, timeMs, zxid }: LogEntry): void {
    if (this.#pauseMs === 0 || this.#wallJumpMs > 0 || session !== NO_SESSION) return;
    if (txn.type !== 'delete' && txn.type !== 'error') return;
    const epoch = epochOf(zxid as Zxid);
    if (epoch !== this.#pace.epoch) this.#pace = { epoch, asked: 0, leastLeadMs: Infinity };
    const pace = this.#pace;
    const leadMs = pace.asked++ * this.#pauseMs - timeMs;
    pace.leastLeadMs = Math.min(pace.leastLeadMs, leadMs);
    if (leadMs - pace.leastLeadMs <= this.#lateMs) return;
    this.#verdicts.accuse({
      predicate: 'K6',
      ops: [],
      zxid,
      rule: 'the reaper does not pause between two znodes',
      expected: `one in ${this.#pauseMs} ms`,
      seen: `request ${pace.asked} of its term ${Math.ceil(leadMs - pace.leastLeadMs)} ms too early`,
    });
  }

  /** Only times of one epoch are compared: they are of one clock, and tell nothing if that was set. */
  #askForTheDue(nowMs: number, zxid: number): void {
    if (this.#checkMs === undefined || this.#maxNeverUsedMs === undefined || this.#wallJumpMs > 0) return;
    // The round before may be one of many nodes, and some of them are gone already.
    this.#most = Math.max(this.#most, this.#present.size);
    const boundMs = this.#checkMs + 2 * this.#most * this.#pauseMs + this.#windowMs + SPARE_MS;
    if (nowMs - this.#epochSinceMs <= boundMs) return;
    for (const [path, node] of this.#present) {
      if (nowMs - node.sinceMs <= boundMs || !this.#isDue(node, nowMs - boundMs)) continue;
      this.#present.delete(path);
      this.#verdicts.accuse({
        predicate: 'K6',
        ops: [],
        zxid,
        rule: 'the reaper leaves a znode that is due',
        expected: `gone within ${Math.ceil(boundMs)} ms`,
        seen: `${node.life} ${path} at ${formatZxid(zxid)}`,
      });
    }
  }

  #isRecent(thenMs: number, nowMs: number): boolean {
    return nowMs - thenMs <= this.#windowMs + this.#pauseMs * this.#present.size;
  }

  #isDue({ life, mtime, ttl, cversion, numChildren }: Reapable, nowMs: number): boolean {
    if (numChildren > 0) return false;
    const ageMs = nowMs + this.#wallJumpMs - mtime;
    if (life === 'ttl') return ageMs > ttl;
    if (life !== 'container') return false;
    if (cversion > 0 || this.#maxNeverUsedMs === undefined) return true;
    return this.#maxNeverUsedMs > 0 && ageMs > this.#maxNeverUsedMs;
  }
}
