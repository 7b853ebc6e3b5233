import type { TraceEvent } from '../node/facts.ts';
import type { NodeId } from '../node/ids.ts';
import { majority, type QuorumSystem } from '../node/quorum.ts';

/** The kinds of events that these are read from. */
export const ELECTORATE_KINDS: readonly TraceEvent['kind'][] = ['config-adopted', 'restarted'];

interface Electorate {
  readonly quorums: QuorumSystem;
  readonly observers: readonly NodeId[];
}

/** Who belongs to the ensemble and who decides, by the word of each server; for figures, not for judges. */
export class Electorates {
  readonly #given: QuorumSystem;
  readonly #adopted = new Map<NodeId, Electorate>();
  readonly #voted = new Set<NodeId>();
  #newest: QuorumSystem;
  #newestZxid = 0;

  constructor(given: QuorumSystem) {
    this.#given = given;
    this.#newest = given;
  }

  observe(event: TraceEvent): void {
    if (event.kind === 'restarted') this.#adopted.delete(event.server);
    else if (event.kind === 'config-adopted') {
      const { zxid, voters, observers } = event;
      if (zxid === 0) this.#adopted.delete(event.server);
      else this.#adopt(event.server, zxid, { quorums: majority(voters), observers });
    }
  }

  #adopt(server: NodeId, zxid: number, electorate: Electorate): void {
    this.#adopted.set(server, electorate);
    for (const voter of electorate.quorums.voters) this.#voted.add(voter);
    if (zxid <= this.#newestZxid) return;
    this.#newestZxid = zxid;
    this.#newest = electorate.quorums;
  }

  /** Who decides, by the newest configuration that anybody has adopted. */
  get newest(): QuorumSystem {
    return this.#newest;
  }

  /** Whether the server has, or had, a vote. */
  everVotes(server: NodeId): boolean {
    return this.#given.isVoter(server) || this.#voted.has(server);
  }

  /** Who decides for this server. */
  quorumsOf(server: NodeId): QuorumSystem {
    return this.#adopted.get(server)?.quorums ?? this.#given;
  }

  /** Whether a server belongs to the ensemble, with a vote or without, as this leader has it. */
  isMember(server: NodeId, leader: NodeId): boolean {
    const adopted = this.#adopted.get(leader);
    return adopted === undefined || adopted.quorums.isVoter(server) || adopted.observers.includes(server);
  }
}
