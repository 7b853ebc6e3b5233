import type { Acl, AuthId } from '../../src/znode/acl.ts';
import type { Caller, MultiOperation, WriteOperation } from '../../src/znode/requests.ts';

/*
 * A plain model of the tree, written from the description of ZooKeeper and not from our code: one request
 * after the other, each on the whole state that the last one left. It is slow, and that is its strength.
 */

/** A node of the model. */
export interface ModelNode {
  data: string | null;
  acl: Acl;
  czxid: number;
  mzxid: number;
  pzxid: number;
  ctime: number;
  mtime: number;
  version: number;
  creates: number;
  aversion: number;
  owner: string;
}

/** The whole state of the model. */
export interface ModelState {
  nodes: Map<string, ModelNode>;
  sessions: Map<string, number>;
  owners: Map<string, number>;
}

/** What the model says of one request: a code, or what was done. */
export type ModelResult =
  | { err: number }
  | { done: string; path: string }
  | { closed: string[] }
  | { opened: number }
  | { parts: ModelResult[]; aborted: boolean };

class Refusal extends Error {
  readonly code: number;
  constructor(code: number) {
    super(String(code));
    this.code = code;
  }
}

/** The state of a new server. */
export function newModel(): ModelState {
  const open = [{ perms: 31, scheme: 'world', id: 'anyone' }];
  const zero = {
    czxid: 0,
    mzxid: 0,
    pzxid: 0,
    ctime: 0,
    mtime: 0,
    version: 0,
    creates: 0,
    aversion: 0,
    owner: '',
  };
  return {
    nodes: new Map([
      ['/', { data: '', acl: open, ...zero }],
      ['/zookeeper', { data: '', acl: open, ...zero }],
      ['/zookeeper/quota', { data: '', acl: open, ...zero }],
      [
        '/zookeeper/config',
        { data: '', acl: [{ perms: 1, scheme: 'world', id: 'anyone' }], ...zero, version: -1, aversion: -1 },
      ],
    ]),
    sessions: new Map(),
    owners: new Map(),
  };
}

/** The names of a node's children, sorted. */
export function modelChildren(state: ModelState, path: string): string[] {
  const prefix = path === '/' ? '/' : `${path}/`;
  return [...state.nodes.keys()]
    .filter((other) => other !== '/' && other.startsWith(prefix) && !other.slice(prefix.length).includes('/'))
    .map((other) => other.slice(prefix.length))
    .sort((a, b) => (a < b ? -1 : 1));
}

/** Does one request on the state. A refused one leaves it as it was, but for who speaks for the session. */
export function modelStep(
  state: ModelState,
  request: WriteOperation,
  caller: Caller,
  zxid: number,
  time: number,
): ModelResult {
  try {
    return perform(state, request, caller, zxid, time);
  } catch (refusal) {
    if (refusal instanceof Refusal) return { err: refusal.code };
    throw refusal;
  }
}

function perform(
  state: ModelState,
  request: WriteOperation | MultiOperation,
  caller: Caller,
  zxid: number,
  time: number,
): ModelResult {
  switch (request.kind) {
    case 'multi':
      return performMulti(state, request.operations, caller, zxid, time);
    case 'createSession':
      state.sessions.set(caller.session, request.timeoutMs);
      state.owners.set(caller.session, caller.owner);
      return { opened: request.timeoutMs };
    case 'closeSession': {
      const closed = [...state.nodes]
        .filter(([, node]) => node.owner === caller.session)
        .map(([path]) => path);
      closed.sort((a, b) => (a < b ? -1 : 1));
      for (const path of closed) erase(state, path, zxid);
      state.sessions.delete(caller.session);
      state.owners.delete(caller.session);
      return { closed };
    }
    case 'undecodable':
      throw new Refusal(-5);
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL':
      return performCreate(state, request, caller, zxid, time);
    case 'deleteContainer': {
      if (caller.session !== '0000000000000000') throw new Refusal(-8);
      const parent = parentForRemoval(request.path);
      const node = existing(state, request.path);
      if (modelChildren(state, request.path).length > 0) throw new Refusal(-111);
      if (/^([0-7]|$)/.test(node.owner)) throw new Refusal(-103);
      existing(state, parent);
      erase(state, request.path, zxid);
      return { done: 'deleted', path: request.path };
    }
    case 'delete': {
      speak(state, caller);
      const parent = existing(state, parentForRemoval(request.path));
      allow(parent, 8, caller.ids);
      const node = existing(state, request.path);
      if (request.version !== -1 && request.version !== node.version) throw new Refusal(-103);
      if (modelChildren(state, request.path).length > 0) throw new Refusal(-111);
      erase(state, request.path, zxid);
      return { done: 'deleted', path: request.path };
    }
    case 'reconfig':
      throw new Refusal(-123);
    default:
      return performOnNode(state, request, caller, zxid, time);
  }
}

