import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeZxid, type Zxid } from '../../src/core/zxid.ts';
import { NO_SESSION } from '../../src/node/ids.ts';
import type { Chunk, Cursor } from '../../src/node/service.ts';
import { DEFAULT_ZNODE_OPTIONS, type ZnodeOptions } from '../../src/znode/options.ts';
import type { Caller, WriteOperation } from '../../src/znode/requests.ts';
import type { ZnodeResult } from '../../src/znode/results.ts';
import { FAITHFUL_ZNODE_RULES, FIXED_ZNODE_RULES } from '../../src/znode/rules.ts';
import { ITEMS_IN_CHUNK } from '../../src/znode/snapshot.ts';
import { ZnodeStore } from '../../src/znode/store.ts';
import type { ZnodeTxn } from '../../src/znode/txns.ts';
import { type Command, commands } from './znode-arbitrary.ts';
import { type ModelResult, type ModelState, modelChildren, modelStep, newModel } from './znode-model.ts';

const OPTIONS: ZnodeOptions = { ...DEFAULT_ZNODE_OPTIONS, extendedTypes: true };
const SUPER = [{ scheme: 'super', id: '' }];
const READER: Caller = { session: NO_SESSION, owner: 0, ids: SUPER };

interface Prepared {
  readonly txn: ZnodeTxn;
  readonly zxid: Zxid;
  readonly request: WriteOperation;
  readonly caller: Caller;
}

interface Taken {
  readonly cursor: Cursor;
  readonly chunks: Chunk[];
  /** How many transactions were applied when it began. */
  readonly from: number;
}

/** A leader's store, the model beside it, and every snapshot taken on the way. */
class Bench {
  readonly store: ZnodeStore;
  readonly model: ModelState = newModel();
  readonly log: Prepared[] = [];
  readonly snapshots: Taken[] = [];
  #options: ZnodeOptions;
  #queue: Prepared[] = [];
  #counter = 0;
  #sessions = 0;
  /** Sessions whose creation was prepared. */
  #open: string[] = [];

  constructor(options: ZnodeOptions) {
    this.#options = options;
    this.store = new ZnodeStore(options);
  }

  /** Opens three sessions, so that most requests are not refused at once. */
  begin(check: (prepared: Prepared, result: ZnodeResult) => void): void {
    for (let session = 0; session < 3; session++) {
      const request = { kind: 'createSession', timeoutMs: 4000 } as const;
      this.#ask({ what: 'ask', request, session, owner: 1, ids: [] });
    }
    this.apply(3, check);
  }

  run(command: Command, check: (prepared: Prepared, result: ZnodeResult) => void): void {
    switch (command.what) {
      case 'ask':
        this.#ask(command);
        return;
      case 'apply':
        this.apply(command.count, check);
        return;
      case 'capture':
        this.#capture();
        return;
      case 'forget':
        this.#queue = [];
        this.store.forget();
        this.store.sessionBook.begin();
        this.model.owners.clear();
        this.#open = this.store.sessions.map(([session]) => session);
    }
  }

  apply(count: number, check: (prepared: Prepared, result: ZnodeResult) => void): void {
    for (const prepared of this.#queue.splice(0, count)) {
      this.log.push(prepared);
      check(prepared, this.store.apply(prepared.txn, prepared.zxid));
    }
  }

