import type { QueueEndEntry, QueueEntry, RecipeEntry } from '../history/recipe-entry.ts';
import type { Verdicts } from '../history/verdicts.ts';
import { accuseRecipe, byObject } from './recipe-verdicts.ts';

/** What became of an item. */
interface Item {
  produced: QueueEntry | undefined;
  consumed: QueueEntry | undefined;
  remaining: boolean;
  /** Whether a consume of it got no answer: it may have been the one that took it. */
  doubtful: boolean;
}

/**
 * Queues: what comes out went in, once; what went in comes out or is still there; the items of a producer
 * come out in their order; in a priority queue nothing goes before what its consumer could see and should
 * have preferred. O(n log n), but for priorities, which compare each pop with the items then waiting.
 */
export function checkQueues(recipes: readonly RecipeEntry[], verdicts: Verdicts): void {
  const queues = recipes.filter(
    (entry): entry is QueueEntry => entry.recipe === 'queue' || entry.recipe === 'priority-queue',
  );
  const drained = new Map<string, QueueEndEntry>();
  for (const entry of recipes) if (entry.recipe === 'queue-end') drained.set(entry.object, entry);
  for (const entries of byObject(queues)) {
    const items = collect(entries, verdicts);
    const end = drained.get(entries[0]?.object ?? '');
    for (const [name, item] of items) checkItem(name, item, end, verdicts);
    if (entries[0]?.recipe === 'queue') checkFifo(items, verdicts);
    else checkPriorities(items, verdicts);
  }
}

function collect(entries: readonly QueueEntry[], verdicts: Verdicts): Map<string, Item> {
  const items = new Map<string, Item>();
  for (const entry of entries) {
    verdicts.checked('recipe');
    let item = items.get(entry.item);
    if (item === undefined) {
      item = { produced: undefined, consumed: undefined, remaining: false, doubtful: false };
      items.set(entry.item, item);
    }
    if (entry.step === 'remaining') item.remaining = true;
    else if (entry.step === 'produced') item.produced ??= entry;
    else if (entry.outcome === 'unknown') item.doubtful = true;
    else if (item.consumed === undefined) item.consumed = entry;
    else {
      const seen = `by ${item.consumed.handle} and by ${entry.handle}`;
      accuseRecipe(verdicts, entry, 'an item was consumed twice', `once ${entry.item}`, seen);
    }
  }
  return items;
}

function checkItem(name: string, item: Item, end: QueueEndEntry | undefined, verdicts: Verdicts): void {
  const { produced, consumed, remaining, doubtful } = item;
  if (consumed !== undefined && produced === undefined)
    accuseRecipe(verdicts, consumed, 'an item was consumed that nobody produced', 'produced first', name);
  if (consumed !== undefined && remaining)
    accuseRecipe(verdicts, consumed, 'an item was consumed and is still there', 'one of them', name);
  if (produced === undefined || produced.outcome !== 'ok' || end === undefined) return;
  if (consumed !== undefined || remaining || doubtful || produced.atUs > end.atUs) return;
  accuseRecipe(verdicts, produced, 'an item was lost', 'consumed or still there', name);
}

function checkFifo(items: ReadonlyMap<string, Item>, verdicts: Verdicts): void {
  const byProducer = new Map<number, Item[]>();
  for (const item of items.values()) {
    // Without an answer nobody knows where in the order it went in.
    if (item.produced?.outcome !== 'ok') continue;
    const list = byProducer.get(item.produced.handle);
    if (list === undefined) byProducer.set(item.produced.handle, [item]);
    else list.push(item);
  }
  for (const list of byProducer.values()) {
    list.sort((a, b) => (a.produced?.invokedUs ?? 0) - (b.produced?.invokedUs ?? 0));
    // From the last on: when the earliest of the later ones was surely out.
    let soonest = Number.POSITIVE_INFINITY;
    for (let i = list.length - 1; i >= 0; i--) {
      const { consumed, produced } = list[i] as Item;
      if (consumed !== undefined && produced !== undefined && soonest < consumed.invokedUs) {
        const rule = 'an item overtook an earlier one of its producer';
        accuseRecipe(verdicts, consumed, rule, `${consumed.item} first`, `another out at ${soonest} µs`);
      }
      if (consumed !== undefined) soonest = Math.min(soonest, consumed.atUs);
    }
  }
}

function checkPriorities(items: ReadonlyMap<string, Item>, verdicts: Verdicts): void {
  const all = [...items.values()];
  for (const { consumed } of all) {
    if (consumed === undefined || consumed.listZxid < 0) continue;
    const preferred = all.find(
      ({ produced, consumed: other }) =>
        produced?.outcome === 'ok' &&
        produced.priority < consumed.priority &&
        produced.zxid <= consumed.listZxid &&
        other !== undefined &&
        other.zxid > consumed.zxid,
    );
    if (preferred === undefined) continue;
    const rule = 'a less urgent item was taken first';
    const seen = `${consumed.item} of priority ${consumed.priority}`;
    accuseRecipe(verdicts, consumed, rule, preferred.produced?.item ?? '', seen);
  }
}
