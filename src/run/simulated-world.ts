import type { Disk, Stored } from '../node/env.ts';
import type { NodeId } from '../node/ids.ts';
import type { NodeView } from '../node/protocol.ts';
import type { Unfired } from '../sim/fault.ts';
import type { WorldSetup } from '../sim/profile.ts';
import { Simulation } from '../sim/simulation.ts';
import type { EncodedFile } from './encode-disk.ts';
import type { RunningWorld, StoredView } from './running-world.ts';

type ReadDisk<R extends Stored> = Pick<Disk<R>, 'files' | 'read'>;

/** A simulation as `simulate` wants it. */
export class SimulatedWorld<M, R extends Stored> implements RunningWorld {
  readonly #simulation: Simulation<M, R>;
  readonly #view: (disk: ReadDisk<R>) => StoredView;
  readonly #encode: ((disk: ReadDisk<R>) => Iterable<EncodedFile>) | undefined;

  /**
   * @param view reads the disk of a server that is stopped
   * @param encode makes ZooKeeper's files of a disk, if the service is ZooKeeper's
   */
  constructor(
    setup: WorldSetup<M, R>,
    view: (disk: ReadDisk<R>) => StoredView,
    encode?: (disk: ReadDisk<R>) => Iterable<EncodedFile>,
  ) {
    this.#simulation = new Simulation(setup);
    this.#view = view;
    this.#encode = encode;
  }

  get nowUs(): number {
    return this.#simulation.nowUs;
  }

  get events(): number {
    return this.#simulation.events;
  }

  get checkpoints(): readonly string[] {
    return this.#simulation.checkpoints;
  }

  get lastDisturbanceUs(): number {
    return this.#simulation.faults.disturbances.lastUs;
  }

  get longestDisturbanceUs(): number {
    return this.#simulation.faults.disturbances.longestUs;
  }

  fingerprint(): string {
    return this.#simulation.fingerprint();
  }

  run(untilUs: number, mostEvents?: number): void {
    this.#simulation.run(untilUs, mostEvents);
  }

  inspect(server: NodeId): NodeView | undefined {
    return this.#simulation.inspect(server);
  }

  stored(server: NodeId): StoredView {
    return this.#view(this.#simulation.world.machineOf(server).disk);
  }

  files(server: NodeId): Iterable<EncodedFile> | undefined {
    return this.#encode?.(this.#simulation.world.machineOf(server).disk);
  }

  isUp(server: NodeId): boolean {
    return this.#simulation.world.statusOf(server) === 'running';
  }

  canReach(from: NodeId, to: NodeId): boolean {
    return this.#simulation.world.canReach(from, to);
  }

  unfired(): readonly Unfired[] {
    return this.#simulation.faults.unfired();
  }

  withoutEffect(): readonly string[] {
    return this.#simulation.faults.withoutEffect();
  }

  unclean(): readonly string[] {
    return this.#simulation.faults.unclean();
  }
}
