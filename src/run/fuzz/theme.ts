import type { ClientsPlan, ZooSettings } from '../plan.ts';
import type { Shape } from './draw-shape.ts';
import type { Reach } from './harm.ts';
import type { Family } from './profile.ts';
import type { Script } from './script.ts';

/** What a plan is about from end to end: its ensemble, what goes wrong, and the load belong together. */
export interface Theme {
  /** The shape that it is drawn for. */
  readonly shape: (shape: Shape) => Shape;
  /** Writes what goes wrong, in place of waves. */
  readonly faults: (script: Script, settings: ZooSettings, of: Means) => void;
  /** @param activeUs how long faults happen, from the start on */
  readonly clients: (activeUs: number) => ClientsPlan;
}

/** What faults are drawn from. */
export interface Means {
  /** All families of the profile. */
  readonly all: readonly Family[];
  /** Those that this plan has. */
  readonly families: readonly Family[];
  readonly reach: Reach;
}
