import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { ScenarioErrors } from '../../../src/core/errors.ts';
import { configNodeText, dynamicConfigText } from '../../../src/run/quorum-config.ts';
import { parseScenario } from '../../../src/run/scenario.ts';
import { writeScenario } from '../../../src/run/scenario-writer.ts';
import { ZooCfg } from '../../../src/run/zoo-cfg.ts';

/** A file that was given to a real server, or written by one. */
function real(name: string): string {
  return readFileSync(fileURLToPath(new URL(`../../conformance/config/${name}`, import.meta.url)), 'utf8');
}

/** The scenario of a zoo.cfg, beside other files. */
function planOf(cfg: string, others: Readonly<Record<string, string>> = {}, more = '') {
  const texts: Readonly<Record<string, string>> = { ...others, '/conf/zoo.cfg': cfg };
  return parseScenario(`title: t\nensemble: { config: zoo.cfg${more} }`, '/conf/x.yaml', {
    files: {
      locate: (path) => (path.startsWith('/') ? path : `/conf/${path}`),
      text: (path) => {
        const text = texts[path];
        return text === undefined ? { problem: 'no such file' } : { text };
      },
      dataDirectory: () => undefined,
    },
  });
}

function problemsOf(cfg: string, more = ''): string[] {
  try {
    planOf(cfg, {}, more);
  } catch (error) {
    return (error as ScenarioErrors).message.split('\n');
  }
  return [];
}

const SMALL = 'initLimit=5\nsyncLimit=2\n';

test('the members of a zoo.cfg are written as a real server writes them', () => {
  const cfg = new ZooCfg(real('zoo.cfg'), 'zoo.cfg');
  expect(dynamicConfigText(cfg.quorum())).toBe(real('zoo.cfg.dynamic.100000000'));
  expect(cfg.problems).toEqual([]);
});

test('a dynamic file is read and written byte for byte', () => {
  const text = real('zoo.cfg.dynamic.100000000');
  expect(dynamicConfigText(new ZooCfg(text, 'dynamic').quorum())).toBe(text);
});

test('what servers tell each other has the version behind it', () => {
  const cfg = new ZooCfg('server.1=a:1:2\nserver.2=b:1:2:observer;2181\n', 'zoo.cfg');
  expect(configNodeText(cfg.quorum(), 0x100000003)).toBe(
    'server.1=a:1:2:participant\nserver.2=b:1:2:observer;0.0.0.0:2181\nversion=100000003',
  );
});

test('a zoo.cfg makes an ensemble: members, groups, weights, timing', () => {
  const { ensemble } = planOf(real('zoo.cfg'));
  expect(ensemble.voters).toEqual([1, 2, 3, 12]);
  expect(ensemble.observers).toEqual([11]);
  expect(ensemble.groups).toEqual([
    [1, 2],
    [3, 12],
  ]);
  expect([...ensemble.weights]).toEqual([
    [1, 1],
    [2, 1],
    [3, 2],
    [12, 1],
  ]);
  expect(ensemble.settings).toMatchObject({
    tickTimeUs: 500000,
    initLimit: 20,
    syncLimit: 4,
    snapCount: 5000,
    minNotificationIntervalUs: 100000,
    snapRetainCount: 0,
  });
});

test('members that a server moved to a dynamic file are found there, or beside the zoo.cfg', () => {
  const dynamic = real('zoo.cfg.dynamic.100000000');
  const whole = planOf(real('zoo.cfg')).ensemble;
  for (const place of ['/conf/zoo.cfg.dynamic.100000000', '/etc/zookeeper/zoo.cfg.dynamic.100000000']) {
    const cfg = real('zoo.cfg.rewritten').replace(
      '=zoo.cfg.dynamic',
      `=${place.slice(0, place.lastIndexOf('/'))}/zoo.cfg.dynamic`,
    );
    expect(planOf(cfg, { '/conf/zoo.cfg.dynamic.100000000': dynamic }).ensemble).toEqual(whole);
  }
});

test('a key of the scenario stands before the same key of its zoo.cfg', () => {
  const { ensemble } = planOf(`${SMALL}server.7=a:1:2`, {}, ', tickTime: 100ms, syncLimit: 9');
  expect(ensemble.settings).toMatchObject({ tickTimeUs: 100000, initLimit: 5, syncLimit: 9 });
  expect(ensemble.voters).toEqual([7]);
});

