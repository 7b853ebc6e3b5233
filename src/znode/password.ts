import type { SessionId } from '../node/ids.ts';

/** The password that goes with no session: 16 zero bytes. */
export const NO_PASSWORD = '0'.repeat(32);

const MASK_48 = (1n << 48n) - 1n;

/**
 * The password of a session, 16 bytes as 32 hex digits. Every server can work it out: it guards against
 * mistakes, not against people. Source: ZooKeeperServer.generatePasswd, superSecret; java.util.Random.
 */
export function passwordOf(session: SessionId): string {
  let state = (BigInt(`0x${session}`) ^ 0xb3415c00n ^ 0x5deece66dn) & MASK_48;
  let password = '';
  for (let word = 0; word < 4; word++) {
    state = (state * 0x5deece66dn + 0xbn) & MASK_48;
    const bits = Number(state >> 16n);
    // nextBytes hands out each int with the least significant byte first.
    for (let shift = 0; shift < 32; shift += 8) {
      password += ((bits >>> shift) & 0xff).toString(16).padStart(2, '0');
    }
  }
  return password;
}
