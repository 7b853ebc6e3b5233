import { byUnits } from '../core/order.ts';
import type { Zxid } from '../core/zxid.ts';
import { NO_SESSION, type SessionId } from '../node/ids.ts';
import { type Acl, OPEN_ACL, READ_ACL } from './acl.ts';
import { AclTable } from './acl-table.ts';
import { ERRORS, type ErrorCode } from './errors.ts';
import { type OwnerKind, ownerKind } from './modes.ts';
import { childPath, nameOf, parentOf, treePath } from './path.ts';
import { nearestQuota, quotaPart, readQuota, statsPath, writeQuota } from './quota.ts';
import type { Data } from './requests.ts';
import type { ZnodeRules } from './rules.ts';
import { INITIAL_STAT, newStat, type Stat, type StoredStat } from './stat.ts';
import { TreeNode, visibleStat } from './tree-node.ts';
import { TreeSum } from './tree-sum.ts';

/** A node to be made. */
export interface NewNode {
  readonly path: string;
  readonly data: Data;
  readonly acl: Acl;
  readonly owner: SessionId;
  /** The parent's cversion afterwards; −1: one more than it has. */
  readonly parentCversion: number;
}

/** When a change happens. */
export interface Moment {
  readonly zxid: Zxid;
  readonly timeMs: number;
}

/** How a node goes when it is not as it was. */
export type RemovalRules = Pick<ZnodeRules, 'replayRemovesWholly' | 'replayRaisesPzxid'>;

/** What the tree needs to know of the server's configuration. */
export interface TreeOptions {
  readonly extendedTypes: boolean;
  /** The text of `/zookeeper/config`. */
  readonly config: Data;
}

/** The empty data of the nodes that always exist. */
const EMPTY = new Uint8Array(0);

/**
 * The applied tree: nodes by path, with their children, access lists, owners, quotas, and a digest kept up to
 * date. Its changes are total: applied again, in order, on a snapshot that was taken meanwhile, they give the
 * same tree. Source: DataTree.
 */
export class Tree {
  readonly acls = new AclTable();
  readonly #options: TreeOptions;
  readonly #nodes = new Map<string, TreeNode>();
  readonly #owned = new Map<SessionId, Set<string>>();
  readonly #containers = new Set<string>();
  readonly #ttls = new Set<string>();
  readonly #quotas = new Set<string>();
  readonly #sum = new TreeSum();
  /** Of the marks of all access lists, modulo 2³². */
  #aclSum = 0;

  constructor(options: TreeOptions) {
    this.#options = options;
    this.clear();
  }

