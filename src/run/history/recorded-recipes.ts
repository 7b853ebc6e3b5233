import type { RecipeEntry } from '../../check/history/recipe-entry.ts';
import type { ClientFact } from '../../node/client-facts.ts';
import type { RecipeClaim, RecipeStep } from '../workload/recipe-step.ts';
import type { RecordedConnections } from './recorded-connections.ts';

type Step = Extract<ClientFact, { kind: 'recipe-step' }>;

/** The recipes whose entries say since when. */
const TIMED: ReadonlySet<RecipeClaim['recipe']> = new Set(['queue', 'priority-queue', 'counter']);

function isFinalLook(claim: RecipeClaim): boolean {
  return claim.recipe === 'queue-end' || ('step' in claim && claim.step === 'remaining');
}

/** What clients that follow recipes believe. */
export class RecordedRecipes {
  readonly #connections: RecordedConnections;
  readonly #entries: RecipeEntry[] = [];
  /** By handle: the intent of which nothing more was heard. */
  readonly #pending = new Map<number, RecipeEntry>();

  constructor(connections: RecordedConnections) {
    this.#connections = connections;
  }

  observe({ server, handle, step }: Step, atUs: number): void {
    const number = this.#connections.handleOf(server, handle);
    this.#pending.delete(number);
    const told = step as RecipeStep;
    if (told.claim === undefined) return;
    // Who may be shown an old state does not know what is left.
    if (isFinalLook(told.claim) && this.#connections.isReadOnly(number)) return;
    const entry = this.#entry(number, told.claim, told.cxid, atUs);
    if (told.pending === true) this.#pending.set(number, entry);
    else this.#entries.push(entry);
  }

  /** All claims, and the intents that nobody took back. */
  entries(): readonly RecipeEntry[] {
    return [...this.#entries, ...this.#pending.values()];
  }

  #entry(handle: number, claim: RecipeClaim, cxid: number | undefined, atUs: number): RecipeEntry {
    const session = this.#connections.sessionOf(handle);
    const told = { kind: 'recipe', ...claim, handle, session, atUs } as const;
    if (!TIMED.has(claim.recipe)) return told as RecipeEntry;
    const sentUs = cxid === undefined ? undefined : this.#connections.sentUs(handle, cxid);
    return { ...told, invokedUs: sentUs ?? atUs } as RecipeEntry;
  }
}
