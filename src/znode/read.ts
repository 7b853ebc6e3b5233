import { unreachable } from '../core/assert.ts';
import { type AuthId, maskedAcl, PERMS, permits } from './acl.ts';
import { authScheme } from './auth-schemes.ts';
import { ERRORS } from './errors.ts';
import type { Caller, ReadOperation } from './requests.ts';
import { failed, type ReadResult } from './results.ts';
import type { Tree } from './tree.ts';
import type { TreeNode } from './tree-node.ts';

/** Where and how a read is answered. */
export interface ReadContext {
  readonly tree: Tree;
  readonly skipAcl: boolean;
}

/**
 * Answers a read from the applied tree, at the zxid that was applied last; several reads of a multiRead see
 * the same tree. Changes nothing; watches are the caller's business. Source: FinalRequestProcessor.
 */
export function readTree(at: ReadContext, operation: ReadOperation, caller: Caller): ReadResult {
  switch (operation.kind) {
    case 'exists':
      if (operation.path.includes('\u0000')) return failed(ERRORS.BADARGUMENTS);
      return onNode(at, operation.path, PERMS.READ, caller, (node) => ({
        kind: 'stat',
        stat: at.tree.statOf(node),
      }));
    case 'getData':
    case 'getChildren':
    case 'getChildren2':
      return readNode(at, operation.kind, operation.path, caller);
    case 'getACL':
      return readAcl(at, operation.path, caller);
    case 'getAllChildrenNumber':
      return onNode(at, operation.path, PERMS.READ, caller, (node) => ({
        kind: 'number',
        // ZooKeeper's table has the root twice, and counts its own name where the empty one is asked for.
        number: at.tree.countBelow(node) + (operation.path === '' ? 1 : 0),
      }));
    case 'getEphemerals':
      return { kind: 'paths', paths: ownedBelow(at.tree, caller, operation.prefix) };
    case 'multiRead':
      return {
        kind: 'multiRead',
        results: operation.operations.map(({ kind, path }) => readNode(at, kind, path, caller)),
      };
    case 'sync':
      return { kind: 'synced', path: operation.path };
    case 'whoAmI':
      return { kind: 'identity', identity: caller.ids.map(named) };
    default:
      return unreachable(operation);
  }
}

function readNode(
  at: ReadContext,
  kind: 'getData' | 'getChildren' | 'getChildren2',
  path: string,
  caller: Caller,
): ReadResult {
  return onNode(at, path, PERMS.READ, caller, (node) => {
    const stat = at.tree.statOf(node);
    if (kind === 'getData') return { kind: 'data', data: node.data, stat };
    return { kind: 'children', children: at.tree.childrenOf(node), stat };
  });
}

/** Who may not change the list sees it without the passwords of digest ids. */
function readAcl(at: ReadContext, path: string, caller: Caller): ReadResult {
  return onNode(at, path, PERMS.READ | PERMS.ADMIN, caller, (node) => {
    const acl = at.tree.aclOf(node);
    const whole = at.skipAcl || permits(acl, PERMS.ADMIN, caller.ids);
    return { kind: 'acl', acl: whole ? acl : maskedAcl(acl), stat: at.tree.statOf(node) };
  });
}

function onNode(
  { tree, skipAcl }: ReadContext,
  path: string,
  needed: number,
  caller: Caller,
  answer: (node: TreeNode) => ReadResult,
): ReadResult {
  const node = tree.get(path);
  if (node === undefined) return failed(ERRORS.NONODE);
  if (!skipAcl && !permits(tree.aclOf(node), needed, caller.ids)) return failed(ERRORS.NOAUTH);
  return answer(node);
}

function ownedBelow(tree: Tree, caller: Caller, prefix: string): string[] {
  const below = prefix.trim();
  const owned = tree.ownedBy(caller.session);
  return below === '' || below === '/' ? owned : owned.filter((path) => path.startsWith(prefix));
}

function named({ scheme, id }: AuthId): AuthId {
  return { scheme, id: authScheme(scheme)?.userName(id) ?? '' };
}
