import { encodeUtf8 } from '../../core/utf8.ts';
import { type Acl, OPEN_ACL, PERMS } from '../../znode/acl.ts';
import type { ReplyResult } from '../../znode/client-messages.ts';
import type { Data, MultiOperation, MultiReadOperation, Operation } from '../../znode/requests.ts';
import { MIX_OPERATIONS, type MixOperation } from './kinds.ts';
import { oddOperation } from './odd-operations.ts';
import { create, list, MODE, persistent, read, remove, write } from './operations.ts';
import { quotaOf, setQuota, unsetQuota } from './quota-operations.ts';

/** What the client does next: one operation, two behind each other, or something with its connection. */
export type MixStep =
  | readonly Operation[]
  | 'move'
  | 'forge'
  | 'close'
  /** Closes, and asks for more right behind that. */
  | { readonly behindClose: Operation }
  /** Asks, and moves soon after that, whether it was answered or not. */
  | { readonly beforeMove: Operation; readonly moveAfterUs: number }
  /** Asks, and proves one more identity right behind that. */
  | { readonly beforeProof: Operation; readonly proof: string };

/** How the operations of a mix are drawn. */
export interface MixSpace {
  readonly weights: ReadonlyMap<MixOperation, number>;
  readonly keys: number;
  readonly valueSize: number;
  /** The name of the client, for its values and its identity. */
  readonly client: string;
  /** Whether the client has a chroot. */
  readonly isBelow: boolean;
}

const CHILDREN = 3;
const TTL_MS = 2000;
/** Time enough for a request to come to the server, and mostly not for its answer to come back. */
const HASTE_US = 8000;
/** The first client, those after it, the first few, and all of them: see `addressOf`. */
const RANGES = ['10.1.0.1', '10.1.0.2/31', '10.1.0.0/30', '10.1.0.0/16'] as const;
/** How many paths' versions are remembered. */
const KNOWN = 1000;

/** What is asked of one node. */
interface Asked {
  readonly kind: string;
  readonly path: string;
}

/** Their replies have no stat on the wire. Sources: CreateResponse, GetChildrenResponse. */
const STATLESS: ReadonlySet<string> = new Set(['create', 'getChildren']);

/** Draws the operations of one client. `draw(n)` gives 0..n−1. */
export class MixOperations {
  readonly #space: MixSpace;
  readonly #draw: (bound: number) => number;
  readonly #total: number;
  /** In the order of the vocabulary: equal plans run the same, in whatever order they name these. */
  readonly #weights: readonly (readonly [MixOperation, number])[];
  /** The data versions that the client has seen. */
  readonly #versions = new Map<string, number>();
  #value = 0;

