import { expect, test } from 'vitest';
import { DigestCheck } from '../../src/cli/digest-check.ts';
import { makeZxid, type Zxid } from '../../src/core/zxid.ts';
import type { Fact } from '../../src/node/facts.ts';
import { nodeId } from '../../src/node/ids.ts';
import type { LoggedTxn } from '../../src/wire/txn-record.ts';

/** A transaction of a leader whose tree has this digest behind it. */
function told(zxid: Zxid, treeDigest: bigint | undefined, version = 2): LoggedTxn {
  const header = { clientId: 1n, cxid: 1, zxid: BigInt(zxid), time: 0n, type: 1 };
  const digest = treeDigest === undefined ? undefined : { version, treeDigest };
  return { header, body: { kind: 'error', err: -101 }, digest };
}

function applied(zxid: Zxid): Fact {
  return { kind: 'txn-applied', server: nodeId(1), zxid, digest: 0, state: 0 };
}

const one = makeZxid(1, 1);

/** What it says of a server whose own tree has the digest 5, to these in turn. */
function warnings(...steps: readonly (LoggedTxn | Fact)[]): string[] {
  const said: string[] = [];
  const check = new DigestCheck(
    () => '0000000000000005',
    (text) => said.push(text),
  );
  for (const step of steps) {
    if ('header' in step) check.hear(step);
    else check.observe(step);
  }
  return said;
}

test('a tree that is not the leader’s is told, once', () => {
  expect(warnings(told(one, -1n), applied(one), applied(one))).toEqual([
    'the tree behind 0x100000001 has the digest 0000000000000005, and the leader’s has ffffffffffffffff',
  ]);
});

test('nothing is said of equal trees, of digests of another version, and where the leader says none', () => {
  expect(warnings(told(one, 5n), applied(one))).toEqual([]);
  expect(warnings(told(one, 6n, 1), applied(one))).toEqual([]);
  expect(warnings(told(one, undefined), applied(one))).toEqual([]);
});

test('what a leader said is forgotten when another one is looked for', () => {
  const looking = { kind: 'looking' } as Fact;
  expect(warnings(told(one, 6n), looking, applied(one))).toEqual([]);
});
