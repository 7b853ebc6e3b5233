import type { ClientMessage } from '../../node/content.ts';
import type { FileName, Stored } from '../../node/env.ts';
import type { Participant } from '../../node/protocol.ts';
import type { ParticipantSetup } from '../../sim/profile.ts';
import type { ClientEnv } from '../../znode/client/client-env.ts';
import { CLIENT_DEFAULTS } from '../client-defaults.ts';
import type { Plan, Workload } from '../plan.ts';
import { type ClientShare, clientShares } from './client-shares.ts';
import { MixClient } from './mix.ts';
import { RecipeClient } from './recipe-client.ts';
import { Common, Resource } from './shared-ground.ts';

/** What clients do where the servers keep a tree and the scenario does not say what is done with it. */
const PLAIN_MIX: Extract<Workload, { kind: 'mix' }> = {
  kind: 'mix',
  weights: new Map([
    ['create', 1],
    ['set', 3],
    ['get', 3],
  ]),
  keys: CLIENT_DEFAULTS.keys,
  valueSize: CLIENT_DEFAULTS.valueSize,
  pipeline: 1,
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
  return shares.map((share) => ({
    id: share.id,
    role: 'client',
    startAtUs: share.startAtUs,
    files: new Map<FileName, readonly R[]>(),
    create: (env) => treeClient(plan, share, env, common),
  }));
}

function treeClient(
  plan: Plan,
  share: ClientShare,
  env: ClientEnv,
  common: Common,
): Participant<ClientMessage> {
  const { workload, chroot, readOnly } = plan.clients;
  const options = { chroot, readOnly };
  if (workload.kind === 'counter') return new MixClient(env, share, options, PLAIN_MIX);
  if (workload.kind === 'mix') return new MixClient(env, share, options, workload);
  return new RecipeClient(env, share, options, workload, common);
}
