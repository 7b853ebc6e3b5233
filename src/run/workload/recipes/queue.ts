import { create, MODE, read, remove } from '../operations.ts';
import type { Script } from '../script.ts';
import { bytes, sequenceOf, type Tools, textOf } from './tools.ts';

/** A queue, and how its items are told apart by urgency. */
interface Kind {
  readonly recipe: 'queue' | 'priority-queue';
  readonly path: string;
  readonly priorities: number;
}

/** Items come out in the order in which they went in. */
export function* queue(tools: Tools): Script {
  yield* work(tools, { recipe: 'queue', path: '/queue', priorities: 1 });
}

/** Items with a lower number come out first. */
export function* priorityQueue(tools: Tools): Script {
  yield* work(tools, { recipe: 'priority-queue', path: '/priority-queue', priorities: 4 });
}

/**
 * Every other client puts items in, the others take them out, a single one does both in turn: an item is
 * whatever node a consumer could delete. What is left in the end the last client looks up.
 */
function* work(tools: Tools, kind: Kind): Script {
  yield* tools.ensure(kind.path);
  const alone = tools.common.clients.length === 1;
  let produces = tools.index % 2 === 0;
  while (yield* tools.round()) {
    if (produces) yield* produce(tools, kind);
    else yield* consume(tools, kind);
    if (alone) produces = !produces;
  }
  if (tools.finish()) yield* lookUp(tools, kind);
}

function* produce(tools: Tools, { recipe, path, priorities }: Kind): Script {
  const priority = tools.draw(priorities);
  const item = tools.unique();
  const claim = { recipe, object: path, step: 'produced', item, zxid: -1, listZxid: -1, priority } as const;
  tools.intend({ ...claim, outcome: 'unknown' });
  const node = create(`${path}/${priority}-`, MODE.sequential, bytes(item));
  const { outcome, cxid, zxid } = yield* tools.ask(node);
  if (outcome === 'failed') tools.withdraw();
  else if (outcome === 'ok') tools.tell({ ...claim, outcome, zxid }, cxid);
  else tools.tell({ ...claim, outcome }, cxid);
}

function* consume(tools: Tools, { recipe, path }: Kind): Script {
  for (;;) {
    const { names, zxid: listZxid } = yield* tools.children(path, true);
    const [first] = [...names].sort(byUrgency);
    if (first === undefined) {
      yield* tools.notice(tools.holdUs * 10 + 1);
      continue;
    }
    const node = yield* tools.insist(read(`${path}/${first}`));
    if (node.result?.kind !== 'data') continue;
    const item = textOf(node.result.data);
    const priority = Number(first.split('-')[0]);
    const claim = { recipe, object: path, step: 'consumed', item, zxid: -1, listZxid, priority } as const;
    tools.intend({ ...claim, outcome: 'unknown' });
    const { outcome, cxid, zxid } = yield* tools.ask(remove(`${path}/${first}`));
    if (outcome === 'failed') {
      // Somebody else was faster.
      tools.withdraw();
      continue;
    }
    if (outcome === 'ok') tools.tell({ ...claim, outcome, zxid }, cxid);
    else tools.tell({ ...claim, outcome }, cxid);
    yield* tools.sleep(tools.holdUs);
    return;
  }
}

/** All others have finished: what is there now is left over. */
function* lookUp(tools: Tools, { recipe, path }: Kind): Script {
  yield* tools.ensure(`${path}-end`);
  const { names, zxid } = yield* tools.children(path);
  for (const name of names) {
    const found = yield* tools.text(`${path}/${name}`);
    if (found === undefined) continue;
    const priority = Number(name.split('-')[0]);
    const claim = { recipe, object: path, step: 'remaining', item: found.text, outcome: 'ok' } as const;
    tools.tell({ ...claim, zxid, listZxid: -1, priority });
  }
  tools.tell({ recipe: 'queue-end', object: path, step: 'drained' });
}

function byUrgency(a: string, b: string): number {
  return Number(a.split('-')[0]) - Number(b.split('-')[0]) || sequenceOf(a) - sequenceOf(b);
}
