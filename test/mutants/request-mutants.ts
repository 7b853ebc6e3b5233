import type { ServiceMutant } from './service-harness.ts';

/** Mistakes that show only in requests, in loads, or over terms of a leader that few plans have. */
export const REQUEST_MUTANTS = {
  expiresTheEnded: {
    name: 'a session that has ended is watched over until its time is over',
    patches: [
      {
        file: 'frontend.ts',
        find: '#ended(session: SessionId): void {\n    this.tracker.remove(session);',
        put: '#ended(session: SessionId): void {',
      },
    ],
  },
  anyAddress: {
    name: 'an access list that goes by addresses lets everybody in',
    patches: [
      {
        file: 'ip-address.ts',
        find: 'return (own & mask) === (listed.address & mask);',
        put: 'return (own & mask) === (own & mask);',
      },
    ],
  },
  takesAnyPath: {
    name: 'setData does not look whether a path is well formed',
    patches: [
      {
        file: 'prepare-change.ts',
        find: `  if (!isValidPath(path)) return errorTxn(ERRORS.BADARGUMENTS);
  const node = at.pending.find(path);
  if (node === undefined) return errorTxn(ERRORS.NONODE);
  if (!mayAccess(at, node, PERMS.WRITE))`,
        put: `  const node = at.pending.find(path);
  if (node === undefined) return errorTxn(ERRORS.NONODE);
  if (!mayAccess(at, node, PERMS.WRITE))`,
      },
    ],
  },
  deletesSpecial: {
    name: 'nodes of the server’s own may be deleted',
    patches: [
      {
        file: 'path.ts',
        find: "new Set(['/', '/zookeeper', '/zookeeper/quota', '/zookeeper/config'])",
        put: "new Set(['/'])",
      },
    ],
  },
  takesEmptyAcl: {
    name: 'an access list may be empty',
    patches: [
      {
        file: 'acl.ts',
        find: 'if (acl === null || acl.length === 0) return undefined;',
        put: 'if (acl === null) return undefined;',
      },
    ],
  },
  keepsDoubles: {
    name: 'an entry that is listed twice is stored twice',
    patches: [
      {
        file: 'acl.ts',
        find: 'for (const entry of withoutDuplicates(acl)) {',
        put: 'for (const entry of acl) {',
      },
    ],
  },
  authIsTheFirst: {
    name: '`auth` stands for the first id that the client has proven, alone',
    patches: [
      {
        file: 'acl.ts',
        find: 'for (const { scheme, id } of proven) fixed.push',
        put: 'for (const { scheme, id } of proven.slice(0, 1)) fixed.push',
      },
    ],
  },
  provesLate: {
    name: 'a write goes out with what its client has proven since',
    patches: [
      {
        file: 'request-path.ts',
        find: 'const body: ZnodeRequest = { ids, ...operation };',
        put: 'const body: ZnodeRequest = { ids: connection.ids, ...operation };',
      },
    ],
  },
  livesForEver: {
    name: 'what a multi makes with a time to live stays',
    patches: [
      {
        file: 'prepare-multi.ts',
        find: "return operation.kind === 'createTTL' ? operation : undefined;",
        put: "return { ...operation, kind: 'create', flags: 0 };",
      },
    ],
  },
  remembersFailed: {
    name: 'what a failed multi had prepared stays in the list of all that is prepared',
    patches: [{ file: 'pending-changes.ts', find: 'this.#records.length -= undo.length;', put: '' }],
  },
  missesEnds: {
    name: 'who brings a watch of children along does not hear that the node went meanwhile',
    patches: [
      {
        file: 'watch-events.ts',
        find: `    if (node === undefined) missed.push({ type: 'deleted', path });
    else if (node.stat.pzxid > since)`,
        put: `    if (node === undefined) continue;
    else if (node.stat.pzxid > since)`,
      },
    ],
  },
  laterAcl: {
    name: 'who hears of the parts of a multi is told by the access lists that are left behind it',
    patches: [
      {
        file: 'watch-events.ts',
        find: 'parts.length > 1 ? deletionsIn(parts) : undefined',
        put: 'parts.length > 100 ? deletionsIn(parts) : undefined',
      },
    ],
  },
  reapsOnceMore: {
    name: 'a leader that leads again goes on with what it had found to reap in its first term',
    patches: [
      {
        file: 'reaper.ts',
        find: 'this.#found = [];\n    this.#gateway.cancelTimer',
        put: 'this.#gateway.cancelTimer',
      },
    ],
  },
} as const satisfies Record<string, ServiceMutant>;
