import { expect, test } from 'vitest';
import { hasBug } from '../../../src/node/bug.ts';

const bug = { releases: [['3.4.10', '3.4.14'] as const, ['3.9.0', undefined] as const] };

test.each([
  ['3.4.9', false],
  ['3.4.10', true],
  ['3.4.14', true],
  ['3.4.100', false],
  ['3.8.4', false],
  ['3.9.0', true],
  ['3.9.12', true],
])('a bug of 3.4.10 to 3.4.14 and from 3.9.0 on is in %s: %s', (release, has) => {
  expect(hasBug(release, bug)).toBe(has);
});