type OnNode = Extract<WriteOperation | MultiOperation, { kind: 'setData' | 'setACL' | 'check' }>;

function performOnNode(
  state: ModelState,
  request: OnNode,
  caller: Caller,
  zxid: number,
  time: number,
): ModelResult {
  speak(state, caller);
  validate(request.path);
  const acl = request.kind === 'setACL' ? listed(request.acl, caller.ids) : [];
  const node = existing(state, request.path);
  allow(node, { setData: 2, setACL: 16, check: 1 }[request.kind], caller.ids);
  const version = request.kind === 'setACL' ? node.aversion : node.version;
  if (request.version !== -1 && request.version !== version) throw new Refusal(-103);
  if (request.kind === 'check') return { done: 'checked', path: request.path };
  const next = version + 1 === -1 ? 0 : version === 2147483647 ? -2147483648 : version + 1;
  if (request.kind === 'setACL') {
    node.acl = acl;
    node.aversion = next;
    return { done: 'aclSet', path: request.path };
  }
  node.data = request.data === null ? null : Buffer.from(request.data).toString('hex');
  node.version = next;
  node.mzxid = zxid;
  node.mtime = time;
  return { done: 'dataSet', path: request.path };
}

/** In a multi the flags say whether there is a time to live (Op.create), which only a createTTL has. */
function asDecoded(operation: MultiOperation): MultiOperation {
  const isTtl = 'flags' in operation && (operation.flags === 5 || operation.flags === 6);
  if (isTtl && operation.kind !== 'createTTL') throw new Refusal(-5);
  if (operation.kind !== 'createTTL' || isTtl) return operation;
  const { path, data, acl, flags } = operation;
  return { kind: flags === 4 ? 'createContainer' : 'create', path, data, acl, flags };
}

function performMulti(
  state: ModelState,
  operations: readonly MultiOperation[],
  caller: Caller,
  zxid: number,
  time: number,
): ModelResult {
  const before = structuredClone(state.nodes);
  const parts: ModelResult[] = [];
  let aborted = false;
  for (const operation of operations) {
    if (aborted) {
      parts.push({ err: -2 });
      continue;
    }
    try {
      parts.push(perform(state, asDecoded(operation), caller, zxid, time));
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      if (refusal.code === -5) {
        state.nodes = before;
        throw refusal;
      }
      aborted = true;
      parts.fill({ err: 0 });
      parts.push({ err: refusal.code });
    }
  }
  if (aborted) state.nodes = before;
  return { parts, aborted };
}

