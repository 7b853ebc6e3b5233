import fc from 'fast-check';
import type { Acl } from '../../../src/znode/acl.ts';
import type { Auth } from '../../../src/znode/client-messages.ts';
import type { MultiOperation, Operation } from '../../../src/znode/requests.ts';

/*
 * Requests that ZooKeeper 3.8.0 and its development head answer alike. Left out for that reason: persistent
 * watches beside others of one path, deleteContainer by a client, the flags of a time to live in a multi, and
 * a time to live without its flags.
 */

/** What one of three clients does. */
export interface Step {
  readonly client: number;
  readonly does: Operation | Auth;
}

const oneOf = fc.constantFrom;

/** Few, so that requests meet; some are those that sequential nodes get. */
const good = oneOf(
  ...['/', '/a', '/a', '/a', '/a/b', '/a/b', '/a/b/c', '/b', '/b/b', '/c', '/é', '/a b', '/n-', '/b/s-'],
  ...['/n-0000000001', '/n-0000000002', '/b/s-0000000000', '/a/b0000000000', '/a/0000000001', '/a/'],
  ...['/zookeeper', '/zookeeper/quota', '/zookeeper/quota/a', '/zookeeper/quota/a/zookeeper_limits'],
  '/zookeeper/quota/a/zookeeper_stats',
);
const odd = oneOf(
  ...['', 'a', '//', '/a//b', '/./a', '/a/..', '/a/.', '/..a', '/a/...', '/\u0001', '/a\u0000b', '/\uf8ff'],
  ...['/\ufff0', '/\u007f', '/\u009f', '/a/\u00a0'],
);
const path = fc.oneof({ weight: 16, arbitrary: good }, { weight: 1, arbitrary: odd });

const text = (string: string) => new TextEncoder().encode(string);
const data = oneOf(
  ...[null, text(''), text('x'), text('hello'), new Uint8Array(300)],
  ...[text('count=3,bytes=10'), text('count=-1,bytes=5')],
);

const BOB = 'bob:fyVmFCwVbTJYrznoSu1koqYEYF0=';
const who = oneOf(
  ...['world anyone', 'world anyone', 'world me', 'auth ', `digest ${BOB}`, 'digest bob', 'digest a:b:c'],
  ...['ip 127.0.0.1', 'ip 127.0.0.0/8', 'ip 10.0.0.0/8', 'ip x', 'ip 127.0.0.1/33', 'nobody x', 'super x'],
);
const entry = fc.record({ perms: oneOf(31, 31, 1, 2, 4, 8, 16, 5, 0, 3, 9, 32, -1), who }).map((fields) => {
  const [scheme = '', id = ''] = fields.who.split(' ');
  return { perms: fields.perms, scheme, id };
});
const acl: fc.Arbitrary<Acl | null> = fc.oneof(
  { weight: 14, arbitrary: fc.constant([{ perms: 31, scheme: 'world', id: 'anyone' }]) },
  { weight: 4, arbitrary: fc.array(entry, { maxLength: 2 }) },
  { weight: 1, arbitrary: fc.constant(null) },
);
const version = oneOf(-1, -1, -1, 0, 0, 1, 2, 3, -2);

const kind = <K extends string>(name: K) => fc.constant(name);
const made = { path, data, acl };

const changeOf = (plainFlags: readonly number[]): fc.Arbitrary<MultiOperation> =>
  fc.oneof(
    fc.record({ kind: oneOf('create' as const, 'create2' as const), ...made, flags: oneOf(...plainFlags) }),
    fc.record({ kind: oneOf('create' as const, 'create2' as const), ...made, flags: oneOf(0, 0, 1, 2) }),
    fc.record({ kind: kind('createContainer'), ...made, flags: oneOf(4, 4, 0, 1) }),
    fc.record({
      kind: kind('createTTL'),
      ...made,
      flags: oneOf(5, 6),
      ttlMs: oneOf(1_000_000, 0, -1, 1_099_511_627_775, 1_099_511_627_776),
    }),
    fc.record({ kind: kind('delete'), path, version }),
    fc.record({ kind: kind('setData'), path, data, version }),
  );
const inMulti = fc.oneof(
  { weight: 6, arbitrary: changeOf([0, 0, 0, 1, 1, 2, 3, 4, 7, -1]) },
  { weight: 1, arbitrary: fc.record({ kind: kind('check'), path, version }) },
);
const few = fc.array(path, { maxLength: 2 });

const does: fc.Arbitrary<Operation | Auth> = fc.oneof<
  { arbitrary: fc.Arbitrary<Operation | Auth>; weight: number }[]
>(
  {
    weight: 42,
    arbitrary: changeOf([0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, -1]) as fc.Arbitrary<Operation>,
  },
  { weight: 5, arbitrary: fc.record({ kind: kind('setACL'), path, acl, version }) },
  {
    weight: 10,
    arbitrary: fc.record({ kind: kind('multi'), operations: fc.array(inMulti, { maxLength: 3 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: kind('multiRead'),
      operations: fc.array(fc.record({ kind: oneOf('getData' as const, 'getChildren' as const), path }), {
        maxLength: 3,
      }),
    }),
  },
  {
    weight: 20,
    arbitrary: fc.record({
      kind: oneOf('exists' as const, 'getData' as const, 'getChildren' as const, 'getChildren2' as const),
      path,
      watch: fc.boolean(),
    }) as fc.Arbitrary<Operation>,
  },
  {
    weight: 5,
    arbitrary: fc.record({ kind: oneOf('getACL' as const, 'getAllChildrenNumber' as const), path }),
  },
  { weight: 2, arbitrary: fc.record({ kind: kind('getEphemerals'), prefix: oneOf('/', '/a', '', '/a/b') }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('sync'), path }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('whoAmI') }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: oneOf('checkWatches' as const, 'removeWatches' as const),
      path,
      type: oneOf('children' as const, 'data' as const, 'any' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kind('setWatches'),
      // How far behind the present the client is; the driver makes a zxid of it.
      since: fc.integer({ min: 0, max: 60 }) as fc.Arbitrary<never>,
      data: few,
      exist: few,
      child: few,
      persistent: fc.constant([]),
      recursive: fc.constant([]),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kind('auth'),
      scheme: oneOf('digest', 'digest', 'digest', 'ip'),
      auth: oneOf('bob:pw', 'alice:x', 'bob', '', 'a:b:c'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: kind('closeSession') }) },
);

/** That many steps of three clients; the same for the same seed. */
export function randomSteps(seed: number, count: number): readonly Step[] {
  const steps = fc.array(fc.record({ client: fc.nat(2), does }), { minLength: count, maxLength: count });
  return fc.sample(steps, { seed, numRuns: 1 })[0] ?? [];
}
