import { type Decoder, exactly, flag, integer, oneOf, optional, record, tagged, text } from './decoder.ts';
import type * as E from './recipe-entry.ts';
import { sessionId, zxid } from './request-decoder.ts';

const us = integer(0);

function common<R extends string>(recipe: Decoder<R>) {
  return {
    kind: exactly('recipe'),
    recipe,
    object: text,
    handle: integer(0),
    session: sessionId,
    atUs: us,
  };
}

const hold = record<E.HoldEntry>({
  ...common(oneOf('lock', 'latch')),
  step: oneOf('acquired', 'released', 'lost'),
  token: zxid,
});
const resource = record<E.ResourceEntry>({
  ...common(exactly('resource')),
  step: exactly('used'),
  token: zxid,
  fenced: flag,
  accepted: flag,
});
const barrier = record<E.BarrierEntry>({
  ...common(exactly('barrier')),
  step: oneOf('entering', 'entered', 'leaving', 'left'),
  size: integer(1),
  member: optional(text),
});
const outcome = oneOf('ok', 'unknown');
const queue = record<E.QueueEntry>({
  ...common(oneOf('queue', 'priority-queue')),
  step: oneOf('produced', 'consumed', 'remaining'),
  item: text,
  outcome,
  invokedUs: us,
  zxid,
  listZxid: zxid,
  priority: integer(0),
});
const queueEnd = record<E.QueueEndEntry>({ ...common(exactly('queue-end')), step: exactly('drained') });
const counter = record<E.CounterEntry>({
  ...common(exactly('counter')),
  step: oneOf('added', 'read'),
  outcome,
  invokedUs: us,
  amount: integer(0),
  value: integer(0),
});
const commit = record<E.CommitEntry>({
  ...common(exactly('two-phase-commit')),
  step: oneOf('voted', 'decided'),
  choice: oneOf('commit', 'abort'),
  participants: integer(1),
});
const configuration = record<E.ConfigurationEntry>({
  ...common(exactly('configuration')),
  step: oneOf('written', 'observed'),
  version: zxid,
  value: text,
});

/** What a client that follows a recipe believes. */
export const recipe: Decoder<E.RecipeEntry> = tagged<E.RecipeEntry>(
  'recipe',
  new Map<string, Decoder<E.RecipeEntry>>([
    ['lock', hold],
    ['latch', hold],
    ['resource', resource],
    ['barrier', barrier],
    ['queue', queue],
    ['priority-queue', queue],
    ['queue-end', queueEnd],
    ['counter', counter],
    ['two-phase-commit', commit],
    ['configuration', configuration],
  ]),
);
