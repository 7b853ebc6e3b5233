import { assert } from '../../core/assert.ts';
import type { Zxid } from '../../core/zxid.ts';
import { nodeId } from '../../node/ids.ts';
import type { Notification, ServerState, WireMessage, ZabMessage } from '../../protocols/zab/messages.ts';
import type { Conversation } from '../../sim/wire-format.ts';
import { CONFIG_VERSION, type ElectionNotification, ONE_ADDRESS } from '../../wire/election-messages.ts';
import { ElectionStream, electionBytes } from '../../wire/election-stream.ts';

/** By the number on the wire. Source: FastLeaderElection.WorkerReceiver. */
const STATES: readonly ServerState[] = ['looking', 'following', 'leading', 'observing'];

/** One direction of a connection on the election port. */
export class ElectionConversation implements Conversation<WireMessage> {
  readonly #config: string;
  readonly #stream: ElectionStream;

  /**
   * @param reader the end that reads this direction: only a dialler introduces itself
   * @param config the text that votes carry
   */
  constructor(reader: 'dialled' | 'dialler', config: string) {
    this.#config = config;
    this.#stream = new ElectionStream(reader);
  }

  write(message: WireMessage): Uint8Array {
    const m = message as ZabMessage;
    if (m.kind === 'hello') {
      const addresses = `zk${m.sid}:3888`;
      return electionBytes({ kind: 'hello', protocolVersion: ONE_ADDRESS, sid: BigInt(m.sid), addresses });
    }
    assert(m.kind === 'notification', 'only handshakes and votes go over the election port');
    return electionBytes(this.#notification(m));
  }

  push(piece: Uint8Array): void {
    this.#stream.push(piece);
  }

  next(): WireMessage | undefined {
    const item = this.#stream.next();
    if (item === undefined) return undefined;
    if (item.kind === 'hello' || item.kind === 'old-hello') {
      return { kind: 'hello', sid: nodeId(Number(item.sid)) };
    }
    assert(item.kind === 'notification', 'a server of the run sends votes that make sense');
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
