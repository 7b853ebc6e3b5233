import { type NodeId, nameOf } from '../node/ids.ts';
import type { Site } from './buggify.ts';
import { type Kernel, SOURCE } from './kernel.ts';
import type { LocalClock } from './local-clock.ts';

/** One timer of a participant: a deadline. It outlives restarts of its owner, unset. */
export class Timer<O> {
  readonly owner: O;
  readonly name: string;
  /** A number for the name, for the fingerprint: in order of first use by this participant. */
  readonly code: number;
  readonly subject: number;
  /** Local µs at which it fires; undefined when it is not set. */
  localDue: number | undefined;
  slot: number;
  readonly site: Site | undefined;

  constructor(kernel: Kernel, owner: O, name: string, code: number, subject: number, site: Site | undefined) {
    this.owner = owner;
    this.name = name;
    this.code = code;
    this.subject = subject;
    this.site = site;
    this.slot = kernel.open(SOURCE.timer, this);
  }
}

interface Named<O> {
  readonly name: string;
  readonly code: number;
  /** The timer with subject 0: most have no other. */
  plain: Timer<O> | undefined;
  readonly bySubject: Map<number, Timer<O>>;
}

/** The timers of one participant, on its local clock. */
export class Timers<O> {
  readonly #kernel: Kernel;
  readonly #clock: LocalClock;
  readonly #owner: O;
  readonly #self: NodeId;
  /** By code. They are few: to go through them costs less than a map. */
  readonly #names: Named<O>[] = [];
  /** In order of first use. */
  readonly #all: Timer<O>[] = [];

  constructor(kernel: Kernel, clock: LocalClock, owner: O, self: NodeId) {
    this.#kernel = kernel;
    this.#clock = clock;
    this.#owner = owner;
    this.#self = self;
    clock.paced = this;
  }

  /** Sets or moves a timer. A negative delay is none. */
  set(name: string, afterUs: number, subject: number): void {
    const timer = this.#timer(name, subject);
    const lateUs = timer.site?.lateUs(this.#kernel.now) ?? 0;
    timer.localDue = this.#clock.now() + Math.max(afterUs, 0) + lateUs;
    this.#arm(timer, timer.localDue);
  }

  /** Unsets a timer, if it is set. */
  cancel(name: string, subject: number): void {
    const named = this.#named(name);
    const timer = subject === 0 ? named?.plain : named?.bySubject.get(subject);
    if (timer !== undefined) this.#unset(timer);
  }

  /** Unsets all: the process ended. */
  clear(): void {
    for (const timer of this.#all) this.#unset(timer);
  }

  /** The clock's rate changed: every deadline lies elsewhere in world time. */
  rescale(): void {
    for (const timer of this.#all) if (timer.localDue !== undefined) this.#arm(timer, timer.localDue);
  }

  #arm(timer: Timer<O>, localDue: number): void {
    const at = this.#clock.worldAt(localDue);
    const now = this.#kernel.now;
    timer.slot = this.#kernel.arm(timer.slot, Math.max(at, now), this.#kernel.nextSeq());
  }

  #unset(timer: Timer<O>): void {
    timer.localDue = undefined;
    this.#kernel.disarm(timer.slot);
  }

  #timer(name: string, subject: number): Timer<O> {
    const named = this.#named(name) ?? this.#name(name);
    const known = subject === 0 ? named.plain : named.bySubject.get(subject);
    if (known !== undefined) return known;
    const site = this.#kernel.buggify.site('timer', `${nameOf(this.#self)} ${name} ${subject}`);
    const timer = new Timer(this.#kernel, this.#owner, name, named.code, subject, site);
    this.#all.push(timer);
    if (subject === 0) named.plain = timer;
    else named.bySubject.set(subject, timer);
    return timer;
  }

  #named(name: string): Named<O> | undefined {
    const names = this.#names;
    for (let i = 0; i < names.length; i++) {
      const named = names[i] as Named<O>;
      if (named.name === name) return named;
    }
    return undefined;
  }

  #name(name: string): Named<O> {
    const named = {
      name,
      code: this.#names.length,
      plain: undefined,
      bySubject: new Map<number, Timer<O>>(),
    };
    this.#names.push(named);
    return named;
  }
}
