import { type Distribution, uniform } from '../core/distribution.ts';
import { WORKS } from '../node/work.ts';
import { Draft, type ScenarioOptions } from './draft.ts';
import { ENVIRONMENTS, type Environment, PLAIN } from './environments.ts';
import { Findings } from './findings.ts';
import { reportIssues, reportUnknownKey } from './issues.ts';
import type { Plan } from './plan.ts';
import { quorumsOf } from './quorums-of.ts';
import { readClients } from './read-clients.ts';
import { readEnsemble } from './read-ensemble.ts';
import { readExpect } from './read-expect.ts';
import { readFaults } from './read-faults.ts';
import { readAllDisks, readInitial } from './read-initial.ts';
import { readYaml } from './read-yaml.ts';
import { protocolNamed } from './registry/protocols.ts';
import { allDisks, SECTIONS, type Section } from './schema.ts';

/** What a scenario has that does not say otherwise. */
export const DEFAULTS: {
  readonly durationUs: number;
  readonly clock: Distribution;
} = {
  durationUs: 60000000,
  clock: uniform(0, 0),
};

/**
 * Reads a scenario. Pure.
 *
 * @param text the file's text, YAML 1.2
 * @param file its name, for messages; `-` when it has none
 * @throws ScenarioErrors with all that is wrong with it, each with its place
 */
export function parseScenario(text: string, file = '-', options: ScenarioOptions = {}): Plan {
  const findings = new Findings(file);
  const source = readYaml(text, findings);
  const draft = new Draft(source, findings, options);
  const root = source.value;
  if (typeof root !== 'object' || root === null || Array.isArray(root)) {
    const found = root === null && source.sourceAt([]) === '' ? 'an empty file' : undefined;
    findings.add(source, [], 'a scenario: a map with at least a title', { found });
    findings.throwIfAny();
  }
  const sections = root as Record<string, unknown>;
  checkKeys(sections, draft);
  const plan = readSections(sections, file, draft);
  findings.throwIfAny();
  return plan;
}

/** Sections are read one by one, so that a mistake in one does not hide those of another. */
function readSections(sections: Record<string, unknown>, file: string, draft: Draft): Plan {
  const read = <K extends keyof typeof SECTIONS>(key: K): Section<K> | undefined => {
    const result = SECTIONS[key].safeParse(sections[key]);
    if (result.success) return result.data as Section<K>;
    reportIssues(result.error.issues, [key], draft.source, draft.findings);
    return undefined;
  };
  const ensembleSection = read('ensemble');
  const ensemble = readEnsemble(ensembleSection ?? {}, draft);
  if (ensembleSection === undefined && 'ensemble' in sections) {
    draft.servers = undefined;
    draft.voters = undefined;
  }
  const clientsSection = read('clients');
  const clients = readClients(clientsSection, draft);
  draft.clients = clientsSection === undefined && 'clients' in sections ? undefined : clients.count;
  const environmentName = read('environment');
  const environment = environmentName === undefined ? PLAIN : ENVIRONMENTS[environmentName];
  const durationUs = read('duration') ?? DEFAULTS.durationUs;
  const initial = readDisks(sections['initial'], () => readInitial(read('initial'), draft), draft);
  const real = [...initial.values()].some(({ dataDir }) => dataDir !== undefined);
  if (real && clients.count > 0 && clients.workload.kind === 'counter') {
    draft.refuse(['clients'], '`mix` or `recipe`: beside a `dataDir` the servers keep the tree');
  }
  const protocol = read('protocol') ?? 'zab';
  const { kind } = clients.workload;
  const { service, whyCounter } = protocolNamed(protocol);
  if (service === 'counter' && kind !== 'counter') {
    const why = whyCounter === undefined ? '' : `: ${whyCounter}`;
    draft.refuseKey(
      ['clients', kind],
      `\`protocol: zab\`: with ${protocol} the servers keep a counter${why}`,
    );
  }
  if (protocol !== 'zab' && ensemble.behaviour.length > 0) {
    draft.refuseKey(['ensemble', 'behaviour'], `\`protocol: zab\`: ${protocol} has no bugs of ZooKeeper`);
  }
  const { initial: laid, impossible } = protocolNamed(protocol);
  if (laid === 'none' && initial.size > 0) {
    draft.refuseKey(['initial'], `no \`initial\`: ${protocol} begins with empty disks`);
  } else if (laid === 'logs' && real) {
    draft.refuseKey(['initial'], `\`protocol: zab\`: real files are ZooKeeper's`);
  } else if (laid === 'logs' && draft.servers !== undefined) {
    const quorums = quorumsOf(ensemble);
    for (const { path, expected } of impossible?.(initial, quorums) ?? []) draft.refuse(path, expected);
  }
  const decisions = read('decisions');
  const clock = read('clock');
  const buggify = read('buggify');
  return {
    file,
    title: read('title') ?? '',
    source: read('source'),
    protocol,
    seed: read('seed') ?? 1,
    durationUs,
    ensemble,
    initial,
    network: readNetwork(read('network'), environment, protocol, draft),
    disk: readDisk(read('disk'), environment, protocol, draft),
    clock: { skew: clock?.skew ?? DEFAULTS.clock, driftPpm: clock?.drift ?? DEFAULTS.clock },
    stages: read('stages') ?? environment.stages,
    buggify: buggify && { delay: buggify.delay, untilUs: buggify.until },
    warmUp: read('warmUp') ?? environment.warmUp,
    work: readWork(read('work'), environment),
    clients,
    faults: readFaults(sections['faults'], draft),
    decisions: decisions && { rest: decisions.rest ?? 'seed', pins: pinsOf(decisions.pins ?? {}) },
    expect: readExpect(read('expect'), durationUs, draft),
    found: read('found'),
  };
}

