import { counterOf, epochOf, formatZxid, makeZxid, type Zxid } from '../core/zxid.ts';
import type { NodeId } from '../node/ids.ts';
import type { Draft } from './draft.ts';
import type { InitialDisk, RealDisk } from './plan.ts';
import { dataDirsIn, readDataDir } from './read-data-dir.ts';
import { Refused, readZxid } from './scalars.ts';
import type { Section } from './schema.ts';
import type { Path } from './yaml-source.ts';

/** The most transactions in the initial log of a server: what a range of zxids may come to. */
export const MAX_LOG = 100000;

const NOTHING: InitialDisk = Object.freeze({
  acceptedEpoch: undefined,
  currentEpoch: undefined,
  log: [],
  snapshot: undefined,
  dataDir: undefined,
});

/** Checks the `initial` section: servers exist, logs ascend, data directories can be read. */
export function readInitial(section: Section<'initial'>, draft: Draft): ReadonlyMap<NodeId, InitialDisk> {
  const disks = new Map<NodeId, InitialDisk>();
  for (const [id, disk] of section ?? []) {
    const path = ['initial', String(id)];
    draft.checkParticipant(id, path, true);
    draft.checkZxid([...path, 'snapshot']);
    disks.set(id, {
      acceptedEpoch: disk.acceptedEpoch,
      currentEpoch: disk.currentEpoch,
      log: readLog(disk.log ?? [], [...path, 'log'], draft),
      snapshot: disk.snapshot,
      dataDir: readReal(id, disk, path, draft),
    });
  }
  if ([...disks.values()].some(({ dataDir }) => dataDir !== undefined)) {
    for (const [id, { log }] of disks) {
      if (log.length > 0) draft.refuseKey(['initial', String(id), 'log'], 'no `log` beside a `dataDir`');
    }
  }
  return disks;
}

type DiskSection = NonNullable<Section<'initial'>> extends ReadonlyMap<NodeId, infer D> ? D : never;

function readReal(id: NodeId, disk: DiskSection, path: Path, draft: Draft): RealDisk | undefined {
  const { dataDir, dataLogDir } = disk;
  if (dataDir === undefined) {
    if (dataLogDir !== undefined) draft.refuseKey([...path, 'dataLogDir'], '`dataDir` beside it');
    return undefined;
  }
  for (const key of ['acceptedEpoch', 'currentEpoch', 'log', 'snapshot'] as const) {
    if (disk[key] !== undefined) draft.refuseKey([...path, key], 'no other content beside `dataDir`');
  }
  return readDataDir(id, { dataDir, dataLogDir }, [...path, 'dataDir'], draft);
}

/** Reads `initial` where one folder holds the data directories of all servers. */
export function readAllDisks(folder: string, draft: Draft): ReadonlyMap<NodeId, InitialDisk> {
  const path = ['initial', 'dataDir'];
  const disks = new Map<NodeId, InitialDisk>();
  const { files } = draft.options;
  if (files === undefined) {
    draft.refuse(path, 'no path in a scenario that is not a file');
    return disks;
  }
  const named = dataDirsIn(folder, draft.servers ?? [], files);
  for (const [id, dataDir] of named) {
    const real = readDataDir(id, { dataDir, dataLogDir: undefined }, path, draft);
    if (real !== undefined) disks.set(id, { ...NOTHING, dataDir: real });
  }
  if (named.size === 0 && draft.servers !== undefined) {
    draft.refuse(path, 'a folder with data directories: server1, server2, ... or 1, 2, ...');
  }
  return disks;
}

function readLog(entries: readonly (Zxid | string)[], path: Path, draft: Draft): readonly Zxid[] {
  const log: Zxid[] = [];
  for (const [index, entry] of entries.entries()) {
    const place = [...path, index];
    draft.checkZxid(place);
    const [first, last] = typeof entry === 'string' ? readRange(entry, place, draft) : [entry, entry];
    const previous = log.at(-1) ?? (0 as Zxid);
    if (first === undefined || last === undefined) continue;
    if (counterOf(first) === 0) draft.refuse(place, 'a zxid whose counter is not 0: an epoch begins with 1');
    else if (first <= previous) draft.refuse(place, `a zxid above ${formatZxid(previous)}: a log ascends`);
    else if (log.length + last - first >= MAX_LOG) {
      draft.refuse(place, `at most ${MAX_LOG} transactions in a log`);
      return log;
    } else {
      for (let zxid: number = first; zxid <= last; zxid++) log.push(zxid as Zxid);
    }
  }
  return log;
}

/** `1:1..1:9`: every zxid from the first to the last, both of one epoch. */
function readRange(
  text: string,
  path: Path,
  draft: Draft,
): readonly [Zxid, Zxid] | readonly [undefined, undefined] {
  const [first, last] = text.split('..').map((end) => readEnd(end));
  if (first === undefined || last === undefined) draft.refuse(path, 'a range of zxids such as 1:1..1:9');
  else if (epochOf(first) !== epochOf(last)) draft.refuse(path, 'a range of zxids of one epoch');
  else if (last < first) draft.refuse(path, 'a range of zxids, the smaller first');
  else return [makeZxid(epochOf(first), counterOf(first)), last];
  return [undefined, undefined];
}

function readEnd(text: string): Zxid | undefined {
  if (!/^(?:0x[0-9a-fA-F]{1,16}|\d{1,10}:\d{1,10})$/.test(text)) return undefined;
  const zxid = readZxid(text);
  return zxid instanceof Refused ? undefined : zxid;
}
