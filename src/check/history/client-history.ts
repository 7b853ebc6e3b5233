import type { LoggedTxn } from './logged-txn.ts';
import type { RecipeEntry } from './recipe-entry.ts';
import type { Identity, Request, Result } from './request.ts';

/** The version of the format; a reader refuses any other. */
export const HISTORY_VERSION = 1;

/** No session: of a request for a new one, and of what a server does of its own accord. */
export const NO_SESSION = '0x0';

/** What the run was. The first line of a file. */
export interface HistoryHeader {
  readonly kind: 'header';
  readonly version: typeof HISTORY_VERSION;
  readonly seed: string;
  /** All servers, ascending, observers among them. */
  readonly servers: readonly number[];
  readonly observers: readonly number[];
  readonly tickTimeUs: number;
  readonly syncLimit: number;
  /** The longest that injected pauses and clock skew may add to a bound. */
  readonly slackUs: number;
  /** How long an answer may take to come though all is well; no time worth speaking of, if absent. */
  readonly answerUs?: number | undefined;
  /** Whether the white-box part (`log`) is there and complete from the first transaction on. */
  readonly whiteBox: boolean;
  /** Whether the servers had data before the first request that is recorded; not, if absent. */
  readonly priorData?: boolean | undefined;
  /** Whether sessions may live on one server only, without a createSession. */
  readonly localSessions: boolean;
  /** Whether such a session becomes a global one when it makes an ephemeral node; unknown, if absent. */
  readonly sessionUpgrades?: boolean | undefined;
  /** Whether `zookeeper.extendedTypesEnabled` holds, so that TTL nodes exist. */
  readonly ttlNodes: boolean;
  /** Whether `zookeeper.skipACL` holds, so that everybody may do everything; not, if absent. */
  readonly skipAcl?: boolean | undefined;
  /** Whether `enforceQuota` holds, so that hard quotas refuse; not, or unknown, if absent. */
  readonly enforceQuota?: boolean | undefined;
  /** How long a container is kept that never had a child, 0: for ever; unknown, if absent. */
  readonly maxNeverUsedMs?: number | undefined;
  /** How long the leader waits between two nodes that it asks to remove; not at all, if absent. */
  readonly reaperPauseMs?: number | undefined;
  /** How often the leader looks for nodes to remove; unknown, if absent. */
  readonly reaperCheckMs?: number | undefined;
  /** The furthest that a server's wall clock was set at once, either way; 0, if absent. */
  readonly wallJumpMs?: number | undefined;
  /** The bounds of a session's timeout; unknown, if absent. */
  readonly leastTimeoutMs?: number | undefined;
  readonly mostTimeoutMs?: number | undefined;
  /** Whether clients asked for servers without a quorum as well; unknown, if absent. */
  readonly readOnlyClients?: boolean | undefined;
  /** Below what node all clients live; nowhere in particular, if absent. */
  readonly chroot?: string | undefined;
  /** Whether the clients are ours, of which it is known what they owe their sessions; not, if absent. */
  readonly ownClients?: boolean | undefined;
}

/** One request of a client, as it saw it at its socket. All times are virtual µs. */
export interface OpEntry {
  readonly kind: 'op';
  /** Its number, unique among the ops. */
  readonly id: number;
  /** The client handle: one `ZooKeeper` object, so one session. */
  readonly handle: number;
  readonly session: string;
  readonly connection: number;
  /** As on the wire; rises within a handle. ping −2, auth −4, setWatches −8. */
  readonly cxid: number;
  /** Its place among what was sent on the connection. */
  readonly sent: number;
  /** Stamped before it was sent. */
  readonly invokedUs: number;
  readonly request: Request;
  /** `unknown`: no reply came, it may or may not take effect. A multi that failed is `failed`. */
  readonly outcome: 'ok' | 'failed' | 'unknown';
  /** ZooKeeper's code, 0 for ok; of a failed multi the code of the part that failed. */
  readonly error: number;
  /** The reply's place in the connection's packets, events counted; −1 when unknown. */
  readonly position: number;
  /** −1 when unknown. */
  readonly returnedUs: number;
  /** Of the reply's header; −1 when unknown. */
  readonly zxid: number;
  readonly result: Result;
}

/** The type of a watch event. */
export type WatchEventType = 'created' | 'deleted' | 'data-changed' | 'children-changed';

/** A watch event that was delivered to a client. */
export interface EventEntry {
  readonly kind: 'ev';
  readonly connection: number;
  /** Its place in the connection's packets, replies counted. */
  readonly position: number;
  readonly deliveredUs: number;
  readonly type: WatchEventType;
  readonly path: string;
  /** Of the transaction; −1 for what setWatches made up for. */
  readonly zxid: number;
}