  constructor(space: MixSpace, draw: (bound: number) => number) {
    this.#space = space;
    this.#draw = draw;
    const weights = MIX_OPERATIONS.map((name) => [name, space.weights.get(name) ?? 0] as const);
    this.#weights = weights.filter(([, weight]) => weight > 0);
    this.#total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  }

  next(): MixStep {
    let point = this.#draw(this.#total);
    for (const [name, weight] of this.#weights) {
      if (point < weight) return this.#make(name);
      point -= weight;
    }
    return [];
  }

  /** A reply to an operation shows a version, unless its packet has no stat. */
  learn({ kind, path }: Asked, result: ReplyResult | undefined): void {
    if (result === undefined || !('stat' in result) || STATLESS.has(kind)) return;
    if (this.#versions.size >= KNOWN) this.#versions.clear();
    this.#versions.set(path, result.stat.version);
  }

  #make(name: MixOperation): MixStep {
    const path = this.#path();
    switch (name) {
      case 'create':
        return [create(path, MODE.persistent, this.#data(), this.#acl())];
      case 'create2':
        return [{ ...persistent(path, this.#data()), kind: 'create2' }];
      case 'createEphemeral':
        return [create(path, MODE.ephemeral, this.#data(), this.#acl())];
      case 'createSequential':
        return [create(`${this.#key()}/s-`, MODE.sequential, this.#data(), this.#acl())];
      case 'createEphemeralSequential':
        return [create(`${this.#key()}/e-`, MODE.ephemeralSequential, this.#data())];
      case 'createContainer':
        return [create(this.#key(), MODE.container, this.#data())];
      case 'createTTL':
        return [{ ...create(path, MODE.ttl, this.#data()), kind: 'createTTL', ttlMs: TTL_MS }];
      case 'delete':
        return [remove(path, this.#version(path, 4))];
      case 'set':
        return [write(path, this.#data())];
      case 'cas':
        return [write(path, this.#data(), this.#version(path, 1))];
      case 'setACL':
        return [{ kind: 'setACL', path, acl: this.#acl(), version: -1 }];
      case 'multi':
        return [{ kind: 'multi', operations: this.#parts(2 + this.#draw(3)) }];
      case 'check':
        return [
          {
            kind: 'multi',
            operations: [{ kind: 'check', path, version: this.#version(path, 1) }, ...this.#parts(1)],
          },
        ];
      case 'get':
        return [read(path)];
      case 'exists':
        return [{ kind: 'exists', path, watch: false }];
      case 'getChildren':
        return [{ kind: 'getChildren', path: this.#above(), watch: false }];
      case 'getChildren2':
        return [list(this.#above())];
      case 'getACL':
      case 'getAllChildrenNumber':
        return [{ kind: name, path }];
      case 'getEphemerals':
        return [{ kind: 'getEphemerals', prefix: this.#draw(2) === 0 ? '/' : this.#key() }];
      case 'multiRead':
        return [{ kind: 'multiRead', operations: this.#reads(2 + this.#draw(3)) }];
      case 'whoAmI':
        return [{ kind: 'whoAmI' }];
      case 'sync':
        return [{ kind: 'sync', path }];
      case 'syncGet':
        return [{ kind: 'sync', path }, read(path)];
      case 'watch':
        return [this.#watched(path)];
      case 'addWatch':
        return [
          { kind: 'addWatch', path, mode: this.#draw(2) === 0 ? 'persistent' : 'persistent-recursive' },
        ];
      case 'removeWatches':
        return [{ kind: 'removeWatches', path, type: 'any' }];
      case 'watchChurn':
        return this.#watchChurn(path);
      case 'checkWatches':
        return this.#checkedWatches(path);
      case 'churn':
        return comeAndGo(this.#key(), `c${this.#draw(CHILDREN)}`, this.#data());
      case 'closeHastily':
        return { behindClose: create(path, MODE.ephemeral, this.#data()) };
      case 'multiCreate':
        return [{ kind: 'multi', operations: [this.#anyMode(), this.#anyMode(), ...this.#parts(1)] }];
      case 'multiChurn':
        return [{ kind: 'multi', operations: this.#comeOrGo() }];
      case 'deep':
        return [this.#deep()];
      case 'setACLCas':
        return [{ kind: 'setACL', path, acl: this.#acl(), version: this.#draw(3) }];
      case 'setIpACL':
        return [{ kind: 'setACL', path, acl: this.#ipAcl(), version: -1 }];
      case 'setNull':
        return [write(path, null)];
      case 'moveHastily':
        return { beforeMove: write(path, this.#data(), -1), moveAfterUs: this.#draw(HASTE_US) };
      case 'quota':
        return this.#quota();
      case 'odd':
        return this.#odd();
      case 'move':
      case 'forge':
      case 'close':
        return name;
    }
  }

  #odd(): MixStep {
    const path = this.#path();
    if (this.#draw(8) === 0) {
      const acl = [{ perms: PERMS.ALL, scheme: 'auth', id: '' }];
      const beforeProof = create(path, MODE.persistent, this.#data(), acl);
      return { beforeProof, proof: `${this.#space.client}:late${this.#draw(3)}` };
    }
    const { isBelow } = this.#space;
    return oddOperation({ draw: this.#draw, path, key: this.#key(), data: this.#data(), isBelow });
  }

  #watched(path: string): Operation {
    const kinds = ['exists', 'getData', 'getChildren'] as const;
    return { kind: kinds[this.#draw(3)] ?? 'exists', path, watch: true };
  }

  /** One kind goes; what there is of the others stays. */
  #watchChurn(path: string): Operation[] {
    const modes = ['persistent', 'persistent-recursive'] as const;
    const persistent: Operation = { kind: 'addWatch', path, mode: modes[this.#draw(2)] ?? 'persistent' };
    const types = ['data', 'children', 'persistent', 'persistent-recursive'] as const;
    const type = types[this.#draw(4)] ?? 'data';
    return [persistent, this.#watched(path), { kind: 'removeWatches', path, type }];
  }

  /** At times twice: what is there is to stay. */
  #checkedWatches(path: string): Operation[] {
    const types = ['any', 'data', 'children', 'persistent', 'persistent-recursive'] as const;
    const check: Operation = { kind: 'checkWatches', path, type: types[this.#draw(5)] ?? 'any' };
    return this.#draw(2) === 0 ? [this.#watched(path), check] : [check, check];
  }

  /** A create of any mode but TTL, which not every ensemble knows. */
  #anyMode(): MultiOperation {
    const { persistent: plain, ephemeral, sequential, ephemeralSequential, container } = MODE;
    const mode = [plain, ephemeral, sequential, ephemeralSequential, container][this.#draw(5)] ?? plain;
    return create(this.#path(), mode, this.#data());
  }

  /** A node and a child of it come, or go. */
  #comeOrGo(): MultiOperation[] {
    const path = this.#key();
    const child = `${path}/c${this.#draw(CHILDREN)}`;
    if (this.#draw(2) === 0) return [remove(child), remove(path)];
    return [persistent(path, this.#data()), persistent(child, this.#data())];
  }

  #deep(): Operation {
    const above = `${this.#key()}/c${this.#draw(CHILDREN)}`;
    const path = `${above}/d`;
    switch (this.#draw(8)) {
      case 0:
      case 1:
        return persistent(path, this.#data());
      case 2:
        return persistent(above, this.#data());
      case 3:
        return remove(path);
      case 4:
        return { kind: 'getAllChildrenNumber', path: this.#above() };
      case 5:
        return { kind: 'addWatch', path: this.#above(), mode: 'persistent-recursive' };
      case 6:
        return { kind: 'removeWatches', path: this.#above(), type: 'persistent-recursive' };
      default:
        return write(path, this.#data());
    }
  }

  /** Limits that a few nodes and values come up to. A quota begins and ends in one step, as a whole. */
  #quota(): MixStep {
    const key = this.#key();
    const bytes = this.#draw(4 * this.#space.valueSize + 1);
    const limits = { count: 1 + this.#draw(CHILDREN + 1), bytes: this.#draw(2) === 0 ? bytes : -1 };
    switch (this.#draw(5)) {
      case 0:
        return [unsetQuota(key)];
      case 1:
        return [quotaOf(key, limits)];
      default:
        return [setQuota(key, limits)];
    }
  }

  #parts(count: number): MultiOperation[] {
    return Array.from({ length: count }, (): MultiOperation => {
      const path = this.#path();
      switch (this.#draw(6)) {
        case 0:
        case 1:
          return persistent(path, this.#data());
        case 2:
          return create(`${this.#key()}/s-`, MODE.sequential, this.#data());
        case 3:
          return remove(path);
        default:
          return write(path, this.#data(), this.#version(path, 2));
      }
    });
  }

  #reads(count: number): MultiReadOperation[] {
    return Array.from({ length: count }, () => ({
      kind: this.#draw(3) === 0 ? 'getChildren' : 'getData',
      path: this.#path(),
    }));
  }

  /** The version seen last, in one of `of` cases; otherwise any will do. */
  #version(path: string, of: number): number {
    return of > 1 && this.#draw(of) > 0 ? -1 : (this.#versions.get(path) ?? 0);
  }

  #key(): string {
    return `/k${this.#draw(this.#space.keys)}`;
  }

  /** Three of ten are children. */
  #path(): string {
    const key = this.#key();
    return this.#draw(10) < 3 ? `${key}/c${this.#draw(CHILDREN)}` : key;
  }

  /** Somewhere where children may be. */
  #above(): string {
    return this.#draw(4) === 0 ? '/' : this.#key();
  }

  /** Values differ, so that a reader's history tells whose it saw. */
  #data(): Data {
    const { client, valueSize } = this.#space;
    const value = `${client}:${++this.#value} `;
    return encodeUtf8(value.repeat(Math.ceil(valueSize / value.length)).slice(0, valueSize));
  }

  /**
   * Mostly open; otherwise its own identity may do all, and the others any of it, or nothing: there are so
   * many lists that new ones come up all the time.
   */
  #acl(): Acl {
    if (this.#space.weights.get('setACL') === undefined || this.#draw(2) > 0) return OPEN_ACL;
    const own = { perms: PERMS.ALL, scheme: 'auth', id: '' };
    const perms = this.#draw(PERMS.ALL + 1);
    return perms === 0 ? [own] : [own, { perms, scheme: 'world', id: 'anyone' }];
  }

  /** Who comes from there may do all, and the others any of it, or nothing. */
  #ipAcl(): Acl {
    const near = { perms: PERMS.ALL, scheme: 'ip', id: RANGES[this.#draw(RANGES.length)] ?? '' };
    const perms = this.#draw(2) * this.#draw(PERMS.ALL + 1);
    return perms === 0 ? [near] : [near, { perms, scheme: 'world', id: 'anyone' }];
  }
}

/** A node and a child of it come up and go again. */
function comeAndGo(path: string, name: string, data: Data): Operation[] {
  const child = `${path}/${name}`;
  return [persistent(path, data), persistent(child, data), remove(child), remove(path)];
}
