import type { NodeId } from '../../node/ids.ts';
import type { Action, Choice, Fault, Trigger } from '../../sim/fault.ts';

/** The faults of a random plan as they are written down, and how far they reach. */
export class Script {
  /** All servers that ever run, ascending; voters and observers of them. */
  readonly servers: readonly NodeId[];
  readonly voters: readonly NodeId[];
  readonly observers: readonly NodeId[];
  /** Who is to come up when those come up that are down. */
  readonly fallen: Choice;
  /** Who is to run at the end. */
  readonly everybody: Choice;
  readonly #faults: Fault[] = [];
  /** Where the writing is: virtual µs. */
  atUs: number;
  #reachUs = 0;

  /** @param absent voters that never start */
  constructor(
    voters: readonly NodeId[],
    observers: readonly NodeId[],
    atUs: number,
    absent: readonly NodeId[] = [],
  ) {
    this.voters = voters.filter((id) => !absent.includes(id));
    this.observers = observers;
    this.servers = [...this.voters, ...observers];
    this.fallen = absent.length === 0 ? ['crashed'] : this.servers;
    this.everybody = absent.length === 0 ? ['all'] : this.servers;
    this.atUs = atUs;
  }

  get faults(): readonly Fault[] {
    return this.#faults;
  }

  /** From when on nothing happens that was written so far, and nothing of it is in force. */
  get reachUs(): number {
    return Math.max(this.#reachUs, this.atUs);
  }

  /**
   * Writes a fault, which may also not fire. Its name stays with it, so that its draws do when others go.
   *
   * @param trigger by default: now, where the writing is
   * @returns its name
   */
  add(action: Action, trigger: Trigger = at(this.atUs), forUs?: number): string {
    const name = `${action.verb} ${this.#faults.length + 1}`;
    this.#faults.push({ name, trigger, optional: true, forUs, action });
    const latestUs =
      (trigger.atUs ?? trigger.when?.untilUs ?? 0) + (trigger.when ? (trigger.afterUs ?? 0) : 0);
    this.#reachUs = Math.max(this.#reachUs, latestUs + (forUs ?? 0));
    return name;
  }
}

/** At a virtual time. */
export function at(atUs: number): Trigger {
  return { atUs, afterUs: undefined, when: undefined };
}
