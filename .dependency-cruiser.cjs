// Who may import whom. A rule says what a room may reach, so that a new room starts with nothing.
const fenced = '^src/(core|node|protocols|znode|check|sim|wire)/';
const touchesNode =
  '^src/(cli[.]ts$|cli/|host/|run/(files|open-data-directory|write-data-directory|pool)[.]ts$|run/[^/]+-worker[.]ts$)';

/** The room may import itself and `others`, of all that lies in src. */
const room = (name, path, others) => ({
  name: `${name}-reaches-too-far`,
  severity: 'error',
  from: { path },
  to: { path: '^src/', pathNot: [path, ...others] },
});

const core = '^src/core/';
const node = '^src/node/';
const messages = '^src/protocols/[^/]+/messages[.]ts$';

module.exports = {
  forbidden: [
    room('core', core, []),
    room('node', node, [core]),
    {
      name: 'protocols-reach-too-far',
      severity: 'error',
      from: { path: '^src/protocols/([^/]+)/' },
      to: { path: '^src/', pathNot: ['^src/protocols/$1/', core, node] },
    },
    {
      name: 'protocols-are-folders',
      comment: 'A file beside the protocol folders would be shared by them.',
      severity: 'error',
      from: { path: '^src/protocols/[^/]+$' },
      to: {},
    },
    room('znode', '^src/znode/', [core, node]),
    room('check', '^src/check/', [core, node]),
    {
      name: 'judges-count-quorums-themselves',
      comment: 'The count of the servers is on trial: a judge that used it would share its mistakes.',
      severity: 'error',
      from: { path: '^src/check/' },
      to: { path: '^src/node/quorum[.]ts$', dependencyTypesNot: ['type-only'] },
    },
    room('sim', '^src/sim/', [core, node]),
    room('wire', '^src/wire/', [core, node, messages]),
    room('host', '^src/host/', [core, node, messages, '^src/wire/']),
    {
      name: 'run-reaches-too-far',
      severity: 'error',
      from: { path: '^src/run/' },
      to: { path: '^src/(host|report|cli|cli[.]ts|index[.]ts)(/|$)' },
    },
    {
      name: 'only-the-command-line-imports-itself',
      severity: 'error',
      from: { pathNot: '^src/cli(/|[.]ts$)' },
      to: { path: '^src/cli(/|[.]ts$)' },
    },
    {
      name: 'node-modules-stay-outside',
      comment: 'All else runs unchanged in a browser.',
      severity: 'error',
      from: { pathNot: touchesNode },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'packages-stay-outside',
      comment: 'The deterministic rooms use two: the generator behind core/decisions.ts, and SHA-1.',
      severity: 'error',
      from: { path: fenced },
      to: { path: '^node_modules/', pathNot: '^node_modules/((@types/)?seedrandom|@noble/hashes)/' },
    },
    {
      name: 'hashes-live-in-digest-ids',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/znode/digest-id[.]ts$' },
      to: { path: '^node_modules/@noble/hashes/' },
    },
    {
      name: 'chance-lives-in-decisions',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/core/decisions[.]ts$' },
      to: { path: '^node_modules/(@types/)?seedrandom/' },
    },
    {
      name: 'scenario-files-are-read-in-run',
      severity: 'error',
      from: { pathNot: '^src/run/' },
      to: { path: '^node_modules/(zod|yaml)/' },
    },
    {
      name: 'no-package-for-development',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: '^node_modules/@types/' },
    },
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-dead-import',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
