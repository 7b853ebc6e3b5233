import { type Acl, OPEN_ACL, PERMS } from '../../znode/acl.ts';
import type { CreateTtl, Data, MultiOperation, Operation } from '../../znode/requests.ts';
import { create, list, MODE, persistent, read, remove, write } from './operations.ts';

/** What odd requests are made from. `draw(n)` gives 0..n−1. */
export interface OddMeans {
  readonly draw: (bound: number) => number;
  /** A path that makes sense. */
  readonly path: string;
  /** A node below the root. */
  readonly key: string;
  readonly data: Data;
  /** Whether the paths are below a chroot. */
  readonly isBelow: boolean;
}

/** Nodes that are always there, and of which clients seldom ask for anything. */
const OWN = ['/', '/zookeeper', '/zookeeper/quota'] as const;
/** Times to live, ms: short ones, and two that there cannot be. */
const TTLS = [500, 2000, 0, 2 ** 40] as const;

/**
 * A request that most clients never send: malformed paths, nodes of the server's own, lists that are empty or
 * say things twice, multis of unusual parts. It has one right answer like any other.
 */
export function oddOperation(means: OddMeans): readonly Operation[] {
  const { draw, data, path } = means;
  switch (draw(7)) {
    case 0:
      return [ofAnyKind(means, malformed(means))];
    case 1:
      return [ofAnyKind(means, OWN[draw(OWN.length)] ?? '/')];
    case 2:
      return [create(path, draw(2) === 0 ? MODE.persistent : MODE.sequential, data, oddAcl(draw))];
    case 3:
      return [{ kind: 'setACL', path, acl: oddAcl(draw), version: -1 }];
    case 4:
      return [timed(means)];
    default:
      return [{ kind: 'multi', operations: oddParts(means) }];
  }
}

/**
 * A path that is none. Below a chroot every path begins with `/`, or a client of ZooKeeper's does not send it
 * (PathUtils.validatePath, before prependChroot).
 */
function malformed({ draw, key, isBelow }: OddMeans): string {
  const all = [
    isBelow ? '//' : '',
    isBelow ? '/.' : key.slice(1),
    `/${key}`,
    `${key}/`,
    `${key}//c0`,
    `/.${key}`,
    `${key}/..`,
    `${key}\u0001`,
  ];
  return [...all, `${key}/\uf000`, `${key}\u0000`][draw(all.length + 2)] ?? '';
}

/** So many of the kinds below write. */
const WRITING = 8;

/** What is asked of a path of which it makes no sense, or changes nothing. */
function ofAnyKind({ draw, data }: OddMeans, path: string): Operation {
  const watch = draw(3) === 0;
  const all: readonly (() => Operation)[] = [
    () => persistent(path, data),
    () => create(path, MODE.ephemeralSequential, data),
    () => create(path, MODE.container, data),
    () => remove(path),
    () => remove(path),
    () => write(path, data),
    () => write(path, data, draw(2)),
    () => ({ kind: 'multi', operations: [{ kind: 'check', path, version: draw(2) - 1 }] }),
    () => ({ kind: 'exists', path, watch }),
    () => read(path, watch),
    () => list(path, watch),
    () => ({ kind: 'getACL', path }),
    () => ({ kind: 'getAllChildrenNumber', path }),
    () => ({ kind: 'multiRead', operations: [{ kind: 'getData', path }] }),
    () => ({ kind: 'sync', path }),
  ];
  // To read, the empty path is another name of the root, which no client of ZooKeeper's can send.
  return (all[draw(path === '' ? WRITING : all.length)] as () => Operation)();
}

/** Nobody; somebody twice; all that a client is, once or twice; all that it is beside everybody. */
function oddAcl(draw: OddMeans['draw']): Acl {
  const own = { perms: PERMS.ALL, scheme: 'auth', id: '' };
  const anyone = { perms: PERMS.READ, scheme: 'world', id: 'anyone' };
  const lists: readonly Acl[] = [[], [...OPEN_ACL, anyone, anyone], [own], [own, own], [own, anyone]];
  return lists[draw(lists.length)] ?? OPEN_ACL;
}

function timed({ draw, path, key, data }: OddMeans): CreateTtl {
  const ttlMs = TTLS[draw(TTLS.length)] ?? 0;
  const made = draw(3) === 0 ? create(`${key}/s-`, MODE.sequentialTtl, data) : create(path, MODE.ttl, data);
  return { ...made, kind: 'createTTL', ttlMs };
}

/** A check that comes late, a node that lives for a while, or nothing at all. */
function oddParts(means: OddMeans): MultiOperation[] {
  const { draw, path, key, data } = means;
  const check: MultiOperation = { kind: 'check', path, version: draw(3) - 1 };
  switch (draw(5)) {
    case 0:
      return [];
    case 1:
      return [timed(means), write(path, data)];
    case 2:
      return [write(path, data), check, remove(`${key}/c1`)];
    case 3:
      return [persistent(path, data), check, remove(path)];
    default:
      return [write('/', data), remove('/zookeeper/config')].slice(0, 1 + draw(2));
  }
}
