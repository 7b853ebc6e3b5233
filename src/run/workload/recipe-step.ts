import type { RecipeEntry } from '../../check/history/recipe-entry.ts';
import type { Body } from '../../node/content.ts';

/** What the recorder of the history knows better than the recipe: who, when, and since when. */
type Recorded = 'kind' | 'handle' | 'session' | 'atUs' | 'invokedUs';

type WithoutRecorded<E> = E extends RecipeEntry ? Omit<E, Recorded> : never;

/** The entry of a history as the recipe itself tells it. */
export type RecipeClaim = WithoutRecorded<RecipeEntry>;

/**
 * The body of the fact `recipe-step`: what a client that follows a recipe believes from now on.
 *
 * - `cxid`: the handle's request that decided; its entry's `invokedUs` is when that was sent.
 * - `pending`: only an intent. It is told as it stands (with its outcome `unknown`) if the handle never gets
 *   to say what became of it; the handle's next step, whatever it is, takes its place.
 */
export type RecipeStep = Body & { readonly kind: 'recipe' } & (
    | { readonly claim: RecipeClaim; readonly cxid?: number; readonly pending?: boolean }
    /** The pending intent came to nothing, surely. */
    | { readonly claim: undefined }
  );
