import type { Moment, TraceEvent } from '../node/facts.ts';
import { nameOf } from '../node/ids.ts';
import { sentenceOf } from './event-sentences.ts';

const TIME_WIDTH = 14;
const NAME_WIDTH = 5;

/**
 * A line of a readable trace, without its end: virtual time in ms, who, what. `world` stands for what befalls
 * nobody alone.
 */
export function traceText(event: TraceEvent, moment: Moment): string {
  const time = (moment.atUs / 1000).toFixed(3).padStart(TIME_WIDTH);
  return `${time} ms  ${actorOf(event).padEnd(NAME_WIDTH)}  ${sentenceOf(event)}`;
}

function actorOf(event: TraceEvent): string {
  if ('server' in event) return nameOf(event.server);
  if ('from' in event) return nameOf(event.from);
  return 'world';
}
