import { Scalar } from 'yaml';
import { unreachable } from '../core/assert.ts';
import { durationText } from '../core/units.ts';
import { isServer, nameOf } from '../node/ids.ts';
import type { Action, Choice, Fault } from '../sim/fault.ts';
import { defaultName } from './read-faults.ts';
import { spreadValue } from './spread.ts';

/** A fault as a scenario file has it: plain values for a YAML writer. `index` is its place in the list. */
export function faultValue(fault: Fault, index: number): Record<string, unknown> {
  const { trigger } = fault;
  const value: Record<string, unknown> = {};
  if (fault.name !== defaultName(index)) value['name'] = fault.name;
  if (trigger.atUs !== undefined) value['at'] = durationText(trigger.atUs);
  if (trigger.when !== undefined) value['when'] = patternValue(trigger.when);
  if (trigger.afterUs !== undefined) value['after'] = durationText(trigger.afterUs);
  value[fault.action.verb] = actionValue(fault.action);
  if (fault.forUs !== undefined) value['for'] = durationText(fault.forUs);
  if (fault.optional) value['optional'] = true;
  return value;
}

function patternValue(when: NonNullable<Fault['trigger']['when']>): Record<string, unknown> {
  const value: Record<string, unknown> = { fact: when.fact };
  if (when.server !== undefined) value['server'] = choiceValue(when.server);
  if (when.nth !== 1) value['nth'] = when.nth;
  if (when.epoch !== undefined) value['epoch'] = when.epoch;
  if (when.zxid !== undefined) {
    const scalar = new Scalar(when.zxid);
    scalar.format = 'HEX';
    value['zxid'] = scalar;
  }
  if (when.since !== 'start') value['since'] = when.since;
  if (when.fromUs !== undefined) value['from'] = durationText(when.fromUs);
  if (when.untilUs !== undefined) value['until'] = durationText(when.untilUs);
  return value;
}

/** One alone needs no list. */
function choiceValue(choice: Choice): unknown {
  const items = choice.map((item) => (typeof item === 'number' && !isServer(item) ? nameOf(item) : item));
  return items.length === 1 ? items[0] : items;
}

function actionValue(action: Action): unknown {
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
      return choiceValue(action.servers);
    case 'partition':
      return action.groups.map(choiceValue);
    case 'cut':
      return { from: choiceValue(action.from), to: choiceValue(action.to) };
    case 'heal':
      return action.what;
    case 'reset':
      return { between: action.between.map(choiceValue) };
    case 'slow': {
      const whom =
        action.between === undefined
          ? { server: choiceValue(action.server ?? []) }
          : { between: action.between.map(choiceValue) };
      return { ...whom, latency: spreadValue(action.latency) };
    }
    case 'loss':
      return { between: action.between.map(choiceValue), rate: `${action.ratePpm / 10000}%` };
    case 'bandwidth':
      return { between: action.between.map(choiceValue), rate: `${action.bytesPerSecond}B/s` };
    default:
      return serverValue(action);
  }
}

type ServerAction = Extract<
  Action,
  { verb: 'slowDisk' | 'failSync' | 'fullDisk' | 'corrupt' | 'skew' | 'jump' | 'drift' | 'ask' }
>;

function serverValue(action: ServerAction): unknown {
  const server = choiceValue(action.server);
  switch (action.verb) {
    case 'slowDisk':
      return { server, sync: spreadValue(action.sync) };
    case 'failSync':
      return action.times === undefined ? { server } : { server, times: action.times };
    case 'fullDisk':
      return { server };
    case 'corrupt':
      return { server, file: action.file, record: action.record, how: action.how };
    case 'skew':
    case 'jump':
      return {
        server,
        by: action.byMs < 0 ? `-${durationText(-action.byMs * 1000)}` : durationText(action.byMs * 1000),
      };
    case 'drift':
      return { server, by: `${action.ppm}ppm` };
    case 'ask': {
      const { request, subject } = action;
      return subject === undefined ? { server, request } : { server, request, subject: choiceValue(subject) };
    }
    default:
      return unreachable(action);
  }
}
