import { describe, expect, test } from 'vitest';
import { nodeId } from '../../../../src/node/ids.ts';
import { chromeTrace } from '../../../../src/report/export/chrome-trace.ts';
import { mermaidDiagram } from '../../../../src/report/export/mermaid.ts';
import { shivizLog } from '../../../../src/report/export/shiviz.ts';
import { storySvg } from '../../../../src/report/export/story-svg.ts';
import { spaceTimePage } from '../../../../src/report/html/space-time-page.ts';
import { traceJsonl } from '../../../../src/report/trace-jsonl.ts';
import { readTrace } from '../../../../src/run/explain/read-trace.ts';
import { record } from '../../../../src/run/explain/record.ts';
import { tell } from '../../../../src/run/explain/story.ts';
import { targetOf } from '../../../../src/run/explain/target.ts';
import { parseScenario } from '../../../../src/run/scenario.ts';
import { parseChromeTrace } from './chrome-trace-events.ts';
import { parseMermaid } from './mermaid-sequence.ts';
import { parseShiviz } from './shiviz-log.ts';

const { outcome, happenings } = record(
  parseScenario(`
title: A wiped voter
duration: 25s
ensemble: { voters: 3, observers: 1 }
clients: { count: 2, operations: 100, rate: 20/s }
faults:
  - { at: 4s, isolate: 1, name: 'a <b>#1; & "c"' }
  - { at: 7s, crash: [2, 3] }
  - { after: 1s, wipe: 2 }
  - { after: 1s, heal: all }
  - { after: 1s, start: 2 }
`),
  8,
);
const target = targetOf(happenings, outcome);
if (target === undefined) throw new Error('nothing to explain');
const story = tell(happenings, target, [1, 2, 3, 4].map(nodeId));
const count = (kind: string): number => happenings.filter(({ event }) => event.kind === kind).length;

test('ShiViz: every event of a participant, with clocks that know what was delivered', () => {
  const events = parseShiviz(shivizLog(happenings));
  expect(events).toHaveLength(happenings.filter(({ who }) => who !== undefined).length);
  const delivery = happenings.find(({ event, cause }) => event.kind === 'delivered' && cause >= 0);
  const own = happenings.filter(({ id, who }) => who !== undefined && id <= (delivery?.id ?? 0)).length;
  const { host, clock } = events[own - 1] ?? {};
  // Who gets a message knows of its sender from then on.
  expect(Object.keys(clock ?? {}).length).toBeGreaterThan(1);
  expect(clock).toHaveProperty(host ?? '');
});

test("Chrome's trace: an arrow for every message, a slice for every role", () => {
  const entries = parseChromeTrace(chromeTrace(happenings, outcome.virtualUs));
  const phases = (ph: string): number => entries.filter((entry) => entry.ph === ph).length;
  expect(phases('s')).toBe(count('sent'));
  expect(phases('f')).toBe(count('delivered'));
  const roles = entries.filter(({ ph, tid }) => ph === 'X' && tid === 1).map(({ name }) => name);
  expect(roles).toEqual(expect.arrayContaining(['looking', 'leading 1', 'with 3', 'down']));
  expect(entries.find(({ s }) => s === 'g')?.name).toContain('isolate on 1');
});

test('Mermaid: the story, its texts escaped', () => {
  const statements = parseMermaid(mermaidDiagram(story));
  expect(statements.filter(({ kind }) => kind === 'participant')).toHaveLength(4);
  expect(statements.at(-1)?.text).toBe(target.text);
  const fault = statements.find(({ text }) => text.includes('isolate'));
  expect(fault?.names).toEqual(['p1', 'p4']);
  expect(fault?.text).toContain('a <b>#1; & "c" fires: isolate on 1');
});

describe('JSON lines', () => {
  const lines = happenings.map(({ event, atUs, step }) => traceJsonl(event, { atUs, event: step }));

  test('are read back as they were, zxids as numbers', () => {
    const read = readTrace(lines.join('\n'));
    if (typeof read === 'string') throw new Error(read);
    // What is undefined in an event is not written.
    expect(JSON.stringify(read.happenings)).toBe(JSON.stringify(happenings));
  });

  test('hold what the judges found', () => {
    const [violation] = outcome.violations;
    const told = JSON.stringify({ kind: 'violated', ...violation });
    const read = readTrace([...lines, told].join('\n'));
    expect(read).toMatchObject({ violations: [violation] });
  });

  test('that are none are refused by their number', () => {
    expect(readTrace(`${lines[0]}\n{"atUs":1}\n`)).toBe('line 2 is no event of a trace');
    expect(readTrace('{')).toBe('line 1 is no event of a trace');
  });
});

describe('pages', () => {
  const html = spaceTimePage('</title><script>alert(1)</script>', happenings, story);

  test('escape what they show, also inside the data', () => {
    expect(html).toContain('<title>&lt;/title&gt;&lt;script&gt;');
    // What names a fault cannot leave the script that holds it.
    expect(html).toContain('a \\u003cb>#1;');
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(storySvg(story)).toContain('a &lt;b&gt;#1; &amp; &quot;c&quot; fires');
  });

  test('ask nobody for anything', () => {
    expect(html).toContain("default-src 'none'");
    expect(html.replace('http-equiv', '')).not.toMatch(/https?:|src=|@import|url\(/);
  });

  test('hold every event, and where the story is', () => {
    const data = JSON.parse(/const DATA = (.*);<\/script>/.exec(html)?.[1] ?? '');
    expect(data.at).toHaveLength(happenings.length);
    expect(data.names).toEqual(['server 1', 'server 2', 'server 3', 'server 4', 'c1', 'c2']);
    expect(data.story).toHaveLength(story.scenes.length);
    expect(data.at[data.target]).toBe(target.atUs);
  });

  test('an SVG is well-formed: every element is closed', () => {
    const open: string[] = [];
    for (const [, close, name = '', self] of storySvg(story).matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
      if (close === '/') expect(open.pop()).toBe(name);
      else if (self !== '/') open.push(name);
    }
    expect(open).toEqual([]);
  });
});
