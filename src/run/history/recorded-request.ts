import type { CreateMode, PartRequest, Request } from '../../check/history/request.ts';
import type { ClientRequest } from '../../znode/client-messages.ts';
import { digestId } from '../../znode/digest-id.ts';
import type { Create, CreateTtl, MultiOperation, MultiReadOperation } from '../../znode/requests.ts';
import { recordedAcl, recordedBytes } from './recorded-values.ts';

/** By flag. Source: CreateMode. */
const MODES: readonly CreateMode[] = [
  'persistent',
  'ephemeral',
  'persistent-sequential',
  'ephemeral-sequential',
  'container',
  'persistent-with-ttl',
  'persistent-sequential-with-ttl',
];

/**
 * What a client asked for, as a history has it; undefined for what a history has no word for, because no
 * server does it. `address`: the client's.
 */
export function recordedRequest(operation: ClientRequest['operation'], address: string): Request | undefined {
  switch (operation.kind) {
    case 'multi': {
      const parts = operation.operations.map(recordedPart);
      return parts.includes(undefined) ? undefined : { op: 'multi', parts: parts as PartRequest[] };
    }
    case 'setACL': {
      const { path, acl, version } = operation;
      return { op: 'setACL', path, acl: recordedAcl(acl), version };
    }
    case 'exists':
    case 'getData':
      return { op: operation.kind, path: operation.path, watch: operation.watch };
    case 'getChildren':
    case 'getChildren2':
      return { op: 'getChildren', path: operation.path, watch: operation.watch };
    case 'getACL':
    case 'getAllChildrenNumber':
    case 'sync':
      return { op: operation.kind, path: operation.path };
    case 'getEphemerals':
      return { op: 'getEphemerals', prefix: prefixMeant(operation.prefix) };
    case 'multiRead':
      return { op: 'multiRead', parts: operation.operations.map(recordedRead) };
    case 'setWatches': {
      const { since, data, exist, child, persistent, recursive } = operation;
      return { op: 'setWatches', relativeZxid: since, data, exist, child, persistent, recursive };
    }
    case 'addWatch':
      return { op: 'addWatch', path: operation.path, recursive: operation.mode !== 'persistent' };
    case 'checkWatches':
    case 'removeWatches':
      return { op: operation.kind, path: operation.path, type: operation.type };
    case 'auth':
      return { op: 'auth', scheme: operation.scheme, id: identityOf(operation, address) };
    case 'ping':
    case 'whoAmI':
    case 'closeSession':
      return { op: operation.kind };
    case 'createSession':
    case 'deleteContainer':
    case 'reconfig':
    case 'undecodable':
    case 'malformed':
    case 'unsupported':
      return undefined;
    default:
      return recordedPart(operation);
  }
}

function recordedPart(operation: MultiOperation): PartRequest | undefined {
  switch (operation.kind) {
    case 'setData': {
      const { path, data, version } = operation;
      return { op: 'setData', path, data: recordedBytes(data), version };
    }
    case 'delete':
    case 'check':
      return { op: operation.kind, path: operation.path, version: operation.version };
    default:
      return recordedCreate(operation);
  }
}

function recordedCreate(operation: Create | CreateTtl): PartRequest | undefined {
  const mode = MODES[operation.flags];
  const { path, data, acl } = operation;
  const ttl = operation.kind === 'createTTL' ? operation.ttlMs : -1;
  if (mode === undefined || !agrees(operation.kind, mode)) return undefined;
  return { op: 'create', path, data: recordedBytes(data), acl: recordedAcl(acl), mode, ttl };
}

/** An opcode with the flag of another one says two things at once. */
function agrees(kind: (Create | CreateTtl)['kind'], mode: CreateMode): boolean {
  return (kind === 'createContainer') === (mode === 'container') || kind === 'createTTL';
}

function recordedRead({ kind, path }: MultiReadOperation) {
  return { op: kind, path, watch: false } as const;
}

/** `getEphemerals` takes blanks and the root for no prefix. */
function prefixMeant(prefix: string): string {
  return prefix.trim() === '' ? '' : prefix;
}

/** What an auth packet proves, not how. */
function identityOf({ scheme, auth }: { readonly scheme: string; readonly auth: string }, address: string) {
  if (scheme === 'digest') return digestId(auth);
  return scheme === 'ip' ? address : '';
}
