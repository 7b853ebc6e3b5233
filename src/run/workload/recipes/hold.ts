import type { Script } from '../script.ts';
import type { Tools } from './tools.ts';

/** Uses of the resource while a lock is held. */
const USES = 3;

/**
 * Holds a lock or latch for a while and uses what it guards. A holder that loses its connection no longer
 * counts on it; one that is stopped in its tracks cannot know, and goes on where it was: what it guards needs
 * a fence.
 */
export function* hold(tools: Tools, recipe: 'lock' | 'latch', object: string, token: number): Script {
  const { resource } = tools.common;
  let held = true;
  tools.tell({ recipe, object, step: 'acquired', token });
  try {
    for (let use = 0; held && use < USES; use++) {
      if (resource !== undefined) {
        const { fenced } = resource;
        const accepted = resource.use(token);
        tools.tell({ recipe: 'resource', object, step: 'used', token, fenced, accepted });
      }
      if (use === USES - 1) break;
      if (yield* tools.stay(Math.max(1, Math.floor(tools.holdUs / (USES - 1))))) continue;
      held = false;
      tools.tell({ recipe, object, step: 'lost', token });
    }
    // Before the node goes: afterwards somebody else may have it at any time.
    if (held) tools.tell({ recipe, object, step: 'released', token });
    held = false;
  } finally {
    if (held) tools.tell({ recipe, object, step: 'lost', token });
  }
}
