import type { ClientMessage } from '../../node/content.ts';
import type { FileName, Stored } from '../../node/env.ts';
import type { Participant } from '../../node/protocol.ts';
import type { ParticipantSetup } from '../../sim/profile.ts';
import type { ClientEnv } from '../../znode/client/client-env.ts';
import { CLIENT_DEFAULTS } from '../client-defaults.ts';
import type { Plan, Workload } from '../plan.ts';
import { type ClientShare, clientShares } from './client-shares.ts';
import { READING } from './kinds.ts';
import { MixClient } from './mix.ts';
import { RecipeClient } from './recipe-client.ts';
import { Common, Resource } from './shared-ground.ts';

type Mix = Extract<Workload, { kind: 'mix' }>;

/** What clients do where the servers keep a tree and the scenario does not say what is done with it. */
const PLAIN_MIX: Mix = {
  kind: 'mix',
  weights: new Map([
    ['create', 1],
    ['set', 3],
    ['get', 3],
  ]),
  keys: CLIENT_DEFAULTS.keys,
  valueSize: CLIENT_DEFAULTS.valueSize,
  pipeline: 1,
  readers: 0,
};

/** The plan's clients of the tree. */
export function treeClients<M, R extends Stored>(
  plan: Plan,
): readonly ParticipantSetup<M | ClientMessage, R>[] {
  const { workload } = plan.clients;
  const resource = workload.kind === 'recipe' ? workload.resource : undefined;
  const shares = clientShares(plan);
  const common = new Common(
    shares.map(({ id }) => id),
    resource === undefined ? undefined : new Resource(resource === 'fenced'),
  );
  const writers = workload.kind === 'mix' ? shares.length - workload.readers : shares.length;
  return shares.map((share, index) => ({
    id: share.id,
    role: 'client',
    startAtUs: share.startAtUs,
    files: new Map<FileName, readonly R[]>(),
    create: (env) => treeClient(plan, share, env, common, index >= writers),
  }));
}

function treeClient(
  plan: Plan,
  share: ClientShare,
  env: ClientEnv,
  common: Common,
  reads: boolean,
): Participant<ClientMessage> {
  const { workload, chroot, readOnly } = plan.clients;
  const options = { chroot, readOnly };
  if (workload.kind === 'counter') return new MixClient(env, share, options, PLAIN_MIX);
  if (workload.kind === 'mix') {
    return new MixClient(env, share, options, reads ? readingOf(workload) : workload);
  }
  return new RecipeClient(env, share, options, workload, common);
}

/** The part of a mix that only reads; where it has none, plain reads. */
function readingOf(mix: Mix): Mix {
  const weights = new Map([...mix.weights].filter(([operation]) => READING.has(operation)));
  return { ...mix, weights: weights.size > 0 ? weights : new Map([['get', 1]]) };
}
