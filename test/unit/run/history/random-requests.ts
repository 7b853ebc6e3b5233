import { encodeUtf8 } from '../../../../src/core/utf8.ts';
import { OPEN_ACL } from '../../../../src/znode/acl.ts';
import type { ClientRequest } from '../../../../src/znode/client-messages.ts';
import type { Create, Delete, MultiOperation } from '../../../../src/znode/requests.ts';

/** A number from 0 to below `bound`. */
export type Draw = (bound: number) => number;

const PATHS = ['/a', '/b', '/c', '/a/x', '/a/y', '/b/x', '/q'];

/** Any request that clients make, on a few paths, so that they meet. */
export function randomRequest(draw: Draw): ClientRequest['operation'] {
  const path = PATHS[draw(PATHS.length)] ?? '/a';
  const watch = draw(3) === 0;
  switch (draw(20)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return randomWrite(draw);
    case 4:
    case 5:
      return { kind: 'setData', path: path, data: dataOf(draw), version: -1 };
    case 6: {
      const operations = Array.from({ length: 1 + draw(3) }, () => randomPart(draw));
      return { kind: 'multi', operations };
    }
    case 7:
      return { kind: 'setACL', path: path, acl: OPEN_ACL, version: draw(3) - 1 };
    case 8:
      return { kind: 'sync', path: path };
    case 9:
    case 10:
      return { kind: 'exists', path: path, watch };
    case 11:
      return { kind: 'getChildren2', path: '/', watch };
    case 12:
      return { kind: 'getChildren', path: path, watch };
    case 13:
      return { kind: 'getACL', path: path };
    case 14:
      return { kind: 'getEphemerals', prefix: '/' };
    case 15:
      return { kind: 'getAllChildrenNumber', path: '/' };
    case 16:
      return {
        kind: 'multiRead',
        operations: [
          { kind: 'getData', path: path },
          { kind: 'getChildren', path: '/' },
        ],
      };
    case 17:
      return {
        kind: 'addWatch',
        path: path,
        mode: draw(2) === 0 ? 'persistent' : 'persistent-recursive',
      };
    default:
      return { kind: 'getData', path: path, watch };
  }
}

function randomWrite(draw: Draw): Create | Delete {
  const path = PATHS[draw(PATHS.length)] ?? '/a';
  if (draw(4) === 0) return { kind: 'delete', path, version: draw(3) - 1 };
  const kind = draw(2) === 0 ? 'create' : 'create2';
  const flags = draw(4);
  return { kind, path: flags > 1 ? `${path}-` : path, data: dataOf(draw), acl: OPEN_ACL, flags };
}

function randomPart(draw: Draw): MultiOperation {
  const path = PATHS[draw(PATHS.length)] ?? '/a';
  switch (draw(3)) {
    case 0:
      return randomWrite(draw);
    case 1:
      return { kind: 'setData', path, data: dataOf(draw), version: -1 };
    default:
      return { kind: 'check', path, version: draw(4) - 1 };
  }
}

function dataOf(draw: Draw): Uint8Array | null {
  return draw(8) === 0 ? null : encodeUtf8(`v${draw(1000)}`);
}
