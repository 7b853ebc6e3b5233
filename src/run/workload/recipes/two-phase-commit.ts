import { persistent } from '../operations.ts';
import type { Script } from '../script.ts';
import { bytes, type Tools } from './tools.ts';

const TRANSACTIONS = '/transactions';

/** One of so many votes is against. */
const AGAINST = 8;

type Choice = 'commit' | 'abort';

/**
 * Two-phase commit: every client votes on every transaction, once; the first coordinates. It decides when all
 * have voted; whoever has waited too long decides on abort. The decision is a node, so there is only one.
 */
export function* twoPhaseCommit(tools: Tools): Script {
  yield* tools.ensure(TRANSACTIONS);
  for (let number = 1; ; number++) {
    const path = `${TRANSACTIONS}/t${number}`;
    // What was decided in an earlier session of this client is passed over.
    if ((yield* tools.stat(`${path}-decision`)) !== undefined) continue;
    if (!(yield* tools.round())) break;
    if (tools.index === 0) yield* tools.ensure(path);
    else yield* tools.until(path, 'there');
    yield* vote(tools, path);
    if (tools.index === 0) yield* coordinate(tools, path);
    yield* learn(tools, path);
    yield* tools.sleep(tools.holdUs);
  }
  tools.finish();
}

/** A vote stands: one that was given in an earlier session too. It is told before anybody can see it. */
function* vote(tools: Tools, path: string): Script {
  const own = `${path}/${tools.name}`;
  if ((yield* tools.stat(own)) !== undefined) return;
  const choice: Choice = tools.draw(AGAINST) === 0 ? 'abort' : 'commit';
  const participants = tools.common.clients.length;
  tools.tell({ recipe: 'two-phase-commit', object: path, step: 'voted', choice, participants });
  yield* tools.insist(persistent(own, bytes(choice)));
}

function* coordinate(tools: Tools, path: string): Script {
  const participants = tools.common.clients.length;
  for (let patience = 20; patience > 0; patience--) {
    const { names } = yield* tools.children(path, true);
    if (names.length >= participants) {
      let choice: Choice = 'commit';
      for (const name of names) {
        if ((yield* tools.text(`${path}/${name}`))?.text !== 'commit') choice = 'abort';
      }
      yield* decide(tools, path, choice);
      return;
    }
    yield* tools.notice(500_000);
  }
  yield* decide(tools, path, 'abort');
}

function* decide(tools: Tools, path: string, choice: Choice): Script {
  yield* tools.insist(persistent(`${path}-decision`, bytes(choice)));
}

function* learn(tools: Tools, path: string): Script {
  const participants = tools.common.clients.length;
  for (let patience = 40; ; patience--) {
    const decision = yield* tools.text(`${path}-decision`);
    if (decision !== undefined) {
      const choice: Choice = decision.text === 'commit' ? 'commit' : 'abort';
      tools.tell({ recipe: 'two-phase-commit', object: path, step: 'decided', choice, participants });
      return;
    }
    if (patience <= 0) yield* decide(tools, path, 'abort');
    yield* tools.stat(`${path}-decision`, true);
    yield* tools.notice(500_000);
  }
}
