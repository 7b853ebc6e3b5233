import type { Zxid } from '../../core/zxid.ts';
import type { WatchEvent } from '../client-messages.ts';
import { ERRORS } from '../errors.ts';
import type { Operation } from '../requests.ts';
import type { SetWatches } from '../watch-requests.ts';

/** Path characters of one setWatches; what is longer goes in several (SET_WATCHES_MAX_LENGTH). */
const MAX_LENGTH = 128 * 1024;

type Kind = 'data' | 'exist' | 'child' | 'persistent' | 'recursive';

const KINDS: readonly Kind[] = ['data', 'exist', 'child', 'persistent', 'recursive'];

/**
 * The watches that a client believes to have: it brings them along when it reconnects. Source:
 * ZooKeeper.ZKWatchManager.
 */
export class WatchRegister {
  readonly #paths: Readonly<Record<Kind, Set<string>>> = {
    data: new Set(),
    exist: new Set(),
    child: new Set(),
    persistent: new Set(),
    recursive: new Set(),
  };

  /** A request was answered: which watch stands from now on, or no more. */
  answered(operation: Operation, err: number): void {
    switch (operation.kind) {
      case 'exists':
        if (!operation.watch) return;
        if (err === ERRORS.OK) this.#paths.data.add(operation.path);
        else if (err === ERRORS.NONODE) this.#paths.exist.add(operation.path);
        return;
      case 'getData':
        if (operation.watch && err === ERRORS.OK) this.#paths.data.add(operation.path);
        return;
      case 'getChildren':
      case 'getChildren2':
        if (operation.watch && err === ERRORS.OK) this.#paths.child.add(operation.path);
        return;
      case 'addWatch':
        if (err !== ERRORS.OK) return;
        this.#paths[operation.mode === 'persistent' ? 'persistent' : 'recursive'].add(operation.path);
        return;
      case 'removeWatches':
        if (err === ERRORS.OK) this.#remove(operation.path, operation.type);
        return;
      default:
    }
  }

  /** An event came: the one-shot watches that it was for are gone. */
  fired({ type, path }: WatchEvent): void {
    const { data, exist, child } = this.#paths;
    if (type === 'children-changed') {
      child.delete(path);
      return;
    }
    data.delete(path);
    exist.delete(path);
    if (type === 'deleted') child.delete(path);
  }

  /** The requests that arm all of them again on a new connection. Opcodes 101 and 105. */
  requests(since: Zxid): readonly SetWatches[] {
    const batches: SetWatches[] = [];
    let batch = emptyBatch();
    let length = 0;
    for (const kind of KINDS) {
      for (const path of this.#paths[kind]) {
        if (length > 0 && length + path.length > MAX_LENGTH) {
          batches.push({ kind: 'setWatches', since, ...batch });
          batch = emptyBatch();
          length = 0;
        }
        batch[kind].push(path);
        length += path.length;
      }
    }
    if (length > 0) batches.push({ kind: 'setWatches', since, ...batch });
    return batches;
  }

  #remove(path: string, type: string): void {
    const { data, exist, child, persistent, recursive } = this.#paths;
    const from: Record<string, readonly Set<string>[]> = {
      data: [data, exist],
      children: [child],
      persistent: [persistent],
      'persistent-recursive': [recursive],
      any: [data, exist, child, persistent, recursive],
    };
    for (const paths of from[type] ?? []) paths.delete(path);
  }
}

function emptyBatch(): Record<Kind, string[]> {
  return { data: [], exist: [], child: [], persistent: [], recursive: [] };
}
