import { unreachable } from '../core/assert.ts';
import { ERRORS } from './errors.ts';
import { modeOf } from './modes.ts';
import { parentOf } from './path.ts';
import type { Preparation } from './preparation.ts';
import { prepareCheck, prepareDelete, prepareSetData } from './prepare-change.ts';
import { prepareCreate } from './prepare-create.ts';
import type { Create, CreateTtl, Multi, MultiOperation } from './requests.ts';
import { type ErrorTxn, errorTxn, type MultiTxn, type SubTxn } from './txns.ts';

/**
 * Prepares all parts of a multi at one zxid, each seeing those before it. The first failure takes back what
 * was noted; the parts before it stay in the transaction as they were, those behind it become errors. Of a
 * part that makes no sense the whole fails. Opcode 14.
 */
export function prepareMulti(at: Preparation, { operations }: Multi): MultiTxn | ErrorTxn {
  const parts: SubTxn[] = [];
  let failed = false;
  at.pending.begin();
  for (const operation of operations) {
    const part = failed ? errorTxn(ERRORS.RUNTIMEINCONSISTENCY) : preparePart(at, operation);
    parts.push(part);
    if (failed || part.kind !== 'error') continue;
    failed = true;
    at.pending.rollBack(namedPaths(at, operations));
    if (part.err === ERRORS.MARSHALLINGERROR) {
      at.pending.keep();
      return part;
    }
  }
  at.pending.keep();
  return { kind: 'multi', parts };
}

function preparePart(at: Preparation, operation: MultiOperation): SubTxn {
  switch (operation.kind) {
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL': {
      const flagged = asFlagged(operation);
      return flagged === undefined ? errorTxn(ERRORS.MARSHALLINGERROR) : prepareCreate(at, flagged);
    }
    case 'delete':
      return prepareDelete(at, operation);
    case 'setData':
      return prepareSetData(at, operation);
    case 'check':
      return prepareCheck(at, operation);
    default:
      return unreachable(operation);
  }
}

/**
 * Within a multi the flags alone say which create is meant: a time to live without them goes. Undefined for
 * the flags without a time to live: that is no body of theirs. Source: Op.
 */
function asFlagged(operation: Create | CreateTtl): Create | CreateTtl | undefined {
  const mode = modeOf(operation.flags);
  if (mode?.ttl === true) return operation.kind === 'createTTL' ? operation : undefined;
  const { path, data, acl, flags } = operation;
  return { kind: mode?.container === true ? 'createContainer' : 'create', path, data, acl, flags };
}

/** The paths that a multi names, and their parents: what ZooKeeper saves of the pending changes. */
function namedPaths(at: Preparation, operations: readonly MultiOperation[]): ReadonlySet<string> {
  const { pendingPath } = at.options.rules;
  const named = new Set<string>();
  for (const { path } of operations) {
    named.add(pendingPath(path));
    const parent = parentOf(path);
    if (parent !== undefined) named.add(pendingPath(parent));
  }
  return named;
}
