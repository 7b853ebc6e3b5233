import type { Acl, Bytes, Stat } from '../../check/history/request.ts';
import type { SessionId } from '../../node/ids.ts';
import type { Acl as ServedAcl } from '../../znode/acl.ts';
import type { Data } from '../../znode/requests.ts';
import type { Stat as ServedStat } from '../../znode/stat.ts';

/** Bytes turned into a text at once: an argument list has its limits. */
const CHUNK = 4096;

/** A session as a history spells it: `0x100001dcafe0000`. */
export function recordedSession(session: SessionId): string {
  return `0x${session.replace(/^0+(?=.)/, '')}`;
}

/** What a node holds, as a history spells it: one UTF-16 unit a byte. */
export function recordedBytes(data: Data): Bytes {
  if (data === null) return null;
  let text = '';
  for (let i = 0; i < data.length; i += CHUNK) {
    text += String.fromCharCode(...data.subarray(i, i + CHUNK));
  }
  return text;
}

/** An access list as a history spells it. No list at all, which no server takes, is an empty one. */
export function recordedAcl(acl: ServedAcl | null): Acl {
  if (acl === null) return [];
  const [first] = acl;
  const open = acl.length === 1 && first?.perms === 31 && first.scheme === 'world' && first.id === 'anyone';
  return open ? null : acl.map(({ perms, scheme, id }) => ({ perms, scheme, id }));
}

/** A Stat as a history spells it. */
export function recordedStat(stat: ServedStat): Stat {
  return {
    czxid: stat.czxid,
    mzxid: stat.mzxid,
    pzxid: stat.pzxid,
    ctime: stat.ctimeMs,
    mtime: stat.mtimeMs,
    version: stat.version,
    cversion: stat.cversion,
    aversion: stat.aversion,
    ephemeralOwner: recordedSession(stat.ephemeralOwner),
    dataLength: stat.dataLength,
    numChildren: stat.numChildren,
  };
}