  /** Back to the tree of a new server: `/`, `/zookeeper`, its quota and its config. */
  clear(): void {
    this.#nodes.clear();
    this.#owned.clear();
    this.#containers.clear();
    this.#ttls.clear();
    this.#quotas.clear();
    this.#sum.clear();
    this.#aclSum = 0;
    this.acls.clear();
    for (const path of ['/', '/zookeeper', '/zookeeper/quota']) this.put(path, EMPTY, OPEN_ACL, INITIAL_STAT);
    const stat = { ...INITIAL_STAT, version: -1, aversion: -1 };
    this.put('/zookeeper/config', this.#options.config ?? EMPTY, READ_ACL, stat);
  }

  /** The node, or undefined. The root is also found under the empty path. */
  get(path: string): TreeNode | undefined {
    return this.#nodes.get(treePath(path));
  }

  /** How many nodes there are, the root included. (ZooKeeper counts the root twice.) */
  get size(): number {
    return this.#nodes.size;
  }

  /** The digest, 64 bits in two lanes. Source: DataTree.getTreeDigest, digest version 2. */
  get sum(): { readonly high: number; readonly low: number; hex(): string } {
    return this.#sum;
  }

  /** A digest of all access lists and where they stand, 32 bits: ZooKeeper's own leaves them out. */
  get aclSum(): number {
    return this.#aclSum;
  }

  /** What the owner field of a node says. */
  kindOf(node: TreeNode): OwnerKind {
    return ownerKind(node.stat.owner, this.#options.extendedTypes);
  }

  statOf(node: TreeNode): Stat {
    return visibleStat(node, this.kindOf(node) === 'session', NO_SESSION);
  }

  aclOf(node: TreeNode): Acl {
    return this.acls.get(node.aclId) ?? OPEN_ACL;
  }

  /** The names of the children, sorted by UTF-16 units. */
  childrenOf(node: TreeNode): string[] {
    return [...node.children].sort(byUnits);
  }

  /** How many nodes there are below a node. */
  countBelow(node: TreeNode): number {
    if (node.path === '/') return this.#nodes.size - 1;
    let count = 0;
    for (const name of node.children) {
      const child = this.get(childPath(node.path, name));
      if (child !== undefined) count += 1 + this.countBelow(child);
    }
    return count;
  }

  /** The nodes that a session owns, sorted by UTF-16 units. */
  ownedBy(session: SessionId): string[] {
    return [...(this.#owned.get(session) ?? [])].sort(byUnits);
  }

  /** The sessions that own nodes, ascending. */
  owners(): SessionId[] {
    return [...this.#owned.keys()].sort(byUnits);
  }

  /** The containers, sorted by UTF-16 units. */
  containers(): string[] {
    return [...this.#containers].sort(byUnits);
  }

  /** The nodes with a time to live, sorted by UTF-16 units. */
  ttls(): string[] {
    return [...this.#ttls].sort(byUnits);
  }

  /**
   * Makes a node, or says why not. A node that exists gets the access list of this one: a snapshot may lack
   * it. Source: DataTree.createNode.
   */
  create(
    node: NewNode,
    { zxid, timeMs }: Moment,
    { existingTakesAcl }: Pick<ZnodeRules, 'existingTakesAcl'>,
  ): ErrorCode {
    const parent = this.#parent(node.path);
    if (parent === undefined) return ERRORS.NONODE;
    const existing = this.get(node.path);
    if (existing !== undefined) {
      if (existingTakesAcl) this.#replaceAcl(existing, node.acl);
      return ERRORS.NODEEXISTS;
    }
    const cversion = node.parentCversion === -1 ? parent.stat.cversion + 1 : node.parentCversion;
    if (cversion > parent.stat.cversion) this.#setStat(parent, { ...parent.stat, cversion, pzxid: zxid });
    this.put(node.path, node.data, node.acl, newStat(zxid, timeMs, node.owner));
    return ERRORS.OK;
  }

  /**
   * Raises the parent's cversion and pzxid to those of a create whose node exists already, when they are
   * greater. Source: DataTree.setCversionPzxid.
   */
  raiseParent(path: string, cversion: number, zxid: Zxid): void {
    const parent = this.#parent(path);
    if (parent === undefined) return;
    const raised = cversion === -1 ? parent.stat.cversion + 1 : cversion;
    if (raised <= parent.stat.cversion) return;
    this.#setStat(parent, { ...parent.stat, cversion: raised, pzxid: zxid });
  }

  /**
   * Removes a node. The parent's pzxid is raised even if the node is missing, for a snapshot may lack it.
   * Only in a replay can the node have children: they belong to a later node of its name, and their creation
   * will come. Removed wholly they go as well.
   */
  remove(path: string, zxid: Zxid, rules: RemovalRules): ErrorCode {
    const parent = this.#parent(path);
    if (parent === undefined) return ERRORS.NONODE;
    parent.children.delete(nameOf(path));
    const node = this.#nodes.get(path);
    const raises = zxid > parent.stat.pzxid && (node !== undefined || rules.replayRaisesPzxid);
    if (raises) this.#setStat(parent, { ...parent.stat, pzxid: zxid });
    if (node === undefined) return ERRORS.NONODE;
    this.#drop(node, rules.replayRemovesWholly);
    return ERRORS.OK;
  }

  setData(path: string, data: Data, version: number, { zxid, timeMs }: Moment): ErrorCode {
    const node = this.get(path);
    if (node === undefined) return ERRORS.NONODE;
    const more = lengthOf(data) - lengthOf(node.data);
    this.#sum.subtract(node.hash);
    node.data = data;
    node.stat = { ...node.stat, version, mzxid: zxid, mtimeMs: timeMs };
    node.dataChanged();
    this.#sum.add(node.hash);
    this.#count(node.path, 0, more);
    return ERRORS.OK;
  }

  setAcl(path: string, acl: Acl, version: number): ErrorCode {
    const node = this.get(path);
    if (node === undefined) return ERRORS.NONODE;
    this.#replaceAcl(node, acl);
    this.#setStat(node, { ...node.stat, aversion: version });
    return ERRORS.OK;
  }

  /** Puts a node in, as it is, in the place of one of its path: the parent gets the child, and no more. */
  put(path: string, data: Data, acl: Acl, stat: StoredStat): void {
    const old = this.#nodes.get(path);
    if (old !== undefined) {
      this.#sum.subtract(old.hash);
      this.#countAcl(-old.aclMark);
      this.#disown(old);
    }
    const node = new TreeNode(path, data, this.acls.retain(acl), stat);
    if (old !== undefined) {
      this.acls.release(old.aclId);
      for (const name of old.children) node.children.add(name);
    }
    this.#nodes.set(path, node);
    if (path !== '/') this.#parent(path)?.children.add(nameOf(path));
    this.#sum.add(node.hash);
    node.aclChanged(this.acls.digestOf(node.aclId));
    this.#countAcl(node.aclMark);
    this.#own(node);
    this.#countNew(node, old);
  }

  #parent(path: string): TreeNode | undefined {
    const parent = parentOf(path);
    return parent === undefined ? undefined : this.get(parent);
  }

  #drop(node: TreeNode, wholly: boolean): void {
    const { path } = node;
    for (const name of wholly ? node.children : []) {
      const child = this.get(childPath(path, name));
      if (child !== undefined) this.#drop(child, true);
    }
    this.#nodes.delete(path);
    this.#sum.subtract(node.hash);
    this.#countAcl(-node.aclMark);
    this.acls.release(node.aclId);
    this.#disown(node);
    const quota = quotaPart(path);
    if (quota?.part === 'limits') this.#quotas.delete(quota.root);
    this.#count(path, -1, -lengthOf(node.data));
  }

  #setStat(node: TreeNode, stat: StoredStat): void {
    this.#sum.subtract(node.hash);
    node.stat = stat;
    node.statChanged();
    this.#sum.add(node.hash);
  }

  #replaceAcl(node: TreeNode, acl: Acl): void {
    const id = this.acls.retain(acl);
    this.acls.release(node.aclId);
    node.aclId = id;
    this.#countAcl(-node.aclMark);
    node.aclChanged(this.acls.digestOf(id));
    this.#countAcl(node.aclMark);
  }

  #countAcl(mark: number): void {
    this.#aclSum = (this.#aclSum + mark) >>> 0;
  }

  // --- Owners ---

  #own(node: TreeNode): void {
    const kind = this.kindOf(node);
    if (kind === 'container') this.#containers.add(node.path);
    if (kind === 'ttl') this.#ttls.add(node.path);
    if (kind !== 'session') return;
    const owned = this.#owned.get(node.stat.owner);
    if (owned === undefined) this.#owned.set(node.stat.owner, new Set([node.path]));
    else owned.add(node.path);
  }

  #disown(node: TreeNode): void {
    this.#containers.delete(node.path);
    this.#ttls.delete(node.path);
    const owned = this.#owned.get(node.stat.owner);
    owned?.delete(node.path);
    if (owned?.size === 0) this.#owned.delete(node.stat.owner);
  }

