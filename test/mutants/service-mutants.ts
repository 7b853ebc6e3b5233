import { CODE_MUTANTS } from './code-mutants.ts';
import type { ServiceMutant } from './service-harness.ts';

/** Mistakes in the service, by what clients see of them. */
export const SERVICE_MUTANTS = {
  ...CODE_MUTANTS,
  removesTooMuch: {
    name: 'who removes a watch of children loses a persistent one with it',
    patches: [
      {
        file: 'watch-table.ts',
        find: "children: [['child', STANDARD]],",
        put: "children: [['child', STANDARD | PERSISTENT]],",
      },
    ],
  },
  submitsTwice: {
    name: 'a write goes to the leader twice',
    patches: [
      {
        file: 'request-path.ts',
        find: '      gateway.submit(request);\n    }\n  }',
        put: '      gateway.submit(request);\n      gateway.submit(request);\n    }\n  }',
      },
    ],
  },
  readsOvertake: {
    name: 'a read does not wait for the write that it follows',
    patches: [
      {
        file: 'request-path.ts',
        find: 'if (queue === undefined && !waits) {',
        put: 'if (!waits) {',
      },
    ],
  },
  admitsAnybody: {
    name: 'a server lets a client in that has seen more than it has',
    patches: [
      {
        file: 'session-door.ts',
        find: 'request.lastZxidSeen > connection.askedAt',
        put: 'request.lastZxidSeen < 0',
      },
    ],
  },
  keepsOldData: {
    name: 'a setData changes the Stat and not always the data',
    patches: [
      {
        file: 'apply.ts',
        find: 'const err = tree.setData(txn.path, txn.data, txn.version, at);',
        put: `const kept = tree.get(txn.path)?.data ?? null;
      const err = tree.setData(txn.path, zxid % 7 === 0 ? kept : txn.data, txn.version, at);`,
      },
    ],
  },
  ignoresVersions: {
    name: 'a setData goes through whatever version was expected',
    patches: [
      {
        file: 'prepare-change.ts',
        find: `if (!versionMatches(version, node.stat.version)) return errorTxn(ERRORS.BADVERSION);
  const next`,
        put: 'const next',
      },
    ],
  },
  halfMultis: {
    name: 'the good parts of a failed multi are applied',
    patches: [
      {
        file: 'apply.ts',
        find: 'const results = txn.parts.map((part) => failed(part.kind',
        put: `txn.parts.map((part) => applyChange(to, part, header, zxid));
    const results = txn.parts.map((part) => failed(part.kind`,
      },
    ],
  },
  losesOwners: {
    name: 'a snapshot forgets whose the ephemeral nodes are',
    patches: [
      {
        file: 'snapshot.ts',
        find: 'images.push({ path, data, aclId, stat });',
        put: "images.push({ path, data, aclId, stat: { ...stat, owner: '0000000000000000' } });",
      },
    ],
  },
  answersFirst: {
    name: 'the events of a transaction come after its answer',
    patches: [
      {
        file: 'request-path.ts',
        find: `    const { watches, store, options } = this.#host;
    for (const`,
        put: `    const { watches, store, options } = this.#host;
    const early = this.#queues.get(session)?.first();
    if (early !== undefined && early.xid === cxid && early.operation.kind !== 'sync') {
      this.#answerWrite(early, result, zxid);
      this.#goOn(session);
    }
    for (const`,
      },
    ],
  },
  forgetsParents: {
    name: 'watches of children do not hear of a deletion',
    patches: [
      {
        file: 'watch-events.ts',
        find: `due(index, 'deleted', part.path, watches.triggerChildless(part.path, served));
      childrenChanged(index, part.path);`,
        put: "due(index, 'deleted', part.path, watches.triggerChildless(part.path, served));",
      },
    ],
  },
  firesForEver: {
    name: 'a watch that has fired stays',
    patches: [
      {
        file: 'watch-table.ts',
        find: 'if ((modes & STANDARD) !== 0) this.#drop(kind, path, connection, STANDARD);',
        put: '',
      },
    ],
  },
  rearmsBlindly: {
    name: 'what happened while a client was away is not made up for',
    patches: [
      {
        file: 'watch-events.ts',
        find: `else if (node.stat.mzxid > since) missed.push({ type: 'data-changed', path });
    else watches`,
        put: 'else watches',
      },
    ],
  },
  leavesEphemerals: {
    name: 'the end of a session leaves one of its nodes behind',
    patches: [
      {
        file: 'prepare-session.ts',
        find: 'const paths = [...owned].sort(byUnits);',
        put: 'const paths = [...owned].sort(byUnits).slice(1);',
      },
      {
        file: 'apply.ts',
        find: 'for (const path of tree.ownedBy(session)) remove(path);',
        put: '',
      },
    ],
  },
  dropsTouches: {
    name: 'the leader does not hear of the clients of others',
    patches: [
      {
        file: 'frontend.ts',
        find: 'if (sessionBook.knows(session) && !sessionBook.isClosing(session)) {\n        this.tracker',
        put: 'if (session === this.gateway.self.toString()) {\n        this.tracker',
      },
    ],
  },
  forgetsLocals: {
    name: 'a local session is not kept alive by what its client asks',
    patches: [
      {
        file: 'frontend.ts',
        find: 'if (sessionBook.isLocal(session)) {\n      this.tracker.touch(session, timeoutMs);',
        put: 'if (sessionBook.isLocal(session)) {',
      },
    ],
  },
  reapsEarly: {
    name: 'the leader removes TTL nodes before their time is over',
    patches: [
      {
        file: 'reaper.ts',
        find: 'nowMs - node.stat.mtimeMs > ttlOf(node.stat.owner)',
        put: 'nowMs - node.stat.mtimeMs > ttlOf(node.stat.owner) / 4',
      },
    ],
  },
  reapsUnused: {
    name: 'the leader removes containers that are not used yet',
    patches: [{ file: 'reaper.ts', find: 'if (cversion > 0 || abandoned)', put: 'if (cversion >= 0)' }],
  },
  reapsNothing: {
    name: 'the leader finds containers and TTL nodes that are due, and does not ask to remove them',
    patches: [{ file: 'reaper.ts', find: 'if (path !== undefined) {', put: 'if (path === "/") {' }],
  },
  losesContainers: {
    name: 'the tree does not know of its containers',
    patches: [
      {
        file: 'tree.ts',
        find: "if (kind === 'container') this.#containers.add(node.path);",
        put: '',
      },
    ],
  },
  expiresLate: {
    name: 'sessions are given three times their timeout',
    patches: [
      {
        file: 'expiry-queue.ts',
        find: 'const dueMs = (Math.floor((nowMs + timeoutMs) /',
        put: 'const dueMs = (Math.floor((nowMs + 3 * timeoutMs) /',
      },
    ],
  },
  syncsAtOnce: {
    name: 'sync is answered at once',
    patches: [
      {
        file: 'request-path.ts',
        find: "const waits = changes || (operation.kind === 'sync' && this.#isBarrier());",
        put: 'const waits = changes;',
      },
    ],
  },
  forgetsOwners: {
    name: 'a session that has moved may still write where it was',
    patches: [
      {
        file: 'session-book.ts',
        find: 'return present === undefined || present === owner ? ERRORS.OK : ERRORS.SESSIONMOVED;',
        put: 'return ERRORS.OK;',
      },
    ],
  },
  saysOver: {
    name: 'a new leader takes a session for over that has not spoken to it',
    patches: [
      {
        file: 'session-door.ts',
        find: 'if (!sessionBook.knows(session) || sessionBook.isClosing(session)) return false;',
        put: 'if (sessionBook.ownerOf(session) === undefined) return false;',
      },
    ],
  },
  firstOwnerStays: {
    name: 'a session that moves still belongs to where it was',
    patches: [
      {
        file: 'session-book.ts',
        find: 'if (this.knows(session) && !this.#closing.has(session)) this',
        put: 'if (this.knows(session) && !this.#owners.has(session)) this',
      },
    ],
  },
  touchesWithMost: {
    name: 'a learner passes its sessions on with the longest timeout that there is',
    patches: [
      {
        file: 'frontend.ts',
        find: "'read-only') {\n      this.#touches.set(session, timeoutMs);",
        put: "'read-only') {\n      this.#touches.set(session, this.options.maxSessionTimeoutMs);",
      },
    ],
  },
  keepsFirstEntry: {
    name: 'setACL stores the first entry of a list',
    patches: [
      {
        file: 'prepare-change.ts',
        find: 'const acl = fixupAcl(request.acl, at.caller.ids);',
        put: 'const acl = fixupAcl(request.acl, at.caller.ids)?.slice(0, 1);',
      },
    ],
  },
  removesInVain: {
    name: 'a watch is said to be removed that is not there',
    patches: [
      {
        file: 'request-path.ts',
        find: 'if (!watches.remove(operation.type, operation.path, connection)) err = ERRORS.NOWATCHER;',
        put: 'watches.remove(operation.type, operation.path, connection);',
      },
    ],
  },
  frees: {
    name: 'an ephemeral node of a multi is nobody’s',
    patches: [
      {
        file: 'apply.ts',
        find: 'applyChange(to, part, header, zxid)',
        put: "applyChange(to, 'ephemeral' in part ? { ...part, ephemeral: false } : part, header, zxid)",
      },
    ],
  },
  newLeaderForgets: {
    name: 'a new leader does not watch over the sessions that there are',
    patches: [
      {
        file: 'frontend.ts',
        find: 'of this.store.sessions) this.tracker',
        put: 'of [] as [SessionId, number][]) this.tracker',
      },
    ],
  },
  endedStaysConnected: {
    name: 'a connection stays when its session has ended',
    patches: [
      {
        file: 'frontend.ts',
        find: 'if (connection !== undefined) this.drop(connection);\n  }\n\n  synced',
        put: "if (connection?.state === 'fresh') this.drop(connection);\n  }\n\n  synced",
      },
    ],
  },
  hangsUp: {
    name: 'a server closes a connection that asks for more than it has time for',
    patches: [
      {
        file: 'frontend.ts',
        find: 'if (xid > 0) this.#count(connection);',
        put: 'if (xid > 0) this.#count(connection);\n      if (xid % 7 === 0) return this.drop(connection);',
      },
    ],
  },
  grantsAnything: {
    name: 'a session may have any timeout, however long',
    patches: [
      {
        file: 'session-door.ts',
        find: 'connection.timeoutMs = Math.min(\n        maxSessionTimeoutMs,',
        put: 'connection.timeoutMs = Math.max(\n        maxSessionTimeoutMs && 0,',
      },
    ],
  },
  namesTheFirst: {
    name: 'whoAmI names the first of several',
    patches: [{ file: 'read.ts', find: 'caller.ids.map(named)', put: 'caller.ids.slice(0, 1).map(named)' }],
  },
  miscountsPending: {
    name: 'a session that closes leaves its nodes in the counts of their parents',
    rules: { closeLowersChildCounts: false },
  },
  servesWithoutLeader: {
    name: 'a server that lost its leader goes on answering reads',
    patches: [
      {
        file: 'frontend.ts',
        find: '  close(): void {\n    this.role = undefined;',
        put: '  close(): void {\n    if (this.role !== undefined) return;',
      },
    ],
    zab: [
      {
        file: 'client-port.ts',
        find: '  close(): void {\n    this.#frontend = undefined;',
        put: '  close(): void {\n    if (this.#frontend !== undefined) return;',
      },
    ],
  },
  hidesFirstChild: {
    name: 'a list of children leaves the first of several out',
    patches: [
      {
        file: 'read.ts',
        find: "return { kind: 'children', children: at.tree.childrenOf(node), stat };",
        put: `const all = at.tree.childrenOf(node);
    return { kind: 'children', children: all.length > 1 ? all.slice(1) : all, stat };`,
      },
    ],
  },
  ignoresQuotas: {
    name: 'hard quotas refuse nothing',
    patches: [
      {
        file: 'quota-check.ts',
        find: 'if (!at.options.enforceQuota) return ERRORS.OK;',
        put: 'return ERRORS.OK;',
      },
    ],
  },
  countsOneLess: {
    name: 'a quota lets no node in that would fill it',
    patches: [
      {
        file: 'quota.ts',
        find: 'used.count + more.count > countHardLimit',
        put: 'used.count + more.count >= countHardLimit',
      },
    ],
  },
  forgetsUse: {
    name: 'what is deleted goes on counting for its quota',
    patches: [
      {
        file: 'tree.ts',
        find: 'this.#count(path, -1, -lengthOf(node.data));',
        put: 'this.#count(path, 0, 0);',
      },
    ],
  },
  takesAnyPassword: {
    name: 'a session goes on under any password',
    patches: [
      {
        file: 'session-door.ts',
        find: 'const proven = password === passwordOf(session);',
        put: 'const proven = password !== passwordOf(NO_SESSION);',
      },
    ],
  },
  claimsQuorum: {
    name: 'a server without a quorum says that it has one',
    patches: [{ file: 'frontend.ts', find: "this.role === 'read-only' ? 'ro' : 'rw'", put: "'rw'" }],
  },
  turnsReadersAway: {
    name: 'a server without a quorum lets nobody in',
    patches: [
      {
        file: 'session-door.ts',
        find: "if (role === 'read-only' && !request.readOnly) this",
        put: "if (role === 'read-only') this",
      },
    ],
  },
  hidesReadOnly: {
    name: 'a server without a quorum does not say so when it lets somebody in',
    patches: [
      {
        file: 'session-door.ts',
        find: "const readOnly = role === 'read-only';",
        put: 'const readOnly = false;',
      },
    ],
  },
  losesRequests: {
    name: 'now and then a write is not passed on',
    patches: [
      {
        file: 'request-path.ts',
        find: '      gateway.submit(request);\n    }\n  }',
        put: '      if (xid !== 9) gateway.submit(request);\n    }\n  }',
      },
    ],
  },
  closesForGood: {
    name: 'a server that has stopped serving once lets nobody in any more',
    patches: [
      {
        file: 'session-door.ts',
        find: '  connect(connection: Connection, request: Connect): void {',
        put: `  #shut = false;

  connect(connection: Connection, request: Connect): void {
    if (this.#shut) return this.#turnAway(connection, request.session, 'refused');`,
      },
      {
        file: 'session-door.ts',
        find: '  clear(): void {',
        put: '  clear(): void {\n    this.#shut = true;',
      },
    ],
  },
} as const satisfies Record<string, ServiceMutant>;
