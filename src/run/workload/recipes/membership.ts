import { ephemeralSequential, remove } from '../operations.ts';
import type { Script } from '../script.ts';
import { bytes, type Tools } from './tools.ts';

const MEMBERS = '/members';
const SERVICES = '/services';

/**
 * Group membership: an ephemeral node for each member, and a watch on the group. A round is a change that was
 * seen; now and then a member leaves and comes back.
 */
export function* membership(tools: Tools): Script {
  const own = `${MEMBERS}/${tools.name}`;
  yield* tools.ensure(MEMBERS);
  yield* tools.own(own, tools.name);
  while (yield* tools.round()) {
    yield* tools.children(MEMBERS, true);
    const notice = yield* tools.notice(tools.holdUs + tools.draw(tools.holdUs + 1));
    if (notice.kind !== 'nothing' || tools.draw(3) > 0) continue;
    yield* tools.insist(remove(own));
    yield* tools.sleep(tools.holdUs);
    yield* tools.own(own, tools.name);
  }
  tools.finish();
}

/**
 * Service discovery: every other client offers a service under a new name each time, the others look up all
 * that are offered, at one zxid.
 */
export function* discovery(tools: Tools): Script {
  yield* tools.ensure(SERVICES);
  const offers = tools.index % 2 === 0;
  while (yield* tools.round()) {
    if (offers) yield* offer(tools);
    else yield* lookUp(tools);
  }
  tools.finish();
}

function* offer(tools: Tools): Script {
  const { result } = yield* tools.ask(ephemeralSequential(`${SERVICES}/${tools.name}-`, bytes(tools.name)));
  yield* tools.sleep(tools.holdUs);
  // Without an answer it may be there all the same, until the session ends: as with real services.
  if (result?.kind === 'created') yield* tools.insist(remove(result.path));
}

function* lookUp(tools: Tools): Script {
  const { names } = yield* tools.children(SERVICES, true);
  const operations = names.map((name) => ({ kind: 'getData' as const, path: `${SERVICES}/${name}` }));
  if (operations.length > 0) yield* tools.insist({ kind: 'multiRead', operations });
  yield* tools.notice(tools.holdUs + 1);
}
