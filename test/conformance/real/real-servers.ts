import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from '../../free-ports.ts';
import { tell } from './real-client.ts';

/** The class path of a server and of its tools. */
export const JARS = ['zookeeper.jar', 'slf4j-log4j12.jar', 'log4j-1.2.jar'].map(
  (jar) => `/usr/share/java/${jar}`,
);

/** The directories of Debian's packages `zookeeper` and `default-jre-headless`, and nothing else, will do. */
export const INSTALLED =
  JARS.every((jar) => existsSync(jar)) && spawnSync('java', ['-version']).error === undefined;

const LOG4J = (file: string): string => `log4j.rootLogger=INFO, OUT
log4j.appender.OUT=org.apache.log4j.FileAppender
log4j.appender.OUT.File=${file}
log4j.appender.OUT.layout=org.apache.log4j.PatternLayout
log4j.appender.OUT.layout.ConversionPattern=%-5p %c{1} - %m%n
`;

/** One server of a real ensemble on this machine. */
export class RealServer {
  readonly id: number;
  readonly clientPort: number;
  readonly #folder: string;
  readonly #process: ChildProcess;

  /**
   * @param folder with its zoo.cfg; logs go there as well
   * @param properties system properties, as `name=value`
   */
  constructor(id: number, clientPort: number, folder: string, properties: readonly string[] = []) {
    this.id = id;
    this.clientPort = clientPort;
    this.#folder = folder;
    const args = ['-Xmx128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
    args.push(`-Dlog4j.configuration=file:${join(folder, 'log4j.properties')}`);
    args.push('-Dzookeeper.extendedTypesEnabled=true', '-Dzookeeper.jmx.log4j.disable=true');
    args.push(...properties.map((property) => `-D${property}`));
    args.push('-cp', JARS.join(':'), 'org.apache.zookeeper.server.quorum.QuorumPeerMain');
    this.#process = spawn('java', [...args, join(folder, 'zoo.cfg')], { cwd: folder, stdio: 'ignore' });
  }

  /** What it has logged so far. */
  log(): string {
    const path = join(this.#folder, 'server.log');
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  /** `leader` or `follower` once it serves; waits for that. */
  async mode(): Promise<string> {
    for (let left = 240; left > 0; left--) {
      const answer = await tell(this.clientPort, 'srvr').catch(() => '');
      const mode = /Mode: (\w+)/.exec(answer)?.[1];
      if (mode !== undefined) return mode;
      if (this.#process.exitCode !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    throw new Error(`server ${this.id} does not serve:\n${this.log().split('\n').slice(-30).join('\n')}`);
  }

  /** Stops its process where it is, with its connections open. */
  freeze(): void {
    this.#process.kill('SIGSTOP');
  }

  /** Ends this process, and no other. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }
}

/** A server of an ensemble that is laid out: it may be started again and again. */
export interface Seat {
  readonly id: number;
  readonly clientPort: number;
  start(): RealServer;
}

/** What one server of an ensemble may have otherwise than the others. */
export interface Own {
  readonly initLimit?: number;
  readonly syncLimit?: number;
  /** System properties, as `name=value`. */
  readonly properties?: readonly string[];
  /** Further lines of its zoo.cfg. */
  readonly lines?: readonly string[];
}

/** Starts a real ensemble on the loopback interface, on these data directories of servers 1, 2, …. */
export async function startEnsemble(
  folder: string,
  dataDirs: readonly string[],
  ownOf: (id: number) => Own = () => ({}),
): Promise<RealServer[]> {
  return (await layOutEnsemble(folder, dataDirs, ownOf)).map((seat) => seat.start());
}

/** Data directories of that many servers, empty but for their numbers. */
export function emptyDataDirs(folder: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const path = join(folder, `data${i + 1}`);
    mkdirSync(path);
    writeFileSync(join(path, 'myid'), String(i + 1));
    return path;
  });
}

/** The same without starting any of them. */
export async function layOutEnsemble(
  folder: string,
  dataDirs: readonly string[],
  ownOf: (id: number) => Own = () => ({}),
): Promise<Seat[]> {
  const ports = await freePorts(3 * dataDirs.length);
  const members = dataDirs.map((_, i) => `server.${i + 1}=127.0.0.1:${ports[3 * i]}:${ports[3 * i + 1]}`);
  return dataDirs.map((dataDir, i) => {
    const own = join(folder, `real${i + 1}`);
    mkdirSync(own, { recursive: true });
    const clientPort = ports[3 * i + 2] ?? 0;
    const { initLimit = 10, syncLimit = 5, properties, lines = [] } = ownOf(i + 1);
    const config = [
      'tickTime=1000',
      `initLimit=${initLimit}`,
      `syncLimit=${syncLimit}`,
      `dataDir=${dataDir}`,
      `clientPort=${clientPort}`,
      'clientPortAddress=127.0.0.1',
      '4lw.commands.whitelist=*',
      'admin.enableServer=false',
      ...members,
      ...lines,
    ];
    writeFileSync(join(own, 'zoo.cfg'), `${config.join('\n')}\n`);
    writeFileSync(join(own, 'log4j.properties'), LOG4J(join(own, 'server.log')));
    return { id: i + 1, clientPort, start: () => new RealServer(i + 1, clientPort, own, properties) };
  });
}
