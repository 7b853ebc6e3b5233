import type {
  ApplyEntry,
  CutEntry,
  ExpiryEntry,
  FinalEntry,
  WordEntry,
} from '../../check/history/client-history.ts';
import { ascending } from '../../core/order.ts';
import type { Zxid } from '../../core/zxid.ts';
import type { Fact, TraceEvent } from '../../node/facts.ts';
import type { NodeId } from '../../node/ids.ts';
import { CanonicalLog } from './canonical-log.ts';
import { recordedSession } from './recorded-values.ts';

/** What is known of one server. */
interface Standing {
  /** Whether clients may see what it holds. */
  serving: boolean;
  /** Since when it has, or has not, served with a quorum. */
  sinceUs: number;
  /** Delivered before it serves: the leader may still fail, and take it back (Zab, phase 2). */
  readonly early: ApplyEntry[];
  /** Where its memory stands, and the digest of its tree there, if known; undefined: not even where. */
  memory: { readonly zxid: Zxid; readonly state: number } | undefined;
  /** Its disk lost something to a fault, and it has not served since: that is no cut of its own. */
  bereft: boolean;
  /**
   * A snapshot took the place of what it had. It may be of a leader that has not applied yet what this server
   * had, and brings again behind it: what is missing, if anything, shows when the server serves.
   */
  replaced: boolean;
  /** A snapshot that it took over may hold what was applied up to here, whatever its name says. */
  fuzzyUntil: number;
  /** The last that it ever applied. */
  highest: number;
}

/** The digest of a tree that may be ahead of its zxid. */
const NO_STATE = -1;

/** The kinds of events that the white box of a history is made of. */
export const SERVER_KINDS: readonly TraceEvent['kind'][] = [
  'txn-proposed',
  'txn-committed',
  'txn-applied',
  'leader-synchronizing',
  'leader-established',
  'follower-synced',
  'looking',
  'crashed',
  'leader-left',
  'leader-resigned',
  'log-truncated',
  'snapshot-installed',
  'recovered',
  'fast-forwarded',
  'session-expired',
  'wiped',
  'corrupted',
];

/** The white box of a history: the log, and what servers delivered, cut and expired. */
export class RecordedServers {
  readonly log = new CanonicalLog();
  readonly #entries: (ApplyEntry | CutEntry | ExpiryEntry)[] = [];
  readonly #standings = new Map<NodeId, Standing>();
  /** By server: when it ceased to serve, or to look for a leader. */
  readonly #stops = new Map<NodeId, number[]>();
  #lastProposedUs = -1;
  #ranOverUs = -1;
  #leader: { readonly server: NodeId; readonly sinceUs: number } | undefined;
  #lastApplied = 0;

  /** When a leader last resigned because its epoch was used up, virtual µs; −1: never. */
  get ranOverUs(): number {
    return this.#ranOverUs;
  }

  /** Since when the server has led that leads now; undefined: none does. */
  get leaderSinceUs(): number | undefined {
    return this.#leader?.sinceUs;
  }

  /** When anything was last proposed; −1: never. */
  get lastProposedUs(): number {
    return this.#lastProposedUs;
  }

  /** Whether a server has had a quorum since then, has had none, or has won or lost one. */
  hadSince(server: NodeId, fromUs: number): WordEntry['had'] {
    const { serving, sinceUs } = this.#of(server);
    if (sinceUs >= fromUs) return 'unknown';
    return serving ? 'quorum' : 'none';
  }

  /** Whether the tree of a server is known to be what the transactions up to there made, and nothing else. */
  isExactAt(server: NodeId, zxid: Zxid): boolean {
    const { memory } = this.#of(server);
    return memory !== undefined && memory.zxid === zxid && memory.state !== NO_STATE;
  }

  /** Whether a server ceased to serve between the two. */
  stopped(server: number, fromUs: number, toUs: number): boolean {
    return this.#stops.get(server as NodeId)?.some((atUs) => atUs >= fromUs && atUs <= toUs) ?? false;
  }

  /** What servers did, in the order in which they did it. */
  get entries(): readonly (ApplyEntry | CutEntry | ExpiryEntry)[] {
    return this.#entries;
  }

