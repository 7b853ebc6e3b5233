import type { TraceEvent } from '../node/facts.ts';
import type { NodeId } from '../node/ids.ts';
import type { Electorates } from './electorates.ts';

/** The kinds of events that broken assumptions are read from. */
export const ASSUMPTION_KINDS: readonly TraceEvent['kind'][] = [
  'wiped',
  'corrupted',
  'found',
  'looking',
  'crashed',
  'restarted',
  'fault-fired',
];

/**
 * What faults did that goes beyond what the protocol promises to survive: its voters keep what they have
 * synced, no server reads anything but what it wrote, a sync that failed is a process that ends, and a quorum
 * keeps its power.
 */
export class Assumptions {
  readonly #electorates: Electorates;
  readonly #dark = new Set<NodeId>();
  readonly #broken = new Set<string>();
  /** Servers whose disk the plan laid out, and who have not looked for a leader with it. */
  readonly #given = new Set<NodeId>();
  /** Servers whose disk may hold something. */
  readonly #filled = new Set<NodeId>();

  /** @param electorates shown each event before this is */
  constructor(electorates: Electorates) {
    this.#electorates = electorates;
  }

  /** One sentence for each broken assumption, in the order in which they broke. */
  get broken(): readonly string[] {
    return [...this.#broken];
  }

  observe(event: TraceEvent): void {
    switch (event.kind) {
      case 'found':
        this.#given.add(event.server);
        this.#filled.add(event.server);
        return;
      case 'looking':
        this.#given.delete(event.server);
        return;
      case 'wiped':
        // Who has never run has nothing to lose, nor has he promised anything.
        if (this.#filled.delete(event.server) && this.#electorates.everVotes(event.server))
          this.#broken.add(`the disk of voter ${event.server} was wiped`);
        return;
      case 'corrupted':
        // An observer's log is judged, too: it must hold what it holds without a gap.
        this.#broken.add(
          `a record of ${event.file} on ${this.#kindOf(event.server)} ${event.server} was damaged`,
        );
        return;
      case 'crashed':
        if (event.how === 'power-cut') this.#darken(event.server);
        if (event.how === 'exit' && this.#given.has(event.server)) {
          this.#broken.add(
            `server ${event.server} was given a disk with which it does not start: ${event.reason}`,
          );
        }
        return;
      case 'restarted':
        this.#dark.delete(event.server);
        this.#filled.add(event.server);
        return;
      case 'fault-fired':
        if (event.verb === 'failSync' && event.effect) {
          for (const server of event.servers) {
            if (this.#electorates.everVotes(server))
              this.#broken.add(`the disk of voter ${server} failed to sync`);
          }
        }
        return;
      default:
        return;
    }
  }

  #kindOf(server: NodeId): 'voter' | 'observer' {
    return this.#electorates.everVotes(server) ? 'voter' : 'observer';
  }

  #darken(server: NodeId): void {
    this.#dark.add(server);
    const quorums = this.#electorates.newest;
    const tally = quorums.tally();
    for (const voter of quorums.voters) if (!this.#dark.has(voter)) tally.add(voter);
    if (tally.hasQuorum()) return;
    const dark = quorums.voters.filter((voter) => this.#dark.has(voter));
    this.#broken.add(`voters ${dark.join(', ')} were without power at once: no quorum kept running`);
  }
}
