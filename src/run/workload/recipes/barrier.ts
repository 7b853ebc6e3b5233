import { remove } from '../operations.ts';
import type { Script } from '../script.ts';
import type { Tools } from './tools.ts';

const BARRIERS = '/barrier';

/**
 * The double barrier: all clients enter a round together, work, and leave it together. `rN` holds a node for
 * each member, `ready-N` says that all are there. A client whose session ended joins the round that is on.
 */
export function* barrier(tools: Tools): Script {
  const size = tools.common.clients.length;
  const about = { size, member: tools.name };
  yield* tools.ensure(BARRIERS);
  let round = Math.max(1, yield* latestRound(tools));
  while (yield* tools.round()) {
    const room = `${BARRIERS}/r${round}`;
    const ready = `${BARRIERS}/ready-${round}`;
    yield* tools.ensure(room);
    tools.tell({ recipe: 'barrier', object: room, step: 'entering', ...about });
    yield* tools.own(`${room}/${tools.name}`, tools.name);
    const { names } = yield* tools.children(room);
    if (names.length >= size) yield* tools.ensure(ready);
    yield* tools.until(ready, 'there');
    tools.tell({ recipe: 'barrier', object: room, step: 'entered', ...about });
    yield* tools.sleep(tools.holdUs);
    tools.tell({ recipe: 'barrier', object: room, step: 'leaving', ...about });
    yield* tools.insist(remove(`${room}/${tools.name}`));
    while ((yield* tools.children(room, true)).names.length > 0) yield* tools.notice();
    tools.tell({ recipe: 'barrier', object: room, step: 'left', ...about });
    round = Math.max(round + 1, yield* latestRound(tools));
  }
  tools.finish();
}

function* latestRound(tools: Tools): Script<number> {
  const { names } = yield* tools.children(BARRIERS);
  return names.reduce((latest, name) => Math.max(latest, Number(/^r(\d+)$/.exec(name)?.[1] ?? 0)), 0);
}
