import { assert } from '../core/assert.ts';
import type { Stored } from '../node/env.ts';
import { isServer, type NodeId } from '../node/ids.ts';
import type { Kernel } from './kernel.ts';
import type { Machine, MachineStatus } from './machine.ts';
import type { Network } from './network.ts';
import type { Strain } from './path.ts';
import type { Paths } from './paths.ts';
import type { Testimony } from './testimony.ts';

/** The levers of a world: what faults and tests do to it, and what may be asked about it from outside. */
export class World<M, R extends Stored> {
  /** All participants, ascending. */
  readonly machines: readonly Machine<M, R>[];
  /** The servers among them, ascending. */
  readonly servers: readonly NodeId[];
  readonly #kernel: Kernel;
  readonly #testimony: Testimony;
  readonly #paths: Paths;
  readonly #network: Network<M>;
  readonly #byId: (Machine<M, R> | undefined)[] = [];

  constructor(
    kernel: Kernel,
    testimony: Testimony,
    paths: Paths,
    network: Network<M>,
    machines: readonly Machine<M, R>[],
  ) {
    this.#kernel = kernel;
    this.#testimony = testimony;
    this.#paths = paths;
    this.#network = network;
    this.machines = machines;
    this.servers = machines.filter((m) => isServer(m.id)).map((m) => m.id);
    for (const machine of machines) this.#byId[machine.id] = machine;
  }

  /** Virtual µs since the start. */
  get nowUs(): number {
    return this.#kernel.now;
  }

  /** The machine of a participant of this run. */
  machineOf(id: NodeId): Machine<M, R> {
    const machine = this.#byId[id];
    assert(machine !== undefined, 'only participants of the run are asked for');
    return machine;
  }

  /** Whether the participant's process runs, is frozen, or is not there. */
  statusOf(id: NodeId): MachineStatus {
    return this.machineOf(id).status;
  }

  /** Whether no fault cuts the way from one participant to another. Says nothing of whether they run. */
  canReach(from: NodeId, to: NodeId): boolean {
    return !this.#paths.isCut(from, to);
  }

  /** One more reason why nothing passes from one participant to another. Whether it is the first. */
  cut(from: NodeId, to: NodeId): boolean {
    return this.#change(from, to, 1);
  }

  /** One reason fewer. Whether it was the last. */
  uncut(from: NodeId, to: NodeId): boolean {
    return this.#change(from, to, -1);
  }

  /** Strains the way from one participant to another, until `relax` with the same strain. */
  strain(from: NodeId, to: NodeId, strain: Strain): void {
    const path = this.#paths.between(from, to);
    if (path.strain(strain, this.#kernel.now)) this.#network.pathRelieved(path, this.machineOf(from));
  }

  /** Ends a strain; where nothing else holds it up, what is under way comes now. */
  relax(from: NodeId, to: NodeId, strain: Strain): void {
    const path = this.#paths.between(from, to);
    if (path.relax(strain, this.#kernel.now)) this.#network.pathRelieved(path, this.machineOf(from));
  }

  /** Breaks the connections between two participants. Returns how many there were. */
  reset(a: NodeId, b: NodeId): number {
    return this.#network.reset(this.machineOf(a), this.machineOf(b));
  }

  #change(from: NodeId, to: NodeId, by: 1 | -1): boolean {
    const path = this.#paths.between(from, to);
    if (!path.addCuts(by)) return false;
    this.#network.pathChanged(path, this.machineOf(from));
    if (this.#testimony.reachable)
      this.#testimony.tell({ kind: 'reachable', from, to, reachable: path.cuts === 0 });
    return true;
  }
}
