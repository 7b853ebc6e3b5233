import type { Zxid } from '../core/zxid.ts';
import type { Acl } from './acl.ts';
import type { Data } from './requests.ts';
import type { ZnodeRules } from './rules.ts';
import type { StoredStat } from './stat.ts';
import type { Tree } from './tree.ts';

/**
 * What a node will be once the transactions up to `zxid` are applied. Source: ZooKeeperServer.ChangeRecord.
 */
export interface ChangeRecord {
  readonly zxid: Zxid;
  readonly path: string;
  /** Null: the node will be gone. */
  readonly stat: StoredStat | null;
  readonly childCount: number;
  readonly acl: Acl;
  readonly data: Data;
}

/** A record of a node that will exist. */
export type LiveRecord = ChangeRecord & { readonly stat: StoredStat };

/**
 * What was prepared and not applied, in the order of zxids, with the latest record of each path. Source:
 * outstandingChanges and outstandingChangesForPath.
 */
export class PendingChanges {
  readonly #tree: Tree;
  readonly #rules: ZnodeRules;
  #records: ChangeRecord[] = [];
  /** Where the records begin: those before it are applied. */
  #first = 0;
  readonly #latest = new Map<string, ChangeRecord>();
  /** While a multi is prepared: what each of its records replaced. */
  #undo: { readonly path: string; readonly previous: ChangeRecord | undefined }[] | undefined;

  constructor(tree: Tree, rules: ZnodeRules) {
    this.#tree = tree;
    this.#rules = rules;
  }

  /** How many records there are. */
  get size(): number {
    return this.#records.length - this.#first;
  }

  /** The node as the next request finds it; undefined when it will not exist. */
  find(path: string): LiveRecord | undefined {
    const key = this.#rules.pendingPath(path);
    const pending = this.#latest.get(key);
    if (pending !== undefined) return pending.stat === null ? undefined : (pending as LiveRecord);
    const node = this.#tree.get(key);
    if (node === undefined) return undefined;
    const { stat, data, children } = node;
    // A record of what is applied: its zxid is never looked at.
    return {
      zxid: stat.mzxid,
      path: key,
      stat,
      childCount: children.size,
      acl: this.#tree.aclOf(node),
      data,
    };
  }

  /** Notes what becomes of a node. */
  add(record: ChangeRecord): void {
    this.#undo?.push({ path: record.path, previous: this.#latest.get(record.path) });
    this.#records.push(record);
    this.#latest.set(record.path, record);
  }

  /** The records, oldest first. */
  all(): readonly ChangeRecord[] {
    return this.#records.slice(this.#first);
  }

  /** The latest record of each path, in no order that means anything. */
  latest(): Iterable<ChangeRecord> {
    return this.#latest.values();
  }

  /** A multi begins: what it adds may have to be undone. */
  begin(): void {
    this.#undo = [];
  }

  /** The multi is whole. */
  keep(): void {
    this.#undo = undefined;
  }

  /**
   * The multi failed: its records go, and what they hid comes back. Under the faithful rule it comes back for
   * `named` paths only, the others are looked up in the tree. Source: rollbackPendingChanges.
   */
  rollBack(named: ReadonlySet<string>): void {
    const undo = this.#undo ?? [];
    this.#undo = undefined;
    this.#records.length -= undo.length;
    for (const { path, previous } of undo.reverse()) {
      if (previous !== undefined && (this.#rules.rollbackIsExact || named.has(path))) {
        this.#latest.set(path, previous);
      } else {
        this.#latest.delete(path);
      }
    }
  }

  /** The transactions up to `zxid` are applied. */
  applied(zxid: Zxid): void {
    let record = this.#records[this.#first];
    while (record !== undefined && record.zxid <= zxid) {
      if (this.#latest.get(record.path) === record) this.#latest.delete(record.path);
      record = this.#records[++this.#first];
    }
    if (this.#first > 64 && this.#first * 2 > this.#records.length) {
      this.#records = this.#records.slice(this.#first);
      this.#first = 0;
    }
  }

  clear(): void {
    this.#records = [];
    this.#first = 0;
    this.#latest.clear();
    this.#undo = undefined;
  }
}
