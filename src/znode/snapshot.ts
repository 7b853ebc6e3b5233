import { unreachable } from '../core/assert.ts';
import type { SessionId } from '../node/ids.ts';
import type { Chunk, Cursor } from '../node/service.ts';
import { type Acl, OPEN_ACL } from './acl.ts';
import { OPEN_ACL_ID } from './acl-table.ts';
import { contentDigest } from './content-digest.ts';
import { childPath, ROOT } from './path.ts';
import type { Data } from './requests.ts';
import type { ZnodeRules } from './rules.ts';
import type { Sessions } from './sessions.ts';
import type { StoredStat } from './stat.ts';
import type { Tree } from './tree.ts';

/** A node in a snapshot. Its children follow, each with its own path. */
export interface NodeImage {
  readonly path: string;
  readonly data: Data;
  readonly aclId: number;
  readonly stat: StoredStat;
}

/** An access list under its place in the table. */
export type AclImage = readonly [id: number, acl: Acl];

/** A piece of a snapshot: first all sessions, then the access lists, then the nodes, parents first. */
export type ZnodeChunk = Chunk &
  (
    | { readonly kind: 'sessions'; readonly sessions: readonly (readonly [SessionId, number])[] }
    | { readonly kind: 'acls'; readonly acls: readonly AclImage[] }
    /** `acls`: lists that these nodes use and that came up after the table was written. */
    | { readonly kind: 'nodes'; readonly nodes: readonly NodeImage[]; readonly acls: readonly AclImage[] }
  );

/** How many things one piece holds: few, so that transactions come between two pieces. */
export const ITEMS_IN_CHUNK = 2;

/** What a snapshot holds. */
export interface Captured {
  readonly tree: Tree;
  readonly sessions: Sessions;
}

/**
 * Begins a fuzzy snapshot: each piece shows the state of its own moment. A node's children are those that it
 * had when it was written itself; one that is gone when its turn comes is left out. Source:
 * SerializeUtils.serializeSnapshot, DataTree.serializeNode.
 */
export function captureState(
  { tree, sessions }: Captured,
  rules: Pick<ZnodeRules, 'snapshotBringsLateAcls'>,
): Cursor {
  const open = sessions.entries();
  let listed: number[] | undefined;
  const written = new Set<number>([OPEN_ACL_ID]);
  const toVisit = [ROOT];

  const imageOfAcl = (id: number): AclImage[] => {
    const acl = written.has(id) ? undefined : tree.acls.get(id);
    written.add(id);
    return acl === undefined ? [] : [[id, acl]];
  };
  const nodes = (): ZnodeChunk | undefined => {
    const images: NodeImage[] = [];
    const acls: AclImage[] = [];
    while (images.length < ITEMS_IN_CHUNK) {
      const path = toVisit.pop();
      if (path === undefined) break;
      const node = tree.get(path);
      if (node === undefined) continue;
      const { data, aclId, stat } = node;
      images.push({ path, data, aclId, stat });
      if (rules.snapshotBringsLateAcls) acls.push(...imageOfAcl(aclId));
      for (const name of tree.childrenOf(node).reverse()) toVisit.push(childPath(path, name));
    }
    return images.length === 0 ? undefined : chunk({ kind: 'nodes', nodes: images, acls });
  };
  return {
    next: () => {
      if (open.length > 0) return chunk({ kind: 'sessions', sessions: open.splice(0, ITEMS_IN_CHUNK) });
      listed ??= tree.acls.ids();
      while (listed.length > 0) {
        const acls = listed.splice(0, ITEMS_IN_CHUNK).flatMap(imageOfAcl);
        if (acls.length > 0) return chunk({ kind: 'acls', acls });
      }
      return nodes();
    },
  };
}

/**
 * Puts one piece of a snapshot into the cleared state. `lists` keeps the access lists from piece to piece:
 * their places in the snapshot mean nothing to the tree. Source: DataTree.deserialize.
 */
export function restoreChunk({ tree, sessions }: Captured, piece: ZnodeChunk, lists: Map<number, Acl>): void {
  switch (piece.kind) {
    case 'sessions':
      for (const [session, timeoutMs] of piece.sessions) sessions.open(session, timeoutMs);
      return;
    case 'acls':
      for (const [id, acl] of piece.acls) lists.set(id, acl);
      return;
    case 'nodes':
      for (const [id, acl] of piece.acls) lists.set(id, acl);
      for (const { path, data, aclId, stat } of piece.nodes) {
        tree.put(path, data, lists.get(aclId) ?? OPEN_ACL, stat);
      }
      return;
    default:
      unreachable(piece);
  }
}

type Content<C> = C extends unknown ? Omit<C, 'digest'> : never;

function chunk(content: Content<ZnodeChunk>): ZnodeChunk {
  return { ...content, digest: contentDigest(content) } as ZnodeChunk;
}
