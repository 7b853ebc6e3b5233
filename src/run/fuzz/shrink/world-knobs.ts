import type { NodeId } from '../../../node/ids.ts';
import type { Choice, Fault } from '../../../sim/fault.ts';
import { NO_WORK, PLAIN } from '../../environments.ts';
import type { EnsemblePlan, Plan, Workload, ZooSettings } from '../../plan.ts';
import { DEFAULT_SETTINGS } from '../../read-ensemble.ts';
import { DEFAULTS } from '../../scenario.ts';
import { spreadValue } from '../../spread.ts';
import { choice, type Knob } from './knob.ts';

/** What may be simpler about the load. */
export function loadKnobs({ clients }: Plan): readonly Knob[] {
  const knobs: Knob[] = [
    { value: clients.count, least: 0, turn: withClients },
    { value: clients.startUs, least: 0, turn: (plan, startUs) => withLoad(plan, { startUs }) },
  ];
  if (clients.operations !== undefined) {
    knobs.push({
      value: clients.operations,
      least: 1,
      turn: (plan, operations) => (plan.clients.count === 0 ? plan : withLoad(plan, { operations })),
    });
  }
  if (clients.perSecondMilli !== undefined) {
    knobs.push(choice((plan) => withLoad(plan, { perSecondMilli: undefined })));
  }
  return [...knobs, ...workloadKnobs(clients)];
}

function workloadKnobs({ workload, chroot, readOnly }: Plan['clients']): readonly Knob[] {
  if (workload.kind === 'counter') return [];
  const knobs = [choice((plan) => withLoad(plan, COUNTING))];
  if (chroot !== '') knobs.push(choice((plan) => withLoad(plan, { chroot: '' })));
  if (readOnly) knobs.push(choice((plan) => withLoad(plan, { readOnly: false })));
  if (workload.kind !== 'mix') return knobs;
  for (const name of workload.weights.keys()) {
    knobs.push(
      choice((plan) =>
        withMix(plan, (mix) => ({ weights: new Map([...mix.weights].filter(([n]) => n !== name)) })),
      ),
    );
  }
  for (const [key, least] of [
    ['pipeline', 1],
    ['readers', 0],
    ['keys', 1],
    ['valueSize', 0],
  ] as const) {
    knobs.push({
      value: workload[key],
      least,
      turn: (plan, value) => withMix(plan, () => ({ [key]: value })),
    });
  }
  return knobs;
}

const COUNTING = { workload: { kind: 'counter' }, chroot: '', readOnly: false } as const;

type Mix = Extract<Workload, { kind: 'mix' }>;

/** The plan as it was where its clients do something else, or would do nothing at all. */
function withMix(plan: Plan, change: (mix: Mix) => Partial<Mix>): Plan {
  const { workload } = plan.clients;
  if (workload.kind !== 'mix') return plan;
  const changed = { ...workload, ...change(workload) };
  return changed.weights.size === 0 ? plan : withLoad(plan, { workload: changed });
}

function withClients(plan: Plan, count: number): Plan {
  // Without clients there is nothing that operations could be said of.
  const none = { operations: undefined, perSecondMilli: undefined, ...COUNTING };
  return withLoad(plan, count === 0 ? { count, ...none } : { count });
}

function withLoad(plan: Plan, changed: Partial<Plan['clients']>): Plan {
  return { ...plan, clients: { ...plan.clients, ...changed } };
}

/** Who may be missing from the ensemble: the last ones first. */
export function memberKnobs({ ensemble, initial }: Plan): readonly Knob[] {
  const { voters, observers, weights, groups } = ensemble;
  return [
    { value: observers.length, least: 0, turn: (plan, count) => without(plan, observers.slice(count)) },
    { value: voters.length, least: 2, turn: (plan, count) => without(plan, voters.slice(count)) },
    ...[...ensemble.start.keys()].map((id) => choice((plan) => startingAtOnce(plan, id))),
    ...[...initial.keys()].map((id) => choice((plan) => withoutPast(plan, id))),
    ...(weights.size > 0 ? [choice((turned) => withEnsemble(turned, { weights: new Map() }))] : []),
    ...(groups.length > 0 ? [choice((turned) => withEnsemble(turned, { groups: [] }))] : []),
  ];
}

/** The plan with a server that is there from the beginning. */
export function startingAtOnce(plan: Plan, id: NodeId): Plan {
  const start = new Map([...plan.ensemble.start].filter(([other]) => other !== id));
  return withEnsemble(plan, { start });
}

/** The plan with a server that begins with an empty disk. */
function withoutPast(plan: Plan, id: NodeId): Plan {
  return { ...plan, initial: new Map([...plan.initial].filter(([other]) => other !== id)) };
}

function withEnsemble(plan: Plan, changed: Partial<EnsemblePlan>): Plan {
  return { ...plan, ensemble: { ...plan.ensemble, ...changed } };
}

