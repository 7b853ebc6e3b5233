import { encodeUtf8 } from '../../core/utf8.ts';
import { parentOf } from '../../znode/path.ts';
import { limitsPath, statsPath, writeQuota } from '../../znode/quota.ts';
import type { Multi, SetData } from '../../znode/requests.ts';
import { persistent, remove, write } from './operations.ts';

/** Hard limits: how many nodes there may be at and below a path, and how many bytes in them; −1: any. */
export interface HardLimits {
  readonly count: number;
  readonly bytes: number;
}

/** Sets a quota on a path that has none. Source: SetQuotaCommand.createQuota, in one step. */
export function setQuota(path: string, limits: HardLimits): Multi {
  const above = parentOf(limitsPath(path)) as string;
  const operations = [
    persistent(above),
    persistent(limitsPath(path), textOf(limits)),
    persistent(statsPath(path), encodeUtf8('count=0,bytes=0')),
  ];
  return { kind: 'multi', operations };
}

/** Sets other limits. */
export function quotaOf(path: string, limits: HardLimits): SetData {
  return write(limitsPath(path), textOf(limits));
}

/** Takes the quota away. Source: DelQuotaCommand. */
export function unsetQuota(path: string): Multi {
  const above = parentOf(limitsPath(path)) as string;
  return { kind: 'multi', operations: [remove(statsPath(path)), remove(limitsPath(path)), remove(above)] };
}

function textOf({ count, bytes }: HardLimits): Uint8Array {
  return writeQuota({ count: -1, bytes: -1, countHardLimit: count, byteHardLimit: bytes });
}
