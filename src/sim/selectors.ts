import type { Stream } from '../core/decisions.ts';
import { ascending } from '../core/order.ts';
import type { Stored } from '../node/env.ts';
import { isServer, type NodeId } from '../node/ids.ts';
import type { Choice, Selector } from './fault.ts';
import type { Roles } from './roles.ts';
import type { World } from './world.ts';

/** Finds out whom the choices of one fault name, at the moment when it fires. */
export class Resolver<M, R extends Stored> {
  readonly #world: World<M, R>;
  readonly #roles: Roles;
  readonly #stream: Stream;
  readonly #named: NodeId[] = [];
  /** The first selector that found nobody. */
  blind: Selector | undefined;

  constructor(world: World<M, R>, roles: Roles, stream: Stream) {
    this.#world = world;
    this.#roles = roles;
    this.#stream = stream;
  }

  /** The participants of a choice, ascending, each once; empty when one of its selectors finds nobody. */
  resolve(choice: Choice): NodeId[] {
    const chosen: NodeId[] = [];
    for (const part of choice) {
      const found = typeof part === 'number' ? [part] : this.#select(part);
      if (found.length === 0) {
        if (typeof part !== 'number') this.blind ??= part;
        return [];
      }
      for (const id of found) {
        if (!chosen.includes(id)) chosen.push(id);
        if (!this.#named.includes(id)) this.#named.push(id);
      }
    }
    return chosen.sort(ascending);
  }

  #select(selector: Selector): readonly NodeId[] {
    const leader = this.#roles.leader();
    switch (selector) {
      case 'leader':
        return leader === undefined ? [] : [leader];
      case 'follower':
        return this.#draw(this.#unnamed(this.#roles.all('following')), 1);
      case 'followers':
        return this.#roles.all('following');
      case 'observer':
        return this.#draw(this.#unnamed(this.#observers()), 1);
      case 'observers':
        return this.#observers();
      case 'minority':
        return this.#minority(leader);
      case 'majority':
        return this.#majority(leader);
      case 'crashed':
        return this.#world.servers.filter((id) => hasDied(this.#world, id));
      case 'paused':
        return this.#world.servers.filter((id) => this.#world.statusOf(id) === 'paused');
      case 'all':
        return this.#world.servers;
      case 'rest':
        return this.#unnamed(this.#world.servers);
    }
  }

  #minority(leader: NodeId | undefined): NodeId[] {
    const voters = this.#voters();
    const others = voters.filter((id) => id !== leader);
    return this.#draw(others, Math.floor((voters.length - 1) / 2));
  }

  #majority(leader: NodeId | undefined): NodeId[] {
    const voters = this.#voters();
    const size = Math.floor(voters.length / 2) + 1;
    if (leader === undefined || !voters.includes(leader)) return this.#draw(voters, size);
    const others = voters.filter((id) => id !== leader);
    return [leader, ...this.#draw(others, size - 1)];
  }

  #voters(): NodeId[] {
    return this.#world.servers.filter((id) => this.#world.machineOf(id).role === 'voter');
  }

  /** Those that run; all of them when none does. */
  #observers(): NodeId[] {
    const all = this.#world.servers.filter((id) => this.#world.machineOf(id).role === 'observer');
    const running = all.filter((id) => this.#world.statusOf(id) !== 'off');
    return running.length > 0 ? running : all;
  }

  #unnamed(from: readonly NodeId[]): NodeId[] {
    return from.filter((id) => !this.#named.includes(id));
  }

  /** `count` of the candidates, drawn without replacement; none when there are too few. */
  #draw(candidates: readonly NodeId[], count: number): NodeId[] {
    if (candidates.length < count) return [];
    const pool = candidates.slice();
    const drawn: NodeId[] = [];
    for (let i = 0; i < count; i++) drawn.push(...pool.splice(this.#stream.draw(pool.length), 1));
    return drawn;
  }
}

/**
 * Whether a participant, told apart by what it was before or after something was told of it, is meant by a
 * choice.
 */
export function isMeant<M, R extends Stored>(
  choice: Choice,
  id: NodeId,
  world: World<M, R>,
  roles: Roles,
  leaderBefore: NodeId | undefined,
): boolean {
  return choice.some((part) => {
    if (typeof part === 'number') return part === id;
    switch (part) {
      case 'leader':
        return id === leaderBefore || id === roles.leader();
      case 'follower':
      case 'followers':
        return roles.roleOf(id) === 'following';
      case 'observer':
      case 'observers':
        return world.machineOf(id).role === 'observer';
      case 'crashed':
        return hasDied(world, id);
      case 'paused':
        return world.statusOf(id) === 'paused';
      case 'all':
        return isServer(id);
      default:
        // A set that is drawn anew each time means nobody in particular.
        return false;
    }
  });
}

function hasDied<M, R extends Stored>(world: World<M, R>, id: NodeId): boolean {
  const machine = world.machineOf(id);
  return machine.status === 'off' && machine.incarnation > 0;
}
