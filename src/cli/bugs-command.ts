import type { Command } from 'commander';
import { bugsTable } from '../report/bugs-table.ts';
import { RELEASES } from '../run/behaviour.ts';
import { catalogue, LEFT_OUT } from '../run/bug-catalogue.ts';
import type { Shell } from './shell.ts';
import { UsageError } from './usage-error.ts';

const EXAMPLES = `
A scenario has one with \`ensemble: { behaviour: ZOOKEEPER-2845 }\`, or those of a release with
\`behaviour: 3.8.0\`.

Examples:
  zabsim bugs --release 3.8.0
  zabsim bugs --json | jq -r '.bugs[] | select(.difficulty == "D1") | .scenario'`;

/** Adds `bugs` to the program. */
export function addBugsCommand(program: Command, shell: Shell): void {
  program
    .command('bugs')
    .description("ZooKeeper's historical bugs that can be switched on")
    .option('--release <NAME>', 'only those of a release, e.g. 3.8.0')
    .option('--json', 'print one JSON document')
    .addHelpText('after', EXAMPLES)
    .action(({ release, json }: { readonly release?: string; readonly json?: boolean }) => {
      if (release !== undefined && !RELEASES.includes(release))
        throw new UsageError(`--release ${release}: expected one of ${RELEASES.join(', ')}`);
      const bugs = catalogue().filter((bug) => release === undefined || bug.releases.includes(release));
      if (json === true) shell.print(JSON.stringify({ version: 1, bugs, leftOut: LEFT_OUT }, null, 2));
      else shell.print(bugsTable(bugs, release === undefined ? LEFT_OUT : []));
    });
}
