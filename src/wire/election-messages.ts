import type { JuteReader, JuteWriter } from './jute.ts';
import type { Codec } from './jute-codec.ts';
import { WireError } from './wire-error.ts';

/** The version of the handshake that names one address. Source: QuorumCnxManager.PROTOCOL_VERSION_V1. */
export const ONE_ADDRESS = -65536n;

/** The version of the handshake that names several. Source: QuorumCnxManager.PROTOCOL_VERSION_V2. */
export const MANY_ADDRESSES = -65535n;

/** The longest text of addresses, bytes. Source: QuorumCnxManager.maxBuffer. */
const MAX_ADDRESSES = 2048;

/** The first thing on an election connection: who dialled. Source: QuorumCnxManager.InitialMessage. */
export type ElectionHello =
  | {
      readonly kind: 'hello';
      /** `ONE_ADDRESS` or `MANY_ADDRESSES`. */
      readonly protocolVersion: bigint;
      readonly sid: bigint;
      /** The dialler's own election addresses, `host:port`, with `|` between them. */
      readonly addresses: string;
    }
  /** As before 3.5: the number of the server, and nothing else. */
  | { readonly kind: 'old-hello'; readonly sid: bigint };

/** The handshake on the election port. */
export const electionHello: Pick<Codec<ElectionHello>, 'read' | 'write'> = {
  read: (from) => {
    const protocolVersion = from.long();
    if (protocolVersion >= 0n) return { kind: 'old-hello', sid: protocolVersion };
    if (protocolVersion !== ONE_ADDRESS && protocolVersion !== MANY_ADDRESSES) {
      throw new WireError('unknown', 0, `no handshake has version ${protocolVersion}`);
    }
    const sid = from.long();
    const { at } = from;
    const addresses = from.text(addressesLength(from.int(), at));
    for (const address of addresses.split('|')) checkAddress(address, at);
    return { kind: 'hello', protocolVersion, sid, addresses };
  },
  write: (to, hello) => {
    if (hello.kind === 'hello') to.long(hello.protocolVersion);
    to.long(hello.sid);
    if (hello.kind === 'hello') to.nested(() => to.text(hello.addresses));
  },
};

/** The length of a handshake that begins with these values; −1 while they do not tell yet. */
export function helloLength(version: bigint | undefined, addresses: number | undefined): number {
  if (version === undefined) return -1;
  if (version >= 0n) return 8;
  return addresses === undefined ? -1 : 20 + addressesLength(addresses, 16);
}

function addressesLength(length: number, at: number): number {
  if (length <= 0 || length > MAX_ADDRESSES) {
    throw new WireError('length', at, `addresses of ${length} bytes, 1 to ${MAX_ADDRESSES} are allowed`);
  }
  return length;
}

/** `host:port`, or `[2001:db8::1]:port`. Source: ConfigUtils.getHostAndPort. */
function checkAddress(address: string, at: number): void {
  const port = /^(?:\[[^\]]+\]|[^:]+):(\d{1,5})$/.exec(address)?.[1];
  if (port === undefined || Number(port) > 65535) {
    throw new WireError('range', at, `an election address is host:port, not ${JSON.stringify(address)}`);
  }
}

/** A vote, and what its sender is doing. Source: FastLeaderElection.buildMsg. */
export interface ElectionNotification {
  readonly kind: 'notification';
  /** 0 LOOKING, 1 FOLLOWING, 2 LEADING, 3 OBSERVING. */
  readonly state: number;
  readonly leader: bigint;
  readonly zxid: bigint;
  readonly electionEpoch: bigint;
  /** Undefined in the oldest form, of 28 bytes: then it is the epoch of `zxid`. */
  readonly peerEpoch: bigint | undefined;
  /** Undefined in the oldest form. In the form of 3.4, of 40 bytes, receivers do not look at it. */
  readonly version: number | undefined;
  /** The sender's committed configuration; undefined in the forms before 3.5. */
  readonly config: string | undefined;
}

/** Versions from here on carry a configuration. Source: FastLeaderElection.Notification.CURRENTVERSION. */
export const CONFIG_VERSION = 2;

const STATES = 4;

/** The body of a frame on the election port. */
export const electionNotification: Pick<Codec<ElectionNotification>, 'read' | 'write'> = {
  read: (from) => {
    const whole = from.left;
    const state = from.int();
    if (state < 0 || state >= STATES) throw new WireError('unknown', 0, `no server is in state ${state}`);
    const leader = from.long();
    const zxid = from.long();
    const electionEpoch = from.long();
    const kind = 'notification';
    if (whole === 28) {
      return {
        kind,
        state,
        leader,
        zxid,
        electionEpoch,
        peerEpoch: undefined,
        version: undefined,
        config: undefined,
      };
    }
    const peerEpoch = from.long();
    const version = from.int();
    const config = whole === 40 || version < CONFIG_VERSION ? undefined : readConfig(from);
    from.finish();
    return { kind, state, leader, zxid, electionEpoch, peerEpoch, version, config };
  },
  write: (to, { state, leader, zxid, electionEpoch, peerEpoch, version, config }) => {
    to.int(state);
    to.long(leader);
    to.long(zxid);
    to.long(electionEpoch);
    if (peerEpoch === undefined || version === undefined) return;
    to.long(peerEpoch);
    to.int(version);
    if (config !== undefined) writeConfig(to, config);
  },
};

function readConfig(from: JuteReader): string {
  const { at } = from;
  const length = from.int();
  if (length < 0) throw new WireError('length', at, `a configuration of ${length} bytes`);
  return from.text(length);
}

function writeConfig(to: JuteWriter, config: string): void {
  to.nested(() => to.text(config));
}
