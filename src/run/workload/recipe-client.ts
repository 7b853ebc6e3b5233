import type { ClientEnv } from '../../znode/client/client-env.ts';
import type { ClientHandle } from '../../znode/client/client-handle.ts';
import type { WatchEvent } from '../../znode/client-messages.ts';
import type { ClientShare } from './client-shares.ts';
import { RECIPES } from './recipes/recipes.ts';
import { type RecipeSettings, type Rounds, Tools } from './recipes/tools.ts';
import type { Notice, Resume, Script, Wait } from './script.ts';
import type { Common } from './shared-ground.ts';
import { TreeClient, type TreeOptions } from './tree-client.ts';

/** The most notices that wait for a script that does not look. */
const NOTICES = 1000;

/** A client that follows a recipe, anew in every session. */
export class RecipeClient extends TreeClient implements Rounds {
  readonly #settings: RecipeSettings;
  readonly #common: Common;
  #script: Script | undefined;
  #handle: ClientHandle | undefined;
  #waiting: Wait['kind'] | undefined;
  #notices: Notice[] = [];
  #begun = 0;
  /** Whether a round has begun and not ended: with its session's end it is to be done again. */
  #inRound = false;
  #running = false;
  #dueUs = 0;

  constructor(
    env: ClientEnv,
    share: ClientShare,
    options: TreeOptions,
    settings: RecipeSettings,
    common: Common,
  ) {
    super(env, share, options);
    this.#settings = settings;
    this.#common = common;
  }

  // --- Rounds, over all sessions of the client ---

  /** Whether there is another round to do; it counts as begun. */
  next(): boolean {
    const { operations } = this.share;
    this.#inRound = operations === undefined || this.#begun < operations;
    if (this.#inRound) this.#begun++;
    return this.#inRound;
  }

  /** How long to wait until the next round is due, µs. */
  pauseUs(): number {
    const { periodUs } = this.share;
    const waitUs = periodUs > 0 ? Math.max(0, this.#dueUs - this.env.now()) : 0;
    this.#dueUs += periodUs;
    return waitUs;
  }

  // --- What the handle tells ---

  protected begin(handle: ClientHandle): void {
    if (this.#handle === undefined) this.#dueUs = this.env.now();
    this.#handle = handle;
    this.#notices = [];
    this.#waiting = undefined;
    const tools = new Tools(this.env, handle, this.#settings, this.#common, this);
    this.#script = RECIPES[this.#settings.recipe](tools);
    this.#resume(undefined);
  }

  protected get goesOn(): boolean {
    return true;
  }

  protected onTimer(timer: string): void {
    if (timer !== 'script') return;
    if (this.#waiting === 'time') this.#resume(undefined);
    else if (this.#waiting === 'notice') this.#resume({ kind: 'nothing' });
  }

  override connected(handle: ClientHandle): void {
    this.#notice(handle, { kind: 'connected' });
  }

  override disconnected(handle: ClientHandle): void {
    this.#notice(handle, { kind: 'disconnected' });
  }

  override event(handle: ClientHandle, event: WatchEvent): void {
    this.#notice(handle, { kind: 'event', event });
  }

  override ended(handle: ClientHandle, why: 'closed' | 'expired' | 'auth-failed'): void {
    if (handle === this.#handle) {
      this.env.cancelTimer('script');
      this.#waiting = undefined;
      if (this.#inRound) this.#begun--;
      this.#inRound = false;
      const script = this.#script;
      this.#script = undefined;
      // One that runs ends at its next wait.
      if (!this.#running) script?.return();
    }
    super.ended(handle, why);
  }

  #notice(handle: ClientHandle, notice: Notice): void {
    if (handle !== this.#handle) return;
    if (this.#waiting === 'notice') {
      this.env.cancelTimer('script');
      this.#resume(notice);
    } else if (this.#notices.length < NOTICES) {
      this.#notices.push(notice);
    }
  }

  // --- Running the script ---

  #resume(value: Resume): void {
    const script = this.#script;
    const handle = this.#handle;
    if (script === undefined || handle === undefined) return;
    this.#waiting = undefined;
    this.#running = true;
    const step = script.next(value);
    this.#running = false;
    if (this.#script !== script) script.return();
    if (step.done === true || this.#script !== script) return;
    const wait = step.value;
    switch (wait.kind) {
      case 'time':
        this.#waiting = 'time';
        this.env.setTimer('script', wait.us);
        return;
      case 'notice': {
        this.#waiting = 'notice';
        const notice = this.#notices.shift();
        if (notice === undefined) this.env.setTimer('script', wait.us);
        else this.#resume(notice);
        return;
      }
      case 'answer':
        this.#waiting = 'answer';
        this.ask(handle, wait.operation, (answer) => {
          if (this.#script === script && this.#waiting === 'answer') this.#resume(answer);
        });
        return;
    }
  }
}