/** What the scenario says, and what it does not as the environment has it. */
function readWork(section: Section<'work'>, { work }: Environment): Plan['work'] {
  const costs = new Map(work.costs);
  for (const name of WORKS) {
    const cost = section?.[name];
    if (cost !== undefined) costs.set(name, cost);
  }
  return {
    costs,
    cores: section?.cores ?? work.cores,
    boot: section?.boot ?? work.boot,
    exit: section?.exit ?? work.exit,
  };
}

/** Disks one by one, or those of all servers in one folder. */
function readDisks(value: unknown, one: () => Plan['initial'], draft: Draft): Plan['initial'] {
  if (typeof value !== 'object' || value === null || !('dataDir' in value)) return one();
  const result = allDisks.safeParse(value);
  if (result.success) return readAllDisks(result.data.dataDir ?? '', draft);
  reportIssues(result.error.issues, ['initial'], draft.source, draft.findings);
  return new Map();
}

function checkKeys(sections: Record<string, unknown>, draft: Draft): void {
  const known = [...Object.keys(SECTIONS), 'faults'];
  for (const key of Object.keys(sections)) {
    if (!known.includes(key)) reportUnknownKey([key], known, draft.source, draft.findings);
  }
}

function readNetwork(
  section: Section<'network'>,
  environment: Environment,
  protocol: string,
  draft: Draft,
): Plan['network'] {
  const links = (section?.links ?? []).map((link, index) => {
    const [a, b] = link.between;
    const path = ['network', 'links', index, 'between'];
    draft.checkParticipants(a, [...path, 0]);
    draft.checkParticipants(b, [...path, 1]);
    return { a, b, latency: link.latency };
  });
  const latency = section?.latency ?? environment.latency;
  const network = { latency, links, bufferBytes: section?.buffer };
  if (section?.wire !== 'bytes') return network;
  if (protocol !== 'zab') draft.refuse(['network', 'wire'], `messages (bytes are ZooKeeper's: protocol zab)`);
  return { ...network, wire: 'bytes' };
}

function readDisk(
  section: Section<'disk'>,
  environment: Environment,
  protocol: string,
  draft: Draft,
): Plan['disk'] {
  const sync = section?.sync ?? environment.sync;
  const disk = { sync, snapshotPiece: section?.snapshotPiece };
  if (section?.format !== 'bytes') return disk;
  if (protocol !== 'zab') draft.refuse(['disk', 'format'], `records (bytes are ZooKeeper's: protocol zab)`);
  return { ...disk, format: 'bytes' };
}

function pinsOf(section: Record<string, Record<string, number>>): NonNullable<Plan['decisions']>['pins'] {
  return new Map(
    Object.entries(section).map(([stream, pins]) => [
      stream,
      new Map(Object.entries(pins).map(([draw, value]) => [Number(draw), value])),
    ]),
  );
}
