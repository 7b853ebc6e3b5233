import fc from 'fast-check';
import type { Acl, AuthId } from '../../src/znode/acl.ts';
import type { MultiOperation, WriteOperation } from '../../src/znode/requests.ts';

/** One thing that happens to a leader's store. */
export type Command =
  /** A request is prepared, by the session with this place among the open ones. */
  | {
      readonly what: 'ask';
      readonly request: WriteOperation;
      readonly session: number;
      readonly owner: number;
      readonly ids: readonly AuthId[];
    }
  /** Up to so many transactions are applied. */
  | { readonly what: 'apply'; readonly count: number }
  /** A snapshot begins, or goes on by one piece. */
  | { readonly what: 'capture' }
  /** Leadership ends, and begins again. */
  | { readonly what: 'forget' };

/** Few and short, so that requests meet. */
const goodPath = fc.constantFrom(
  '/a',
  '/a',
  '/a',
  '/a',
  '/b',
  '/a/a',
  '/a/a',
  '/a/b',
  '/b/a',
  '/a/a/a',
  '/a/',
);
const oddPath = fc.constantFrom(
  '/',
  '',
  'x',
  '//',
  '/a/',
  '/a//b',
  '/a/../b',
  '/.',
  '/a\u0000b',
  '/a/\u0007',
  '/zookeeper',
  '/zookeeper/config',
  '/a/0000000001',
);
const path = fc.oneof({ weight: 25, arbitrary: goodPath }, { weight: 1, arbitrary: oddPath });

const data = fc.option(
  fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 4 }).map((bytes) => Uint8Array.from(bytes)),
  { freq: 6 },
);

const entry = fc.record({
  perms: fc.constantFrom(31, 31, 1, 2, 4, 8, 16, 21, 0),
  who: fc.constantFrom(
    'world anyone',
    'digest bob:x',
    'digest eve:y',
    'ip 10.0.0.1',
    'auth ',
    'nobody x',
    'world me',
  ),
});
const acl: fc.Arbitrary<Acl | null> = fc.oneof(
  { weight: 16, arbitrary: fc.constant([{ perms: 31, scheme: 'world', id: 'anyone' }]) },
  {
    weight: 2,
    arbitrary: fc.array(entry, { maxLength: 3 }).map((entries) =>
      entries.map(({ perms, who }) => {
        const [scheme = '', id = ''] = who.split(' ');
        return { perms, scheme, id };
      }),
    ),
  },
  { weight: 1, arbitrary: fc.constant(null) },
);

const version = fc.constantFrom(-1, -1, -1, 0, 0, 1, 2);

const create: fc.Arbitrary<MultiOperation> = fc
  .record({
    kind: fc.constantFrom('create', 'create', 'create2'),
    path,
    data,
    acl,
    flags: fc.constantFrom(0, 0, 0, 0, 0, 1, 1, 2, 2, 3, 4, 5, 7),
  })
  .map((fields) => ({ ...fields, kind: fields.kind as 'create' }));
const createContainer: fc.Arbitrary<MultiOperation> = fc.record({
  kind: fc.constant('createContainer' as const),
  path,
  data,
  acl,
  flags: fc.constant(4),
});
const createTtl: fc.Arbitrary<MultiOperation> = fc.record({
  kind: fc.constant('createTTL' as const),
  path,
  data,
  acl,
  flags: fc.constantFrom(5, 6, 0),
  ttlMs: fc.constantFrom(1, 1000, 0, -1, 1099511627775, 1099511627776),
});
const remove: fc.Arbitrary<MultiOperation> = fc.record({
  kind: fc.constant('delete' as const),
  path,
  version,
});
const setData: fc.Arbitrary<MultiOperation> = fc.record({
  kind: fc.constant('setData' as const),
  path,
  data,
  version,
});
const check: fc.Arbitrary<MultiOperation> = fc.record({ kind: fc.constant('check' as const), path, version });

const part = fc.oneof(
  { weight: 5, arbitrary: create },
  { weight: 1, arbitrary: createTtl },
  { weight: 3, arbitrary: remove },
  { weight: 2, arbitrary: setData },
  { weight: 1, arbitrary: check },
);

const request: fc.Arbitrary<WriteOperation> = fc.oneof(
  { weight: 24, arbitrary: create as fc.Arbitrary<WriteOperation> },
  { weight: 2, arbitrary: createContainer as fc.Arbitrary<WriteOperation> },
  { weight: 2, arbitrary: createTtl as fc.Arbitrary<WriteOperation> },
  { weight: 14, arbitrary: remove as fc.Arbitrary<WriteOperation> },
  { weight: 5, arbitrary: setData as fc.Arbitrary<WriteOperation> },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('setACL' as const), path, acl, version }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('multi' as const),
      operations: fc.array(part, { maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('deleteContainer' as const), path }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('createSession' as const), timeoutMs: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'closeSession' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'undecodable' as const }) },
);

const ids = fc.subarray<AuthId>([
  { scheme: 'digest', id: 'bob:x' },
  { scheme: 'ip', id: '10.0.0.1' },
]);

/** Random things that happen to a leader's store, in order. */
export const commands: fc.Arbitrary<Command[]> = fc.array(
  fc.oneof(
    {
      weight: 20,
      arbitrary: fc.record({
        what: fc.constant('ask' as const),
        request,
        session: fc.constantFrom(0, 0, 0, 1, 1, 1, 2, 2, 3, 9),
        owner: fc.constantFrom(...[...'11111111111111111112'].map(Number)),
        ids: fc.oneof(
          { weight: 5, arbitrary: ids },
          { weight: 1, arbitrary: fc.constant([{ scheme: 'super', id: '' }]) },
        ),
      }),
    },
    {
      weight: 8,
      arbitrary: fc.record({ what: fc.constant('apply' as const), count: fc.integer({ min: 1, max: 6 }) }),
    },
    { weight: 5, arbitrary: fc.constant({ what: 'capture' as const }) },
    { weight: 1, arbitrary: fc.constant({ what: 'forget' as const }) },
  ),
  { minLength: 5, maxLength: 120, size: 'max' },
);
