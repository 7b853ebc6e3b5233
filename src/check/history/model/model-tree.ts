import { NO_SESSION } from '../client-history.ts';
import type { LoggedTxn, TreeTxn } from '../logged-txn.ts';
import type { PartResult } from '../request.ts';
import { childPath, nameIn, parentOf } from './path-parts.ts';
import { sizeOf, type Usage } from './quota.ts';
import type { WatchCall } from './watch-call.ts';
import { Znode } from './znode.ts';

const CONFIG_ACL = [{ perms: 1, scheme: 'world', id: 'anyone' }];

/** Who a transaction is of, and when. */
export interface TxnHeader {
  readonly zxid: number;
  readonly session: string;
  readonly timeMs: number;
}

/**
 * An independent, plain model of ZooKeeper's tree: a map of paths. It replays the canonical log; what a
 * transaction does to watches and whose Stats it touches goes to the listener. Source: DataTree.processTxn.
 */
export class ModelTree {
  readonly #nodes = new Map<string, Znode>();
  /** By session: the paths of its ephemerals. */
  readonly #ephemerals = new Map<string, Set<string>>();
  #calls: WatchCall[] | undefined;
  #touched: string[] | undefined;

  constructor() {
    for (const path of ['/', '/zookeeper', '/zookeeper/quota', '/zookeeper/config']) {
      const isConfig = path === '/zookeeper/config';
      const node = new Znode(0, 0, '', isConfig ? CONFIG_ACL : null, 'persistent', NO_SESSION, -1);
      if (isConfig) node.aversion = -1;
      this.#nodes.set(path, node);
      if (path !== '/') this.#nodes.get(parentOf(path))?.children.add(nameIn(path));
    }
  }

  get(path: string): Znode | undefined {
    return this.#nodes.get(path);
  }

  /** How many znodes there are, the root counted. */
  get size(): number {
    return this.#nodes.size;
  }

  /** The paths of a session's ephemerals. */
  ephemeralsOf(session: string): ReadonlySet<string> {
    return this.#ephemerals.get(session) ?? new Set();
  }

  /** How many znodes lie below a path. */
  countBelow(path: string): number {
    let count = 0;
    for (const name of this.#nodes.get(path)?.children ?? []) {
      count += 1 + this.countBelow(childPath(path, name));
    }
    return count;
  }

  /** What there is at and below a path. */
  usage(path: string): Usage {
    const node = this.#nodes.get(path);
    if (node === undefined) return { count: 0, bytes: 0 };
    let [count, bytes] = [1, sizeOf(node.data)];
    for (const name of node.children) {
      const below = this.usage(childPath(path, name));
      count += below.count;
      bytes += below.bytes;
    }
    return { count, bytes };
  }

  /**
   * Applies one transaction; the answer for each of its parts, as of right after the part: an error other
   * than 0 is one that cannot be, for the log holds nothing that cannot apply. What watches it calls and
   * which paths' Stats it touches are added to the two lists.
   */
  apply(header: TxnHeader, txn: LoggedTxn, calls?: WatchCall[], touched?: string[]): PartResult[] {
    this.#calls = calls;
    this.#touched = touched;
    switch (txn.type) {
      case 'createSession':
        return [];
      case 'closeSession': {
        const paths = txn.paths ?? [...this.ephemeralsOf(header.session)];
        return paths.map((path) => this.#delete(header, path));
      }
      case 'multi':
        if (txn.parts.some((part) => part.type === 'error')) return [];
        return txn.parts.map((part) => this.applyPart(header, part));
      case 'error':
        return [];
      default:
        return [this.applyPart(header, txn)];
    }
  }

  /** Applies one part of a multi, or what is no multi. */
  applyPart(header: TxnHeader, txn: TreeTxn): PartResult {
    switch (txn.type) {
      case 'create':
        return this.#create(header, txn);
      case 'delete':
        return this.#delete(header, txn.path);
      case 'setData': {
        const node = this.#nodes.get(txn.path);
        if (node === undefined) return { error: -101 };
        node.data = txn.data;
        node.version = txn.version;
        node.mzxid = header.zxid;
        node.mtime = header.timeMs;
        this.#touch(txn.path);
        this.#call(header.zxid, 'data', 'data-changed', txn.path, node);
        return { error: 0, stat: node.stat() };
      }
      case 'setACL': {
        const node = this.#nodes.get(txn.path);
        if (node === undefined) return { error: -101 };
        node.acl = txn.acl;
        node.aversion = txn.version;
        this.#touch(txn.path);
        return { error: 0, stat: node.stat() };
      }
      default:
        return { error: 0 };
    }
  }

  #create({ zxid, session, timeMs }: TxnHeader, txn: Extract<TreeTxn, { type: 'create' }>): PartResult {
    const parentPath = parentOf(txn.path);
    const parent = this.#nodes.get(parentPath);
    if (parent === undefined) return { error: -101 };
    if (this.#nodes.has(txn.path)) return { error: -110 };
    const owner = txn.life === 'ephemeral' ? session : NO_SESSION;
    const node = new Znode(zxid, timeMs, txn.data, txn.acl, txn.life, owner, txn.ttl);
    this.#nodes.set(txn.path, node);
    parent.children.add(nameIn(txn.path));
    const cversion = txn.parentCversion === -1 ? parent.cversion + 1 : txn.parentCversion;
    if (cversion > parent.cversion) {
      parent.cversion = cversion;
      parent.pzxid = zxid;
    }
    if (txn.life === 'ephemeral') {
      const owned = this.#ephemerals.get(session) ?? new Set();
      this.#ephemerals.set(session, owned.add(txn.path));
    }
    this.#touch(txn.path);
    this.#touch(parentPath);
    this.#call(zxid, 'data', 'created', txn.path, node);
    this.#call(zxid, 'child', 'children-changed', parentPath, parent);
    return { error: 0, path: txn.path, stat: node.stat() };
  }

  #delete({ zxid }: TxnHeader, path: string): PartResult {
    const node = this.#nodes.get(path);
    const parentPath = parentOf(path);
    const parent = this.#nodes.get(parentPath);
    if (node === undefined || parent === undefined || path === '/') return { error: -101 };
    if (node.children.size > 0) return { error: -111 };
    this.#nodes.delete(path);
    parent.children.delete(nameIn(path));
    parent.pzxid = Math.max(parent.pzxid, zxid);
    if (node.life === 'ephemeral') {
      const owned = this.#ephemerals.get(node.owner);
      owned?.delete(path);
      if (owned?.size === 0) this.#ephemerals.delete(node.owner);
    }
    this.#touch(path);
    this.#touch(parentPath);
    this.#call(zxid, 'data', 'deleted', path, node);
    this.#call(zxid, 'child', 'deleted', path, node);
    this.#call(zxid, 'child', 'children-changed', parentPath, parent);
    return { error: 0 };
  }

  #touch(path: string): void {
    this.#touched?.push(path);
  }

  #call(zxid: number, table: 'data' | 'child', type: WatchCall['type'], path: string, node: Znode): void {
    this.#calls?.push({ zxid, table, type, path, acl: node.acl });
  }
}
