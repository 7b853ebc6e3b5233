import { CLIENT_DEFAULTS } from './client-defaults.ts';
import type { Draft } from './draft.ts';
import type { ClientsPlan, Workload } from './plan.ts';
import type { Section } from './schema.ts';
import type { MixOperation } from './workload/kinds.ts';

type ClientsSection = NonNullable<Section<'clients'>>;

/** Keys that say something about one kind of load only. */
const OF_MIX = ['keys', 'valueSize', 'pipeline', 'readers'] as const;
const OF_RECIPE = ['hold', 'resource'] as const;
const OF_TREE = ['chroot', 'readOnly'] as const;

/** Checks the `clients` section and fills in defaults. */
export function readClients(section: Section<'clients'>, draft: Draft): ClientsPlan {
  const count = section?.count ?? 0;
  for (const key of ['operations', 'rate', 'mix', 'recipe'] as const) {
    if (count === 0 && section?.[key] !== undefined) {
      draft.refuseKey(['clients', key], '`count` of at least 1 beside it');
    }
  }
  if ((section?.readers ?? 0) > count) {
    draft.refuse(['clients', 'readers'], `at most the ${count} clients that there are`);
  }
  const connect = typeof section?.connect === 'object' ? section.connect : [];
  draft.checkParticipants(connect, ['clients', 'connect']);
  const timeouts = section?.sessionTimeout ?? CLIENT_DEFAULTS.sessionTimeoutUs;
  const sessionTimeoutsUs = typeof timeouts === 'number' ? [] : timeouts;
  return {
    count,
    operations: section?.operations,
    perSecondMilli: section?.rate,
    connect,
    connectEach: section?.connect === 'each',
    sessionTimeoutUs: typeof timeouts === 'number' ? timeouts : Math.max(...timeouts),
    sessionTimeoutsUs,
    startUs: section?.start ?? 0,
    workload: readWorkload(section ?? {}, draft),
    chroot: section?.chroot ?? '',
    readOnly: section?.readOnly ?? false,
  };
}

function readWorkload(section: ClientsSection, draft: Draft): Workload {
  const { mix, recipe } = section;
  const only = (keys: readonly (keyof ClientsSection)[], beside: string): void => {
    for (const key of keys) {
      if (section[key] !== undefined) draft.refuseKey(['clients', key], `${beside} beside it`);
    }
  };
  if (mix !== undefined && recipe !== undefined) {
    draft.refuseKey(['clients', 'recipe'], 'either `mix` or `recipe`');
  }
  if (mix === undefined) only(OF_MIX, '`mix`');
  if (recipe === undefined) only(OF_RECIPE, '`recipe`');
  if (mix === undefined && recipe === undefined) only(OF_TREE, '`mix` or `recipe`');
  if (mix !== undefined) {
    const weights = Object.entries(mix).filter(([, weight]) => weight !== undefined && weight > 0);
    if (weights.length === 0) draft.refuse(['clients', 'mix'], 'an operation whose share is not 0');
    return {
      kind: 'mix',
      weights: new Map(weights as [MixOperation, number][]),
      keys: section.keys ?? CLIENT_DEFAULTS.keys,
      valueSize: section.valueSize ?? CLIENT_DEFAULTS.valueSize,
      pipeline: section.pipeline ?? CLIENT_DEFAULTS.pipeline,
      readers: section.readers ?? CLIENT_DEFAULTS.readers,
    };
  }
  if (recipe === undefined) return { kind: 'counter' };
  const { hold = CLIENT_DEFAULTS.holdUs, resource } = section;
  return { kind: 'recipe', recipe, holdUs: hold, resource };
}
