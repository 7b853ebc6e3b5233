import { assert } from '../core/assert.ts';
import type { Stream } from '../core/decisions.ts';
import type { Damaged, Datagrams, Env, FileName, Port, Stored } from '../node/env.ts';
import type { Asked, CloseReason, NodeEvent } from '../node/events.ts';
import type { Fact } from '../node/facts.ts';
import { type LinkId, type NodeId, nameOf, type Ticket } from '../node/ids.ts';
import type { NodeView, Participant } from '../node/protocol.ts';
import { WORKS, type Work } from '../node/work.ts';
import { type Datagram, postOver } from './datagram.ts';
import { VirtualDisk } from './disk.ts';
import { type Kernel, SOURCE } from './kernel.ts';
import { type Cores, Labour } from './labour.ts';
import { LentEvents } from './lent-events.ts';
import type { Endpoint, Link } from './link.ts';
import { LocalClock } from './local-clock.ts';
import type { Network, ProcessEnd } from './network.ts';
import { Overrides } from './overrides.ts';
import type { Paths } from './paths.ts';
import type { ParticipantSetup, WorldSetup } from './profile.ts';
import type { Roles } from './roles.ts';
import { type Stage, Stages } from './stages.ts';
import type { Testimony } from './testimony.ts';
import { type Timer, Timers } from './timers.ts';

/** What all machines of a world share. */
export interface Surroundings<M, R extends Stored> {
  readonly setup: WorldSetup<M, R>;
  readonly kernel: Kernel;
  readonly testimony: Testimony;
  readonly roles: Roles;
  readonly paths: Paths;
  readonly network: Network<M>;
  readonly cores: Cores;
  /** The machine of a participant; an unknown one is a defect of the protocol. */
  machineOf(id: NodeId): Machine<M, R>;
}

/** Whether there is a process, and whether it runs. */
export type MachineStatus = 'off' | 'running' | 'paused';

const PORT_BITS: { readonly [P in Port]: number } = { election: 1, quorum: 2, client: 4 };

/**
 * A participant's machine: its process, if one runs, and all that outlives it. It is the process's `Env`;
 * what a process that is ending or gone asks for is ignored.
 */
export class Machine<M, R extends Stored> implements Env<M, R, Fact>, Datagrams<M>, Endpoint<M> {
  readonly self: NodeId;
  readonly role: ParticipantSetup<M, R>['role'];
  readonly links: Link<M>[] = [];
  readonly clock: LocalClock;
  readonly disk: VirtualDisk<Machine<M, R>, R>;
  powered = true;
  paused = false;
  /** The faults that keep its process frozen. */
  readonly pauses = new Overrides<string>();
  /** How many faults refuse new connections to it. */
  refusals = 0;
  /** How often a process was started. */
  incarnation = 0;
  readonly #world: Surroundings<M, R>;
  readonly #setup: ParticipantSetup<M, R>;
  readonly #timers: Timers<Machine<M, R>>;
  readonly #stages: Stages<Machine<M, R>>;
  readonly #chance: Stream;
  readonly #delays: Stream;
  /** How many datagrams its processes have sent. */
  #posts = 0;
  #process: Participant<M> | undefined;
  /** Whether what the process asks for is done. */
  #live = false;
  #exitReason = '';
  #listening = 0;
  /** Sources that came up while the process was frozen, in their order. */
  #held: number[] = [];
  /** What takes its processes their time; undefined: nothing does. */
  readonly #labour: Labour | undefined;
  readonly #events = new LentEvents<M>();

