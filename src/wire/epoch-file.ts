import { MAX_EPOCH } from '../core/zxid.ts';
import { WireError } from './wire-error.ts';

/**
 * The epoch in acceptedEpoch or currentEpoch: decimal digits, of which the first line counts. Throws a
 * `WireError` for what stops a server's start, and for an epoch above 2²¹−1, which this program cannot hold.
 * Source: QuorumPeer.readLongFromFile.
 */
export function decodeEpoch(bytes: Uint8Array): number {
  let text = '';
  for (const byte of bytes) {
    if (byte === 0x0a || byte === 0x0d || text.length > 20) break;
    text += String.fromCharCode(byte);
  }
  if (!/^[+-]?\d{1,19}$/.test(text)) {
    throw new WireError('text', 0, bytes.length === 0 ? 'the file is empty' : 'the file holds no number');
  }
  const epoch = Number(text);
  if (epoch < 0 || epoch > MAX_EPOCH) throw new WireError('range', 0, `an epoch of ${text}`);
  return epoch;
}

/** An epoch as its file holds it: decimal digits, and no end of line. */
export function encodeEpoch(epoch: number): Uint8Array {
  return Uint8Array.from(String(epoch), (digit) => digit.charCodeAt(0));
}
