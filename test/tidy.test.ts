import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const LINES_MAX = 450;
const COLUMNS_MAX = 110;

const sources = filesBelow('src').filter((path) => path.endsWith('.ts'));
const code = sources.filter((path) => !path.endsWith('.d.ts'));
const texts = [...sources, ...filesBelow('test').filter((path) => path.endsWith('.ts')), 'vitest.config.ts'];

/**
 * Every file below a folder of the project, by its path from the project's root, ascending; none when it is
 * missing.
 */
function filesBelow(folder: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(project).includes(folder)
    ? readdirSync(join(project, folder), { recursive: true, withFileTypes: true })
    : []) {
    if (entry.isFile())
      found.push(
        join(entry.parentPath, entry.name)
          .slice(project.length + 1)
          .replaceAll('\\', '/'),
      );
  }
  return found.sort((a, b) => (a < b ? -1 : 1));
}

function linesOf(path: string): string[] {
  return readFileSync(join(project, path), 'utf8').split('\n');
}

interface Cruise {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
  };
}

/** What dependency-cruiser finds in the `src` of a folder, under the project's own rules. */
function cruise(folder: string): Cruise {
  const bin = join(project, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const flags = ['src', '--config', '.dependency-cruiser.cjs', '--output-type', 'json'];
  const { stdout } = spawnSync(process.execPath, [bin, ...flags], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return JSON.parse(stdout) as Cruise;
}

describe('the imports of src', () => {
  const found = cruise(project);

  test('stay within the rooms that they may reach', () => {
    expect(found.summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
  });

  test('were all seen: a check that saw fewer modules than there are files proves nothing', () => {
    const seen = new Set(found.modules.map((module) => module.source));
    expect(sources.length).toBeGreaterThan(0);
    expect(sources.filter((path) => !seen.has(path))).toEqual([]);
  });
});

/** Imports that must be refused, each with the rule that does it. */
const refused: [from: string, to: string, rule: string][] = [
  ['src/core/a.ts', '../node/z.ts', 'core-reaches-too-far'],
  ['src/node/a.ts', '../sim/z.ts', 'node-reaches-too-far'],
  ['src/protocols/zab/a.ts', '../raft/z.ts', 'protocols-reach-too-far'],
  ['src/protocols/zab/b.ts', '../../znode/z.ts', 'protocols-reach-too-far'],
  ['src/protocols/shared.ts', '../core/z.ts', 'protocols-are-folders'],
  ['src/znode/a.ts', '../protocols/zab/z.ts', 'znode-reaches-too-far'],
  ['src/check/a.ts', '../sim/z.ts', 'check-reaches-too-far'],
  ['src/check/q.ts', '../node/quorum.ts', 'judges-count-quorums-themselves'],
  ['src/sim/a.ts', '../check/z.ts', 'sim-reaches-too-far'],
  ['src/sim/b.ts', '../run/z.ts', 'sim-reaches-too-far'],
  ['src/wire/a.ts', '../protocols/zab/z.ts', 'wire-reaches-too-far'],
  ['src/host/a.ts', '../sim/z.ts', 'host-reaches-too-far'],
  ['src/run/a.ts', '../report/z.ts', 'run-reaches-too-far'],
  ['src/run/b.ts', '../host/z.ts', 'run-reaches-too-far'],
  ['src/report/a.ts', '../cli/z.ts', 'only-the-command-line-imports-itself'],
  ['src/run/c.ts', 'node:fs', 'node-modules-stay-outside'],
  ['src/index.ts', 'node:path', 'node-modules-stay-outside'],
  ['src/sim/c.ts', 'picocolors', 'packages-stay-outside'],
  ['src/run/d.ts', 'seedrandom', 'chance-lives-in-decisions'],
  ['src/report/b.ts', 'yaml', 'scenario-files-are-read-in-run'],
  ['src/cli/a.ts', 'zod', 'scenario-files-are-read-in-run'],
  ['src/run/e.ts', 'vitest', 'no-package-for-development'],
  ['src/znode/about.ts', './round.ts', 'no-cycle'],
  ['src/run/f.ts', './nowhere.ts', 'no-dead-import'],
];

const granted: [from: string, to: string][] = [
  ['src/node/ok.ts', '../core/z.ts'],
  ['src/protocols/zab/ok.ts', '../../node/z.ts'],
  ['src/sim/ok.ts', '../node/z.ts'],
  ['src/wire/ok.ts', '../protocols/zab/messages.ts'],
  ['src/run/ok.ts', '../sim/z.ts'],
  ['src/run/also.ts', 'yaml'],
  ['src/run/files.ts', 'node:fs'],
  ['src/run/seed-worker.ts', 'node:fs'],
  ['src/core/decisions.ts', 'seedrandom'],
  ['src/report/ok.ts', '../run/z.ts'],
  ['src/cli/ok.ts', '../report/z.ts'],
  ['src/cli.ts', './cli/z.ts'],
];

describe('the import rules', () => {
  const tree = mkdtempSync(join(tmpdir(), 'zabsim-tidy-'));
  const heard = new Map<string, string[]>();

  function plant(path: string, text: string): void {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }

  beforeAll(() => {
    for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json'])
      cpSync(join(project, file), join(tree, file));
    const packages = ['picocolors', 'seedrandom', 'yaml', 'zod'];
    const versions = Object.fromEntries(packages.map((name) => [name, '1.0.0']));
    const manifest = { name: 'planted', dependencies: versions, devDependencies: { vitest: '1.0.0' } };
    plant('package.json', JSON.stringify(manifest));
    for (const name of [...packages, 'vitest']) {
      plant(
        `node_modules/${name}/package.json`,
        JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
      );
      plant(`node_modules/${name}/index.js`, 'exports.z = 1;\n');
    }
    for (const room of ['core', 'node', 'protocols/zab', 'protocols/raft', 'znode', 'check', 'sim', 'wire']) {
      plant(`src/${room}/z.ts`, 'export const z = 1;\n');
    }
    for (const room of ['host', 'run', 'report', 'cli']) plant(`src/${room}/z.ts`, 'export const z = 1;\n');
    plant('src/protocols/zab/messages.ts', 'export const z = 1;\n');
    plant('src/node/quorum.ts', 'export const z = 1;\n');
    plant('src/znode/round.ts', "import './about.ts';\nexport const z = 1;\n");
    for (const [from, to] of [...refused, ...granted]) {
      plant(from, `import { z } from '${to}';\nexport const a = z;\n`);
    }
    for (const { from, rule } of cruise(tree).summary.violations) {
      heard.set(from, [...(heard.get(from) ?? []), rule.name]);
    }
  });

  afterAll(() => rmSync(tree, { recursive: true }));

  test.each(refused)('refuse that %s imports %s', (from, _to, rule) => {
    expect(heard.get(from)).toContain(rule);
  });

  test.each(granted)('grant that %s imports %s', (from) => {
    expect(heard.get(from)).toBeUndefined();
  });
});

describe('the sources', () => {
  test(`are files of at most ${LINES_MAX} lines`, () => {
    const sizes = sources.map((path) => ({ path, lines: linesOf(path).length - 1 }));
    expect(sizes.filter(({ lines }) => lines > LINES_MAX)).toEqual([]);
  });

  test(`have lines of at most ${COLUMNS_MAX} columns`, () => {
    const long = texts.flatMap((path) =>
      linesOf(path).flatMap((line, i) => ([...line].length > COLUMNS_MAX ? [`${path}:${i + 1}`] : [])),
    );
    expect(long).toEqual([]);
  });

  test('are named after what they hold', () => {
    const vague = ['utils.ts', 'types.ts', 'index.ts', 'helpers.ts', 'common.ts', 'misc.ts'];
    const bad = sources.filter((path) => path !== 'src/index.ts' && vague.includes(basename(path)));
    expect(bad).toEqual([]);
    expect(sources.filter((path) => !/^[a-z0-9/-]+(\.d)?\.ts$/.test(path))).toEqual([]);
  });

  test('export by name only', () => {
    const bad = code.filter((path) =>
      linesOf(path).some((line) => /^export (default\b|\{.*\bas default\b)/.test(line)),
    );
    expect(bad).toEqual([]);
  });

  test('say what every export means, in a doc comment above it', () => {
    expect(code.flatMap(undocumentedExports)).toEqual([]);
  });
});

/**
 * `path:line name` of each exported declaration without a doc comment; an overload shares the one of the
 * first.
 */
function undocumentedExports(path: string): string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  const lines = linesOf(path);
  for (const [i, line] of lines.entries()) {
    const name =
      /^export (?:declare |abstract |async )*(?:function\*?|class|interface|type|const|let|enum) (\w+)/.exec(
        line,
      )?.[1];
    if (name === undefined || seen.has(name)) continue;
    seen.add(name);
    if (!endsDocComment(lines, i - 1)) found.push(`${path}:${i + 1} ${name}`);
  }
  return found;
}

function endsDocComment(lines: readonly string[], last: number): boolean {
  if (!(lines[last] ?? '').trimEnd().endsWith('*/')) return false;
  let first = last;
  while (first > 0 && !(lines[first] ?? '').trimStart().startsWith('/*')) first--;
  return (lines[first] ?? '').trimStart().startsWith('/**');
}

describe('the repository', () => {
  const top = readdirSync(project, { withFileTypes: true }).filter((entry) => entry.isFile());
  const everything = [
    ...top.map((entry) => entry.name),
    ...['.ci', '.biome', 'scenarios', 'src', 'test'].flatMap(filesBelow),
  ];

  test('names no path of the machine that it was written on', () => {
    // A home folder, a drive, a file URL with a host path, or wherever this copy lies.
    const places = [/\/(?:home|Users)\/[a-z]/, /\b[A-Z]:\\[A-Za-z]/, /file:\/\/\/[a-z]/];
    const here = project.split('/').length > 2 ? `${project}/` : undefined;
    const bad = everything.flatMap((path) =>
      linesOf(path).flatMap((line, i) =>
        path !== 'test/tidy.test.ts' &&
        (places.some((place) => place.test(line)) || (here !== undefined && line.includes(here)))
          ? [`${path}:${i + 1}`]
          : [],
      ),
    );
    expect(bad).toEqual([]);
  });

  test('leaves it to the reader where packages come from', () => {
    expect(readFileSync(join(project, 'package-lock.json'), 'utf8')).not.toContain('"resolved": "http');
  });

  test('pins every package to one version', () => {
    const manifest = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as Record<
      string,
      object
    >;
    const ranges = Object.entries({ ...manifest['dependencies'], ...manifest['devDependencies'] });
    expect(ranges.length).toBeGreaterThan(0);
    expect(ranges.filter(([, range]) => !/^(npm:@?[\w/-]+@)?\d+\.\d+\.\d+$/.test(String(range)))).toEqual([]);
  });
});
