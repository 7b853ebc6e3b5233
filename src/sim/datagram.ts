import type { NodeId } from '../node/ids.ts';
import { type Kernel, SOURCE } from './kernel.ts';
import type { Endpoint } from './link.ts';
import type { Path } from './path.ts';

/** One message without a connection: it may vanish, come twice, or overtake others. */
export class Datagram<M> {
  readonly from: NodeId;
  readonly to: Endpoint<M>;
  readonly message: M;
  /** Its place among all that the sender has posted, from 1. */
  readonly number: number;
  readonly slot: number;

  constructor(kernel: Kernel, from: NodeId, to: Endpoint<M>, message: M, number: number) {
    this.from = from;
    this.number = number;
    this.to = to;
    this.message = message;
    this.slot = kernel.open(SOURCE.datagram, this);
  }
}

/** Sends a datagram over a path, under what is in force on it now. */
export function postOver<M>(
  kernel: Kernel,
  path: Path,
  delays: { draw(bound: number): number },
  to: Endpoint<M>,
  message: M,
  number: number,
): void {
  // A network that loses some also doubles some.
  const copies = path.loses() ? 0 : path.loses() ? 2 : 1;
  for (let i = 0; i < copies; i++) {
    const datagram = new Datagram(kernel, path.from, to, message, number);
    kernel.arm(datagram.slot, kernel.now + path.latency.sample(delays), kernel.nextSeq());
  }
}
