import type { Damaged } from '../node/env.ts';
import { encode } from '../wire/jute-codec.ts';
import { encodeLogRecord } from '../wire/log-file.ts';
import { loggedTxn } from '../wire/txn-record.ts';

/**
 * A record of a log that a server cannot read, as it may lie on a disk: torn, so that its end was never
 * written, or with bits turned over, so that its checksum is wrong. What stood in it is not known any more.
 */
export function brokenRecord({ how, position }: Damaged): Uint8Array {
  const bytes = encodeLogRecord(
    encode(loggedTxn, {
      header: { clientId: 0n, cxid: 0, zxid: BigInt(position), time: 0n, type: -1 },
      body: { kind: 'error', err: 0 },
      digest: undefined,
    }),
  );
  if (how === 'torn') return bytes.fill(0, bytes.length >> 1);
  bytes[4] = (bytes[4] as number) ^ 1;
  return bytes;
}
