import type { Command } from 'commander';
import { scenarioJsonSchema } from '../run/schema.ts';
import type { Shell } from './shell.ts';

const EXAMPLES = `
Editors with a YAML language server complete and check a scenario that begins with
  # yaml-language-server: $schema=scenario.schema.json

Example:
  zabsim schema > scenario.schema.json`;

/** Adds `schema` to the program. */
export function addSchemaCommand(program: Command, shell: Shell): void {
  program
    .command('schema')
    .description('prints the JSON Schema of scenario files, for editors')
    .addHelpText('after', EXAMPLES)
    .action(() => shell.print(JSON.stringify(scenarioJsonSchema(), null, 2)));
}
