import { assert } from '../../core/assert.ts';
import type { Zxid } from '../../core/zxid.ts';
import { type NodeId, nodeId } from '../../node/ids.ts';
import type { Conversation } from '../../node/wire-format.ts';
import type { Notification, ServerState, WireMessage, ZabMessage } from '../../protocols/zab/messages.ts';
import { CONFIG_VERSION, type ElectionNotification, ONE_ADDRESS } from '../../wire/election-messages.ts';
import { ElectionStream, electionBytes } from '../../wire/election-stream.ts';
import type { QuorumAddress } from '../quorum-config.ts';
import { serverNumberOf } from './server-number.ts';

/** By the number on the wire. Source: FastLeaderElection.WorkerReceiver. */
const STATES: readonly ServerState[] = ['looking', 'following', 'leading', 'observing'];

/** One direction of a connection on the election port. */
export class ElectionConversation implements Conversation<WireMessage> {
  readonly #config: string;
  readonly #addresses: ReadonlyMap<NodeId, readonly QuorumAddress[]>;
  readonly #stream: ElectionStream;

  /**
   * @param reader the end that reads this direction: only a dialler introduces itself
   * @param config the text that votes carry
   * @param addresses of every server: whoever dials names its own
   */
  constructor(
    reader: 'dialled' | 'dialler',
    config: string,
    addresses: ReadonlyMap<NodeId, readonly QuorumAddress[]>,
  ) {
    this.#config = config;
    this.#addresses = addresses;
    this.#stream = new ElectionStream(reader);
  }

  write(message: WireMessage): Uint8Array {
    const m = message as ZabMessage;
    if (m.kind === 'hello') {
      const own = this.#addresses.get(m.sid) ?? [];
      // Without `multiAddress.enabled` one address is named (QuorumCnxManager.startConnection).
      const addresses = own.slice(0, 1).map(({ host, electionPort }) => `${host}:${electionPort}`);
      const sid = BigInt(m.sid);
      return electionBytes({
        kind: 'hello',
        protocolVersion: ONE_ADDRESS,
        sid,
        addresses: addresses.join(''),
      });
    }
    assert(m.kind === 'notification', 'only handshakes and votes go over the election port');
    return electionBytes(this.#notification(m));
  }

  push(piece: Uint8Array): void {
    this.#stream.push(piece);
  }

  next(): WireMessage | undefined {
    let item = this.#stream.next();
    // A vote that makes no sense is dropped, and the connection lives (FastLeaderElection.WorkerReceiver).
    while (item?.kind === 'malformed-notification') item = this.#stream.next();
    if (item === undefined) return undefined;
    if (item.kind === 'hello' || item.kind === 'old-hello') {
      return { kind: 'hello', sid: serverNumberOf(item.sid) };
    }
    return {
      kind: 'notification',
      state: STATES[item.state] as ServerState,
      leader: nodeId(Number(item.leader)),
      // −2⁶³ in a vote that is none is exact as a double.
      zxid: Number(item.zxid) as Zxid,
      electionEpoch: Number(item.electionEpoch),
      peerEpoch: Number(item.peerEpoch ?? 0n),
    };
  }

  #notification(m: Notification): ElectionNotification {
    return {
      kind: 'notification',
      state: STATES.indexOf(m.state),
      leader: BigInt(m.leader),
      zxid: BigInt(m.zxid),
      electionEpoch: BigInt(m.electionEpoch),
      peerEpoch: BigInt(m.peerEpoch),
      version: CONFIG_VERSION,
      config: this.#config,
    };
  }
}
