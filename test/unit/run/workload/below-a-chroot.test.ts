import { expect, test } from 'vitest';
import { oddOperation } from '../../../../src/run/workload/odd-operations.ts';

test('below a chroot the paths of odd requests begin with a slash, as every client makes sure', () => {
  for (let n = 0; n < 10_000; n++) {
    let rest = n;
    const draw = (bound: number) => {
      const value = rest % bound;
      rest = Math.floor(rest / bound);
      return value;
    };
    for (const operation of oddOperation({ draw, path: '/k0/c0', key: '/k0', data: null, isBelow: true })) {
      const asked = 'operations' in operation ? operation.operations : [operation];
      for (const part of asked) expect('path' in part ? part.path : '/').toMatch(/^\//);
    }
  }
});
