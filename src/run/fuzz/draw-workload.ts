import type { Stream } from '../../core/decisions.ts';
import type { ClientsPlan, Workload } from '../plan.ts';
import { MIX_OPERATIONS, type MixOperation, RECIPE_NAMES } from '../workload/kinds.ts';
import { anyScale, happens, pick, within } from './draws.ts';

/** What clients do, and what they put up with. */
export type Occupation = Pick<ClientsPlan, 'workload' | 'chroot' | 'readOnly'>;

/** Operations of which some must be there: without writes there is nothing to lose. */
const WRITES: readonly MixOperation[] = [
  'create',
  'createEphemeral',
  'createSequential',
  'delete',
  'set',
  'cas',
  'multi',
  'check',
  'churn',
];

/**
 * Draws what clients do: they add to a counter, work on a tree, or follow a recipe. A counter is cheap, and
 * all that ZAB needs; sessions, watches and the tree itself need more.
 */
export function drawOccupation(stream: Stream): Occupation {
  const workload = drawWorkload(stream);
  if (workload.kind === 'counter') return { workload, chroot: '', readOnly: false };
  return { workload, chroot: happens(stream, 10) ? '/app' : '', readOnly: happens(stream, 10) };
}

/** Of a crowd: half of them count, the others write to a tree whose nodes come and go. */
export function drawCrowdWork(stream: Stream): Workload {
  if (happens(stream, 50)) return { kind: 'counter' };
  const weights = new Map<MixOperation, number>();
  for (const operation of ['create', 'set', 'delete', 'churn'] as const) {
    weights.set(operation, within(stream, 1, 5));
  }
  if (happens(stream, 50)) weights.set('setACL', 1);
  return { kind: 'mix', weights, keys: pick(stream, [3, 10]), valueSize: 10, pipeline: 1, readers: 0 };
}

/** Of clients with a dense load: they do all of what any mix may do, on few nodes. */
export function drawDenseWork(stream: Stream): Workload {
  const weights = drawWeights(stream);
  const keys = within(stream, 1, 3);
  return { kind: 'mix', weights, keys, valueSize: 10, pipeline: pick(stream, [4, 16]), readers: 0 };
}

/** Operations that leave something to reap, how often at least, and at most. */
const REAPED: readonly (readonly [operation: MixOperation, least: number, most: number])[] = [
  ['createContainer', 10, 20],
  ['createTTL', 2, 10],
  // Children come and go: a container that lost its last one is due.
  ['create', 3, 10],
  ['delete', 3, 10],
];

/** The clients of an ensemble that reaps often: at times they do mostly what there is to be reaped for. */
export function withReapedNodes(stream: Stream, clients: ClientsPlan): ClientsPlan {
  const { workload } = clients;
  if (workload.kind !== 'mix' || !happens(stream, 40)) return clients;
  const more = new Map(REAPED.map(([operation, ...bounds]) => [operation, within(stream, ...bounds)]));
  const weights = new Map<MixOperation, number>();
  for (const operation of MIX_OPERATIONS) {
    const weight = more.get(operation) ?? workload.weights.get(operation);
    if (weight !== undefined) weights.set(operation, weight);
  }
  // What is to be reaped must be left alone for a while.
  return { ...clients, workload: { ...workload, keys: 10, weights } };
}

/** The clients, at times with operations that few ask for. */
export function withVariety(stream: Stream, clients: ClientsPlan): ClientsPlan {
  const { workload } = clients;
  if (workload.kind !== 'mix' || !happens(stream, 35)) return clients;
  const weights = new Map(workload.weights);
  for (const operation of VARIETY) if (happens(stream, 60)) weights.set(operation, within(stream, 3, 12));
  return { ...clients, workload: { ...workload, weights } };
}

/** The clients, at times with hard quotas on some of their nodes: few enough that they come up to them. */
export function withQuotas(stream: Stream, clients: ClientsPlan): ClientsPlan {
  // Below a chroot there is no place for them.
  if (clients.chroot !== '' || !happens(stream, 15)) return clients;
  return withOperation(clients, 'quota', within(stream, 1, 3));
}

/** The clients, at times with one among them that does not know its password any more. */
export function withForgery(stream: Stream, clients: ClientsPlan): ClientsPlan {
  return happens(stream, 15) ? withOperation(clients, 'forge', 1) : clients;
}

/** The clients, at times with one request among many that no client of sense would send. */
export function withOddities(stream: Stream, clients: ClientsPlan): ClientsPlan {
  // Below a chroot a malformed path would not even be below it.
  if (clients.chroot !== '' || !happens(stream, 20)) return clients;
  return withOperation(clients, 'odd', within(stream, 1, 3));
}

/** The clients, at times with access lists that go by addresses. */
export function withAddresses(stream: Stream, clients: ClientsPlan): ClientsPlan {
  return happens(stream, 10) ? withOperation(clients, 'setIpACL', within(stream, 1, 4)) : clients;
}

function withOperation(clients: ClientsPlan, operation: MixOperation, weight: number): ClientsPlan {
  const { workload } = clients;
  if (workload.kind !== 'mix') return clients;
  const weights = new Map(workload.weights).set(operation, weight);
  return { ...clients, workload: { ...workload, weights } };
}

/** The clients, at times with sessions that end while others remove the parents of their nodes. */
export function withDepartures(stream: Stream, clients: ClientsPlan): ClientsPlan {
  if (!happens(stream, 3)) return clients;
  const weights = new Map<MixOperation, number>([
    ['create', within(stream, 4, 8)],
    ['createEphemeralSequential', within(stream, 1, 4)],
    ['delete', within(stream, 6, 12)],
    ['close', within(stream, 2, 5)],
  ]);
  const keys = within(stream, 3, 8);
  const workload = { kind: 'mix', weights, keys, valueSize: 10, pipeline: 4, readers: 0 } as const;
  return { ...clients, count: 4, operations: 300, perSecondMilli: undefined, workload };
}

function drawWorkload(stream: Stream): Workload {
  const which = stream.draw(100);
  if (which < 45) return { kind: 'counter' };
  if (which < 88) {
    return {
      kind: 'mix',
      weights: drawWeights(stream),
      // On few nodes clients meet each other.
      keys: pick(stream, [3, 1, 2, 10]),
      valueSize: pick(stream, [10, 0, 100, 1000]),
      pipeline: pick(stream, [1, 1, 4, 16]),
      readers: 0,
    };
  }
  return {
    kind: 'recipe',
    recipe: pick(stream, RECIPE_NAMES),
    holdUs: anyScale(stream, 500) * 1000,
    resource: undefined,
  };
}

/** What a mix has only in some plans, with a part of its own there. */
const VARIETY = [
  'multiCreate',
  'multiChurn',
  'deep',
  'setACLCas',
  'setNull',
  'watchChurn',
  'checkWatches',
] as const;
const SPECIAL: ReadonlySet<MixOperation> = new Set<MixOperation>([
  ...VARIETY,
  'moveHastily',
  'quota',
  'forge',
  'odd',
  'setIpACL',
]);

/** Those that any mix may have. */
const SWARM = MIX_OPERATIONS.filter((operation) => !SPECIAL.has(operation));

/** About half of the operations are not there at all (swarm testing), the others more or less often. */
function drawWeights(stream: Stream): ReadonlyMap<MixOperation, number> {
  const weights = new Map<MixOperation, number>();
  for (const operation of SWARM) {
    if (happens(stream, 50)) weights.set(operation, within(stream, 1, 10));
  }
  if (!WRITES.some((operation) => weights.has(operation))) weights.set(pick(stream, WRITES), 10);
  return weights;
}
