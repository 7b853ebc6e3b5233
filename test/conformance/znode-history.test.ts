import { describe, expect, test } from 'vitest';
import { NO_SESSION } from '../../src/node/ids.ts';
import { DEFAULT_ZNODE_OPTIONS } from '../../src/znode/options.ts';
import type { Caller, MultiOperation, ZnodeRequest } from '../../src/znode/requests.ts';
import { FAITHFUL_ZNODE_RULES, FIXED_ZNODE_RULES } from '../../src/znode/rules.ts';
import { sessionIdOf } from '../../src/znode/session-id.ts';
import { ZnodeStore } from '../../src/znode/store.ts';
import type { ZnodeTxn } from '../../src/znode/txns.ts';
import {
  aclOf,
  bytesOf,
  type RealRequestBody,
  type RealStat,
  realHistory,
  txnOf,
  zxidOf,
} from './znode/real-history.ts';

/*
 * The transaction log, the snapshots and the tree of a real ZooKeeper 3.8.0 ensemble against ours: create
 * modes, null and empty data, access lists, a whole and an aborted multi, deletes, a UTF-8 path, ephemerals,
 * sessions.
 */

const history = realHistory();
const options = { ...DEFAULT_ZNODE_OPTIONS, extendedTypes: true, config: bytesOf(configText()) };
const nobody: Caller = {
  session: NO_SESSION,
  owner: 0,
  ids: [{ scheme: 'digest', id: 'bob:fyVmFCwVbTJYrznoSu1koqYEYF0=' }],
};

function configText(): string | null {
  return history.tree.find(({ path }) => path === '/zookeeper/config')?.data ?? null;
}

function hex64(decimal: string): string {
  return BigInt.asUintN(64, BigInt(decimal)).toString(16).padStart(16, '0');
}

function expectTree(store: ZnodeStore): void {
  for (const { path, data, stat, children, acl } of history.tree) {
    const got = store.read({ kind: 'getData', path, watch: false }, nobody);
    // Each server writes the time of its own start into the config node.
    const mtime = path === '/zookeeper/config' ? '0' : stat.mtime;
    expect(got, path).toEqual({ kind: 'data', data: bytesOf(data), stat: visible({ ...stat, mtime }) });
    expect(store.read({ kind: 'getChildren', path, watch: false }, nobody), path).toMatchObject({ children });
    expect(store.read({ kind: 'getACL', path }, nobody), path).toMatchObject({ acl: aclOf(acl) });
  }
  expect(store.tree.size).toBe(history.tree.length);
}

function visible(stat: RealStat) {
  return {
    czxid: zxidOf(stat.czxid),
    mzxid: zxidOf(stat.mzxid),
    pzxid: zxidOf(stat.pzxid),
    ctimeMs: Number(stat.ctime),
    mtimeMs: Number(stat.mtime),
    version: stat.version,
    cversion: stat.cversion,
    aversion: stat.aversion,
    ephemeralOwner: sessionIdOf(BigInt(stat.ephemeralOwner)),
    dataLength: stat.dataLength,
    numChildren: stat.numChildren,
  };
}

describe('the log of a real ensemble', () => {
  test('replays to the digest that the leader wrote behind each transaction', () => {
    const store = new ZnodeStore(options);
    let compared = 0;
    for (const real of history.txns) {
      store.apply(txnOf(real), zxidOf(real.header.zxid));
      if (real.digest === null) continue;
      expect(store.treeDigest(), real.header.zxid).toBe(hex64(real.digest.treeDigest));
      compared++;
    }
    expect(compared).toBe(40);
  });

  test('replays to the tree that a client read', () => {
    const store = new ZnodeStore(options);
    for (const real of history.txns) store.apply(txnOf(real), zxidOf(real.header.zxid));
    expectTree(store);
  });

  test('replays to the same tree over itself, from any point', () => {
    for (let from = 0; from < history.txns.length; from++) {
      const store = new ZnodeStore(options);
      for (const real of history.txns) store.apply(txnOf(real), zxidOf(real.header.zxid));
      for (const real of history.txns.slice(from)) store.apply(txnOf(real), zxidOf(real.header.zxid));
      expect(store.treeDigest()).toBe(hex64('36429144463'));
    }
  });
});

