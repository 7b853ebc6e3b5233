import { unreachable } from '../core/assert.ts';
import type { Stored } from '../node/env.ts';
import type { NodeId } from '../node/ids.ts';
import type { Action, Choice } from './fault.ts';
import type { Machine } from './machine.ts';
import type { Strain } from './path.ts';
import type { Resolver } from './selectors.ts';
import type { World } from './world.ts';

/** What a fault did. */
export interface Applied {
  /** The participants that it named, ascending. */
  readonly servers: readonly NodeId[];
  /** Where it lies between parties: who they are, in the order of the fault. */
  readonly sides?: readonly (readonly NodeId[])[];
  /** Those whom several parties name, ascending: they are of the first only. */
  readonly twice?: readonly NodeId[];
  /** What they were asked for, and about whom; 0: nobody in particular. */
  readonly asked?: { readonly request: string; readonly subject: NodeId };
  /** Whether it changed anything. */
  readonly effect: boolean;
  /** Ends it; undefined for what is over at once. */
  readonly undo: (() => void) | undefined;
}

type ServerVerb = Extract<Action, { servers: Choice }>['verb'];
type DeviceAction = Extract<
  Action,
  { verb: 'slowDisk' | 'failSync' | 'fullDisk' | 'corrupt' | 'skew' | 'jump' | 'drift' }
>;
type Pair = readonly [from: NodeId, to: NodeId];

const NOBODY = 0 as NodeId;

/** Does what a fault says, `heal` excepted. Undefined: a selector found nobody, and nothing was done. */
export function applyAction<M, R extends Stored>(
  action: Exclude<Action, { verb: 'heal' }>,
  name: string,
  world: World<M, R>,
  resolver: Resolver<M, R>,
): Applied | undefined {
  switch (action.verb) {
    case 'crash':
    case 'powerCut':
    case 'restart':
    case 'start':
    case 'stop':
    case 'pause':
    case 'resume':
    case 'wipe':
    case 'isolate':
    case 'refuse':
      return onServers(action.servers, resolver, (ids) => toServers(action.verb, name, world, ids));
    case 'partition':
      return partition(action.groups, world, resolver);
    case 'cut':
      return onBoth([action.from, action.to], resolver, (from, to) =>
        cutAll(world, from, to, product(from, to)),
      );
    case 'reset':
      return onBoth(action.between, resolver, (a, b) => {
        let count = 0;
        for (const [from, to] of product(a, b)) count += world.reset(from, to);
        return done(union(a, b), count > 0);
      });
    case 'slow':
      return slow(action, world, resolver);
    case 'loss':
      return strainBetween(action.between, world, resolver, strainOf({ lossPpm: action.ratePpm }));
    case 'bandwidth':
      return strainBetween(
        action.between,
        world,
        resolver,
        strainOf({ bytesPerSecond: action.bytesPerSecond }),
      );
    case 'slowDisk':
    case 'failSync':
    case 'fullDisk':
    case 'corrupt':
    case 'skew':
    case 'jump':
    case 'drift':
      return onServers(action.server, resolver, (ids) =>
        toEach(
          ids.map((id) => world.machineOf(id)),
          action,
        ),
      );
    case 'ask':
      return ask(action, world, resolver);
    default:
      return unreachable(action);
  }
}

function onServers<M, R extends Stored>(
  choice: Choice,
  resolver: Resolver<M, R>,
  act: (ids: readonly NodeId[]) => Applied | undefined,
): Applied | undefined {
  const ids = resolver.resolve(choice);
  return ids.length === 0 ? undefined : act(ids);
}

function onBoth<M, R extends Stored>(
  choices: readonly [Choice, Choice],
  resolver: Resolver<M, R>,
  act: (a: readonly NodeId[], b: readonly NodeId[]) => Applied,
): Applied | undefined {
  const a = resolver.resolve(choices[0]);
  const b = resolver.resolve(choices[1]);
  return a.length === 0 || b.length === 0 ? undefined : { ...act(a, b), sides: [a, b] };
}