function performCreate(
  state: ModelState,
  request: Extract<MultiOperation, { flags: number }>,
  caller: Caller,
  zxid: number,
  time: number,
): ModelResult {
  const { flags } = request;
  const ttl = request.kind === 'createTTL' ? request.ttlMs : -1;
  if (flags < 0 || flags > 6) throw new Refusal(-8);
  if ((flags === 5 || flags === 6) !== (request.kind === 'createTTL')) throw new Refusal(-8);
  if (request.kind === 'createTTL' && (ttl <= 0 || ttl > 0xffffffffff)) throw new Refusal(-8);
  speak(state, caller);
  if (!request.path.includes('/') || request.path.includes('\0')) throw new Refusal(-8);
  const acl = listed(request.acl, caller.ids);
  const parentPath = request.path.slice(0, request.path.lastIndexOf('/')) || '/';
  const parent = existing(state, parentPath);
  allow(parent, 4, caller.ids);
  const sequential = flags === 2 || flags === 3 || flags === 6;
  const path = sequential ? request.path + String(parent.creates).padStart(10, '0') : request.path;
  validate(path);
  if (state.nodes.has(path)) throw new Refusal(-110);
  if (/^[0-7]/.test(parent.owner)) throw new Refusal(-108);
  let owner = flags === 1 || flags === 3 ? caller.session : '';
  if (request.kind === 'createContainer') owner = '8000000000000000';
  if (request.kind === 'createTTL') owner = `ff0000${ttl.toString(16).padStart(10, '0')}`;
  parent.creates++;
  parent.pzxid = zxid;
  state.nodes.set(path, {
    data: request.data === null ? null : Buffer.from(request.data).toString('hex'),
    acl,
    czxid: zxid,
    mzxid: zxid,
    pzxid: zxid,
    ctime: time,
    mtime: time,
    version: 0,
    creates: 0,
    aversion: 0,
    owner,
  });
  return { done: 'created', path };
}

function erase(state: ModelState, path: string, zxid: number): void {
  state.nodes.delete(path);
  existing(state, path.slice(0, path.lastIndexOf('/')) || '/').pzxid = zxid;
}

function existing(state: ModelState, path: string): ModelNode {
  const node = state.nodes.get(path);
  if (node === undefined) throw new Refusal(-101);
  return node;
}

function speak(state: ModelState, { session, owner }: Caller): void {
  if (!state.sessions.has(session)) throw new Refusal(-112);
  const present = state.owners.get(session) ?? owner;
  state.owners.set(session, present);
  if (present !== owner) throw new Refusal(-118);
}

function parentForRemoval(path: string): string {
  if (!path.includes('/') || path.includes('\0')) throw new Refusal(-8);
  if (['/', '/zookeeper', '/zookeeper/quota', '/zookeeper/config'].includes(path)) throw new Refusal(-8);
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

function validate(path: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ZooKeeper bars them.
  const fine = /^(\/|(\/(?!\.\.?(\/|$))[^/\u0000-\u001f\u007f-\u009f\ud800-\uf8ff\ufff0-\uffff]+)+)$/;
  if (!fine.test(path)) throw new Refusal(-8);
}

function allow(node: ModelNode, needed: number, ids: readonly AuthId[]): void {
  if (ids.some(({ scheme }) => scheme === 'super')) return;
  for (const { perms, scheme, id } of node.acl) {
    if ((perms & needed) === 0) continue;
    if (scheme === 'world' || ids.some((own) => own.scheme === scheme && own.id === id)) return;
  }
  throw new Refusal(-102);
}

/** The stored list; the test uses exact addresses only, so that an address is equal or it is not. */
function listed(acl: Acl | null, ids: readonly AuthId[]): Acl {
  const stored: Acl[number][] = [];
  const texts = new Set<string>();
  for (const entry of acl ?? []) {
    const text = `${entry.perms} ${entry.scheme} ${entry.id}`;
    if (texts.has(text)) continue;
    texts.add(text);
    if (entry.scheme === 'auth') {
      const proven = ids.filter(({ scheme }) => scheme === 'digest');
      if (proven.length === 0) throw new Refusal(-114);
      stored.push(...proven.map(({ scheme, id }) => ({ perms: entry.perms, scheme, id })));
    } else if (
      ['world anyone', 'digest bob:x', 'digest eve:y', 'ip 10.0.0.1'].includes(`${entry.scheme} ${entry.id}`)
    ) {
      stored.push(entry);
    } else {
      throw new Refusal(-114);
    }
  }
  if (stored.length === 0) throw new Refusal(-114);
  return stored;
}
