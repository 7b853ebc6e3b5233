import { nameOf } from '../../node/ids.ts';
import type { ClientEnv } from '../../znode/client/client-env.ts';
import type { ClientHandle } from '../../znode/client/client-handle.ts';
import type { Operation } from '../../znode/requests.ts';
import type { Workload } from '../plan.ts';
import type { ClientShare } from './client-shares.ts';
import { MixOperations } from './mix-operations.ts';
import { TreeClient, type TreeOptions } from './tree-client.ts';

/** The password of no session. */
const FORGED = '00112233445566778899aabbccddeeff';

/** A client that does random operations, several at a time if it may. */
export class MixClient extends TreeClient {
  readonly #operations: MixOperations;
  readonly #pipeline: number;
  readonly #proves: boolean;
  /** Whether it proves two identities. */
  readonly #isTwo: boolean;
  #handle: ClientHandle | undefined;
  #begun = 0;
  #underWay = 0;
  #dueUs = 0;

  constructor(
    env: ClientEnv,
    share: ClientShare,
    options: TreeOptions,
    mix: Extract<Workload, { kind: 'mix' }>,
  ) {
    super(env, share, options);
    this.#pipeline = mix.pipeline;
    this.#proves = (['setACL', 'whoAmI', 'odd'] as const).some((name) => mix.weights.has(name));
    this.#isTwo = mix.weights.has('odd');
    const space = { ...mix, client: nameOf(env.self), isBelow: options.chroot !== '' };
    this.#operations = new MixOperations(space, (bound) => env.draw(bound));
  }

  protected begin(handle: ClientHandle): void {
    this.#handle = handle;
    this.#underWay = 0;
    if (this.#begun === 0) this.#dueUs = this.env.now();
    const name = nameOf(this.env.self);
    if (this.#proves) handle.authenticate('digest', `${name}:secret`);
    if (this.#isTwo) handle.authenticate('digest', `${name}:other`);
    this.#proceed();
  }

  protected onTimer(timer: string): void {
    if (timer === 'due') this.#proceed();
    else if (timer === 'move') this.#handle?.reconnect();
  }

  protected get goesOn(): boolean {
    return !this.#finished;
  }

  override connected(): void {
    this.#proceed();
  }

  get #finished(): boolean {
    return this.share.operations !== undefined && this.#begun >= this.share.operations;
  }

  /** Begins as many operations as are due and as fit. */
  #proceed(): void {
    const handle = this.#handle;
    while (handle?.isUsable === true && !this.#finished && this.#underWay < this.#pipeline) {
      // While it is not connected one request waits, as one of a user would.
      if (!handle.isConnected && this.#underWay > 0) return;
      const { periodUs } = this.share;
      const waitUs = periodUs > 0 ? this.#dueUs - this.env.now() : 0;
      if (waitUs > 0) {
        this.env.setTimer('due', waitUs);
        return;
      }
      this.#dueUs += periodUs;
      this.#begun++;
      if (!this.#begin(handle)) return;
    }
  }

  /** False: it is the connection's turn, and `connected` will follow. */
  #begin(handle: ClientHandle): boolean {
    const step = this.#operations.next();
    if (step === 'move') {
      handle.reconnect();
      return false;
    }
    if (step === 'forge') {
      handle.reconnect(FORGED);
      return false;
    }
    if (step === 'close') {
      handle.close();
      return false;
    }
    if ('behindClose' in step) {
      handle.close(() => this.ask(handle, step.behindClose, () => {}));
      return false;
    }
    if ('beforeMove' in step) {
      this.#ask(handle, step.beforeMove);
      this.env.setTimer('move', step.moveAfterUs);
      return true;
    }
    if ('beforeProof' in step) {
      this.#ask(handle, step.beforeProof);
      handle.authenticate('digest', step.proof);
      return true;
    }
    for (const operation of step) this.#ask(handle, operation);
    return true;
  }

  #ask(handle: ClientHandle, operation: Operation): void {
    this.#underWay++;
    this.ask(handle, operation, (answer) => {
      if (handle !== this.#handle) return;
      this.#underWay--;
      if ('path' in operation) this.#operations.learn(operation, answer.result);
      this.#proceed();
    });
  }
}