describe('the snapshots of a real ensemble', () => {
  test.each(history.snapshots.slice(1).map((snapshot) => ({ at: snapshot.digest.zxid, snapshot })))(
    'at $at restore to their digest, and the log behind them to the tree that a client read',
    ({ snapshot }) => {
      const store = new ZnodeStore(options);
      const sessions = snapshot.sessions.map(
        ({ sessionId, timeout }) => [sessionIdOf(BigInt(sessionId)), timeout] as const,
      );
      store.restore({ kind: 'sessions', digest: 0, sessions } as never);
      const acls = snapshot.acls.map(({ key, acl }) => [Number(key), aclOf(acl)] as const);
      store.restore({ kind: 'acls', digest: 0, acls } as never);
      const nodes = snapshot.nodes.map(({ path, data, aclKey, stat }) => {
        const { ephemeralOwner, dataLength: _, numChildren: __, ...counters } = visible(stat);
        const stored = { ...counters, owner: ephemeralOwner };
        return { path: path || '/', data: bytesOf(data), aclId: Number(aclKey), stat: stored };
      });
      store.restore({ kind: 'nodes', digest: 0, nodes, acls: [] } as never);
      expect(store.treeDigest()).toBe(hex64(snapshot.digest.digest));
      expect(store.sessions).toEqual(sessions);
      for (const real of history.txns) {
        if (Number(real.header.zxid) > Number(snapshot.digest.zxid)) {
          store.apply(txnOf(real), zxidOf(real.header.zxid));
        }
      }
      expect(store.treeDigest()).toBe(hex64('36429144463'));
      expect(store.tree.size).toBe(history.tree.length);
    },
  );
});

describe.each([
  ['ours', FIXED_ZNODE_RULES],
  ['faithful', FAITHFUL_ZNODE_RULES],
] as const)('the requests of a real client, prepared by rules that are %s', (_name, rules) => {
  test('become the transactions that the leader wrote, applied at once or at the end', () => {
    const requests = history.requests.filter(({ zxid }) => zxid !== undefined);
    const logged = new Map(history.txns.map((real) => [Number(real.header.zxid), real]));
    for (const pipelined of [false, true]) {
      const store = new ZnodeStore({ ...options, rules });
      const made: [ZnodeTxn, number][] = [];
      for (const real of history.txns.filter(({ header }) => header.type === -10)) {
        store.apply(txnOf(real), zxidOf('1'));
      }
      for (const request of requests) {
        const zxid = Number(request.zxid);
        const real = logged.get(zxid);
        if (real === undefined || request.body === undefined) throw new Error('a request without its txn');
        const body = requestOf(request.op, request.body);
        const origin = { session: sessionIdOf(BigInt(real.header.clientId)), cxid: real.header.cxid };
        const txn = store.prepare({ origin, body }, 0, zxid as never, Number(real.header.time));
        // A check's transaction is logged by its type and not by what it was asked for.
        expect(txn, request.note).toEqual(txnOf(real));
        if (pipelined) made.push([txn, zxid]);
        else store.apply(txn, zxid as never);
      }
      for (const [txn, zxid] of made) store.apply(txn, zxid as never);
      expect(store.pendingChanges).toBe(0);
      expect(store.treeDigest()).toBe(hex64('36429144463'));
    }
  });
});

const KINDS: Readonly<Record<number, string>> = { 1: 'create', 2: 'delete', 5: 'setData', 13: 'check' };

function requestOf(kind: string, body: RealRequestBody): ZnodeRequest {
  const ids = [
    { scheme: 'ip', id: '127.0.0.1' },
    { scheme: 'digest', id: 'bob:fyVmFCwVbTJYrznoSu1koqYEYF0=' },
  ];
  if (kind !== 'multi') return { ...(operationOf(kind, body) as object), ids } as unknown as ZnodeRequest;
  const operations = body.ops.map(
    (op) => operationOf(KINDS[op.header.type] ?? '', op.body) as MultiOperation,
  );
  return { kind: 'multi', operations, ids };
}

function operationOf(kind: string, body: RealRequestBody): unknown {
  const { path, version, flags } = body;
  const data = body.data === undefined ? {} : { data: bytesOf(body.data) };
  const acl = body.acl === undefined ? {} : { acl: aclOf(body.acl) };
  const ttl = body.ttl === undefined ? {} : { ttlMs: Number(body.ttl) };
  return { kind, path, version, flags, ...data, ...acl, ...ttl };
}
