import type { Command } from 'commander';
import type { Fact } from '../node/facts.ts';
import { traceText } from '../report/trace-text.ts';
import { behavioursOf } from './behaviour-option.ts';
import { EXIT } from './exit-code.ts';
import { readServerConfig, startServer } from './hosted-server.ts';
import type { Shell } from './shell.ts';

interface ServeOptions {
  readonly behaviour?: readonly string[];
  readonly verbose?: boolean;
}

const MORE = `
The server reads and writes ZooKeeper's own files, speaks ZooKeeper's own protocols with servers and clients,
and may be one of an ensemble whose other servers are ZooKeeper's. It knows the keys of a zoo.cfg that a
scenario takes from one (\`ensemble.config\`), and where things are: dataDir (with its file myid), dataLogDir,
clientPort, clientPortAddress, server.N. Of the four-letter words it knows srvr, ruok and isro, and answers
those that 4lw.commands.whitelist allows, srvr always. Not known: reconfiguration, TLS, SASL, the
administration server.

It is meant for trying out, not for keeping data that matters. It ends at SIGINT or SIGTERM, with exit code 0;
with 1 where it ends by itself, and says why.

Example:
  zabsim serve conf/zoo.cfg`;

/** What is printed without --verbose: what changes a server's place in the ensemble. */
const TURNS: ReadonlySet<Fact['kind']> = new Set([
  'looking',
  'leader-elected',
  'leader-followed',
  'epoch-accepted',
  'sync-chosen',
  'log-truncated',
  'snapshot-installed',
  'leader-established',
  'follower-synced',
  'leader-resigned',
  'leader-left',
  'message-unexpected',
]);

/** Adds `serve` to the program. */
export function addServeCommand(program: Command, shell: Shell): void {
  program
    .command('serve')
    .description('run one server on real sockets and files, in an ensemble with real ZooKeeper servers')
    .argument('<zoo.cfg>', "the server's configuration")
    .option('--behaviour <NAME...>', 'with bugs of ZooKeeper, or as a release has them (see zabsim bugs)')
    .option('--verbose', 'print everything that the server testifies to')
    .addHelpText('after', MORE)
    .action((path: string, options: ServeOptions) => serve(path, options, shell));
}

async function serve(
  path: string,
  { behaviour, verbose = false }: ServeOptions,
  shell: Shell,
): Promise<void> {
  const config = readServerConfig(path, behavioursOf(behaviour ?? [], 'zab'));
  const startMs = Date.now();
  const host = startServer(config, {
    fact: (fact) => {
      if (!verbose && !TURNS.has(fact.kind)) return;
      shell.print(traceText(fact, { atUs: (Date.now() - startMs) * 1000, event: 0 }));
    },
    warn: (text) => shell.warn(text),
  });
  const stop = () => host.stop();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const reason = await host.ended;
  process.off('SIGINT', stop);
  process.off('SIGTERM', stop);
  if (reason === '') return;
  shell.warn(`server ${config.id} ended: ${reason}`);
  shell.exitCode = EXIT.unexpected;
}
