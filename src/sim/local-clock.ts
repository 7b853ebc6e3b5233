import type { Stream } from '../core/decisions.ts';
import type { Kernel } from './kernel.ts';
import { Overrides } from './overrides.ts';
import type { ClockProfile } from './profile.ts';

const MILLION = 1_000_000;

/** Wall-clock time at the start of a run, ms since 1970: a fixed date, so that clocks may jump back. */
export const WALL_START_MS = 1_600_000_000_000;

/** `skew` sets the wall clock that far from true time, `jump` moves it from where it is. */
export interface Step {
  readonly verb: 'skew' | 'jump';
  readonly byUs: number;
}

/** What goes by a clock. */
export interface Paced {
  /** The clock has another rate now. */
  rescale(): void;
}

/**
 * The clocks of one participant: a monotonic one, whose rate may differ from the world's, and a wall clock,
 * which is true time with an offset. All conversions are exact in integers.
 */
export class LocalClock {
  /** Rate above true time, in ppm. */
  ppm = 0;
  /** True wall-clock time at the start of the run, ms since 1970. */
  #wallStartMs = WALL_START_MS;
  /** Offset of the wall clock from true time, in µs: as it was drawn, and as it is now. */
  #drawnOffsetUs = 0;
  #wallOffsetUs = 0;
  /** Rate as it was drawn, in ppm. */
  #drawnPpm = 0;
  readonly #rates = new Overrides<number>();
  readonly #steps = new Overrides<Step>();
  /** Whose deadlines lie elsewhere when the rate is another. */
  paced: Paced | undefined = undefined;
  readonly #kernel: Kernel;
  /** World time and local time at which the present rate began. */
  #worldBase = 0;
  #localBase = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Draws how far the wall clock is off, how fast the monotonic one runs, and in which direction. */
  draw(profile: ClockProfile, stream: Stream): void {
    this.#wallStartMs = profile.wallStartMs ?? WALL_START_MS;
    this.#drawnOffsetUs = profile.skew.sample(stream);
    this.#wallOffsetUs = this.#drawnOffsetUs;
    const ppm = profile.driftPpm.sample(stream);
    if (ppm === 0) return;
    this.#drawnPpm = stream.draw(2) === 0 ? ppm : -ppm;
    this.setRate(this.#drawnPpm);
  }

  /** Local µs. */
  now(): number {
    const world = this.#kernel.now;
    return this.ppm === 0 ? world - this.#worldBase + this.#localBase : this.#localAt(world);
  }

  /** Wall-clock ms. */
  wallMs(): number {
    return this.#wallStartMs + Math.floor((this.#kernel.now + this.#wallOffsetUs) / 1000);
  }

  /** The first world time at which the local clock shows `localUs` or more. */
  worldAt(localUs: number): number {
    const local = localUs - this.#localBase;
    if (this.ppm === 0) return this.#worldBase + local;
    const rate = MILLION + this.ppm;
    const whole = Math.floor(local / rate);
    return this.#worldBase + whole * MILLION + Math.ceil(((local - whole * rate) * MILLION) / rate);
  }

  /** Changes the rate from now on; local time goes on without a jump. */
  setRate(ppm: number): void {
    this.#localBase = this.now();
    this.#worldBase = this.#kernel.now;
    this.ppm = ppm;
  }

  /** A fault gives the monotonic clock another rate. Returns what ends it. */
  drift(ppm: number): () => void {
    const end = this.#rates.add(ppm);
    const follow = () => {
      this.setRate(this.#rates.last ?? this.#drawnPpm);
      this.paced?.rescale();
    };
    follow();
    return () => {
      end();
      follow();
    };
  }

  /** A fault sets the wall clock, or moves it. Returns what ends it. */
  step(step: Step): () => void {
    const end = this.#steps.add(step);
    this.#follow();
    return () => {
      end();
      this.#follow();
    };
  }

  #follow(): void {
    this.#wallOffsetUs = this.#steps
      .all()
      .reduce((offset, { verb, byUs }) => (verb === 'skew' ? byUs : offset + byUs), this.#drawnOffsetUs);
  }

  #localAt(worldUs: number): number {
    const world = worldUs - this.#worldBase;
    const whole = Math.floor(world / MILLION);
    const rest = world - whole * MILLION;
    return this.#localBase + world + whole * this.ppm + Math.floor((rest * this.ppm) / MILLION);
  }
}
