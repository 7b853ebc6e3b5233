import type { TraceEvent } from '../../node/facts.ts';
import type { NodeId } from '../../node/ids.ts';
import type { Verb } from '../../sim/fault.ts';
import type { Witness } from '../../sim/profile.ts';
import { MarksSeen } from './marks.ts';

/** What is told apart: what servers decide, and what befalls their processes and disks. */
const KINDS = [
  'looking',
  'vote-changed',
  'leader-elected',
  'leader-followed',
  'epoch-offered',
  'epoch-accepted',
  'epoch-acked',
  'leader-synchronizing',
  'sync-chosen',
  'log-truncated',
  'snapshot-installed',
  'epoch-adopted',
  'new-leader-acked',
  'leader-established',
  'up-to-date-sent',
  'follower-synced',
  'txn-proposed',
  'txn-committed',
  'recovered',
  'fast-forwarded',
  'snapshot-taken',
  'leader-resigned',
  'leader-left',
  'message-unexpected',
  'crashed',
  'restarted',
  'paused',
  'resumed',
  'wiped',
  'lost',
  'corrupted',
  'handing-over',
  'handed-over',
  'hand-over-ended',
  'catching-up',
  'catch-up-ended',
  'config-adopted',
] as const satisfies readonly TraceEvent['kind'][];

/** Faults that are in force for a while. */
const LASTING = [
  'pause',
  'partition',
  'isolate',
  'cut',
  'refuse',
  'slow',
  'loss',
  'bandwidth',
  'slowDisk',
  'failSync',
  'fullDisk',
  'skew',
  'drift',
] as const satisfies readonly Verb[];

/** How far a server has come since it looked for a leader: the phases of ZAB. */
const PHASES = ['down', 'election', 'discovery', 'synchronization', 'broadcast'] as const;

const K = KINDS.length;
const P = PHASES.length;
/** None is in force, or one. */
const F = LASTING.length + 1;
const PAIRS_FROM = K * P * F;

/** How many things can be covered. */
export const FEATURES = PAIRS_FROM + K * K;

const PHASE_AFTER: { readonly [K in TraceEvent['kind']]?: number } = {
  looking: 1,
  'leader-elected': 2,
  'leader-followed': 2,
  'leader-synchronizing': 3,
  'epoch-acked': 3,
  'leader-established': 4,
  'follower-synced': 4,
  crashed: 0,
};

/**
 * What a run covers. A feature is a fact that a server in some phase reports while some fault is in force, or
 * two facts that a server reports one after the other.
 */
export class Coverage implements Witness {
  readonly marks = new MarksSeen();
  readonly #seen = new Uint8Array(FEATURES);
  readonly #features: number[] = [];
  readonly #phase = new Map<NodeId, number>();
  readonly #last = new Map<NodeId, number>();
  /** By fault: which of `LASTING` it is. */
  readonly #inForce = new Map<string, number>();

  /** The features seen, each once. */
  get features(): readonly number[] {
    return this.#features;
  }

  wants(kind: TraceEvent['kind']): boolean {
    return INDEX.has(kind) || kind === 'fault-fired' || kind === 'fault-ended';
  }

  observe(event: TraceEvent): void {
    switch (event.kind) {
      case 'fault-fired': {
        const index = (LASTING as readonly string[]).indexOf(event.verb);
        if (index >= 0 && event.effect) this.#inForce.set(event.name, index);
        return;
      }
      case 'fault-ended':
        this.#inForce.delete(event.name);
        return;
      default: {
        const kind = INDEX.get(event.kind);
        if (kind === undefined || !('server' in event)) return;
        this.#see(kind, event.server);
        const after = PHASE_AFTER[event.kind];
        this.marks.observe(event, PHASES[this.#phase.get(event.server) ?? 0] ?? 'down');
        if (after !== undefined) this.#phase.set(event.server, after);
      }
    }
  }

  #see(kind: number, server: NodeId): void {
    const place = (kind * P + (this.#phase.get(server) ?? 0)) * F;
    if (this.#inForce.size === 0) this.#add(place);
    else for (const index of this.#inForce.values()) this.#add(place + 1 + index);
    const last = this.#last.get(server);
    if (last !== undefined) this.#add(PAIRS_FROM + last * K + kind);
    this.#last.set(server, kind);
  }

  #add(feature: number): void {
    if (this.#seen[feature] === 1) return;
    this.#seen[feature] = 1;
    this.#features.push(feature);
  }
}

const INDEX: ReadonlyMap<TraceEvent['kind'], number> = new Map(KINDS.map((kind, index) => [kind, index]));

/** A feature in words, for people who ask what a campaign came upon. */
export function featureText(feature: number): string {
  if (feature >= PAIRS_FROM) {
    const pair = feature - PAIRS_FROM;
    return `${KINDS[Math.floor(pair / K)]}, then ${KINDS[pair % K]}`;
  }
  const fault = feature % F;
  const phase = Math.floor(feature / F) % P;
  const kind = Math.floor(feature / F / P);
  return `${KINDS[kind]} in ${PHASES[phase]}${fault === 0 ? '' : ` with ${LASTING[fault - 1]}`}`;
}