  // --- Quotas: each server counts for itself, outside the log and without a trace in the stat ---

  #countNew(node: TreeNode, old: TreeNode | undefined): void {
    const quota = quotaPart(node.path);
    if (quota?.part === 'limits') this.#quotas.add(quota.root);
    if (quota?.part === 'stats') this.#recount(quota.root);
    this.#count(node.path, old === undefined ? 1 : 0, lengthOf(node.data) - lengthOf(old?.data ?? null));
  }

  #count(path: string, count: number, bytes: number): void {
    if (this.#quotas.size === 0) return;
    const root = nearestQuota(path, (at) => this.#quotas.has(at));
    const stats = root === undefined ? undefined : this.#nodes.get(statsPath(root));
    if (stats === undefined) return;
    const used = readQuota(stats.data);
    stats.data = writeQuota({ count: used.count + count, bytes: used.bytes + bytes });
  }

  #recount(root: string): void {
    const stats = this.#nodes.get(statsPath(root));
    if (stats !== undefined) stats.data = writeQuota(this.usageBelow(root));
  }

  /** The nodes and bytes at and below a path; none when it is missing. */
  usageBelow(path: string): { count: number; bytes: number } {
    const node = this.get(path);
    const used = { count: 0, bytes: 0 };
    if (node === undefined) return used;
    used.count = 1;
    used.bytes = lengthOf(node.data);
    for (const name of node.children) {
      const below = this.usageBelow(childPath(path, name));
      used.count += below.count;
      used.bytes += below.bytes;
    }
    return used;
  }
}

function lengthOf(data: Data): number {
  return data === null ? 0 : data.length;
}
