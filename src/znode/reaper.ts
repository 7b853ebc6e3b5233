import { NO_SESSION } from '../node/ids.ts';
import type { Gateway } from '../node/service.ts';
import { ttlOf } from './modes.ts';
import type { ZnodeRequest } from './requests.ts';
import type { Tree } from './tree.ts';

/** How the leader looks for containers and TTL nodes to remove. */
export interface ReaperOptions {
  /** How often it looks, ms (`znode.container.checkIntervalMs`). */
  readonly checkIntervalMs: number;
  /** How long a container is kept that never had a child, ms; 0: for ever (`…maxNeverUsedIntervalMs`). */
  readonly maxNeverUsedMs: number;
  /** How many nodes it asks to remove in a minute (`…maxPerMinute`). */
  readonly maxPerMinute: number;
}

/** ZooKeeper's defaults. */
export const DEFAULT_REAPER: ReaperOptions = Object.freeze({
  checkIntervalMs: 60_000,
  maxNeverUsedMs: 300_000,
  maxPerMinute: 10_000,
});

const MINUTE_MS = 60_000;

/**
 * The nodes that the leader asks to delete by deleteContainer: childless containers that had a child, or are
 * older than `maxNeverUsedMs` (0: never), and childless nodes whose time to live has passed since they were
 * written. `nowMs` is the leader's wall clock. Source: ContainerManager.getCandidates.
 */
export function reapable(
  tree: Tree,
  nowMs: number,
  maxNeverUsedMs: number = DEFAULT_REAPER.maxNeverUsedMs,
): string[] {
  const found: string[] = [];
  for (const path of tree.containers()) {
    const node = tree.get(path);
    if (node === undefined || node.children.size > 0) continue;
    const { cversion, mtimeMs } = node.stat;
    const abandoned = cversion === 0 && maxNeverUsedMs !== 0 && nowMs - mtimeMs > maxNeverUsedMs;
    if (cversion > 0 || abandoned) found.push(path);
  }
  for (const path of tree.ttls()) {
    const node = tree.get(path);
    if (node === undefined || node.children.size > 0) continue;
    if (nowMs - node.stat.mtimeMs > ttlOf(node.stat.owner)) found.push(path);
  }
  return found;
}

/** How long the leader waits before it asks for the next node, ms (ContainerManager.getMinIntervalMs). */
export function pauseMs(maxPerMinute: number): number {
  return Math.floor(MINUTE_MS / maxPerMinute);
}

/**
 * The leader's rounds: one begins at each interval since it began to serve, or when the one before is over,
 * and asks to remove what it found then, one node after the other with a pause. Source: ContainerManager.
 */
export class Reaper {
  readonly #options: ReaperOptions;
  readonly #gateway: Gateway;
  readonly #tree: Tree;
  /** What the round has found, and not asked for yet. */
  #found: string[] = [];
  /** When the next round is due, local µs. */
  #dueUs = 0;

  constructor(gateway: Gateway, tree: Tree, options: ReaperOptions) {
    this.#gateway = gateway;
    this.#tree = tree;
    this.#options = options;
  }

  open(): void {
    this.#dueUs = this.#gateway.now();
    this.#rest(0);
  }

  close(): void {
    this.#found = [];
    this.#gateway.cancelTimer('reaper');
  }

  timer(): void {
    const gateway = this.#gateway;
    const { maxNeverUsedMs, maxPerMinute } = this.#options;
    if (this.#found.length === 0) this.#found = reapable(this.#tree, gateway.wallMs(), maxNeverUsedMs);
    const path = this.#found.shift();
    if (path !== undefined) {
      const body: ZnodeRequest = { ids: [], kind: 'deleteContainer', path };
      gateway.submit({ origin: { session: NO_SESSION, cxid: 0 }, body });
    }
    const pauseUs = path === undefined ? 0 : pauseMs(maxPerMinute) * 1000;
    if (this.#found.length > 0) gateway.setTimer('reaper', pauseUs);
    else this.#rest(pauseUs);
  }

  /** A round ends with the pause behind its last node. */
  #rest(pauseUs: number): void {
    const nowUs = this.#gateway.now();
    this.#dueUs += this.#options.checkIntervalMs * 1000;
    this.#gateway.setTimer('reaper', Math.max(pauseUs, this.#dueUs - nowUs));
  }
}
