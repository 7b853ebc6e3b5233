import { expect, test } from 'vitest';
import { zabsim } from './zabsim.ts';

test('the schema of scenarios is printed, as one JSON document', () => {
  const { code, stdout, stderr } = zabsim('schema');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const schema = JSON.parse(stdout) as { readonly $schema: string; readonly properties: object };
  expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
  expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(['title', 'ensemble', 'faults']));
});
