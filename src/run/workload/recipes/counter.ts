import { ERRORS } from '../../../znode/errors.ts';
import { persistent, write } from '../operations.ts';
import type { Script } from '../script.ts';
import { bytes, type Tools } from './tools.ts';

const COUNTER = '/counter';

/** A number that clients raise by compare-and-set; an addition without an answer is not tried again. */
export function* counter(tools: Tools): Script {
  yield* tools.ensure(COUNTER, '0');
  while (yield* tools.round()) yield* add(tools);
  if (tools.finish()) yield* readLast(tools);
}

function* add(tools: Tools): Script {
  const claim = { recipe: 'counter', object: COUNTER, step: 'added', amount: 1 } as const;
  for (;;) {
    const now = yield* tools.text(COUNTER);
    if (now === undefined) return;
    const value = Number(now.text) + 1;
    tools.intend({ ...claim, outcome: 'unknown', value: 0 });
    const answer = yield* tools.ask(write(COUNTER, bytes(String(value)), now.stat.version));
    if (answer.outcome === 'failed') {
      tools.withdraw();
      if (answer.err === ERRORS.BADVERSION) continue;
      return;
    }
    const ok = answer.outcome === 'ok';
    tools.tell({ ...claim, outcome: ok ? 'ok' : 'unknown', value: ok ? value : 0 }, answer.cxid);
    yield* tools.sleep(tools.holdUs);
    return;
  }
}

/** Behind a write of its own, so that the read cannot be old. */
function* readLast(tools: Tools): Script {
  const answer = yield* tools.insist(persistent(`${COUNTER}-end`));
  const now = yield* tools.text(COUNTER);
  if (now === undefined) return;
  const claim = { recipe: 'counter', object: COUNTER, step: 'read', outcome: 'ok', amount: 0 } as const;
  tools.tell({ ...claim, value: Number(now.text) }, answer.cxid);
}