function toServers<M, R extends Stored>(
  verb: ServerVerb,
  name: string,
  world: World<M, R>,
  ids: readonly NodeId[],
): Applied {
  const machines = ids.map((id) => world.machineOf(id));
  switch (verb) {
    case 'crash':
    case 'stop':
      return each(machines, (m) => m.end(verb, name));
    case 'powerCut':
      return each(machines, (m) => m.cutPower());
    case 'restart':
      return each(machines, (m) => restart(m, name));
    case 'start':
      return each(machines, (m) => m.start());
    case 'pause': {
      // A process that another fault has frozen stays so until both have ended.
      const frozen = machines.filter((m) => m.pause() || m.paused);
      const ends = frozen.map((m) => m.pauses.add(name));
      return lasting(ids, frozen.length > 0, () => {
        for (const end of ends) end();
        for (const machine of frozen) if (machine.pauses.last === undefined) machine.resume();
      });
    }
    case 'resume':
      return each(machines, (m) => m.resume());
    case 'wipe':
      return each(machines, (m) => m.wipe());
    case 'refuse':
      for (const machine of machines) machine.refusals++;
      return lasting(ids, true, () => {
        for (const machine of machines) machine.refusals--;
      });
    case 'isolate':
      return isolate(world, ids);
  }
}

function ask<M, R extends Stored>(
  { server, request, subject: whom }: Extract<Action, { verb: 'ask' }>,
  world: World<M, R>,
  resolver: Resolver<M, R>,
): Applied | undefined {
  return onServers(server, resolver, (ids) => {
    const [subject] = whom === undefined ? [NOBODY] : resolver.resolve(whom);
    if (subject === undefined) return undefined;
    const asked = each(
      ids.map((id) => world.machineOf(id)),
      (m) => m.ask(request, subject),
    );
    return { ...asked, asked: { request, subject } };
  });
}

function restart<M, R extends Stored>(machine: Machine<M, R>, name: string): boolean {
  machine.end('crash', name);
  return machine.start();
}

function isolate<M, R extends Stored>(world: World<M, R>, ids: readonly NodeId[]): Applied {
  const pairs: Pair[] = [];
  for (const id of ids) {
    for (const { id: other } of world.machines) if (other !== id) pairs.push([id, other], [other, id]);
  }
  return cutAll(world, ids, [], pairs);
}

function partition<M, R extends Stored>(
  choices: readonly Choice[],
  world: World<M, R>,
  resolver: Resolver<M, R>,
): Applied | undefined {
  const named = choices.map((choice) => resolver.resolve(choice));
  if (named.some((group) => group.length === 0)) return undefined;
  const { groups, twice } = parted(named);
  const pairs: Pair[] = [];
  for (const group of groups) {
    for (const other of groups) if (other !== group) pairs.push(...product(group, other));
  }
  const cut = cutAll(world, groups.flat(), [], pairs);
  return { ...cut, sides: groups, ...(twice.length > 0 && { twice }) };
}

/** Nobody is on two sides: whom several groups name, such as `leader` and `2`, is in the first of them. */
function parted(named: readonly (readonly NodeId[])[]): {
  readonly groups: readonly (readonly NodeId[])[];
  readonly twice: readonly NodeId[];
} {
  const placed = new Set<NodeId>();
  const twice: NodeId[] = [];
  const groups = named.map((group) => {
    const own = group.filter((id) => !placed.has(id));
    twice.push(...group.filter((id) => placed.has(id)));
    for (const id of own) placed.add(id);
    return own;
  });
  return { groups: groups.filter((group) => group.length > 0), twice: union(twice, []) };
}

