import type { Discovery } from '../run/fuzz/discovery.ts';
import type { Paint } from './paint.ts';

/** What a campaign covered, whether more runs would show more, and which situations it did not come upon. */
export function coverageText(discovery: Discovery, paint: Paint): string {
  const { seen, unseen, chanceOfNew, marks } = discovery;
  const chance = `${Number((chanceOfNew * 100).toPrecision(2))} %`;
  const lines = [
    `Coverage: ${seen} features seen, about ${unseen} more in reach; ` +
      `the next run shows a new one with a chance of ${chance}.`,
  ];
  const missed = Object.entries(marks).filter(([, count]) => count === 0);
  for (const [mark] of missed) lines.push(`  ${paint.yellow('never')} ${mark}`);
  return lines.join('\n');
}