/** One attempt of a handle to connect, and what became of it. */
export interface ConnectionEntry {
  readonly kind: 'conn';
  /** Its number, unique; of one handle they rise. */
  readonly id: number;
  readonly handle: number;
  /** The session asked for, `0x0` for a new one. */
  readonly requested: string;
  /** The session got, `0x0` when none. */
  readonly session: string;
  readonly server: number;
  readonly lastZxidSeen: number;
  readonly invokedUs: number;
  /** −1 when no answer came. */
  readonly returnedUs: number;
  /** `behind`: the server had seen less than the client; `lost`: no answer came. */
  readonly outcome: 'accepted' | 'behind' | 'refused' | 'expired' | 'lost';
  /** As negotiated; 0 when not accepted. */
  readonly timeoutUs: number;
  /** The timeout that was asked for; unknown, if absent. */
  readonly askedUs?: number | undefined;
  /** Who the client is by its address; more comes by `auth`. */
  readonly identities: readonly Identity[];
  /** White box: what the server was; `unknown` to a black box. */
  readonly role: 'leader' | 'follower' | 'observer' | 'read-only' | 'unknown';
  /** White box: the server's lastProcessedZxid when it decided; −1 when not known. */
  readonly serverZxid: number;
  /**
   * White box: whether the tree of a server without a quorum was what the transactions up to `serverZxid`
   * made, and nothing else; not known, if absent.
   */
  readonly exact?: boolean | undefined;
  /** Whether the client was told that it is served without a quorum; unknown, if absent. */
  readonly toldReadOnly?: boolean | undefined;
  /** Whether it showed another password than its session was given; not, if absent. */
  readonly forged?: boolean | undefined;
  /** When the client left for another server, of its own accord; absent: it did not. */
  readonly leftUs?: number | undefined;
  /** When the client gave it up since it heard nothing; absent: it did not. */
  readonly lostUs?: number | undefined;
  /** White box, of one that was given up: since when nothing had gone wrong; absent: something did then. */
  readonly calmUs?: number | undefined;
  /** White box: when the server closed it that served on; absent: it did not. */
  readonly closedUs?: number | undefined;
}

/** What a server answered a client that looked for one with a quorum (`isro`). */
export interface WordEntry {
  readonly kind: 'word';
  readonly server: number;
  readonly askedUs: number;
  readonly answeredUs: number;
  readonly text: 'rw' | 'ro';
  /** White box: what it had all the time between the two; `unknown`: that changed. */
  readonly had: 'quorum' | 'none' | 'unknown';
}

/** White box: one transaction of the canonical log, as it was first applied anywhere. */
export interface LogEntry {
  readonly kind: 'log';
  readonly zxid: number;
  readonly session: string;
  readonly cxid: number;
  /** The leader's wall clock, ms, when it was prepared. */
  readonly timeMs: number;
  /** When a leader first committed it, virtual µs; absent: none did itself, or nobody knows. */
  readonly committedUs?: number | undefined;
  /** Of its content. */
  readonly hash: number;
  readonly txn: LoggedTxn;
}

/**
 * White box: a server delivered a transaction; `state` is the digest of its tree after it, −1 where a fuzzy
 * snapshot may be ahead of it.
 */
export interface ApplyEntry {
  readonly kind: 'apply';
  readonly server: number;
  readonly atUs: number;
  readonly zxid: number;
  readonly hash: number;
  readonly state: number;
}

/** White box: a server's log was cut, nothing after `zxid` remains. */
export interface CutEntry {
  readonly kind: 'cut';
  readonly server: number;
  readonly atUs: number;
  readonly zxid: number;
}

/**
 * White box: a session was found to be over, by the leader, or by the server of a local one; `touchedUs`: the
 * last touch there, the start of its tracking counts.
 */
export interface ExpiryEntry {
  readonly kind: 'expiry';
  readonly server: number;
  readonly session: string;
  readonly touchedUs: number;
  readonly timeoutUs: number;
  readonly preparedUs: number;
  /** Since when the server led then; absent: it did not, or it is not known. */
  readonly ledSinceUs?: number | undefined;
}

/** How the run ended. */
export interface FinalEntry {
  readonly kind: 'final';
  readonly atUs: number;
  /** Since when nothing was injected; −1 when the run never healed. */
  readonly healedUs: number;
  /** Whether nothing new was proposed for so long that every server must have it all. */
  readonly quiet: boolean;
  /** White box: since when the server leads that leads at the end; absent: none does, or nobody knows. */
  readonly leaderSinceUs?: number | undefined;
  /** The servers that ran at the end; a state of −1 is not known, as in `ApplyEntry`. */
  readonly servers: readonly { readonly server: number; readonly zxid: number; readonly state: number }[];
}

/** A line of a history after the header. */
export type HistoryEntry =
  | OpEntry
  | EventEntry
  | WordEntry
  | ConnectionEntry
  | LogEntry
  | ApplyEntry
  | CutEntry
  | ExpiryEntry
  | FinalEntry
  | RecipeEntry;

/**
 * What clients saw, as plain data. Entries may stand in any order, except that those of the white box of one
 * server stand in the order in which they happened. Source: Jepsen's histories; the model of ZooKeeper's
 * guarantees as predicates over packets.
 */
export interface ClientHistory {
  readonly header: HistoryHeader;
  readonly entries: readonly HistoryEntry[];
}
