import { remove } from '../operations.ts';
import type { Script } from '../script.ts';
import { waitInLine } from './contender.ts';
import { hold } from './hold.ts';
import type { Tools } from './tools.ts';

/** The fair lock: a line of ephemeral sequential nodes, the first of which has it. */
export function* fairLock(tools: Tools): Script {
  yield* inTurn(tools, 'lock', '/fair-lock');
}

/** The leader latch: the same line, where the first leads. */
export function* latch(tools: Tools): Script {
  yield* inTurn(tools, 'latch', '/latch');
}

function* inTurn(tools: Tools, recipe: 'lock' | 'latch', line: string): Script {
  yield* tools.ensure(line);
  while (yield* tools.round()) {
    const { path, token } = yield* waitInLine(tools, line);
    yield* hold(tools, recipe, line, token);
    // No other node has this name, so it may be deleted twice.
    yield* tools.insist(remove(path));
  }
  tools.finish();
}
