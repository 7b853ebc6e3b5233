import { Document, isMap, isSeq, type Node, Scalar, type YAMLMap } from 'yaml';
import { durationText } from '../core/units.ts';
import { epochOf, type Zxid } from '../core/zxid.ts';
import { type NodeId, nameOf } from '../node/ids.ts';
import { PLAIN } from './environments.ts';
import { faultValue } from './fault-writer.ts';
import type { Comparison, Expectations, InitialDisk, Plan } from './plan.ts';
import { DEFAULTS } from './scenario.ts';
import { clientsValue, serviceValue, settingsValue } from './settings-writer.ts';
import { spreadValue } from './spread.ts';

type Value = Record<string, unknown>;

/** Keys of the written file whose items stand one a line. */
const LINES = new Set(['faults', 'links', 'checkpoints', 'initial', 'pins', 'story']);

/**
 * Writes a plan as a scenario file: `parseScenario` reads an equal plan from it, but for `file`. What would
 * be so anyway is left out; so are comments, which are no part of a plan.
 */
export function writeScenario(plan: Plan): string {
  const document = new Document(scenarioValue(plan));
  if (isMap(document.contents)) {
    for (const pair of (document.contents as YAMLMap<Scalar, Node | null>).items) {
      flow(pair.value, LINES.has(String(pair.key.value)) || BLOCKS.has(String(pair.key.value)));
    }
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

const BLOCKS = new Set(['ensemble', 'network', 'decisions', 'expect', 'found']);

/** Lets the leaves stand in one line each. `open`: this map or list is itself written over several lines. */
function flow(node: unknown, open: boolean): void {
  if (!isMap(node) && !isSeq(node)) return;
  if (!open || node.items.length === 0) {
    node.flow = true;
    return;
  }
  for (const item of node.items) {
    if (isMap(node)) {
      const pair = item as { key: Scalar; value: Node | null };
      flow(pair.value, LINES.has(String(pair.key.value)));
    } else flow(item, false);
  }
}

function scenarioValue(plan: Plan): Value {
  const { skew, driftPpm } = plan.clock;
  return compact({
    title: plan.title,
    source: plan.source,
    protocol: unless(plan.protocol, 'zab'),
    seed: plan.seed,
    duration: durationText(plan.durationUs),
    ensemble: ensembleValue(plan),
    initial: entries(plan.initial, diskValue),
    network: filled({
      latency: spreadUnless(plan.network.latency, PLAIN.latency),
      links: plan.network.links.length === 0 ? undefined : plan.network.links.map(linkValue),
      buffer: plan.network.bufferBytes === undefined ? undefined : `${plan.network.bufferBytes}B`,
      wire: plan.network.wire,
    }),
    disk: filled({
      sync: spreadUnless(plan.disk.sync, PLAIN.sync),
      snapshotPiece: plan.disk.snapshotPiece && spreadValue(plan.disk.snapshotPiece),
      format: plan.disk.format,
    }),
    clock: filled({
      skew: spreadUnless(skew, DEFAULTS.clock),
      drift: driftPpm.maxUs === 0 ? undefined : `${driftPpm.minUs}ppm..${driftPpm.maxUs}ppm`,
    }),
    stages: spreadUnless(plan.stages, PLAIN.stages),
    buggify: plan.buggify && {
      delay: spreadValue(plan.buggify.delay),
      until: durationText(plan.buggify.untilUs),
    },
    warmUp: plan.warmUp && spreadValue(plan.warmUp),
    work: filled({
      ...Object.fromEntries([...plan.work.costs].map(([work, cost]) => [work, spreadValue(cost)])),
      cores: unless(plan.work.cores, 0),
      boot: plan.work.boot && spreadValue(plan.work.boot),
      exit: plan.work.exit && spreadValue(plan.work.exit),
    }),
    clients: clientsValue(plan.clients),
    decisions: decisionsValue(plan),
    faults: plan.faults.length === 0 ? undefined : plan.faults.map(faultValue),
    expect: filled(expectValue(plan.expect)),
    found: plan.found && compact({ ...plan.found, story: listOrNone(plan.found.story) }),
  });
}

function ensembleValue(plan: Plan): Value {
  const { voters, observers, weights, groups, start, behaviour } = plan.ensemble;
  return compact({
    ...membersValue(voters, observers),
    weights: entries(weights, (weight) => weight),
    groups: groups.length === 0 ? undefined : groups,
    behaviour: behaviour.length === 0 ? undefined : behaviour,
    start: entries(start, (us) => (us === undefined ? 'never' : durationText(us))),
    ...settingsValue(plan.ensemble.settings),
    ...serviceValue(plan.ensemble.service),
  });
}

function membersValue(voters: readonly NodeId[], observers: readonly NodeId[]): Value {
  const counted = [...voters, ...observers].every((id, index) => id === index + 1);
  if (counted) return { voters: voters.length, observers: unless(observers.length, 0) };
  return { voters, observers: observers.length === 0 ? undefined : observers };
}

function diskValue(disk: InitialDisk): Value {
  return compact({
    acceptedEpoch: disk.acceptedEpoch,
    currentEpoch: disk.currentEpoch,
    log: disk.log.length === 0 ? undefined : logValue(disk.log),
    snapshot: disk.snapshot === undefined ? undefined : zxidScalar(disk.snapshot),
    dataDir: disk.dataDir?.path,
    dataLogDir: disk.dataDir?.logPath,
  });
}

/** Three and more zxids in a row are written as a range. */
function logValue(log: readonly Zxid[]): unknown[] {
  const values: unknown[] = [];
  for (let i = 0; i < log.length; ) {
    const first = log[i] as Zxid;
    let end = i;
    while (log[end + 1] === first + (end + 1 - i) && epochOf(log[end + 1] as Zxid) === epochOf(first)) end++;
    if (end - i < 2) end = i;
    values.push(
      end === i ? zxidScalar(first) : `0x${first.toString(16)}..0x${(log[end] as Zxid).toString(16)}`,
    );
    i = end + 1;
  }
  return values;
}

function zxidScalar(zxid: number): Scalar {
  const scalar = new Scalar(zxid);
  scalar.format = 'HEX';
  return scalar;
}

function linkValue(link: Plan['network']['links'][number]): Value {
  const name = (id: NodeId) => (id <= 254 ? id : nameOf(id));
  return { between: [link.a.map(name), link.b.map(name)], latency: spreadValue(link.latency) };
}

function decisionsValue(plan: Plan): Value | undefined {
  if (plan.decisions === undefined) return undefined;
  return compact({ rest: plan.decisions.rest, pins: entries(plan.decisions.pins, inOrder) });
}

function expectValue(expect: Expectations): Value {
  return {
    verdict: unless(expect.verdict, 'passed'),
    violates: expect.violates,
    ...instantValue(expect),
    elections: comparisonValue(expect.elections),
    commits: comparisonValue(expect.commits),
    unavailable: expect.unavailableUs?.text,
    checkpoints:
      expect.checkpoints.length === 0
        ? undefined
        : expect.checkpoints.map((point) => ({
            at: durationText(point.atUs),
            ...compact(instantValue(point)),
          })),
  };
}

function instantValue(instant: Pick<Expectations, 'leader' | 'epoch' | 'roles'>): Value {
  return { leader: instant.leader, epoch: instant.epoch, roles: entries(instant.roles, (role) => role) };
}

function comparisonValue(comparison: Comparison | undefined): unknown {
  if (comparison === undefined) return undefined;
  return comparison.text === String(comparison.value) ? comparison.value : comparison.text;
}

/** Draws by their number. */
function inOrder(pins: ReadonlyMap<number, number>): Map<number, number> {
  return new Map([...pins].sort((a, b) => a[0] - b[0]));
}

/** A map of the file, or nothing where it would be empty. Maps keep keys such as `1` in their order. */
function entries<K, V>(values: ReadonlyMap<K, V>, write: (value: V) => unknown): Map<K, unknown> | undefined {
  return values.size === 0 ? undefined : new Map([...values].map(([key, value]) => [key, write(value)]));
}

function listOrNone<T>(values: readonly T[]): readonly T[] | undefined {
  return values.length === 0 ? undefined : values;
}

function unless<T>(value: T, usual: T): T | undefined {
  return value === usual ? undefined : value;
}

function spreadUnless(value: Plan['stages'], usual: Plan['stages']): unknown {
  const written = spreadValue(value);
  return written === spreadValue(usual) ? undefined : written;
}

function compact(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined));
}

function filled(value: Value): Value | undefined {
  const left = compact(value);
  return Object.keys(left).length === 0 ? undefined : left;
}
