import type { Chunk } from '../node/service.ts';
import type { StatPersistedRecord } from '../wire/jute-records.ts';
import type { AclTableEntry, NodeEntry, SessionEntry } from '../wire/snapshot-body.ts';
import {
  SNAPSHOT_HEADER,
  type SnapshotContent,
  type SnapshotDigest,
  type SnapshotReader,
} from '../wire/snapshot-file.ts';
import { WireError } from '../wire/wire-error.ts';
import type { Acl } from '../znode/acl.ts';
import { contentDigest } from '../znode/content-digest.ts';
import { parentOf, ROOT, treePath } from '../znode/path.ts';
import { sessionIdOf } from '../znode/session-id.ts';
import { type AclImage, ITEMS_IN_CHUNK, type NodeImage, type ZnodeChunk } from '../znode/snapshot.ts';
import type { StoredStat } from '../znode/stat.ts';
import { nodeAcl, packedZxid, realAcl, safeTime } from './txn-records.ts';

/**
 * The pieces of a real snapshot as a node keeps them, read from behind its header up to its trailer. Throws a
 * `WireError` for what a server would not load, and for numbers that our code cannot hold.
 */
export function* snapshotChunks(reader: SnapshotReader): Generator<ZnodeChunk> {
  yield* sessionChunks(reader.sessions());
  yield* aclChunks(reader.acls());
  yield* nodesChunks(reader.nodes());
}

/** The pieces, as a node keeps them, of a snapshot that has been read. */
export function* nodeChunks(state: SnapshotState): Generator<ZnodeChunk> {
  yield* sessionChunks(state.sessions);
  yield* aclChunks(state.acls);
  yield* nodesChunks(state.nodes);
}

function sessionChunks(entries: Iterable<SessionEntry>): Generator<ZnodeChunk> {
  return inPieces(entries, nodeSession, (sessions) => chunkOf({ kind: 'sessions', sessions }));
}

function aclChunks(entries: Iterable<AclTableEntry>): Generator<ZnodeChunk> {
  return inPieces(entries, nodeAclImage, (acls) => chunkOf({ kind: 'acls', acls }));
}

function nodesChunks(entries: Iterable<NodeEntry>): Generator<ZnodeChunk> {
  return inPieces(entries, nodeImage, (nodes) => chunkOf({ kind: 'nodes', nodes, acls: [] }));
}

/** The same, where a node without its parent makes a server pass the snapshot over. */
export function* connectedChunks(reader: SnapshotReader): Generator<ZnodeChunk> {
  const paths = new Set<string>();
  for (const chunk of snapshotChunks(reader)) {
    for (const { path } of chunk.kind === 'nodes' ? chunk.nodes : []) {
      const parent = path === ROOT ? undefined : parentOf(path);
      if (path !== ROOT && (parent === undefined || !paths.has(treePath(parent)))) {
        throw new WireError('range', 0, `a node without its parent, ${path}`);
      }
      paths.add(path);
    }
    yield chunk;
  }
}

/** What a snapshot holds, all of it at once. */
export interface SnapshotState {
  readonly sessions: readonly SessionEntry[];
  readonly acls: readonly AclTableEntry[];
  readonly nodes: readonly NodeEntry[];
}

/**
 * What a real snapshot holds of these pieces.
 *
 * @param digest of the tree, where it is known
 */
export function snapshotContent(
  chunks: Iterable<Chunk>,
  digest: SnapshotDigest | undefined,
): SnapshotContent & SnapshotState {
  const sessions: SessionEntry[] = [];
  const acls: AclTableEntry[] = [];
  const nodes: NodeEntry[] = [];
  const listed = new Set<number>();
  const list = (images: readonly AclImage[]): void => {
    for (const image of images) if (!listed.has(image[0])) acls.push(realAclEntry(image));
    for (const [id] of images) listed.add(id);
  };
  for (const chunk of chunks as Iterable<ZnodeChunk>) {
    if (chunk.kind === 'sessions') sessions.push(...chunk.sessions.map(realSession));
    else list(chunk.acls);
    if (chunk.kind === 'nodes') nodes.push(...chunk.nodes.map(realNode));
  }
  return { header: SNAPSHOT_HEADER, sessions, acls, nodes, digest, lastProcessedZxid: undefined };
}

/** A session as our table holds it. */
export function nodeSession({ id, timeout }: SessionEntry): readonly [string, number] {
  return [sessionIdOf(id), timeout];
}

/** A session as it is written. */
export function realSession([session, timeout]: readonly [string, number]): SessionEntry {
  return { id: longOf(session), timeout };
}

/** An access list as our pieces hold it. */
export function nodeAclImage({ key, acl }: AclTableEntry): AclImage {
  return [aclId(key), nodeAcl(acl)];
}

/** An access list as it is written. */
export function realAclEntry([id, acl]: readonly [number, Acl]): AclTableEntry {
  return { key: BigInt(id), acl: realAcl(acl) };
}

/** A node as our pieces hold it. */
export function nodeImage({ path, data, acl, stat }: NodeEntry): NodeImage {
  if (path === null) throw new WireError('range', 0, 'a node without a path');
  return { path: path === '' ? ROOT : path, data, aclId: aclId(acl), stat: nodeStat(stat) };
}

/** A node as it is written: the root under the empty path. */
export function realNode({ path, data, aclId: id, stat }: NodeImage): NodeEntry {
  return { path: path === ROOT ? '' : path, data, acl: BigInt(id), stat: realStat(stat) };
}

function nodeStat(stat: StatPersistedRecord): StoredStat {
  return {
    czxid: packedZxid(stat.czxid, 'a czxid'),
    mzxid: packedZxid(stat.mzxid, 'an mzxid'),
    pzxid: packedZxid(stat.pzxid, 'a pzxid'),
    ctimeMs: safeTime(stat.ctime, 'a ctime'),
    mtimeMs: safeTime(stat.mtime, 'an mtime'),
    version: stat.version,
    cversion: stat.cversion,
    aversion: stat.aversion,
    owner: sessionIdOf(stat.ephemeralOwner),
  };
}

function realStat(stat: StoredStat): StatPersistedRecord {
  return {
    czxid: BigInt(stat.czxid),
    mzxid: BigInt(stat.mzxid),
    ctime: BigInt(stat.ctimeMs),
    mtime: BigInt(stat.mtimeMs),
    version: stat.version,
    cversion: stat.cversion,
    aversion: stat.aversion,
    ephemeralOwner: longOf(stat.owner),
    pzxid: BigInt(stat.pzxid),
  };
}

function longOf(session: string): bigint {
  return BigInt.asIntN(64, BigInt(`0x${session}`));
}

function aclId(key: bigint): number {
  if (key < -1n || key > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new WireError('range', 0, `the number of an access list is ${key}`);
  }
  return Number(key);
}

function* inPieces<E, I, C>(
  entries: Iterable<E>,
  image: (entry: E) => I,
  make: (images: readonly I[]) => C,
): Generator<C> {
  let images: I[] = [];
  for (const entry of entries) {
    images.push(image(entry));
    if (images.length < ITEMS_IN_CHUNK) continue;
    yield make(images);
    images = [];
  }
  if (images.length > 0) yield make(images);
}

type Content<C> = C extends unknown ? Omit<C, 'digest'> : never;

function chunkOf(content: Content<ZnodeChunk>): ZnodeChunk {
  return { ...content, digest: contentDigest(content) } as ZnodeChunk;
}
