import { write } from '../operations.ts';
import type { Script } from '../script.ts';
import { bytes, type Tools } from './tools.ts';

const CONFIGURATION = '/configuration';

/** One client writes a configuration again and again, the others watch it. Its version is the mzxid. */
export function* configuration(tools: Tools): Script {
  yield* tools.ensure(CONFIGURATION, 'none');
  if (tools.index === 0) yield* rewrite(tools);
  else yield* follow(tools);
  tools.finish();
}

function* rewrite(tools: Tools): Script {
  while (yield* tools.round()) {
    const value = tools.unique();
    const { result } = yield* tools.ask(write(CONFIGURATION, bytes(value)));
    if (result?.kind === 'dataSet') {
      const version = result.stat.mzxid;
      tools.tell({ recipe: 'configuration', object: CONFIGURATION, step: 'written', version, value });
    }
    yield* tools.sleep(tools.holdUs);
  }
}

/** Reads with a watch every time: what changes between the event and the read is seen all the same. */
function* follow(tools: Tools): Script {
  while (yield* tools.round()) {
    const found = yield* tools.text(CONFIGURATION, true);
    if (found !== undefined) {
      const { text: value, stat } = found;
      const version = stat.mzxid;
      tools.tell({ recipe: 'configuration', object: CONFIGURATION, step: 'observed', version, value });
    }
    let notice = yield* tools.notice();
    while (notice.kind === 'disconnected') notice = yield* tools.notice();
  }
}
