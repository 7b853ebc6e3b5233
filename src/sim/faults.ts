import type { Decisions, Stream } from '../core/decisions.ts';
import { epochOf, type Zxid } from '../core/zxid.ts';
import type { Stored } from '../node/env.ts';
import type { TraceEvent } from '../node/facts.ts';
import { isServer, type NodeId } from '../node/ids.ts';
import { Disturbances } from './disturbances.ts';
import type { FactPattern, Fault, Selector, Unfired, Verb } from './fault.ts';
import { type Kernel, SOURCE } from './kernel.ts';
import type { Roles } from './roles.ts';
import { isMeant, Resolver } from './selectors.ts';
import type { Listener, Testimony } from './testimony.ts';
import { type Applied, applyAction } from './verbs.ts';
import type { World } from './world.ts';

/** One fault of the list, and how far it has come. */
export interface FaultEntry {
  readonly index: number;
  readonly fault: Fault;
  readonly stream: Stream;
  /** `blind`: its moment came, and a selector found nobody. */
  state: 'waiting' | 'due' | 'fired' | 'blind';
  /** Which one, and when. */
  missed: { readonly selector: Selector; readonly atUs: number } | undefined;
  /** How many facts have fitted so far. */
  fitted: number;
  /** Virtual µs at which it fired; −1 before. */
  firedAtUs: number;
  /** The participants that it hit. */
  servers: readonly NodeId[];
  effect: boolean;
  /** Ends it; undefined when it is not in force. */
  undo: (() => void) | undefined;
  slot: number;
}

const NETWORK_FAULTS: readonly Verb[] = [
  'partition',
  'isolate',
  'cut',
  'refuse',
  'slow',
  'loss',
  'bandwidth',
];

/** Fires the faults of a run when their triggers say so, and ends those that last. */
export class FaultEngine<M, R extends Stored> implements Listener {
  readonly entries: readonly FaultEntry[];
  readonly disturbances = new Disturbances();
  readonly #kernel: Kernel;
  readonly #roles: Roles;
  /** The entries that wait for facts, by the fact's kind. */
  readonly #listening = new Map<string, FaultEntry[]>();
  /** Entries whose fact has come during the present event. */
  #ripe: FaultEntry[] = [];
  #world: World<M, R> | undefined;
  #testimony: Testimony | undefined;

  constructor(faults: readonly Fault[], decisions: Decisions, kernel: Kernel, roles: Roles) {
    this.#kernel = kernel;
    this.#roles = roles;
    this.entries = faults.map((fault, index) => ({
      index,
      fault,
      stream: decisions.stream(`fault ${fault.name}`),
      state: 'waiting',
      missed: undefined,
      fitted: 0,
      firedAtUs: -1,
      servers: [],
      effect: false,
      undo: undefined,
      slot: -1,
    }));
    for (const entry of this.entries) {
      const { when } = entry.fault.trigger;
      if (when === undefined) continue;
      const listening = this.#listening.get(when.fact) ?? [];
      listening.push(entry);
      this.#listening.set(when.fact, listening);
    }
  }

  /** Gives the engine the world to act on, once it is made. */
  attach(world: World<M, R>, testimony: Testimony): void {
    this.#world = world;
    this.#testimony = testimony;
    for (const entry of this.entries) {
      const { atUs, afterUs, when } = entry.fault.trigger;
      if (when !== undefined) continue;
      if (atUs !== undefined) this.#schedule(entry, atUs);
      else if (entry.index === 0) this.#schedule(entry, afterUs ?? 0);
    }
  }

  /** Whether a fault waits for the present event to end. */
  get ripe(): boolean {
    return this.#ripe.length > 0;
  }

  get listens(): boolean {
    return this.entries.length > 0;
  }

  waitsFor(kind: string): boolean {
    return this.#listening.has(kind) || (kind === 'crashed' && this.listens);
  }

