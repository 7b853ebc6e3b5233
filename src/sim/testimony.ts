import type { Fact, Moment, TraceEvent } from '../node/facts.ts';
import { FREQUENT_FACTS, foldFact } from '../node/fold-facts.ts';
import type { NodeId } from '../node/ids.ts';
import type { WorldEvent } from '../node/world-events.ts';
import type { Kernel } from './kernel.ts';
import type { Witness } from './profile.ts';
import type { Roles } from './roles.ts';

/** The part of the fault engine that listens for what its triggers wait for. */
export interface Listener {
  /** Whether any trigger waits for anything to be told. */
  readonly listens: boolean;
  /** Whether some trigger waits for events of this kind. */
  waitsFor(kind: string): boolean;
  /** Takes note; whatever fires, fires after the present event. `leaderBefore`: who led before it. */
  hear(event: TraceEvent, leaderBefore: NodeId | undefined): void;
}

/** What the world tells with every transaction, by numbers that no frequent fact has. */
export const FREQUENT_EVENTS = { appended: 1, synced: 2, 'txn-logged': 3 } as const;

type Handler = (event: TraceEvent, moment: Moment) => void;

/**
 * Where everything that is told of a run passes: the fingerprint first, then roles and triggers, then the
 * witness. The flags say which world events anybody wants; the others need not be built.
 */
export class Testimony {
  readonly restarted: boolean;
  readonly crashed: boolean;
  readonly paused: boolean;
  readonly resumed: boolean;
  readonly wiped: boolean;
  readonly appended: boolean;
  readonly replaced: boolean;
  readonly synced: boolean;
  readonly truncated: boolean;
  readonly removed: boolean;
  readonly lost: boolean;
  readonly corrupted: boolean;
  readonly found: boolean;
  readonly txnLogged: boolean;
  readonly faultFired: boolean;
  readonly faultEnded: boolean;
  readonly reachable: boolean;
  readonly linkOpened: boolean;
  readonly linkClosed: boolean;
  readonly sent: boolean;
  readonly delivered: boolean;
  readonly timerFired: boolean;
  readonly worked: boolean;
  readonly #kernel: Kernel;
  readonly #roles: Roles;
  readonly #listener: Listener;
  readonly #witness: Witness;
  readonly #listens: boolean;
  /** Who is told of what comes with every transaction, by its number; undefined: a trigger waits for it. */
  readonly #rows: (readonly Handler[] | undefined)[] = [];

  constructor(kernel: Kernel, roles: Roles, listener: Listener, witness: Witness) {
    this.#kernel = kernel;
    this.#roles = roles;
    this.#listener = listener;
    this.#witness = witness;
    this.#listens = listener.listens;
    witness.lend?.(kernel.moment);
    const wants = (kind: WorldEvent['kind']) => witness.wants(kind) || listener.waitsFor(kind);
    this.restarted = wants('restarted');
    this.crashed = wants('crashed');
    this.paused = wants('paused');
    this.resumed = wants('resumed');
    this.wiped = wants('wiped');
    this.appended = wants('appended');
    this.replaced = wants('replaced');
    this.synced = wants('synced');
    this.truncated = wants('truncated');
    this.removed = wants('removed');
    this.lost = wants('lost');
    this.corrupted = wants('corrupted');
    this.found = wants('found');
    this.txnLogged = wants('txn-logged');
    this.faultFired = wants('fault-fired');
    this.faultEnded = wants('fault-ended');
    this.reachable = wants('reachable');
    this.linkOpened = wants('link-opened');
    this.linkClosed = wants('link-closed');
    this.sent = wants('sent');
    this.delivered = wants('delivered');
    this.timerFired = wants('timer-fired');
    this.worked = wants('worked');
    const frequent = { ...FREQUENT_FACTS, ...FREQUENT_EVENTS };
    for (const kind of Object.keys(frequent) as (keyof typeof frequent)[]) {
      if (!listener.waitsFor(kind)) this.#rows[frequent[kind]] = handlersOf(witness, kind);
    }
  }

  /** A node testifies. */
  report(fact: Fact): void {
    const row = this.#rows[foldFact(fact, this.#kernel.digest)];
    if (row !== undefined) {
      // None of these changes who leads.
      this.#tellRow(row, fact);
      return;
    }
    if (this.#listens && this.#listener.waitsFor(fact.kind)) {
      const before = this.#roles.leader();
      this.#roles.observe(fact);
      this.#listener.hear(fact, before);
    } else {
      this.#roles.observe(fact);
    }
    this.#witness.observe(fact, this.#kernel.moment);
  }

  /** The world testifies to what comes with every transaction; called only when its flag is set. */
  tellFrequent(number: (typeof FREQUENT_EVENTS)[keyof typeof FREQUENT_EVENTS], event: WorldEvent): void {
    const row = this.#rows[number];
    if (row === undefined) this.tell(event);
    else this.#tellRow(row, event);
  }

  #tellRow(row: readonly Handler[], event: TraceEvent): void {
    const { moment } = this.#kernel;
    for (let i = 0; i < row.length; i++) row[i]?.(event, moment);
  }

  /** The world testifies; called only for a kind whose flag is set. */
  tell(event: WorldEvent): void {
    if (!this.#listens) {
      this.#witness.observe(event, this.#kernel.moment);
      return;
    }
    if (this.#listener.waitsFor(event.kind)) this.#listener.hear(event, this.#roles.leader());
    if (this.#witness.wants(event.kind)) this.#witness.observe(event, this.#kernel.moment);
  }
}

function handlersOf(witness: Witness, kind: TraceEvent['kind']): readonly Handler[] {
  return witness.handlers?.(kind) ?? [(event, moment) => witness.observe(event, moment)];
}
