#!/usr/bin/env node
import { main } from './cli/main.ts';
import { terminal } from './cli/terminal.ts';

const shell = terminal();
await main(process.argv.slice(2), shell);
process.exitCode = shell.exitCode;