/** The plan without some servers; what is only about them goes with them. */
function without(plan: Plan, gone: readonly NodeId[]): Plan {
  const left = (id: NodeId | string): boolean => !gone.some((other) => other === id);
  const { voters, observers, weights, groups, start } = plan.ensemble;
  const links = plan.network.links.map((link) => ({
    ...link,
    a: link.a.filter(left),
    b: link.b.filter(left),
  }));
  return {
    ...plan,
    ensemble: {
      ...plan.ensemble,
      voters: voters.filter(left),
      observers: observers.filter(left),
      weights: new Map([...weights].filter(([id]) => left(id))),
      groups: groups.map((group) => group.filter(left)).filter((group) => group.length > 0),
      start: new Map([...start].filter(([id]) => left(id))),
    },
    initial: new Map([...plan.initial].filter(([id]) => left(id))),
    network: { ...plan.network, links: links.filter(({ a, b }) => a.length > 0 && b.length > 0) },
    faults: plan.faults.flatMap((fault) => faultWithout(fault, left)),
  };
}

/** Nothing where nobody is left whom the fault could hit. */
function faultWithout(fault: Fault, left: (id: NodeId | string) => boolean): readonly Fault[] {
  const kept = (whom: Choice): Choice => whom.filter(left);
  const { action } = fault;
  const choices: Choice[] = [];
  const keep = (whom: Choice): Choice => {
    const some = kept(whom);
    choices.push(some);
    return some;
  };
  const changed: Record<string, unknown> = { ...action };
  if ('servers' in action) changed['servers'] = keep(action.servers);
  if ('groups' in action) changed['groups'] = action.groups.map(keep);
  if ('from' in action) changed['from'] = keep(action.from);
  if ('to' in action) changed['to'] = keep(action.to);
  if ('between' in action && action.between !== undefined) changed['between'] = action.between.map(keep);
  if ('server' in action && action.server !== undefined) changed['server'] = keep(action.server);
  const { when } = fault.trigger;
  const reporter = when?.server && keep(when.server);
  if (choices.some((some) => some.length === 0)) return [];
  const trigger =
    when === undefined ? fault.trigger : { ...fault.trigger, when: { ...when, server: reporter } };
  return [{ ...fault, trigger, action: changed as unknown as Fault['action'] }];
}

/** What may be as usual: zoo.cfg keys, latencies, disks, clocks, threads. */
export function settingKnobs(plan: Plan): readonly Knob[] {
  const keys = Object.keys(DEFAULT_SETTINGS) as (keyof ZooSettings)[];
  const settings = keys
    .filter((key) => plan.ensemble.settings[key] !== DEFAULT_SETTINGS[key])
    .map((key) =>
      choice((turned) => {
        const usual = { ...turned.ensemble.settings, [key]: DEFAULT_SETTINGS[key] };
        return withEnsemble(turned, { settings: usual });
      }),
    );
  const differs = (a: Plan['stages'], b: Plan['stages']): boolean => spreadValue(a) !== spreadValue(b);
  const { network, disk, stages, clock, warmUp, work } = plan;
  if (network.links.length > 0) {
    settings.push(choice((turned) => ({ ...turned, network: { ...turned.network, links: [] } })));
  }
  if (network.bufferBytes !== undefined) {
    settings.push(
      choice((turned) => ({ ...turned, network: { ...turned.network, bufferBytes: undefined } })),
    );
  }
  if (differs(network.latency, PLAIN.latency)) {
    settings.push(
      choice((turned) => ({ ...turned, network: { ...turned.network, latency: PLAIN.latency } })),
    );
  }
  if (differs(disk.sync, PLAIN.sync)) {
    settings.push(choice((turned) => ({ ...turned, disk: { ...turned.disk, sync: PLAIN.sync } })));
  }
  if (disk.snapshotPiece !== undefined) {
    settings.push(choice((turned) => ({ ...turned, disk: { ...turned.disk, snapshotPiece: undefined } })));
  }
  if (plan.buggify !== undefined) {
    settings.push(choice((turned) => ({ ...turned, buggify: undefined })));
  }
  if (warmUp !== undefined) settings.push(choice((turned) => ({ ...turned, warmUp: undefined })));
  if (work !== NO_WORK) settings.push(choice((turned) => ({ ...turned, work: NO_WORK })));
  if (differs(stages, PLAIN.stages)) settings.push(choice((turned) => ({ ...turned, stages: PLAIN.stages })));
  if (differs(clock.skew, DEFAULTS.clock) || differs(clock.driftPpm, DEFAULTS.clock)) {
    settings.push(
      choice((turned) => ({ ...turned, clock: { skew: DEFAULTS.clock, driftPpm: DEFAULTS.clock } })),
    );
  }
  return settings;
}