  constructor(world: Surroundings<M, R>, setup: ParticipantSetup<M, R>) {
    const { kernel, testimony } = world;
    const { decisions, disk, stages, clock, labour } = world.setup;
    const name = nameOf(setup.id);
    this.#world = world;
    this.#setup = setup;
    this.self = setup.id;
    this.role = setup.role;
    this.clock = new LocalClock(kernel);
    this.disk = new VirtualDisk(kernel, testimony, decisions, disk, this, setup.id, world.setup.format);
    this.#timers = new Timers(kernel, this.clock, this, setup.id);
    this.#stages = new Stages(kernel, decisions, stages, this, setup.id);
    if (labour !== undefined && setup.role !== 'client') {
      this.#labour = new Labour(kernel, decisions, labour, world.cores, this, setup.id);
    }
    this.#chance = decisions.stream(`chance ${name}`);
    this.#delays = decisions.stream(`posts ${name}`);
    if (setup.role !== 'client') this.clock.draw(clock, decisions.stream(`clock ${name}`));
  }

  get id(): NodeId {
    return this.self;
  }

  /** What became of its process. */
  get status(): MachineStatus {
    return this.#process === undefined ? 'off' : this.paused ? 'paused' : 'running';
  }

  /** What the process says of itself; undefined when there is none. */
  inspect(): NodeView | undefined {
    return this.#process?.inspect();
  }

  // --- The process's calls (Env) ---

  now(): number {
    return this.clock.now();
  }

  wallMs(): number {
    return this.clock.wallMs();
  }

