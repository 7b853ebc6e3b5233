import type { PartRequest, Request } from '../../../../src/check/history/request.ts';
import { ask } from './told-history.ts';

/** Some request on one of `paths` paths. */
export function toyRequest(rand: (below: number) => number, paths: number, data: string): Request {
  const path = `/p${rand(paths)}`;
  const watch = rand(3) === 0;
  switch (rand(16)) {
    case 0:
      return ask.create(path, { data });
    case 1:
      return ask.ephemeral(path);
    case 2:
      return ask.create(`${path}/n`, {
        mode: rand(2) ? 'ephemeral-sequential' : 'persistent-sequential',
      });
    case 3:
      return ask.remove(rand(2) ? path : `${path}/n000000000${rand(10)}`);
    case 4:
    case 5:
      return ask.set(path, data, rand(3) - 1);
    case 6: {
      const other = ask.set(`/p${rand(paths)}`, data) as PartRequest;
      return { op: 'multi', parts: [ask.create(path, { data }) as PartRequest, other] };
    }
    case 7:
      return ask.sync;
    case 8:
      return ask.list(rand(8) ? path : '/', watch);
    case 9:
      return ask.exists(path, watch);
    case 10:
      return rand(20) ? ask.ping : { op: 'addWatch', path, recursive: rand(2) === 0 };
    case 11:
      return { op: 'multiRead', parts: [ask.get(path), ask.list(path)] as never };
    default:
      return ask.get(path, watch);
  }
}
