import { decodeUtf8, encodeUtf8 } from '../../../core/utf8.ts';
import { NO_SESSION, nameOf } from '../../../node/ids.ts';
import type { Answer } from '../../../znode/client/answer.ts';
import type { ClientEnv } from '../../../znode/client/client-env.ts';
import type { ClientHandle } from '../../../znode/client/client-handle.ts';
import { ERRORS } from '../../../znode/errors.ts';
import type { Data, Operation } from '../../../znode/requests.ts';
import type { Stat } from '../../../znode/stat.ts';
import type { RecipeName } from '../kinds.ts';
import { list, persistent, read } from '../operations.ts';
import type { RecipeClaim, RecipeStep } from '../recipe-step.ts';
import type { Notice, Script } from '../script.ts';
import type { Common } from '../shared-ground.ts';

/** How a recipe is followed. */
export interface RecipeSettings {
  readonly recipe: RecipeName;
  readonly holdUs: number;
}

/** The rounds that a client does, over all its sessions. */
export interface Rounds {
  next(): boolean;
  pauseUs(): number;
}

/** After no answer, or a refusal, the client waits a little before it asks again, µs. */
const RETRY_US = 50_000;
/** A watch may be missed: what waits looks again after this long, µs. */
const LOOK_AGAIN_US = 30_000_000;

/** What a recipe works with: one session of one client. */
export class Tools {
  readonly #env: ClientEnv;
  readonly #handle: ClientHandle;
  readonly #rounds: Rounds;
  readonly common: Common;
  readonly holdUs: number;
  #unique = 0;

  constructor(
    env: ClientEnv,
    handle: ClientHandle,
    settings: RecipeSettings,
    common: Common,
    rounds: Rounds,
  ) {
    this.#env = env;
    this.#handle = handle;
    this.#rounds = rounds;
    this.common = common;
    this.holdUs = settings.holdUs;
  }

