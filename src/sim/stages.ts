import type { Decisions, Stream } from '../core/decisions.ts';
import type { Distribution } from '../core/distribution.ts';
import { type NodeId, nameOf } from '../node/ids.ts';
import type { Site } from './buggify.ts';
import { type Kernel, SOURCE } from './kernel.ts';
import type { StageProfile } from './profile.ts';

/** One stage of a participant: a queue and its thread, of which only the next turn is known here. */
export class Stage<O> {
  readonly owner: O;
  readonly name: string;
  /** A number for the name, for the fingerprint: in order of first use by this participant. */
  readonly code: number;
  readonly delay: Distribution;
  readonly stream: Stream;
  readonly site: Site | undefined;
  pending = false;
  /** When its last turn was due: turns strictly increase. */
  lastDue = -1;
  slot: number;

  constructor(
    kernel: Kernel,
    owner: O,
    name: string,
    code: number,
    delay: Distribution,
    stream: Stream,
    site: Site | undefined,
  ) {
    this.owner = owner;
    this.name = name;
    this.code = code;
    this.delay = delay;
    this.stream = stream;
    this.site = site;
    this.slot = kernel.open(SOURCE.stage, this);
  }
}

/** The stages of one participant. Their streams go on over restarts. */
export class Stages<O> {
  readonly #kernel: Kernel;
  readonly #decisions: Decisions;
  readonly #profile: StageProfile;
  readonly #owner: O;
  readonly #self: NodeId;
  /** In order of first use. They are few: to go through them costs less than a map. */
  readonly #all: Stage<O>[] = [];

  constructor(kernel: Kernel, decisions: Decisions, profile: StageProfile, owner: O, self: NodeId) {
    this.#kernel = kernel;
    this.#decisions = decisions;
    this.#profile = profile;
    this.#owner = owner;
    this.#self = self;
  }

  /** Asks for a turn, if none is pending. */
  wake(name: string): void {
    const stage = this.#named(name);
    if (stage.pending) return;
    stage.pending = true;
    const { now } = this.#kernel;
    const at = now + stage.delay.sample(stage.stream) + (stage.site?.lateUs(now) ?? 0);
    stage.lastDue = at > stage.lastDue ? at : stage.lastDue + 1;
    stage.slot = this.#kernel.arm(stage.slot, stage.lastDue, this.#kernel.nextSeq());
  }

  /** Drops all pending turns: the process ended. */
  clear(): void {
    for (const stage of this.#all) {
      stage.pending = false;
      this.#kernel.disarm(stage.slot);
    }
  }

  #named(name: string): Stage<O> {
    const all = this.#all;
    for (let i = 0; i < all.length; i++) {
      const stage = all[i] as Stage<O>;
      if (stage.name === name) return stage;
    }
    return this.#open(name);
  }

  #open(name: string): Stage<O> {
    const delay = this.#profile.by.get(name) ?? this.#profile.delay;
    const stream = this.#decisions.stream(`stage ${nameOf(this.#self)} ${name}`);
    const site = this.#kernel.buggify.site('stage', `${nameOf(this.#self)} ${name}`);
    const stage = new Stage(this.#kernel, this.#owner, name, this.#all.length, delay, stream, site);
    this.#all.push(stage);
    return stage;
  }
}