  hear(event: TraceEvent, leaderBefore: NodeId | undefined): void {
    if (event.kind === 'crashed' && event.how === 'exit') {
      this.disturbances.since(`off ${event.server}`, this.#kernel.now);
    }
    const listening = this.#listening.get(event.kind);
    if (listening === undefined) return;
    for (const entry of listening) {
      const { when } = entry.fault.trigger;
      if (entry.state !== 'waiting' || when === undefined || !this.#counts(entry, when)) continue;
      if (!this.#fits(when, event, leaderBefore) || ++entry.fitted < when.nth) continue;
      entry.state = 'due';
      this.#ripe.push(entry);
    }
  }

  /** The event is over: fires what it made ripe, and what that makes ripe. */
  fireRipe(): void {
    for (let i = 0; i < this.#ripe.length; i++) {
      const entry = this.#ripe[i] as FaultEntry;
      const { afterUs } = entry.fault.trigger;
      if (afterUs === undefined) this.#fire(entry);
      else this.#schedule(entry, this.#kernel.now + afterUs);
    }
    this.#ripe = [];
  }

  /** The time of a fault has come. */
  due(entry: FaultEntry): void {
    this.#kernel.close(entry.slot);
    this.#fire(entry);
  }

  /** The time of a fault in force is over. */
  endDue(entry: FaultEntry): void {
    this.#kernel.close(entry.slot);
    if (entry.undo === undefined) return;
    this.#kernel.begin(SOURCE.faultEnd, 0);
    this.#end(entry);
  }

  /** The faults that never fired and are not optional. */
  unfired(): Unfired[] {
    const missing = this.entries.filter(({ state, fault }) => state !== 'fired' && !fault.optional);
    return missing.map(({ fault, index, missed }) => {
      const before = this.entries[index - 1];
      const { afterUs, when } = fault.trigger;
      const behind = afterUs !== undefined && when === undefined && before?.state !== 'fired' && index > 0;
      return { name: fault.name, why: missed ?? (behind ? 'before' : 'trigger') };
    });
  }

  /** Names of the faults that fired and found nothing to do. */
  withoutEffect(): string[] {
    return this.entries.filter((e) => e.state === 'fired' && !e.effect).map((e) => e.fault.name);
  }

  /** The faults that are in force now and are more than clean cuts, dead servers and wrong wall clocks. */
  unclean(): string[] {
    return this.entries.filter((e) => e.undo !== undefined && this.#isUnclean(e)).map((e) => e.fault.name);
  }

  #isUnclean(entry: FaultEntry): boolean {
    const world = this.#world as World<M, R>;
    const { action } = entry.fault;
    switch (action.verb) {
      case 'partition':
      case 'isolate':
      case 'skew':
      case 'jump':
        return false;
      case 'pause':
        return entry.servers.some((id) => world.statusOf(id) === 'paused');
      case 'failSync':
        return entry.servers.some((id) => world.machineOf(id).disk.refuses);
      case 'cut':
        return entry.servers.some((a) =>
          entry.servers.some((b) => world.canReach(a, b) !== world.canReach(b, a)),
        );
      default:
        return true;
    }
  }

  /** Whether facts count for the trigger now. */
  #counts(entry: FaultEntry, when: FactPattern): boolean {
    if (when.fromUs !== undefined && this.#kernel.now < when.fromUs) return false;
    if (when.untilUs !== undefined && this.#kernel.now > when.untilUs) return false;
    return when.since === 'start' || entry.index === 0 || this.entries[entry.index - 1]?.state === 'fired';
  }

  #fits(when: FactPattern, event: TraceEvent, leaderBefore: NodeId | undefined): boolean {
    const zxid = 'zxid' in event ? event.zxid : undefined;
    if (when.zxid !== undefined && zxid !== when.zxid) return false;
    if (when.epoch !== undefined && epochOfEvent(event, zxid) !== when.epoch) return false;
    if (when.server === undefined) return true;
    if (!('server' in event)) return false;
    return isMeant(when.server, event.server, this.#world as World<M, R>, this.#roles, leaderBefore);
  }

  #schedule(entry: FaultEntry, atUs: number): void {
    entry.state = 'due';
    entry.slot = this.#kernel.open(SOURCE.fault, entry);
    entry.slot = this.#kernel.arm(entry.slot, atUs, this.#kernel.nextSeq());
  }

  #fire(entry: FaultEntry): void {
    const world = this.#world as World<M, R>;
    const testimony = this.#testimony as Testimony;
    const { fault } = entry;
    this.#kernel.begin(SOURCE.fault, 0);
    this.#kernel.digest.word(entry.index);
    const before = this.#statuses(world);
    // From here on: what it brings about at once has come since it fired.
    entry.state = 'fired';
    const resolver = new Resolver(world, this.#roles, entry.stream);
    const applied = this.#apply(fault, world, resolver);
    if (applied === undefined) {
      entry.state = 'blind';
      if (resolver.blind !== undefined) entry.missed = { selector: resolver.blind, atUs: this.#kernel.now };
      return;
    }
    entry.firedAtUs = this.#kernel.now;
    entry.servers = applied.servers;
    entry.effect = applied.effect;
    for (const id of applied.servers) this.#kernel.digest.word(id);
    if (applied.asked !== undefined) this.#kernel.digest.word(applied.asked.subject);
    this.#note(world, before, applied.effect);
    if (applied.undo !== undefined) this.#keep(entry, applied.undo);
    if (testimony.faultFired) {
      const { undo: _, ...told } = applied;
      testimony.tell({ kind: 'fault-fired', name: fault.name, verb: fault.action.verb, ...told });
    }
    const next = this.entries[entry.index + 1];
    const trigger = next?.fault.trigger;
    if (next?.state !== 'waiting' || trigger?.when !== undefined || trigger?.atUs !== undefined) return;
    this.#schedule(next, this.#kernel.now + (trigger?.afterUs ?? 0));
  }

  #apply(fault: Fault, world: World<M, R>, resolver: Resolver<M, R>): Applied | undefined {
    const { action, name } = fault;
    if (action.verb !== 'heal') return applyAction(action, name, world, resolver);
    let healed = false;
    for (const entry of this.entries) {
      const verb = entry.fault.action.verb;
      const meant = action.what === 'all' ? NETWORK_FAULTS.includes(verb) : entry.fault.name === action.what;
      if (!meant || entry.undo === undefined) continue;
      this.#end(entry);
      healed = true;
    }
    return { servers: [], effect: healed, undo: undefined };
  }

  /** A fault is in force from now on. */
  #keep(entry: FaultEntry, undo: () => void): void {
    entry.undo = undo;
    this.disturbances.begin(`fault ${entry.index}`, this.#kernel.now);
    if (entry.fault.forUs === undefined) return;
    entry.slot = this.#kernel.open(SOURCE.faultEnd, entry);
    entry.slot = this.#kernel.arm(entry.slot, this.#kernel.now + entry.fault.forUs, this.#kernel.nextSeq());
  }

  #end(entry: FaultEntry): void {
    const world = this.#world as World<M, R>;
    const testimony = this.#testimony as Testimony;
    const before = this.#statuses(world);
    entry.undo?.();
    entry.undo = undefined;
    this.disturbances.end(`fault ${entry.index}`, this.#kernel.now);
    this.#note(world, before, true);
    const { name, action } = entry.fault;
    if (testimony.faultEnded) testimony.tell({ kind: 'fault-ended', name, verb: action.verb });
  }

  #statuses(world: World<M, R>): readonly string[] {
    return world.machines.map((m) => m.status);
  }

  /** Notes whose process a fault ended, started, froze or freed. */
  #note(world: World<M, R>, before: readonly string[], effect: boolean): void {
    const { now } = this.#kernel;
    if (effect) this.disturbances.touch(now);
    world.machines.forEach((machine, i) => {
      if (!isServer(machine.id) || machine.status === before[i]) return;
      this.disturbances.end(`${before[i]} ${machine.id}`, now);
      if (machine.status !== 'running') this.disturbances.begin(`${machine.status} ${machine.id}`, now);
    });
  }
}

function epochOfEvent(event: TraceEvent, zxid: Zxid | undefined): number | undefined {
  if ('epoch' in event) return event.epoch;
  return zxid === undefined ? undefined : epochOf(zxid);
}