  /** The client's name, `c1`. */
  get name(): string {
    return nameOf(this.#env.self);
  }

  /** Its place among the clients, from 0. */
  get index(): number {
    return this.common.clients.indexOf(this.#env.self);
  }

  /** A word that no other session of any client uses. */
  unique(): string {
    return `${this.name}-${this.#handle.number}-${++this.#unique}`;
  }

  /** Whether a node with this stat belongs to this session. */
  owns(stat: Stat): boolean {
    return this.#handle.session !== NO_SESSION && stat.ephemeralOwner === this.#handle.session;
  }

  get isConnected(): boolean {
    return this.#handle.isConnected;
  }

  draw(bound: number): number {
    return this.#env.draw(bound);
  }

  /** Ends the session, and with it the script: the client begins anew in another. */
  *leave(): Script<never> {
    this.#handle.close();
    for (;;) yield { kind: 'time', us: LOOK_AGAIN_US };
  }

  // --- Rounds ---

  /** Waits until the next round is due; false when all are done. */
  *round(): Script<boolean> {
    if (!this.#rounds.next()) return false;
    const us = this.#rounds.pauseUs();
    if (us > 0) yield* this.sleep(us);
    return true;
  }

  /** All rounds of this client are done; whether those of the others are too. */
  finish(): boolean {
    return this.common.finish(this.#env.self);
  }

  // --- Waiting and asking ---

  *sleep(us: number): Script {
    yield { kind: 'time', us };
  }

  /** Waits a little before the same is asked again. */
  *hesitate(): Script {
    yield* this.sleep(RETRY_US);
  }

  /** Sleeps for that long, unless the connection goes meanwhile: then false. */
  *stay(us: number): Script<boolean> {
    const untilUs = this.#env.now() + us;
    while (this.isConnected) {
      const leftUs = untilUs - this.#env.now();
      if (leftUs <= 0) return true;
      const notice = yield* this.notice(leftUs);
      if (notice.kind === 'disconnected') return false;
    }
    return false;
  }

  /** The next event, or change of the connection. */
  *notice(us = LOOK_AGAIN_US): Script<Notice> {
    return (yield { kind: 'notice', us }) as Notice;
  }

  *ask(operation: Operation): Script<Answer> {
    return (yield { kind: 'answer', operation }) as Answer;
  }

  /**
   * Asks until an answer comes, for what may be done twice. Not one of a server without a quorum that it does
   * not write: another one will.
   */
  *insist(operation: Operation): Script<Answer> {
    for (;;) {
      const answer = yield* this.ask(operation);
      if (answer.outcome !== 'unknown' && answer.err !== ERRORS.NOTREADONLY) return answer;
      yield* this.hesitate();
    }
  }

  /** Makes sure that a persistent node is there. */
  *ensure(path: string, text?: string): Script {
    yield* this.insist(persistent(path, text === undefined ? null : bytes(text)));
  }

  /** The children of a node, none when it is not there; and the zxid of the answer. */
  *children(path: string, watch = false): Script<{ names: readonly string[]; zxid: number }> {
    const answer = yield* this.insist(list(path, watch));
    const names = answer.result?.kind === 'children' ? answer.result.children : [];
    return { names, zxid: answer.zxid };
  }

  /** What a node holds, as text; undefined when it is not there. */
  *text(path: string, watch = false): Script<{ text: string; stat: Stat } | undefined> {
    const { result } = yield* this.insist(read(path, watch));
    return result?.kind === 'data' ? { text: textOf(result.data), stat: result.stat } : undefined;
  }

  /** A node's stat, undefined when it is not there; the watch waits for its coming or its going. */
  *stat(path: string, watch = false): Script<Stat | undefined> {
    const { result } = yield* this.insist({ kind: 'exists', path, watch });
    return result?.kind === 'stat' ? result.stat : undefined;
  }

  /** Waits until a node is there, or is gone. */
  *until(path: string, wanted: 'there' | 'gone'): Script {
    for (;;) {
      const stat = yield* this.stat(path, true);
      if ((stat === undefined) === (wanted === 'gone')) return;
      yield* this.notice();
    }
  }

  /**
   * Makes an ephemeral node of this session. One of an earlier session of this client may still be there:
   * then it waits until that is gone.
   */
  *own(path: string, text: string): Script {
    for (;;) {
      const answer = yield* this.ask({
        kind: 'create',
        path,
        data: bytes(text),
        acl: [{ perms: 31, scheme: 'world', id: 'anyone' }],
        flags: 1,
      });
      if (answer.outcome === 'ok') return;
      if (answer.outcome === 'failed' && answer.err !== ERRORS.NODEEXISTS) return;
      const stat = yield* this.stat(path);
      if (stat !== undefined && this.owns(stat)) return;
      if (stat === undefined) yield* this.hesitate();
      else yield* this.until(path, 'gone');
    }
  }

  // --- Telling ---

  /** Says what the client believes. `cxid`: its request that decided. */
  tell(claim: RecipeClaim, cxid?: number): void {
    this.#step({ kind: 'recipe', claim, ...(cxid === undefined || cxid === 0 ? {} : { cxid }) });
  }

  /** Says what the client is about to do, in case that it never gets to say what became of it. */
  intend(claim: RecipeClaim): void {
    this.#step({ kind: 'recipe', claim, pending: true });
  }

  /** The intent surely came to nothing. */
  withdraw(): void {
    this.#step({ kind: 'recipe', claim: undefined });
  }

  #step(step: RecipeStep): void {
    this.#env.report({ kind: 'recipe-step', server: this.#env.self, handle: this.#handle.number, step });
  }
}

/** The bytes of a text. */
export function bytes(text: string): Uint8Array {
  return encodeUtf8(text);
}

/** The text of a node's data. */
export function textOf(data: Data): string {
  return data === null ? '' : decodeUtf8(data);
}

/** The number behind the name of a sequential node. */
export function sequenceOf(name: string): number {
  return Number(/-?\d+$/.exec(name.slice(-10))?.[0] ?? Number.NaN);
}
