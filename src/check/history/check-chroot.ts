import type { OpEntry } from './client-history.ts';
import type { IndexedHistory } from './indexed-history.ts';
import type { Request } from './request.ts';
import type { Verdicts } from './verdicts.ts';

/**
 * K5: whatever a client under a chroot asks for lies below it, once; but for the nodes that the chroot itself
 * is made of. Only for our own clients. Linear. Source: ZooKeeper.prependChroot.
 */
export function checkChroot({ header, ops }: IndexedHistory, verdicts: Verdicts): void {
  const { chroot = '', ownClients } = header;
  if (chroot === '' || ownClients !== true) return;
  for (const op of ops) {
    const stray = pathsIn(op.request).find(
      (path) => !isBelow(path, chroot) || isBelow(path, chroot + chroot),
    );
    if (stray === undefined || makesChroot(op, chroot)) continue;
    verdicts.accuse({
      predicate: 'K5',
      rule: 'a client asked for what is not below its chroot',
      ops: [op.id],
      zxid: op.zxid,
      expected: `something below ${chroot}`,
      seen: stray,
    });
  }
}

function isBelow(path: string, base: string): boolean {
  return path === base || path.startsWith(`${base}/`);
}

function makesChroot({ request }: OpEntry, chroot: string): boolean {
  return request.op === 'create' && isBelow(chroot, request.path);
}

function pathsIn(request: Request): readonly string[] {
  switch (request.op) {
    case 'multi':
    case 'multiRead':
      return request.parts.map(({ path }) => path);
    case 'setWatches':
      return [
        ...request.data,
        ...request.exist,
        ...request.child,
        ...request.persistent,
        ...request.recursive,
      ];
    case 'getEphemerals':
      return [request.prefix];
    default:
      return 'path' in request ? [request.path] : [];
  }
}
