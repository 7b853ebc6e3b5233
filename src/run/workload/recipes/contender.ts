import { ERRORS } from '../../../znode/errors.ts';
import type { Stat } from '../../../znode/stat.ts';
import { ephemeralSequential, remove } from '../operations.ts';
import type { Script } from '../script.ts';
import { bytes, sequenceOf, type Tools } from './tools.ts';

/** A place in a line: the name of the own node, and its czxid, which is the fencing token. */
export interface Place {
  readonly path: string;
  readonly token: number;
}

/**
 * Joins a line and waits until all before are gone, each waiting for the one before it only. The name holds a
 * word of this try, so that a node whose creation got no answer is found again. Source: the lock recipe;
 * Curator's protection mode.
 */
export function* waitInLine(tools: Tools, line: string): Script<Place> {
  for (;;) {
    const word = tools.unique();
    const place = yield* joined(tools, line, word);
    if (place !== undefined) return place;
  }
}

/** Undefined: the own node is gone again. */
function* joined(tools: Tools, line: string, word: string): Script<Place | undefined> {
  for (;;) {
    const answer = yield* tools.ask(ephemeralSequential(`${line}/${word}-`, bytes(tools.name)));
    if (answer.outcome === 'failed') {
      if (answer.err !== ERRORS.NONODE) yield* tools.hesitate();
      yield* tools.ensure(line);
    }
    if (answer.outcome === 'ok') break;
    if ((yield* ownNames(tools, line, word)).length > 0) break;
  }
  for (;;) {
    const { names } = yield* tools.children(line);
    const order = [...names].sort((a, b) => sequenceOf(a) - sequenceOf(b));
    const [own, ...more] = order.filter((name) => name.startsWith(`${word}-`));
    if (own === undefined) return undefined;
    // A creation that got no answer came about after all, late.
    for (const name of more) yield* tools.insist(remove(`${line}/${name}`));
    const before = order[order.indexOf(own) - 1];
    if (before !== undefined) {
      yield* tools.until(`${line}/${before}`, 'gone');
      continue;
    }
    const path = `${line}/${own}`;
    const stat: Stat | undefined = yield* tools.stat(path);
    if (stat !== undefined) return { path, token: stat.czxid };
  }
}

function* ownNames(tools: Tools, line: string, word: string): Script<readonly string[]> {
  const { names } = yield* tools.children(line);
  return names.filter((name) => name.startsWith(`${word}-`));
}
