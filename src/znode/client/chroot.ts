import type { MultiOperation, MultiReadOperation, Operation } from '../requests.ts';

/** The path on the servers of a path under a chroot; `''` is no chroot. Source: ZooKeeper.prependChroot. */
export function outward(chroot: string, path: string): string {
  if (chroot === '') return path;
  return path === '/' ? chroot : chroot + path;
}

/** The path under the chroot of a path on the servers. Source: ClientCnxn.stripChroot. */
export function inward(chroot: string, path: string): string {
  if (chroot === '' || !path.startsWith(chroot)) return path;
  return path.length === chroot.length ? '/' : path.slice(chroot.length);
}

/** The operation as it goes over the wire. */
export function underChroot(chroot: string, operation: Operation): Operation {
  if (chroot === '') return operation;
  if (operation.kind === 'getEphemerals') {
    return { ...operation, prefix: outward(chroot, operation.prefix) };
  }
  if (operation.kind === 'multi') {
    return { ...operation, operations: operation.operations.map((part) => moved(chroot, part)) };
  }
  if (operation.kind === 'multiRead') {
    return { ...operation, operations: operation.operations.map((part) => moved(chroot, part)) };
  }
  return 'path' in operation ? moved(chroot, operation) : operation;
}

function moved<O extends MultiOperation | MultiReadOperation | (Operation & { readonly path: string })>(
  chroot: string,
  operation: O,
): O {
  return { ...operation, path: outward(chroot, operation.path) };
}
