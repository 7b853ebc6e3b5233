import { assert, DefectError } from '../core/assert.ts';
import { CalendarQueue } from '../core/calendar.ts';
import type { Stored } from '../node/env.ts';
import { isServer, type NodeId } from '../node/ids.ts';
import type { NodeView } from '../node/protocol.ts';
import { Buggify } from './buggify.ts';
import type { Datagram } from './datagram.ts';
import type { VirtualDisk } from './disk.ts';
import { FaultEngine, type FaultEntry } from './faults.ts';
import { Kernel, SOURCE } from './kernel.ts';
import { Cores } from './labour.ts';
import type { Pipe } from './link.ts';
import { Machine } from './machine.ts';
import { Network } from './network.ts';
import { Paths } from './paths.ts';
import type { WorldSetup } from './profile.ts';
import { Roles } from './roles.ts';
import type { Stage } from './stages.ts';
import { Testimony } from './testimony.ts';
import type { Timer } from './timers.ts';
import { World } from './world.ts';

/**
 * A simulated world and its run: the same setup gives the same run, event by event.
 *
 * @example
 * const simulation = new Simulation(setup);
 * simulation.run(60_000_000);
 * simulation.fingerprint();
 */
export class Simulation<M, R extends Stored> {
  /** For acting on the world from outside, and for asking about it. */
  readonly world: World<M, R>;
  readonly faults: FaultEngine<M, R>;
  readonly roles: Roles;
  readonly #kernel: Kernel;
  readonly #network: Network<M>;

  /**
   * @param queue the queue of an earlier simulation, to use its arrays again; that simulation must not go
   * on
   */
  constructor(setup: WorldSetup<M, R>, queue: CalendarQueue = new CalendarQueue()) {
    const buggify = new Buggify(setup.decisions, setup.buggify);
    const kernel = new Kernel(queue, buggify);
    const servers = setup.participants.filter((p) => isServer(p.id));
    const roles = new Roles(servers.map(({ id, role }) => ({ id, observer: role === 'observer' })));
    const faults = new FaultEngine<M, R>(setup.faults, setup.decisions, kernel, roles);
    const testimony = new Testimony(kernel, roles, faults, setup.witness);
    const paths = new Paths(setup.decisions, setup.network, buggify);
    const network = new Network<M>(
      kernel,
      testimony,
      setup.decisions,
      setup.language,
      paths,
      setup.network,
      setup.wire,
    );
    const byId: (Machine<M, R> | undefined)[] = [];
    const machineOf = (id: NodeId) => {
      const machine = byId[id];
      assert(machine !== undefined, 'a participant deals only with participants of the run');
      return machine;
    };
    const cores = new Cores(kernel, setup.labour?.cores ?? 0);
    const surroundings = { setup, kernel, testimony, roles, paths, network, cores, machineOf };
    const machines = setup.participants.map((p) => new Machine(surroundings, p));
    for (const machine of machines) byId[machine.id] = machine;
    this.#kernel = kernel;
    this.#network = network;
    this.roles = roles;
    this.faults = faults;
    this.world = new World(kernel, testimony, paths, network, machines);
    for (const p of setup.participants) machineOf(p.id).disk.preload(p.files);
    for (const p of setup.participants) {
      if (p.startAtUs === undefined) continue;
      kernel.arm(kernel.open(SOURCE.start, machineOf(p.id)), p.startAtUs, kernel.nextSeq());
    }
    faults.attach(this.world, testimony);
  }

  /** Virtual µs since the start. */
  get nowUs(): number {
    return this.#kernel.now;
  }

  /** How many events have happened. */
  get events(): number {
    return this.#kernel.events;
  }

  /** The fingerprint after each 1,024 events. */
  get checkpoints(): readonly string[] {
    return this.#kernel.checkpoints;
  }

  /** The fingerprint of the run so far, 16 hex digits. */
  fingerprint(): string {
    return this.#kernel.digest.hex();
  }

  /** What a server says of itself; undefined when it does not run. */
  inspect(id: NodeId): NodeView | undefined {
    return this.world.machineOf(id).inspect();
  }

  /**
   * Lets everything happen that is due until then, and moves time to it. From `mostEvents` on, those of
   * earlier calls included, nothing happens any more, and time stays where it is.
   */
  run(untilUs: number, mostEvents = Number.POSITIVE_INFINITY): void {
    const kernel = this.#kernel;
    for (let slot = kernel.next(untilUs); slot >= 0; slot = kernel.next(untilUs)) {
      this.#dispatch(slot);
      if (kernel.events >= mostEvents) return;
    }
    kernel.settle(untilUs);
  }

  /** Lets the next thing happen, which may be too small to count as an event. False: nothing is to come. */
  step(): boolean {
    const slot = this.#kernel.next(Number.MAX_SAFE_INTEGER);
    if (slot < 0) return false;
    this.#dispatch(slot);
    return true;
  }

  #dispatch(slot: number): void {
    const kernel = this.#kernel;
    const owner = kernel.ownerOf(slot);
    switch (kernel.kindOf(slot)) {
      case SOURCE.pipe:
        this.#network.arrive(owner as Pipe<M>);
        break;
      case SOURCE.timer:
        (owner as Timer<Machine<M, R>>).owner.timerDue(owner as Timer<Machine<M, R>>);
        break;
      case SOURCE.stage:
        (owner as Stage<Machine<M, R>>).owner.stageDue(owner as Stage<Machine<M, R>>);
        break;
      case SOURCE.disk:
        (owner as VirtualDisk<Machine<M, R>, R>).owner.syncDue(slot);
        break;
      case SOURCE.datagram:
        ((owner as Datagram<M>).to as Machine<M, R>).datagramDue(owner as Datagram<M>);
        break;
      case SOURCE.abort:
        this.#network.abort(owner as Pipe<M>);
        break;
      case SOURCE.start:
        kernel.close(slot);
        kernel.begin(SOURCE.start, (owner as Machine<M, R>).id);
        (owner as Machine<M, R>).start();
        break;
      case SOURCE.fault:
        this.faults.due(owner as FaultEntry);
        break;
      case SOURCE.labour:
        (owner as { labourDue(): void }).labourDue();
        break;
      case SOURCE.faultEnd:
        this.faults.endDue(owner as FaultEntry);
        break;
      default:
        throw new DefectError('a source without an owner came up');
    }
    if (this.faults.ripe) this.faults.fireRipe();
  }
}
