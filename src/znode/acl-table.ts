import { crc32 } from '../core/crc32.ts';
import { encodeUtf8 } from '../core/utf8.ts';
import { type Acl, aclKey, OPEN_ACL } from './acl.ts';

/** The id of the open list, which is never counted. Source: ReferenceCountedACLCache.OPEN_UNSAFE_ACL_ID. */
export const OPEN_ACL_ID = -1;

interface Listed {
  readonly acl: Acl;
  readonly key: string;
  /** A digest of the list, 32 bits. */
  readonly digest: number;
  uses: number;
}

const OPEN_KEY = aclKey(OPEN_ACL);

/** The access lists of a tree: each distinct one once, while a node uses it. */
export class AclTable {
  readonly #byId = new Map<number, Listed>();
  readonly #ids = new Map<string, number>();
  #lastId = 0;

  /** Notes one more use of a list and says its id. */
  retain(acl: Acl): number {
    const key = aclKey(acl);
    if (key === OPEN_KEY) return OPEN_ACL_ID;
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = ++this.#lastId;
      this.#byId.set(id, { acl, key, digest: crc32(encodeUtf8(key)), uses: 0 });
      this.#ids.set(key, id);
    }
    const listed = this.#byId.get(id);
    if (listed !== undefined) listed.uses++;
    return id;
  }

  /** One use less; the last one takes the list out. */
  release(id: number): void {
    const listed = this.#byId.get(id);
    if (listed === undefined || --listed.uses > 0) return;
    this.#byId.delete(id);
    this.#ids.delete(listed.key);
  }

  /** The list with this id; undefined when there is none. */
  get(id: number): Acl | undefined {
    return id === OPEN_ACL_ID ? OPEN_ACL : this.#byId.get(id)?.acl;
  }

  /** A digest of the list with this id; 0 for the open one. */
  digestOf(id: number): number {
    return this.#byId.get(id)?.digest ?? 0;
  }

  /** All ids but that of the open list, ascending. */
  ids(): number[] {
    return [...this.#byId.keys()].sort((a, b) => a - b);
  }

  clear(): void {
    this.#byId.clear();
    this.#ids.clear();
    this.#lastId = 0;
  }
}
