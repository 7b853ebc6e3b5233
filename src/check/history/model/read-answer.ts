import type { AclEntry, Identity, PartResult, PathRead, ReadRequest, Result } from '../request.ts';
import type { ModelTree } from './model-tree.ts';
import { ADMIN, permits, READ } from './permits.ts';

/** What a read must answer; the children are in no order. */
export interface ReadAnswer {
  readonly error: number;
  readonly result: Result;
}

/** Who reads. */
export interface Reader {
  readonly session: string;
  readonly identities: readonly Identity[];
}

/** What a read must answer in this state. Source: FinalRequestProcessor. */
export function answerRead(tree: ModelTree, request: ReadRequest, reader: Reader): ReadAnswer {
  switch (request.op) {
    case 'getEphemerals': {
      const paths = [...tree.ephemeralsOf(reader.session)].filter((path) => path.startsWith(request.prefix));
      return { error: 0, result: { paths } };
    }
    case 'multiRead':
      return { error: 0, result: { parts: request.parts.map((part) => answerPath(tree, part, reader)) } };
    case 'getACL':
    case 'getAllChildrenNumber':
      return answerRest(tree, request, reader);
    default: {
      const { error, ...result } = answerPath(tree, request, reader);
      return { error, result };
    }
  }
}

function answerPath(tree: ModelTree, request: PathRead, reader: Reader): PartResult {
  if (request.op === 'exists' && request.path.includes('\u0000')) return { error: -8 };
  const node = tree.get(request.path === '' ? '/' : request.path);
  if (node === undefined) return { error: -101 };
  if (!permits(node.acl, READ, reader.identities)) return { error: -102 };
  const stat = node.stat();
  if (request.op === 'exists') return { error: 0, stat };
  if (request.op === 'getData') return { error: 0, data: node.data, stat };
  return { error: 0, children: [...node.children], stat };
}

function answerRest(
  tree: ModelTree,
  request: Extract<ReadRequest, { op: 'getACL' | 'getAllChildrenNumber' }>,
  reader: Reader,
): ReadAnswer {
  const node = tree.get(request.path);
  if (node === undefined) return { error: -101, result: {} };
  if (request.op === 'getAllChildrenNumber') {
    if (!permits(node.acl, READ, reader.identities)) return { error: -102, result: {} };
    return { error: 0, result: { count: tree.countBelow(request.path) } };
  }
  if (!permits(node.acl, READ | ADMIN, reader.identities)) return { error: -102, result: {} };
  const whole = node.acl === null || permits(node.acl, ADMIN, reader.identities);
  const acl = whole ? node.acl : (node.acl ?? []).map(masked);
  return { error: 0, result: { acl, stat: node.stat() } };
}

function masked(entry: AclEntry): AclEntry {
  if (entry.scheme !== 'digest') return entry;
  return { ...entry, id: `${entry.id.slice(0, entry.id.indexOf(':'))}:x` };
}
