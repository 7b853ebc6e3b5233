import type { ClientsPlan, ZooSettings } from '../plan.ts';
import type { Shape } from './draw-shape.ts';
import type { Reach } from './harm.ts';
import type { Family } from './profile.ts';
import type { Script } from './script.ts';

/** What a plan is about: its ensemble, what goes wrong, and the load belong together. */
export interface Theme {
  /** The shape that it is drawn for. */
  readonly shape: (shape: Shape) => Shape;
  /** Writes what goes wrong, in place of waves and situations: the plan is about nothing else. */
  readonly instead?: Writing;
  /** Writes what goes wrong behind waves and situations. */
  readonly behind?: Writing;
  /** Writes what goes wrong behind most else. */
  readonly last?: Writing;
  /** Draws the load, in place of the usual one. `activeUs`: how long faults happen, from the start on. */
  readonly clients?: (activeUs: number) => ClientsPlan;
  /** What becomes of the load that was drawn, in place of variety. */
  readonly load?: (clients: ClientsPlan) => ClientsPlan;
  /** So many clients at most write all the time (`drawCrowd`). */
  readonly crowd?: number;
  /** How long the sessions of all clients live, µs. */
  readonly sessionTimeoutUs?: number;
}

/** Writes a part of a plan. */
export type Writing = (script: Script, settings: ZooSettings, of: Means) => void;

/** What faults are drawn from. */
export interface Means {
  /** All families of the profile. */
  readonly all: readonly Family[];
  /** Those that this plan has. */
  readonly families: readonly Family[];
  readonly reach: Reach;
}
