import type { Decisions, Stream } from '../core/decisions.ts';
import { type NodeId, nameOf } from '../node/ids.ts';
import type { Work } from '../node/work.ts';
import { type Kernel, SOURCE } from './kernel.ts';
import type { LabourProfile } from './profile.ts';

/** Something that takes a processor. */
interface Job {
  /** When what is left will be done, as things stand. */
  arm(afterUs: number): void;
}

/** Later times cost a third of the first: the code is loaded, and some of it compiled. */
const AGAIN = 3;

/** Work that loads no code worth mentioning: each time takes as long. */
const ALIKE: ReadonlySet<Work> = new Set<Work>(['record', 'connection', 'end-role']);

/**
 * The processors that the servers of a world share, as an operating system shares them: when more of them
 * have something to do than there are processors, all of them are slower.
 */
export class Cores {
  readonly #kernel: Kernel;
  readonly #count: number;
  /** Who works, with what is left to do, in µs of a processor. */
  readonly #jobs = new Map<Job, number>();
  #lastUs = 0;

  constructor(kernel: Kernel, count: number) {
    this.#kernel = kernel;
    this.#count = count;
  }

  /** More to do for a job. */
  add(job: Job, us: number): void {
    this.#advance();
    this.#jobs.set(job, (this.#jobs.get(job) ?? 0) + us);
    this.#arm();
  }

  /** It has done all, or its process ended. */
  remove(job: Job): void {
    this.#advance();
    if (this.#jobs.delete(job)) this.#arm();
  }

  /** What was done since anything changed. */
  #advance(): void {
    const { now } = this.#kernel;
    const elapsedUs = now - this.#lastUs;
    this.#lastUs = now;
    if (elapsedUs === 0) return;
    const doneUs = this.#isCrowded ? Math.floor((elapsedUs * this.#count) / this.#jobs.size) : elapsedUs;
    for (const [job, leftUs] of this.#jobs) this.#jobs.set(job, Math.max(0, leftUs - doneUs));
  }

  #arm(): void {
    for (const [job, leftUs] of this.#jobs) {
      job.arm(this.#isCrowded ? Math.ceil((leftUs * this.#jobs.size) / this.#count) : leftUs);
    }
  }

  get #isCrowded(): boolean {
    return this.#count > 0 && this.#jobs.size > this.#count;
  }
}

/** What a process compiles in the background after its start. */
class Compilation implements Job {
  readonly #kernel: Kernel;
  readonly #cores: Cores;
  #slot: number;

  constructor(kernel: Kernel, cores: Cores) {
    this.#kernel = kernel;
    this.#cores = cores;
    this.#slot = kernel.open(SOURCE.labour, this);
  }

  begin(us: number): void {
    this.#cores.add(this, us);
  }

  arm(afterUs: number): void {
    this.#slot = this.#kernel.arm(this.#slot, this.#kernel.now + afterUs, this.#kernel.nextSeq());
  }

  labourDue(): void {
    this.#cores.remove(this);
  }

  clear(): void {
    this.#kernel.disarm(this.#slot);
    this.#cores.remove(this);
  }
}

/** What one server is busy with. A new process has everything before it again. */
export class Labour implements Job {
  readonly #kernel: Kernel;
  readonly #cores: Cores;
  readonly #profile: LabourProfile;
  readonly #stream: Stream;
  readonly #met = new Set<string>();
  readonly #compilation: Compilation;
  #slot: number;
  /** Whether it is busy. */
  busy = false;
  /** Work that the process wants to be told the end of. */
  awaited: Work | undefined;

  constructor(
    kernel: Kernel,
    decisions: Decisions,
    profile: LabourProfile,
    cores: Cores,
    owner: unknown,
    self: NodeId,
  ) {
    this.#kernel = kernel;
    this.#cores = cores;
    this.#profile = profile;
    this.#stream = decisions.stream(`labour ${nameOf(self)}`);
    this.#slot = kernel.open(SOURCE.labour, owner);
    this.#compilation = new Compilation(kernel, cores);
  }

  /** A process starts. */
  boot(): void {
    const { boot } = this.#profile;
    if (boot !== undefined) this.#compilation.begin(boot.sample(this.#stream));
  }

  /** A process is killed: how long it takes to be gone. */
  exitUs(): number {
    return this.#profile.exit?.sample(this.#stream) ?? 0;
  }

  /** Something comes up; whether the process has to load the code for it first. */
  meets(kind: string): boolean {
    const { warmUp } = this.#profile;
    if (warmUp === undefined || this.#met.has(kind)) return false;
    this.#met.add(kind);
    this.#begin(warmUp.sample(this.#stream));
    return true;
  }

  /** Begins a piece of work, or several of a kind. False: it takes no time. */
  work(work: Work, pieces: number): boolean {
    const cost = this.#profile.costs.get(work);
    if (cost === undefined || pieces === 0) return false;
    const us = cost.sample(this.#stream);
    const again = !ALIKE.has(work) && this.#met.has(work);
    this.#met.add(work);
    this.#begin(again ? Math.ceil(us / AGAIN) : us * pieces);
    return true;
  }

  #begin(us: number): void {
    this.busy = true;
    this.#cores.add(this, us);
  }

  /** For the cores: when what is left will be done, as things stand. */
  arm(afterUs: number): void {
    const { now } = this.#kernel;
    this.#slot = this.#kernel.arm(this.#slot, now + afterUs, this.#kernel.nextSeq());
  }

  /** All is done. */
  finish(): void {
    this.busy = false;
    this.#cores.remove(this);
  }

  /** The process ended. */
  clear(): void {
    this.busy = false;
    this.awaited = undefined;
    this.#met.clear();
    this.#compilation.clear();
    this.#kernel.disarm(this.#slot);
    this.#cores.remove(this);
  }
}