function cutAll<M, R extends Stored>(
  world: World<M, R>,
  a: readonly NodeId[],
  b: readonly NodeId[],
  pairs: readonly Pair[],
): Applied {
  let changed = false;
  for (const [from, to] of pairs) if (world.cut(from, to)) changed = true;
  return lasting(union(a, b), changed, () => {
    for (const [from, to] of pairs) world.uncut(from, to);
  });
}

function slow<M, R extends Stored>(
  action: Extract<Action, { verb: 'slow' }>,
  world: World<M, R>,
  resolver: Resolver<M, R>,
): Applied | undefined {
  const strain = strainOf({ latency: action.latency });
  if (action.between !== undefined) return strainBetween(action.between, world, resolver, strain);
  return onServers(action.server ?? [], resolver, (ids) => {
    const others = world.machines.map((m) => m.id);
    return strainAll(world, ids, product(ids, others), strain);
  });
}

function strainBetween<M, R extends Stored>(
  between: readonly [Choice, Choice],
  world: World<M, R>,
  resolver: Resolver<M, R>,
  strain: Strain,
): Applied | undefined {
  return onBoth(between, resolver, (a, b) => strainAll(world, union(a, b), product(a, b), strain));
}

function strainAll<M, R extends Stored>(
  world: World<M, R>,
  ids: readonly NodeId[],
  pairs: readonly Pair[],
  strain: Strain,
): Applied {
  for (const [from, to] of pairs) {
    world.strain(from, to, strain);
    world.strain(to, from, strain);
  }
  return lasting(ids, pairs.length > 0, () => {
    for (const [from, to] of pairs) {
      world.relax(from, to, strain);
      world.relax(to, from, strain);
    }
  });
}

function toEach<M, R extends Stored>(machines: readonly Machine<M, R>[], action: DeviceAction): Applied {
  const ids = machines.map((m) => m.id);
  if (action.verb === 'corrupt') {
    const { file, record, how } = action;
    return each(machines, (m) => m.disk.corrupt(file, record, how));
  }
  const undos = machines.map((machine) => toOne(machine, action));
  return lasting(ids, true, () => {
    for (const undo of undos) undo();
  });
}

function toOne<M, R extends Stored>(
  machine: Machine<M, R>,
  action: Exclude<DeviceAction, { verb: 'corrupt' }>,
): () => void {
  const { disk, clock } = machine;
  switch (action.verb) {
    case 'slowDisk':
      return disk.slowdowns.add(action.sync);
    case 'failSync':
      return disk.refusals.add({ left: action.times ?? Number.POSITIVE_INFINITY });
    case 'fullDisk':
      disk.fillings++;
      return () => {
        disk.fillings--;
      };
    case 'skew':
    case 'jump':
      return clock.step({ verb: action.verb, byUs: action.byMs * 1000 });
    case 'drift':
      return clock.drift(action.ppm);
  }
}

function strainOf(part: Partial<Strain>): Strain {
  return {
    latency: part.latency,
    lossPpm: part.lossPpm ?? 0,
    bytesPerSecond: part.bytesPerSecond ?? 0,
  };
}

function done(servers: readonly NodeId[], effect: boolean): Applied {
  return { servers, effect, undo: undefined };
}

function lasting(servers: readonly NodeId[], effect: boolean, undo: () => void): Applied {
  return { servers, effect, undo };
}

/** Does it to every machine, at once. `act` says whether it changed anything. */
function each<M, R extends Stored>(
  machines: readonly Machine<M, R>[],
  act: (machine: Machine<M, R>) => boolean,
): Applied {
  let effect = false;
  for (const machine of machines) if (act(machine)) effect = true;
  return done(
    machines.map((m) => m.id),
    effect,
  );
}

/** All pairs of different participants. */
function product(a: readonly NodeId[], b: readonly NodeId[]): Pair[] {
  return a.flatMap((from) => b.filter((to) => to !== from).map((to): Pair => [from, to]));
}

function union(a: readonly NodeId[], b: readonly NodeId[]): NodeId[] {
  return [...new Set([...a, ...b])].sort((x, y) => x - y);
}
