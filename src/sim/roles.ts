import type { TraceEvent } from '../node/facts.ts';
import type { NodeId } from '../node/ids.ts';

/** What a server is, by its own testimony and by what became of its process. */
export type Role = 'looking' | 'following' | 'leading' | 'observing' | 'stopped';

interface Standing {
  readonly id: NodeId;
  readonly observer: boolean;
  role: Role;
  /** Place of its latest election among all; 0 when it is no leader. */
  elected: number;
  /** Epoch in which it is established; −1 when it is not. */
  established: number;
}

/** Follows who leads: fed with the facts, and with starts and ends of processes. */
export class Roles {
  readonly #standings: readonly Standing[];
  readonly #byId: (Standing | undefined)[] = [];
  #elections = 0;

  /** @param servers all servers, ascending; off until they start */
  constructor(servers: readonly { readonly id: NodeId; readonly observer: boolean }[]) {
    this.#standings = servers.map(({ id, observer }) => ({
      id,
      observer,
      role: 'stopped',
      elected: 0,
      established: -1,
    }));
    for (const standing of this.#standings) this.#byId[standing.id] = standing;
  }

  /** Takes note of anything that is told of a run. */
  observe(event: TraceEvent): void {
    switch (event.kind) {
      case 'txn-applied':
      case 'txn-acked':
      case 'txn-proposed':
      case 'txn-committed':
        return;
      case 'looking':
        this.#become(event.server, 'looking');
        return;
      case 'leader-elected':
        this.#elect(event.server);
        return;
      case 'leader-followed':
        this.#become(event.server, this.#byId[event.server]?.observer === true ? 'observing' : 'following');
        return;
      case 'leader-established':
        this.#establish(event.server, event.epoch);
        return;
      case 'leader-resigned':
      case 'leader-left':
        this.#become(event.server, 'looking');
        return;
      case 'crashed':
        this.ended(event.server);
        return;
      case 'restarted':
        this.started(event.server);
        return;
      default:
        return;
    }
  }

  /** A process started. */
  started(server: NodeId): void {
    this.#become(server, 'looking');
  }

  /** A process ended. */
  ended(server: NodeId): void {
    this.#become(server, 'stopped');
  }

  /**
   * The established leader of the highest epoch that has neither resigned nor died, else the latest elected
   * one.
   */
  leader(): NodeId | undefined {
    const established = this.establishedLeader();
    if (established !== undefined) return established;
    let best: Standing | undefined;
    for (const s of this.#standings) if (s.elected > (best?.elected ?? 0)) best = s;
    return best?.id;
  }

  /** The established leader of the highest epoch that has neither resigned nor died. */
  establishedLeader(): NodeId | undefined {
    let best: Standing | undefined;
    for (const s of this.#standings) if (s.established > (best?.established ?? -1)) best = s;
    return best?.id;
  }

  /** The epoch in which the server is an established leader now, if it is one. */
  epochOf(server: NodeId): number | undefined {
    const epoch = this.#byId[server]?.established ?? -1;
    return epoch < 0 ? undefined : epoch;
  }

  /** What the server is now; `stopped` for one that is unknown. */
  roleOf(server: NodeId): Role {
    return this.#byId[server]?.role ?? 'stopped';
  }

  /** The servers that are `role` now, ascending. */
  all(role: Role): NodeId[] {
    return this.#standings.filter((s) => s.role === role).map((s) => s.id);
  }

  #elect(server: NodeId): void {
    this.#become(server, 'leading');
    const standing = this.#byId[server];
    if (standing !== undefined) standing.elected = ++this.#elections;
  }

  #establish(server: NodeId, epoch: number): void {
    const standing = this.#byId[server];
    if (standing === undefined) return;
    standing.role = 'leading';
    standing.established = epoch;
  }

  #become(server: NodeId, role: Role): void {
    const standing = this.#byId[server];
    if (standing === undefined) return;
    standing.role = role;
    standing.elected = 0;
    standing.established = -1;
  }
}