  /** The servers that serve, and of which it is known where they stand, ascending. */
  standing(): FinalEntry['servers'] {
    const servers = [...this.#standings.keys()].sort(ascending);
    return servers.flatMap((server) => {
      const { serving, memory } = this.#standings.get(server) as Standing;
      return serving && memory !== undefined ? [{ server, ...memory }] : [];
    });
  }

  observe(event: TraceEvent, atUs: number): void {
    switch (event.kind) {
      case 'txn-proposed':
        this.#lastProposedUs = atUs;
        this.log.proposed(event);
        return;
      case 'txn-committed':
        this.log.committed(event.zxid, atUs);
        return;
      case 'txn-applied':
        this.#applied(event, atUs);
        return;
      case 'leader-synchronizing':
        this.log.began(event.epoch, event.zxid);
        return;
      case 'leader-established':
        this.log.established(event.epoch);
        this.#leader = { server: event.server, sinceUs: atUs };
        this.#serve(event.server, atUs);
        return;
      case 'follower-synced':
        this.#serve(event.server, atUs);
        return;
      case 'looking':
      case 'crashed':
      case 'leader-left':
      case 'leader-resigned':
        if (event.kind === 'leader-resigned' && event.because === 'zxid rollover') this.#ranOverUs = atUs;
        this.#stop(event.server, atUs);
        this.#leave(event.server, event.kind === 'crashed', atUs);
        return;
      case 'log-truncated': {
        const { server, zxid } = event;
        const standing = this.#of(server);
        if (!standing.bereft) this.#entries.push({ kind: 'cut', server, atUs, zxid });
        standing.memory = { zxid, state: NO_STATE };
        return;
      }
      case 'snapshot-installed': {
        const standing = this.#of(event.server);
        standing.memory = { zxid: event.zxid, state: NO_STATE };
        standing.fuzzyUntil = this.#lastApplied;
        standing.replaced = true;
        return;
      }
      case 'recovered':
      case 'fast-forwarded': {
        const standing = this.#of(event.server);
        // A fuzzy snapshot of its own may hold what was applied before its log had it, and never got there.
        if (event.kind === 'recovered') {
          standing.fuzzyUntil = Math.max(standing.fuzzyUntil, standing.highest);
        }
        const told = event.zxid >= standing.fuzzyUntil ? event.state : NO_STATE;
        standing.memory = { zxid: event.zxid, state: told };
        return;
      }
      case 'session-expired':
        this.#expired(event, atUs);
        return;
      case 'wiped':
      case 'corrupted':
        this.#of(event.server).bereft = true;
        return;
      default:
    }
  }

  #of(server: NodeId): Standing {
    const known = this.#standings.get(server);
    if (known !== undefined) return known;
    const standing: Standing = {
      serving: false,
      sinceUs: 0,
      early: [],
      memory: undefined,
      bereft: false,
      replaced: false,
      fuzzyUntil: 0,
      highest: 0,
    };
    this.#standings.set(server, standing);
    return standing;
  }

  #applied(event: Extract<Fact, { kind: 'txn-applied' }>, atUs: number): void {
    const { server, zxid, digest, state } = event;
    if (this.log.isOwn(zxid, digest)) return;
    const standing = this.#of(server);
    this.#lastApplied = Math.max(this.#lastApplied, zxid);
    standing.highest = Math.max(standing.highest, zxid);
    const told = zxid >= standing.fuzzyUntil ? state : NO_STATE;
    standing.memory = { zxid, state: told };
    const entry: ApplyEntry = { kind: 'apply', server, atUs, zxid, hash: digest, state: told };
    if (standing.serving) this.#deliver(entry);
    else standing.early.push(entry);
  }

  #deliver(entry: ApplyEntry): void {
    this.log.delivered(entry.zxid as Zxid, entry.hash);
    this.#entries.push(entry);
  }

  #serve(server: NodeId, atUs: number): void {
    const standing = this.#of(server);
    const { memory, replaced, bereft } = standing;
    if (replaced && !bereft && memory !== undefined)
      this.#entries.push({ kind: 'cut', server, atUs, zxid: memory.zxid });
    if (!standing.serving) standing.sinceUs = atUs;
    standing.serving = true;
    standing.bereft = false;
    standing.replaced = false;
    for (const entry of standing.early) this.#deliver(entry);
    standing.early.length = 0;
  }

  #stop(server: NodeId, atUs: number): void {
    const stops = this.#stops.get(server);
    if (stops === undefined) this.#stops.set(server, [atUs]);
    else stops.push(atUs);
  }

  #leave(server: NodeId, gone: boolean, atUs: number): void {
    const standing = this.#of(server);
    if (standing.serving) standing.sinceUs = atUs;
    standing.serving = false;
    standing.early.length = 0;
    if (this.#leader?.server === server) this.#leader = undefined;
    if (!gone) return;
    standing.memory = undefined;
    standing.fuzzyUntil = 0;
  }

  #expired(event: Extract<Fact, { kind: 'session-expired' }>, atUs: number): void {
    const { server, session, idleUs, timeoutMs } = event;
    this.#entries.push({
      kind: 'expiry',
      server,
      session: recordedSession(session),
      touchedUs: Math.max(0, atUs - idleUs),
      timeoutUs: timeoutMs * 1000,
      preparedUs: atUs,
      ledSinceUs: this.#leader?.server === server ? this.#leader.sinceUs : undefined,
    });
  }
}
