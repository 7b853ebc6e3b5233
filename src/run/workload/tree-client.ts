import type { ClientMessage } from '../../node/content.ts';
import type { NodeEvent } from '../../node/events.ts';
import type { NodeView, Participant } from '../../node/protocol.ts';
import type { Answer } from '../../znode/client/answer.ts';
import type { ClientEnv } from '../../znode/client/client-env.ts';
import { ClientHandle, type HandleListener } from '../../znode/client/client-handle.ts';
import type { WatchEvent } from '../../znode/client-messages.ts';
import { operationText } from '../../znode/language.ts';
import { parentOf, ROOT } from '../../znode/path.ts';
import type { Operation } from '../../znode/requests.ts';
import type { ClientShare } from './client-shares.ts';
import { persistent } from './operations.ts';

/** Where the clients of a plan live, and how they connect. */
export interface TreeOptions {
  readonly chroot: string;
  readonly readOnly: boolean;
}

/** After its session has ended a client waits so long before it opens another, µs. */
const REOPEN_US = 100_000;

/**
 * A client of the tree: one handle after the other, each a session. What it asks for counts as an operation
 * of the run, and has its outcome in the figures.
 */
export abstract class TreeClient implements Participant<ClientMessage>, HandleListener {
  protected readonly env: ClientEnv;
  protected readonly share: ClientShare;
  readonly #options: TreeOptions;
  #handle: ClientHandle | undefined;
  #operation = 0;

  constructor(env: ClientEnv, share: ClientShare, options: TreeOptions) {
    this.env = env;
    this.share = share;
    this.#options = options;
  }

  /** A new handle is there; it may be asked, and connects meanwhile. */
  protected abstract begin(handle: ClientHandle): void;
  /** A timer of the workload's own. */
  protected abstract onTimer(timer: string): void;
  /** Whether another session is wanted when one has ended. */
  protected abstract get goesOn(): boolean;

  connected(_handle: ClientHandle): void {}
  disconnected(_handle: ClientHandle): void {}
  event(_handle: ClientHandle, _event: WatchEvent): void {}

  ended(_handle: ClientHandle, _why: 'closed' | 'expired' | 'auth-failed'): void {
    if (this.goesOn) this.env.setTimer('reopen', REOPEN_US);
  }

  handle(event: NodeEvent<ClientMessage>): void {
    const handle = this.#handle;
    switch (event.kind) {
      case 'started':
        this.#open();
        return;
      case 'opened':
        handle?.opened(event.link);
        return;
      case 'received':
        handle?.received(event.link, event.message);
        return;
      case 'writable':
        handle?.writable(event.link);
        return;
      case 'closed':
        handle?.closed(event.link, event.reason);
        return;
      case 'timer':
        if (event.timer === 'reopen') this.#open();
        else if (handle?.timer(event.timer) !== true) this.onTimer(event.timer);
        return;
      default:
    }
  }

  inspect(): NodeView {
    return { state: 'following', acceptedEpoch: 0, currentEpoch: 0, lastZxid: 0, lastCommitted: 0 };
  }

  /** Asks for something, as an operation of the run. */
  protected ask(handle: ClientHandle, operation: Operation, done: (answer: Answer) => void): void {
    const cxid = ++this.#operation;
    const { env } = this;
    env.report({
      kind: 'invoked',
      server: env.self,
      cxid,
      via: handle.via,
      operation: operationText(operation),
    });
    handle.ask(operation, (answer) => {
      const { outcome, zxid } = answer;
      env.report({ kind: 'returned', server: env.self, cxid, outcome, zxid });
      done(answer);
    });
  }

  #open(): void {
    const { servers, sessionTimeoutUs } = this.share;
    const handle = new ClientHandle(this.env, { servers, sessionTimeoutUs, ...this.#options }, this);
    this.#handle = handle;
    handle.open();
    this.#prepare(handle, lineage(this.#options.chroot));
  }

  /** The chroot is to be there before the client lives in it: ZooKeeper does not make it by itself. */
  #prepare(handle: ClientHandle, paths: readonly string[]): void {
    const [path, ...rest] = paths;
    if (path === undefined) {
      this.begin(handle);
      return;
    }
    const done = ({ outcome }: Answer) => {
      if (handle.isUsable) this.#prepare(handle, outcome === 'unknown' ? paths : rest);
    };
    handle.ask(persistent(path), done, true);
  }
}

/** A path and those above it, from the top. */
function lineage(path: string): string[] {
  return path === '' || path === ROOT ? [] : [...lineage(parentOf(path) ?? ROOT), path];
}
