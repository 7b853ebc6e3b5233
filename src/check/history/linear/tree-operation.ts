import type { Bytes } from '../request.ts';

/** A change of one path, as the tree model of the search knows it. */
export type TreeChange =
  | { readonly op: 'create'; readonly path: string; readonly data: Bytes; readonly owner: string }
  | { readonly op: 'delete'; readonly path: string; readonly version: number }
  | { readonly op: 'setData'; readonly path: string; readonly data: Bytes; readonly version: number }
  | { readonly op: 'check'; readonly path: string; readonly version: number };

/** What the tree model of the search is asked. */
export type TreeInput =
  | TreeChange
  | { readonly op: 'multi'; readonly parts: readonly TreeChange[] }
  | { readonly op: 'get'; readonly path: string }
  | { readonly op: 'list'; readonly path: string }
  | { readonly op: 'getMany'; readonly paths: readonly string[] }
  /** The session of ephemerals ends: they go, those that are still that session's. */
  | { readonly op: 'vanish'; readonly paths: readonly string[]; readonly owner: string };

/** What was answered; of a multi the code of the part that failed. What nobody answered is missing. */
export interface TreeOutput {
  readonly error: number;
  readonly version?: number;
  readonly data?: Bytes;
  readonly children?: ReadonlySet<string>;
  /** Of `getMany`. */
  readonly many?: readonly TreeOutput[];
}
