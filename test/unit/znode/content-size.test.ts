import { describe, expect, test } from 'vitest';
import { makeZxid } from '../../../src/core/zxid.ts';
import type { SessionId } from '../../../src/node/ids.ts';
import { parseScenario } from '../../../src/run/scenario.ts';
import { simulate } from '../../../src/run/simulate.ts';
import { loggedTxnOf } from '../../../src/run/txn-records.ts';
import { encode } from '../../../src/wire/jute-codec.ts';
import { loggedTxn } from '../../../src/wire/txn-record.ts';
import { OPEN_ACL } from '../../../src/znode/acl.ts';
import { txnLength } from '../../../src/znode/content-size.ts';
import { makeTxn, type SubTxn, type TxnBody } from '../../../src/znode/txns.ts';

/** TxnHeader: session, cxid, zxid, time, type. */
const HEADER = 32;

const data = new Uint8Array(1000);
const made = { path: '/\u00e9', data, acl: OPEN_ACL, ephemeral: false, parentCversion: 3 };
const parts: readonly SubTxn[] = [
  { kind: 'create', ...made },
  { kind: 'createTTL', path: '/t', data: null, acl: OPEN_ACL, parentCversion: 1, ttlMs: 1000 },
  { kind: 'delete', path: '/a/b' },
  { kind: 'setData', path: '/a', data, version: 7 },
  { kind: 'check', path: '/a', version: 2 },
  { kind: 'error', err: -101 },
];
const bodies: readonly TxnBody[] = [
  ...parts,
  { kind: 'createContainer', ...made },
  { kind: 'setACL', path: '/a', acl: OPEN_ACL, version: 1 },
  { kind: 'multi', parts },
  { kind: 'createSession', timeoutMs: 4000 },
  { kind: 'closeSession', paths: ['/a', '/b/c'] },
];

describe('what servers carry is as long as its bytes', () => {
  test.each(bodies.map((body) => ({ body, kind: body.kind })))('$kind', ({ body }) => {
    const session = '0100000000000001' as SessionId;
    const txn = makeTxn(body, { session, cxid: 1, timeMs: 5 });
    const position = makeZxid(1, 1);
    const record = { kind: 'txn', position, digest: txn.digest, session, cxid: 1, timeMs: 5, txn } as const;
    expect(txnLength(body)).toBe(encode(loggedTxn, loggedTxnOf(record, undefined)).length - HEADER);
  });

  test('a snapshot of 1.9 MB takes 19 s over 100 kB/s', () => {
    const plan = parseScenario(`
title: A snapshot over a thin link
duration: 80s
ensemble: { voters: 3, initLimit: 30, tickTime: 1s, start: { 1: never } }
clients:
  count: 2
  operations: 400
  rate: 20/s
  connect: [2, 3]
  mix: { create: 1, set: 1 }
  valueSize: 20000
  keys: 100
faults:
  - { at: 40s, bandwidth: { between: [[1], [2, 3]], rate: 100kB/s } }
  - { at: 41s, start: 1 }
`);
    const at = new Map<string, number>();
    simulate(plan, { trace: (event, { atUs }) => at.set(event.kind, atUs) });
    const tookUs = (at.get('snapshot-installed') ?? 0) - (at.get('sync-chosen') ?? 0);
    expect(Math.round(tookUs / 1_000_000)).toBe(19);
  });
});