  setTimer(timer: string, afterUs: number, subject = 0): void {
    if (this.#live) this.#timers.set(timer, afterUs, subject);
  }

  cancelTimer(timer: string, subject = 0): void {
    if (this.#live) this.#timers.cancel(timer, subject);
  }

  wake(stage: string): void {
    if (this.#live) this.#stages.wake(stage);
  }

  work(work: Work, pieces = 1): boolean {
    const labour = this.#labour;
    if (!this.#live || labour === undefined || !labour.work(work, pieces)) return false;
    assert(labour.awaited === undefined, 'a server does one thing at a time');
    labour.awaited = work;
    return true;
  }

  listen(port: Port): void {
    if (this.#live) this.#listening |= PORT_BITS[port];
  }

  unlisten(port: Port): void {
    if (this.#live) this.#listening &= ~PORT_BITS[port];
  }

  connect(peer: NodeId, port: Port): LinkId {
    if (!this.#live) return 0 as LinkId;
    return this.#world.network.connect(this, this.#world.machineOf(peer), port);
  }

  close(link: LinkId): void {
    if (this.#live) this.#world.network.close(this, link);
  }

  send(link: LinkId, message: M): boolean {
    return !this.#live || this.#world.network.send(this, link, message);
  }

  post(to: NodeId, message: M): void {
    if (!this.#live) return;
    const { kernel, paths, testimony, setup } = this.#world;
    const number = ++this.#posts;
    if (testimony.sent) {
      const text = setup.language.describe(message);
      testimony.tell({ kind: 'sent', link: -number, from: this.self, to, message: text });
    }
    const { self } = this;
    postOver(kernel, paths.between(self, to), this.#delays, this.#world.machineOf(to), message, number);
  }

  files(): readonly FileName[] {
    return this.disk.files();
  }

  read(file: FileName): readonly (R | Damaged)[] {
    return this.disk.read(file);
  }

  append(file: FileName, record: R): void {
    if (this.#live) this.disk.append(file, record);
  }

  remove(file: FileName): void {
    if (this.#live) this.disk.remove(file);
  }

  truncate(file: FileName, keep: number): void {
    if (this.#live) this.disk.truncate(file, keep);
  }

  replace(file: FileName, record: R): void {
    if (this.#live) this.disk.replace(file, record);
  }

  sync(file: FileName): Ticket {
    return this.#live ? this.disk.sync(file) : (0 as Ticket);
  }

  draw(bound: number): number {
    return this.#chance.draw(bound);
  }

  exit(reason: string): void {
    this.#live = false;
    this.#exitReason = reason;
  }

  report(fact: Fact): void {
    if (this.#live) this.#world.testimony.report(fact);
  }

  // --- What the network brings (Endpoint) ---

  accepts(port: Port): boolean {
    return this.#process !== undefined && this.refusals === 0 && (this.#listening & PORT_BITS[port]) !== 0;
  }

  detains(slot: number, kind: string): boolean {
    const labour = this.#labour;
    if (!this.paused && (labour === undefined || (!labour.busy && !labour.meets(kind)))) return false;
    this.#world.kernel.hold(slot);
    this.#held.push(slot);
    return true;
  }

  detainsMessage(slot: number, message: M): boolean {
    // Messages have many shapes: to read a kind costs as much as the queue, and hardly any world needs it.
    if (!this.paused && this.#labour === undefined) return false;
    return this.detains(slot, (message as { readonly kind?: string }).kind ?? '');
  }

  opened(link: LinkId, port: Port, peer: NodeId | undefined): void {
    this.#hand(this.#events.ofOpening(link, port, peer));
  }

  received(link: LinkId, message: M): void {
    const event = this.#events.received;
    event.link = link;
    event.message = message;
    this.#hand(event);
  }

  writable(link: LinkId): void {
    const event = this.#events.writable;
    event.link = link;
    this.#hand(event);
  }

  closed(link: LinkId, reason: CloseReason): void {
    const event = this.#events.closed;
    event.link = link;
    event.reason = reason;
    this.#hand(event);
  }

  posted(from: NodeId, message: M): void {
    const event = this.#events.posted;
    event.from = from;
    event.message = message;
    this.#hand(event);
  }

  // --- What else comes up ---

  /** One of its timers is due. */
  timerDue(timer: Timer<Machine<M, R>>): void {
    if (this.detains(timer.slot, timer.name)) return;
    const { kernel, testimony } = this.#world;
    timer.localDue = undefined;
    kernel.begin(SOURCE.timer, this.self);
    kernel.digest.word(timer.code);
    kernel.digest.word(timer.subject);
    if (testimony.timerFired) {
      testimony.tell({ kind: 'timer-fired', server: this.self, timer: timer.name, subject: timer.subject });
    }
    const event = this.#events.timer;
    event.timer = timer.name;
    event.subject = timer.subject;
    this.#hand(event);
  }

  /** One of its stages has its turn. */
  stageDue(stage: Stage<Machine<M, R>>): void {
    const { kernel } = this.#world;
    if (this.detains(stage.slot, stage.name)) return;
    stage.pending = false;
    kernel.begin(SOURCE.stage, this.self);
    kernel.digest.word(stage.code);
    this.#events.turn.stage = stage.name;
    this.#hand(this.#events.turn);
  }

  /** What it was busy with is done. */
  labourDue(): void {
    this.#labour?.finish();
    if (!this.paused) this.#takeUp();
  }

  /** Goes on after it was busy or frozen: the end of what it did comes first, then what waited meanwhile. */
  #takeUp(): void {
    const awaited = this.#labour?.awaited;
    if (this.#labour !== undefined) this.#labour.awaited = undefined;
    if (awaited !== undefined) {
      const { kernel, testimony } = this.#world;
      kernel.begin(SOURCE.labour, this.self);
      kernel.digest.word(WORKS.indexOf(awaited));
      if (testimony.worked) testimony.tell({ kind: 'worked', server: this.self, work: awaited });
      this.#events.turn.stage = awaited;
      this.#hand(this.#events.turn);
    }
    if (this.#labour?.busy === true) return;
    const held = this.#held;
    this.#held = [];
    for (const slot of held) this.#world.kernel.unhold(slot);
  }

  /** A sync ended. */
  syncDue(slot: number): void {
    if (this.detains(slot, 'sync')) return;
    const { kernel } = this.#world;
    kernel.begin(SOURCE.disk, this.self);
    const result = this.disk.finish();
    const ticket = this.disk.finished;
    kernel.digest.word(ticket);
    this.#hand(this.#events.ofSync(ticket, result));
  }

  /** A datagram arrives. */
  datagramDue(datagram: Datagram<M>): void {
    const { kernel, paths, setup, testimony } = this.#world;
    if (this.detains(datagram.slot, 'datagram')) return;
    kernel.close(datagram.slot);
    const { from, message, number } = datagram;
    if (this.#process === undefined || paths.isCut(from, this.self)) return;
    kernel.begin(SOURCE.datagram, this.self);
    setup.language.fold(message, kernel.digest);
    if (testimony.delivered) {
      const text = setup.language.describe(message);
      testimony.tell({ kind: 'delivered', link: -number, from, to: this.self, message: text });
    }
    this.posted(from, message);
  }

  // --- What is done to it ---

  /** Starts a process, on a machine that has power again. False if one runs. */
  start(): boolean {
    if (this.#process !== undefined) return false;
    const { testimony, roles, network } = this.#world;
    if (!this.powered) {
      this.powered = true;
      network.powerReturned(this);
    }
    this.incarnation++;
    roles.started(this.self);
    if (testimony.restarted) {
      testimony.tell({ kind: 'restarted', server: this.self, incarnation: this.incarnation });
    }
    this.#live = true;
    this.#labour?.boot();
    this.disk.processStarts();
    this.#process = this.#setup.create(this);
    if (this.#live) this.#hand({ kind: 'started' });
    else this.end('exit', this.#exitReason);
    return true;
  }

  /** Ends the process. False if there is none. */
  end(how: ProcessEnd, reason: string): boolean {
    if (this.#process === undefined) return false;
    const { testimony, roles, network } = this.#world;
    this.#process = undefined;
    this.#live = false;
    this.paused = false;
    this.pauses.clear();
    this.#listening = 0;
    this.#held = [];
    const exitUs = how === 'crash' ? (this.#labour?.exitUs() ?? 0) : 0;
    this.#labour?.clear();
    // Told first: a trigger may ask whether it was the leader that died.
    if (testimony.crashed) testimony.tell({ kind: 'crashed', server: this.self, how, reason });
    roles.ended(this.self);
    this.#timers.clear();
    this.#stages.clear();
    network.processEnded(this, how, exitUs);
    this.disk.processEnded(how === 'power-cut');
    return true;
  }

  /** Takes the power away, from a process if there is one. False if there was no power. */
  cutPower(): boolean {
    if (!this.powered) return false;
    this.powered = false;
    if (!this.end('power-cut', 'power cut')) {
      this.#world.network.processEnded(this, 'power-cut');
      this.disk.loseUnsynced();
    }
    return true;
  }

  /** Freezes the process. False if none runs. */
  pause(): boolean {
    if (this.#process === undefined || this.paused) return false;
    this.paused = true;
    const { testimony } = this.#world;
    if (testimony.paused) testimony.tell({ kind: 'paused', server: this.self });
    return true;
  }

  /** Lets a frozen process go on: what waited comes up at once, in its order. False if none is frozen. */
  resume(): boolean {
    if (!this.paused) return false;
    this.paused = false;
    this.pauses.clear();
    const { testimony } = this.#world;
    if (testimony.resumed) testimony.tell({ kind: 'resumed', server: this.self });
    if (this.#labour?.busy !== true) this.#takeUp();
    return true;
  }

  /** An operator asks the process for something. False if it did nothing, or none runs. */
  ask(request: string, subject: NodeId): boolean {
    const asked: Asked = { kind: 'asked', request, subject, taken: false };
    if (this.status === 'running') this.#hand(asked);
    return asked.taken;
  }

  /** Loses the disk. False if a process runs. */
  wipe(): boolean {
    if (this.#process !== undefined) return false;
    const { testimony } = this.#world;
    this.disk.wipe();
    if (testimony.wiped) testimony.tell({ kind: 'wiped', server: this.self });
    return true;
  }

  #hand(event: NodeEvent<M>): void {
    const process = this.#process;
    if (process === undefined) return;
    process.handle(event);
    if (!this.#live && this.#process === process) this.end('exit', this.#exitReason);
  }
}
