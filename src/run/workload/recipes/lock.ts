import { ERRORS } from '../../../znode/errors.ts';
import { ephemeral, remove } from '../operations.ts';
import type { Script } from '../script.ts';
import { hold } from './hold.ts';
import { bytes, type Tools } from './tools.ts';

const LOCK = '/lock';

/**
 * The simple lock: whoever makes the ephemeral node has it, all others wait for its end, and run for it
 * together (the herd). The token is the czxid of the node.
 */
export function* lock(tools: Tools): Script {
  while (yield* tools.round()) {
    const token = yield* acquire(tools);
    yield* hold(tools, 'lock', LOCK, token);
    const answer = yield* tools.ask(remove(LOCK));
    // Nobody knows whether it is gone: another client may have the lock by now, and deleting again would take
    // it away. The end of the session surely removes what is one's own, and nothing else.
    if (answer.outcome === 'unknown') yield* tools.leave();
  }
  tools.finish();
}

function* acquire(tools: Tools): Script<number> {
  for (;;) {
    const answer = yield* tools.ask({ ...ephemeral(LOCK, bytes(tools.name)), kind: 'create2' });
    if (answer.outcome === 'ok' && answer.result?.kind === 'created') return answer.result.stat.czxid;
    if (answer.outcome === 'failed' && answer.err !== ERRORS.NODEEXISTS) {
      yield* tools.hesitate();
      continue;
    }
    const stat = yield* tools.stat(LOCK, true);
    if (stat !== undefined && tools.owns(stat)) return stat.czxid;
    if (stat !== undefined) yield* tools.until(LOCK, 'gone');
  }
}