test('a tick is 3 s where nothing is said, and snapshots are purged only at an interval', () => {
  const cfg = `${SMALL}server.1=a:1:2\nautopurge.snapRetainCount=1\n`;
  expect(planOf(cfg).ensemble.settings).toMatchObject({ tickTimeUs: 3000000, snapRetainCount: 0 });
  expect(planOf(`${cfg}autopurge.purgeInterval=1`).ensemble.settings.snapRetainCount).toBe(3);
});

test('how many learners a leader brings up to date at a time is a system property, one at least', () => {
  const cfg = `${SMALL}server.1=a:1:2\nleader.maxConcurrentSnapSyncs=`;
  const both = `${cfg}3\nleader.maxConcurrentDiffSyncs=7`;
  const settings = { maxConcurrentSnapSyncs: 3, maxConcurrentDiffSyncs: 7 };
  expect(planOf(both).ensemble.settings).toMatchObject(settings);
  expect(writeScenario(planOf(both))).toMatch(/maxConcurrentSnapSyncs: 3\n *maxConcurrentDiffSyncs: 7/);
  expect(problemsOf(`${cfg}0`)).toHaveLength(1);
});

test('a zoo.cfg keeps 500 transactions in memory at least, as ZKDatabase does', () => {
  const kept = (count: number) =>
    planOf(`${SMALL}server.1=a:1:2\ncommitLogCount=${count}\n`).ensemble.settings.commitLogCount;
  expect([kept(100), kept(499), kept(600)]).toEqual([500, 500, 600]);
});

test('a plan of a zoo.cfg is written without it', () => {
  const plan = planOf(real('zoo.cfg'));
  const again = parseScenario(writeScenario(plan), plan.file);
  expect(again).toEqual(plan);
});

test.each([
  ['no members', SMALL, 'a line server.N for each server'],
  [
    'a limit is missing',
    'initLimit=5\nserver.1=a:1:2',
    'syncLimit: expected syncLimit, in ticks, found nothing',
  ],
  ['an address is wrong', `${SMALL}server.1=a:1`, '/conf/zoo.cfg:3:10 server.1: expected host:port:port'],
  ['a role is unknown', `${SMALL}server.1=a:1:2:witness`, 'the role participant or observer'],
  [
    'weights without groups',
    `${SMALL}server.1=a:1:2\nweight.1=2`,
    '/conf/zoo.cfg:4:10 weight.1: expected groups beside weights',
  ],
  [
    'an election of old',
    `${SMALL}electionAlg=1\nserver.1=a:1:2`,
    '/conf/zoo.cfg:3:13 electionAlg: expected 3: there is no other any more, found "1"',
  ],
  [
    'sessions whose bounds cross',
    `${SMALL}minSessionTimeout=9000\nmaxSessionTimeout=2000\nserver.1=a:1:2`,
    '/conf/zoo.cfg:4:19 maxSessionTimeout: expected a minSessionTimeout that is not above',
  ],
  ['a server number is too high', `${SMALL}server.300=a:1:2`, 'a server number from 1 to 254'],
  [
    'a number is a word',
    `${SMALL}tickTime=2s\nserver.1=a:1:2`,
    'zoo.cfg:3:10 tickTime: expected an integer from 1',
  ],
  [
    'a voter is in no group',
    `${SMALL}server.1=a:1:2\nserver.2=b:1:2\ngroup.1=1`,
    'every voter in a group (2 is in none)',
  ],
  [
    'a server is in two groups',
    `${SMALL}server.1=a:1:2\ngroup.1=1\ngroup.2=1`,
    'each server in one group only',
  ],
  ['a flag is a number', `${SMALL}leaderServes=1\nserver.1=a:1:2`, 'leaderServes: expected true or false'],
  [
    'a dynamic file is missing',
    `${SMALL}dynamicConfigFile=x\n`,
    'a file that can be read, there or beside this one',
  ],
])('refused with its line: %s', (_, cfg, fragment) => {
  expect(problemsOf(cfg).join('\n')).toContain(fragment);
});

test('members stand in the zoo.cfg or in the scenario, not in both', () => {
  expect(problemsOf(`${SMALL}server.1=a:1:2`, ', voters: 3')).toEqual([
    '/conf/x.yaml:2:30 ensemble.voters: expected no members beside `config`, found "voters"',
  ]);
});

test('a zoo.cfg that is not there is named', () => {
  expect(() => parseScenario('title: t\nensemble: { config: zoo.cfg }')).toThrowError('ensemble.config');
});

test('a limit that is out of bounds is told once', () => {
  const read = () => planOf('initLimit=5\nsyncLimit=0\nserver.1=a:1:2\n');
  expect(read).toThrow(/^[^\n]*zoo\.cfg:2:11 syncLimit: expected an integer from 1 to 100000, found "0"$/);
});