  /** Restores a snapshot into a new store and replays what came after its begin. */
  recover({ chunks, cursor, from }: Taken): ZnodeStore {
    for (let chunk = cursor.next(); chunk !== undefined; chunk = cursor.next()) chunks.push(chunk);
    const store = new ZnodeStore(this.#options);
    for (const chunk of chunks) store.restore(chunk);
    for (const { txn, zxid } of this.log.slice(from)) store.apply(txn, zxid);
    return store;
  }

  #ask({ request, session, owner, ids }: Extract<Command, { what: 'ask' }>): void {
    // The last ones: those before them may have ended.
    let caller: Caller = { session: this.#open.at(-1 - session) ?? 'dead000000000000', owner, ids };
    if (request.kind === 'createSession') {
      caller = { ...caller, session: `01${String(++this.#sessions).padStart(14, '0')}` };
      this.#open.push(caller.session);
    }
    if (request.kind === 'deleteContainer' && session > 0) caller = { ...caller, session: NO_SESSION };
    const zxid = makeZxid(1, ++this.#counter);
    const origin = { session: caller.session, cxid: this.#counter };
    const txn = this.store.prepare(
      { origin, body: { ...request, ids } as never },
      owner,
      zxid,
      1000 + this.#counter,
    );
    this.#queue.push({ txn, zxid, request, caller });
  }

  #capture(): void {
    const last = this.snapshots.at(-1);
    const chunk = last?.cursor.next();
    if (last !== undefined && chunk !== undefined) last.chunks.push(chunk);
    else this.snapshots.push({ cursor: this.store.capture(), chunks: [], from: this.log.length });
  }
}

function expectSame(result: ZnodeResult, expected: ModelResult, what: string): void {
  if ('err' in expected) expect(result, what).toEqual({ kind: 'failed', err: expected.err });
  else if ('opened' in expected)
    expect(result).toEqual({ kind: 'sessionCreated', timeoutMs: expected.opened });
  else if ('closed' in expected)
    expect(result, what).toMatchObject({ kind: 'sessionClosed', paths: expected.closed });
  else if ('done' in expected)
    expect(result, what).toMatchObject({ kind: expected.done, path: expected.path });
  else {
    expect(result, what).toMatchObject({ kind: 'multi', aborted: expected.aborted });
    const results = result.kind === 'multi' ? result.results : [];
    expect(results.length).toBe(expected.parts.length);
    for (const [i, part] of expected.parts.entries()) expectSame(results[i] as ZnodeResult, part, what);
  }
}

function expectModel(store: ZnodeStore, model: ModelState): void {
  expect(store.tree.size).toBe(model.nodes.size);
  for (const [path, node] of model.nodes) {
    const children = modelChildren(model, path);
    const owned = /^[0-7]/.test(node.owner);
    const stat = {
      czxid: node.czxid,
      mzxid: node.mzxid,
      pzxid: node.pzxid,
      ctimeMs: node.ctime,
      mtimeMs: node.mtime,
      version: node.version,
      cversion: 2 * node.creates - children.length,
      aversion: node.aversion,
      ephemeralOwner: owned ? node.owner : NO_SESSION,
      dataLength: (node.data ?? '').length / 2,
      numChildren: children.length,
    };
    const data = node.data === null ? null : Uint8Array.from(Buffer.from(node.data, 'hex'));
    expect(store.read({ kind: 'getData', path, watch: false }, READER)).toEqual({ kind: 'data', data, stat });
    expect(store.read({ kind: 'getChildren2', path, watch: false }, READER)).toEqual({
      kind: 'children',
      children,
      stat,
    });
    expect(store.read({ kind: 'getACL', path }, READER)).toEqual({ kind: 'acl', acl: node.acl, stat });
  }
  expect(store.sessions).toEqual([...model.sessions].sort((a, b) => (a[0] < b[0] ? -1 : 1)));
}

function everything(store: ZnodeStore): unknown {
  const nodes: unknown[] = [];
  const walk = (path: string): void => {
    const found = store.read({ kind: 'getACL', path }, READER);
    const held = store.read({ kind: 'getData', path, watch: false }, READER);
    nodes.push([path, found, held]);
    const below = store.read({ kind: 'getChildren', path, watch: false }, READER);
    if (below.kind !== 'children') return;
    for (const name of below.children) walk(path === '/' ? `/${name}` : `${path}/${name}`);
  };
  walk('/');
  const owned = store.tree.owners().map((session) => [session, store.tree.ownedBy(session)]);
  const marks = [store.tree.containers(), store.tree.ttls(), store.sessions];
  return [nodes, owned, marks, store.digest(), store.treeDigest()];
}

const { replayRemovesWholly } = FIXED_ZNODE_RULES;

describe('a store under random requests', () => {
  test('does what the plain model does, however far the leader runs ahead', () => {
    fc.assert(
      fc.property(commands, (list) => {
        const bench = new Bench(OPTIONS);
        const check = ({ request, caller, zxid, txn }: Prepared, result: ZnodeResult) => {
          const expected = modelStep(bench.model, request, caller, zxid, txn.timeMs);
          expectSame(result, expected, `${JSON.stringify(request)} of ${caller.session}`);
        };
        bench.begin(check);
        for (const command of list) bench.run(command, check);
        bench.apply(1000, check);
        expectModel(bench.store, bench.model);
        expect(bench.store.pendingChanges).toBe(0);
      }),
      { numRuns: 500, seed: 3 },
    );
  });

  test.each([
    ['ours', OPTIONS],
    ['faithful', { ...OPTIONS, rules: { ...FAITHFUL_ZNODE_RULES, replayRemovesWholly } }],
  ])('comes back whole from a snapshot taken meanwhile, by rules that are %s', (_name, options) => {
    fc.assert(
      fc.property(commands, (list) => {
        const bench = new Bench(options);
        const ignore = () => undefined;
        bench.begin(ignore);
        for (const command of list) bench.run(command, ignore);
        bench.apply(1000, ignore);
        const whole = everything(bench.store);
        const replayed = new ZnodeStore(options);
        for (const { txn, zxid } of bench.log) replayed.apply(txn, zxid);
        expect(everything(replayed)).toEqual(whole);
        for (const taken of bench.snapshots) expect(everything(bench.recover(taken))).toEqual(whole);
      }),
      { numRuns: 500, seed: 4 },
    );
  });
});

test('pieces of a snapshot are small, so that transactions come between two of them', () => {
  expect(ITEMS_IN_CHUNK).toBeLessThan(17);
});
