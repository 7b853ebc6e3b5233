import { expect } from 'vitest';
import { ERRORS } from '../../../src/znode/errors.ts';
import { childPath } from '../../../src/znode/path.ts';
import type { RealClient } from './real-client.ts';

/** What a client sees of a node. */
export interface Seen {
  readonly data: string | null | 'not allowed';
  readonly stat: Readonly<Record<string, string>>;
}

/** All that a client sees of the tree outside of `/zookeeper/`, where each server has things of its own. */
export async function servedTree(client: RealClient): Promise<Map<string, Seen>> {
  const seen = new Map<string, Seen>();
  const visit = async (path: string): Promise<void> => {
    const { body } = await client.ask({ kind: 'exists', path, watch: false });
    if (body.kind !== 'exists') throw new Error(`${path} does not exist`);
    const got = await client.ask({ kind: 'getData', path, watch: false });
    const { dataLength: _, numChildren: __, ...numbers } = body.stat;
    const stat = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, String(value)]));
    let data: Seen['data'] = 'not allowed';
    if (got.body.kind === 'getData') {
      data = got.body.data === null ? null : Buffer.from(got.body.data).toString('hex');
    } else expect(got.err).toBe(ERRORS.NOAUTH);
    seen.set(path, { data, stat });
    const children = await client.ask({ kind: 'getChildren', path, watch: false });
    if (path === '/zookeeper' || children.body.kind !== 'getChildren') return;
    for (const name of children.body.children ?? []) await visit(childPath(path, name ?? ''));
  };
  await visit('/');
  return seen;
}
