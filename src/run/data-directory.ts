import { byUnits } from '../core/order.ts';

/** The files of a server's data directory, however they are reached. */
export interface DataDirectory {
  /** For messages. */
  readonly path: string;
  /** The text of `myid` beside `version-2`, without white space around it; undefined when there is none. */
  readonly myid: string | undefined;
  /** The names of the files in `version-2`: of both, where the logs have a directory of their own. */
  readonly names: readonly string[];
  /** The file's length, compressed or not. */
  sizeOf(name: string): number;
  /** The file's bytes, decompressed, in pieces that the reader may keep. May throw a `WireError`. */
  open(name: string): Iterable<Uint8Array>;
}

/** What a file of a data directory is, by its name. */
export interface DataFile {
  readonly name: string;
  readonly kind: 'log' | 'snapshot';
  /** The zxid in the name. */
  readonly zxid: bigint;
  readonly compressed: 'gz' | 'snappy' | undefined;
}

/** What a file is, by its name; undefined for any other. Sources: Util.getZxidFromName, SnapStream. */
export function dataFile(name: string): DataFile | undefined {
  const match = /^(log|snapshot)[.]([0-9a-fA-F]{1,16})(?:[.](gz|snappy))?$/.exec(name);
  if (match === null) return undefined;
  const [, kind, zxid, compressed] = match;
  if (kind === 'log' && compressed !== undefined) return undefined;
  return {
    name,
    kind: kind as DataFile['kind'],
    zxid: BigInt(`0x${zxid}`),
    compressed: compressed as DataFile['compressed'],
  };
}

/** The files of one kind, by the zxids in their names, ascending. */
export function filesOf(directory: DataDirectory, kind: DataFile['kind']): DataFile[] {
  const files = directory.names.map(dataFile).filter((file) => file?.kind === kind) as DataFile[];
  return files.sort((a, b) => (a.zxid < b.zxid ? -1 : a.zxid > b.zxid ? 1 : byUnits(a.name, b.name)));
}
