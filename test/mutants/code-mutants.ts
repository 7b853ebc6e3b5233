import type { ServiceMutant } from './service-harness.ts';

/** Mistakes in the service that answer with a wrong code, or do what no code tells of. */
export const CODE_MUTANTS = {
  ownsUnasked: {
    name: 'ephemeral sequential nodes do not ask for a global session',
    patches: [
      {
        file: 'operation-class.ts',
        find: 'return operation.flags === 1 || operation.flags === 3;',
        put: 'return operation.flags === 1;',
      },
    ],
  },
  refusesLocals: {
    name: 'the leader knows its own local sessions alone',
    patches: [
      {
        file: 'session-book.ts',
        find: '!needsGlobal && serverOfSession(session) !== serverId',
        put: '!needsGlobal && serverOfSession(session) === serverId',
      },
    ],
  },
  neverUpgrades: {
    name: 'a local session never becomes a global one',
    patches: [
      {
        file: 'request-path.ts',
        find: 'if (!options.localSessionsUpgrading) return false;',
        put: 'if (!options.localSessionsUpgrading || timeoutMs > 0) return false;',
      },
    ],
  },
  namesLocals: {
    name: 'a create below an ephemeral node fails as that of a local session',
    patches: [
      {
        file: 'prepare-create.ts',
        find: 'return errorTxn(ERRORS.NOCHILDRENFOREPHEMERALS);',
        put: 'return errorTxn(ERRORS.EPHEMERALONLOCALSESSION);',
      },
    ],
  },
  losesWithoutQuorum: {
    name: 'a write without a quorum is answered as if the connection were lost',
    patches: [
      {
        file: 'request-path.ts',
        find: 'this.#reply(connection, xid, ERRORS.NOTREADONLY, undefined);',
        put: 'this.#reply(connection, xid, ERRORS.CONNECTIONLOSS, undefined);',
      },
    ],
  },
  blindWithoutQuorum: {
    name: 'a server without a quorum finds no node',
    patches: [
      {
        file: 'request-path.ts',
        find: "if (result.kind === 'failed') this.#reply(connection, xid, result.err, undefined);",
        put: `if (this.#host.role === 'read-only' && result.kind === 'data')
      this.#reply(connection, xid, ERRORS.NONODE, undefined);
    else if (result.kind === 'failed') this.#reply(connection, xid, result.err, undefined);`,
      },
    ],
  },
  garblesAbsence: {
    name: 'a setData of a node that is not there is taken for garbage',
    patches: [
      {
        file: 'prepare-change.ts',
        find: `if (node === undefined) return errorTxn(ERRORS.NONODE);
  if (!mayAccess(at, node, PERMS.WRITE))`,
        put: `if (node === undefined) return errorTxn(ERRORS.MARSHALLINGERROR);
  if (!mayAccess(at, node, PERMS.WRITE))`,
      },
    ],
  },
  timesSyncsOut: {
    name: 'every third sync is said to have taken too long',
    patches: [
      {
        file: 'request-path.ts',
        find: "if (head?.operation.kind !== 'sync') return;\n    this.#answer(head);",
        put: `if (head?.operation.kind !== 'sync') return;
    if (head.xid % 3 === 0) this.#reply(head.connection, head.xid, ERRORS.REQUESTTIMEOUT, undefined);
    else this.#answer(head);`,
      },
    ],
  },
  checksAway: {
    name: 'whoever asks whether there is a watch loses it',
    patches: [
      {
        file: 'request-path.ts',
        find: 'if (!watches.has(operation.type, operation.path, connection)) err = ERRORS.NOWATCHER;',
        put: 'if (!watches.remove(operation.type, operation.path, connection)) err = ERRORS.NOWATCHER;',
      },
    ],
  },
  keepsBarriers: {
    name: 'open barriers stay over the end of a role',
    patches: [
      {
        file: 'request-path.ts',
        find: '    this.#fenced.clear();\n    this.#barriers.clear();',
        put: '    this.#fenced.clear();',
      },
    ],
  },
  reapsAtOnce: {
    name: 'the leader asks to remove all that is due at once',
    patches: [
      {
        file: 'reaper.ts',
        find: 'path === undefined ? 0 : pauseMs(maxPerMinute) * 1000',
        put: '0 * maxPerMinute',
      },
    ],
  },
} as const satisfies Record<string, ServiceMutant>;
