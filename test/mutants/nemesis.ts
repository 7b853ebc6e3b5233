import { type Stream, seeded } from '../../src/core/decisions.ts';
import { uniform } from '../../src/core/distribution.ts';
import { nodeId } from '../../src/node/ids.ts';
import type { Action, Choice, Fault, Trigger } from '../../src/sim/fault.ts';
import type { MutantPlan } from './harness.ts';

/** Facts at which a fault hurts most. */
const MOMENTS = [
  'txn-proposed',
  'txn-acked',
  'txn-logged',
  'txn-committed',
  'leader-elected',
  'epoch-offered',
  'epoch-accepted',
  'epoch-adopted',
  'leader-synchronizing',
  'leader-established',
  'sync-chosen',
  'follower-synced',
  'log-truncated',
  'snapshot-installed',
  'snapshot-taken',
  'looking',
] as const;

/** The longest that a fault lasts: what liveness is judged by grows with it. */
const LONGEST_US = 5_000_000;

/** What liveness is given after the last fault, for ticks of 200 ms: 2 × `LONGEST_US` + 3 × 4 s, or so. */
const CALM_US = 24_000_000;

/** Draws a plan: bursts of faults on a small ensemble that is kept busy, then calm. */
export function randomPlan(seed: number): MutantPlan {
  const stream = seeded(`nemesis ${seed}`).stream('plan');
  const voters = pick(stream, [3, 3, 3, 4, 5]);
  const observers = pick(stream, [0, 0, 0, 1, 2]);
  const script = new Script(stream, voters + observers);
  const bursts = 1 + stream.draw(4);
  for (let burst = 0; burst < bursts; burst++) script.burst();
  const faults = script.end();
  const startUs = new Map<number, number>();
  for (let id = 1; id <= voters + observers; id++) {
    if (stream.draw(2) === 0) startUs.set(id, stream.draw(1_000_000));
  }
  return {
    seed,
    voters,
    observers,
    clients: 1 + stream.draw(4),
    operations: pick(stream, [20, 60, 200]),
    periodUs: pick(stream, [0, 20_000, 200_000]),
    sessionTimeoutUs: 4_000_000,
    slowestStageUs: pick(stream, [60, 60, 5000]),
    settings: {
      snapCount: pick(stream, [3, 10, 100_000]),
      commitLogCount: pick(stream, [2, 5, 500]),
      snapRetainCount: pick(stream, [0, 3]),
    },
    startUs,
    faults,
    durationUs: script.atUs + CALM_US,
  };
}

class Script {
  readonly #stream: Stream;
  readonly #servers: number;
  readonly #faults: Fault[] = [];
  atUs = 800_000;

  constructor(stream: Stream, servers: number) {
    this.#stream = stream;
    this.#servers = servers;
  }

  /** Some faults close to each other, then, perhaps, everybody is up again. */
  burst(): void {
    const stream = this.#stream;
    this.atUs += stream.draw(3_000_000);
    const count = 1 + stream.draw(4);
    for (let i = 0; i < count; i++) {
      this.atUs += stream.draw(300_000);
      this.#harm();
    }
    if (stream.draw(4) === 0) return;
    this.atUs += stream.draw(2_000_000);
    this.#add({ verb: 'start', servers: ['crashed'] });
  }

  /** Everything is well from here on. */
  end(): readonly Fault[] {
    this.atUs += LONGEST_US;
    this.#add({ verb: 'heal', what: 'all' });
    this.#add({ verb: 'resume', servers: ['paused'] });
    this.atUs += 500_000;
    this.#add({ verb: 'start', servers: ['crashed'] });
    return this.#faults;
  }

  #harm(): void {
    const stream = this.#stream;
    const lasts = 1 + stream.draw(LONGEST_US);
    const trigger = this.#trigger();
    switch (stream.draw(13)) {
      case 0:
      case 1:
        this.#add({ verb: 'crash', servers: this.#victim() }, trigger);
        return;
      case 2:
      case 3:
        this.#add({ verb: 'powerCut', servers: this.#victim() }, trigger);
        return;
      case 4:
        this.#add({ verb: 'powerCut', servers: ['all'] }, trigger);
        this.atUs += 300_000;
        this.#add({ verb: 'start', servers: ['crashed'] });
        return;
      case 5:
        this.#add({ verb: 'restart', servers: this.#victim() }, trigger);
        return;
      case 6:
        this.#add({ verb: 'isolate', servers: this.#victim() }, trigger, lasts);
        return;
      case 7:
        this.#add({ verb: 'partition', groups: [['minority'], ['rest']] }, trigger, lasts);
        return;
      case 8:
        this.#add({ verb: 'cut', from: this.#victim(), to: ['rest'] }, trigger, lasts);
        return;
      case 9:
        this.#add({ verb: 'pause', servers: this.#victim() }, trigger, lasts);
        return;
      case 10:
        this.#add(
          { verb: 'slowDisk', server: this.#victim(), sync: uniform(50_000, 400_000) },
          trigger,
          lasts,
        );
        return;
      case 11:
        this.#add({ verb: 'reset', between: [['leader'], ['rest']] }, trigger);
        return;
      default:
        this.#add({ verb: 'failSync', server: this.#victim(), times: 1 + stream.draw(2) }, trigger);
    }
  }

  #victim(): Choice {
    const stream = this.#stream;
    const which = stream.draw(4);
    if (which <= 1) return ['leader'];
    return which === 2 ? ['follower'] : [nodeId(1 + stream.draw(this.#servers))];
  }

  #trigger(): Trigger {
    const stream = this.#stream;
    if (stream.draw(2) === 0) return at(this.atUs);
    return {
      atUs: undefined,
      afterUs: stream.draw(2) === 0 ? undefined : stream.draw(8000),
      when: {
        fact: pick(stream, MOMENTS),
        server: undefined,
        nth: 1 + stream.draw(6),
        epoch: undefined,
        zxid: undefined,
        since: 'previous',
        fromUs: undefined,
        untilUs: undefined,
      },
    };
  }

  #add(action: Action, trigger: Trigger = at(this.atUs), forUs?: number): void {
    this.#faults.push({ name: `fault ${this.#faults.length}`, trigger, optional: true, forUs, action });
  }
}

function at(atUs: number): Trigger {
  return { atUs, afterUs: undefined, when: undefined };
}

function pick<T>(stream: Stream, from: readonly T[]): T {
  return from[stream.draw(from.length)] as T;
}
