import { expect, test } from 'vitest';
import { nodeId } from '../../../../src/node/ids.ts';
import { Slack } from '../../../../src/run/history/slack.ts';

const BASE_US = 100;
const server = nodeId(1);

/** The slack of a run in which a server is paused for these times. */
function slackOf(...pauses: readonly (readonly [fromUs: number, untilUs: number])[]): number {
  const slack = new Slack(BASE_US);
  for (const [fromUs, untilUs] of pauses) {
    slack.observe({ kind: 'paused', server }, fromUs);
    slack.observe({ kind: 'resumed', server }, untilUs);
  }
  return slack.us(100_000) - BASE_US;
}

test('the longest pause counts', () => {
  expect(slackOf([1000, 4000], [9000, 11_000])).toBe(3000);
});

test('who is paused again before he could do anything has paused for the whole time', () => {
  expect(slackOf([1000, 4000], [4000, 9000])).toBe(8000);
  expect(slackOf([1000, 4000], [4050, 5000], [5100, 9000])).toBe(8000);
});

test('a pause that is not over counts up to the end', () => {
  const slack = new Slack(BASE_US);
  slack.observe({ kind: 'paused', server }, 1000);
  expect(slack.us(5000)).toBe(4000 + BASE_US);
});
