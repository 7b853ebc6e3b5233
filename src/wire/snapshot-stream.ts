import { unreachable } from '../core/assert.ts';
import { Extent } from './extent.ts';
import type { Inbox } from './inbox.ts';
import type { JuteReader, JuteWriter } from './jute.ts';
import { buffer, type Codec, int, long, record, ustring } from './jute-codec.ts';
import { statPersisted } from './jute-records.ts';
import {
  type AclTableEntry,
  aclTableEntry,
  END_OF_NODES,
  type NodeEntry,
  nodeEntry,
  type SessionEntry,
  sessionEntry,
} from './snapshot-body.ts';
import { WireError } from './wire-error.ts';

/** The text behind a snapshot on the wire. Source: LearnerHandler, Learner.syncWithLeader. */
export const SNAPSHOT_SIGNATURE = 'BenWasHere';

/** A piece of the state that follows SNAP; its two counts come first. */
export type SnapshotItem =
  | { readonly kind: 'session-count' | 'acl-count'; readonly count: number }
  | { readonly kind: 'session'; readonly session: SessionEntry }
  | { readonly kind: 'acl'; readonly entry: AclTableEntry }
  | { readonly kind: 'node'; readonly node: NodeEntry }
  | { readonly kind: 'nodes-end' }
  | { readonly kind: 'signature' };

const nodeRest = record({ data: buffer, acl: long, stat: statPersisted });

type Part = 'session-count' | 'session' | 'acl-count' | 'acl' | 'path' | 'node' | 'signature' | 'done';

/**
 * Reads the raw state that follows a SNAP packet, however it is cut: sessions behind their count, access
 * lists behind theirs, nodes up to the path `/`, the signature. One piece is kept at a time. Source:
 * SerializeUtils.serializeSnapshot.
 */
export class SnapshotReader {
  #part: Part = 'session-count';
  /** Sessions or access lists that are to come. */
  #left = 0;
  #path: string | null = null;
  readonly #extents = {
    'session-count': new Extent(int.shape),
    session: new Extent(sessionEntry.shape),
    'acl-count': new Extent(int.shape),
    acl: new Extent(aclTableEntry.shape),
    path: new Extent(ustring.shape),
    node: new Extent(nodeRest.shape),
    signature: new Extent(ustring.shape),
  };

  /** Whether the signature was read: what follows is a packet again. */
  get done(): boolean {
    return this.#part === 'done';
  }

  /** The next piece; undefined while it is not all there, and after the signature. */
  next(inbox: Inbox): SnapshotItem | undefined {
    const part = this.#part;
    if (part === 'done') return undefined;
    const from = inbox.next(this.#extents[part]);
    if (from === undefined) return undefined;
    switch (part) {
      case 'session-count':
      case 'acl-count':
        return this.#counted(part, from);
      case 'session':
        if (--this.#left === 0) this.#part = 'acl-count';
        return { kind: 'session', session: sessionEntry.read(from) };
      case 'acl':
        if (--this.#left === 0) this.#part = 'path';
        return { kind: 'acl', entry: aclTableEntry.read(from) };
      case 'path':
        this.#path = from.ustring();
        this.#part = this.#path === END_OF_NODES ? 'signature' : 'node';
        return this.#part === 'signature' ? { kind: 'nodes-end' } : this.next(inbox);
      case 'node':
        this.#part = 'path';
        return { kind: 'node', node: { path: this.#path, ...nodeRest.read(from) } };
      case 'signature':
        this.#part = 'done';
        if (from.ustring() !== SNAPSHOT_SIGNATURE) {
          throw new WireError('unknown', 0, 'a snapshot ends with another signature');
        }
        return { kind: 'signature' };
      default:
        return unreachable(part);
    }
  }

  #counted(part: 'session-count' | 'acl-count', from: JuteReader): SnapshotItem {
    const count = from.int();
    if (count < 0) throw new WireError('length', 0, `a snapshot counts ${count} of something`);
    this.#left = count;
    if (part === 'session-count') this.#part = count > 0 ? 'session' : 'acl-count';
    else this.#part = count > 0 ? 'acl' : 'path';
    return { kind: part, count };
  }
}

/** Writes a piece of a snapshot. That counts and pieces agree is the caller's affair. */
export const snapshotItem: Pick<Codec<SnapshotItem>, 'write'> = {
  write: (to: JuteWriter, item) => {
    switch (item.kind) {
      case 'session-count':
      case 'acl-count':
        to.int(item.count);
        return;
      case 'session':
        sessionEntry.write(to, item.session);
        return;
      case 'acl':
        aclTableEntry.write(to, item.entry);
        return;
      case 'node':
        nodeEntry.write(to, item.node);
        return;
      case 'nodes-end':
        to.ustring(END_OF_NODES);
        return;
      case 'signature':
        to.ustring(SNAPSHOT_SIGNATURE);
        return;
      default:
        unreachable(item);
    }
  },
};
