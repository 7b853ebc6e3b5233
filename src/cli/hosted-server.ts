import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { encodeUtf8 } from '../core/utf8.ts';
import type { Address } from '../host/connections.ts';
import { type Host, hostNode } from '../host/tcp-host.ts';
import type { FileName, Port } from '../node/env.ts';
import type { Fact } from '../node/facts.ts';
import type { NodeId } from '../node/ids.ts';
import type { DiskRecord, TxnRecord, WireMessage } from '../protocols/zab/messages.ts';
import { zab } from '../protocols/zab/zab.ts';
import { behaviourOf } from '../run/behaviour.ts';
import { diskBytes } from '../run/bytes/disk-bytes.ts';
import { treeBytes } from '../run/bytes/tree-bytes.ts';
import { zabWire } from '../run/bytes/zab-wire.ts';
import { dataFile } from '../run/data-directory.ts';
import { parseScenarioOf, readScenarioText } from '../run/files.ts';
import { openDataFile } from '../run/open-data-directory.ts';
import type { Plan } from '../run/plan.ts';
import { configNodeText, type QuorumConfig, serverNumber } from '../run/quorum-config.ts';
import { quorumsOf } from '../run/quorums-of.ts';
import { treeOptions } from '../run/tree-service.ts';
import { ZooCfg } from '../run/zoo-cfg.ts';
import type { LoggedTxn } from '../wire/txn-record.ts';
import type { Word, ZnodeMessage } from '../znode/client-messages.ts';
import { znodeService } from '../znode/service.ts';
import type { ZnodeStore } from '../znode/store.ts';
import { DigestCheck } from './digest-check.ts';
import { allowedWords, wordAnswer } from './word-answers.ts';

/** A server as its zoo.cfg and its `myid` describe it. */
export interface ServerConfig {
  readonly id: NodeId;
  /** The ensemble's settings, as those of a scenario. */
  readonly plan: Plan;
  readonly quorum: QuorumConfig;
  readonly dataDir: string;
  /** Where the logs go. */
  readonly dataLogDir: string;
  readonly clientAddress: Address;
  /** The four-letter words that it answers. */
  readonly words: ReadonlySet<string>;
}

/** What a running server tells about itself. */
export interface ServerListener {
  fact(fact: Fact): void;
  warn(text: string): void;
}

/**
 * Reads what a server is started with.
 *
 * @param behaviour bugs that it has, as `ensemble.behaviour` of a scenario
 * @throws ScenarioErrors where the file makes no sense, or `myid` names no server of it
 */
export function readServerConfig(path: string, behaviour: readonly string[]): ServerConfig {
  const file = resolve(path);
  const cfg = new ZooCfg(readScenarioText(file), path);
  const ensemble = { config: file, behaviour: behaviour.length === 0 ? 'fixed' : behaviour };
  const plan = parseScenarioOf(`{ title: served, ensemble: ${JSON.stringify(ensemble)} }`, path);
  const quorum = membersOf(cfg, file).quorum();
  const dataDir = cfg.get('dataDir');
  if (dataDir === undefined) cfg.refuse('dataDir', 'the directory of its snapshots');
  const id = serverNumber(dataDir === undefined ? '' : myidIn(dataDir));
  const own = quorum.servers.find((server) => server.id === id);
  if (dataDir !== undefined && own === undefined) {
    const ids = quorum.servers.map((server) => server.id).join(', ');
    cfg.refuse('dataDir', `a directory whose file \`myid\` holds the number of a server here (${ids})`);
  }
  const clientAddress = clientAddressOf(cfg, own?.client);
  cfg.throwIfAny();
  const dataLogDir = cfg.get('dataLogDir') ?? dataDir;
  const words = allowedWords(cfg, plan.ensemble.settings.readOnlyMode);
  return { id, plan, quorum, dataDir, dataLogDir, clientAddress, words } as ServerConfig;
}

/** Starts a server on real sockets and files. It goes on until it is stopped, or ends by itself. */
export function startServer(config: ServerConfig, listener: ServerListener): Host {
  const { id, plan, quorum, clientAddress, words } = config;
  const { settings, observers, behaviour } = plan.ensemble;
  const folders = foldersOf(config);
  const format = diskBytes(treeBytes);
  const zabConfig = {
    quorums: quorumsOf(plan.ensemble),
    observers,
    settings,
    rules: behaviourOf(behaviour).zab,
  };
  const options = { ...treeOptions(plan, id), config: encodeUtf8(configNodeText(quorum, 0)) };
  const addressOf = (peer: NodeId, port: Port) => serverAddress(quorum, peer, port);
  const service = znodeService(options);
  const digests = new DigestCheck(() => (service.machine as ZnodeStore).treeDigest(), listener.warn);
  const heard = (txn: LoggedTxn): TxnRecord => {
    digests.hear(txn);
    return treeBytes.txnRecord(txn);
  };
  return hostNode<WireMessage, DiskRecord>({
    self: id,
    wire: zabWire(quorum, { ...treeBytes, txnRecord: heard }),
    disk: {
      folderOf: (name) => (format.grows(name) ? folders.logs : folders.snapshots),
      format,
      found: new Map([
        ...filesIn(folders.logs, (name) => format.grows(name)),
        ...filesIn(folders.snapshots, (name) => !format.grows(name)),
      ]),
      open: openDataFile,
    },
    own: {
      client: clientAddress,
      election: addressOf(id, 'election') ?? clientAddress,
      quorum: addressOf(id, 'quorum') ?? clientAddress,
    },
    addressOf,
    createNode: (env) => zab.createNode(zabConfig, env, service),
    answer: (message, view) => {
      const { kind, word } = message as Word;
      if (kind !== 'word') return undefined;
      return { kind: 'word-answer', text: wordAnswer(word, words, view) } as ZnodeMessage;
    },
    witness: (fact) => {
      digests.observe(fact);
      listener.fact(fact);
    },
    warn: (text) => listener.warn(text),
  });
}

/** The file with the members, as the scenario's reader has it: what is named, there or beside the first. */
function membersOf(cfg: ZooCfg, file: string): ZooCfg {
  const named = cfg.get('dynamicConfigFile');
  if (named === undefined) return cfg;
  const there = resolve(dirname(file), named);
  const path = existsSync(there) ? there : join(dirname(file), basename(named));
  return new ZooCfg(readScenarioText(path), path);
}

function myidIn(dataDir: string): string {
  try {
    return readFileSync(join(dataDir, 'myid'), 'utf8').trim();
  } catch {
    return '';
  }
}

/** Source: QuorumPeerConfig.setupClientPort. */
function clientAddressOf(cfg: ZooCfg, inMembers: string | undefined): Address | undefined {
  const port = cfg.integer('clientPort', 1, 65535);
  if (port !== undefined) return { host: plainHost(cfg.get('clientPortAddress') ?? '0.0.0.0'), port };
  if (inMembers === undefined) {
    if (cfg.get('clientPort') === undefined) {
      cfg.refuse('clientPort', 'the port for clients, here or behind the line of the server');
    }
    return undefined;
  }
  const at = inMembers.lastIndexOf(':');
  return { host: plainHost(inMembers.slice(0, at)), port: Number(inMembers.slice(at + 1)) };
}

function serverAddress({ servers }: QuorumConfig, id: NodeId, port: Port): Address | undefined {
  const address = servers.find((server) => server.id === id)?.addresses[0];
  if (address === undefined || port === 'client') return undefined;
  return {
    host: plainHost(address.host),
    port: port === 'quorum' ? address.quorumPort : address.electionPort,
  };
}

function plainHost(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

function foldersOf({ dataDir, dataLogDir }: ServerConfig): {
  readonly snapshots: string;
  readonly logs: string;
} {
  const snapshots = join(dataDir, 'version-2');
  const logs = join(dataLogDir, 'version-2');
  for (const folder of [snapshots, logs]) mkdirSync(folder, { recursive: true });
  return { snapshots, logs };
}

/** The files of a folder that a server reads and writes, by the names that it knows them by. */
function filesIn(folder: string, wanted: (name: string) => boolean): [FileName, string][] {
  return readdirSync(folder)
    .filter(
      (name) =>
        wanted(name) &&
        (dataFile(name) !== undefined || /^(install[.][0-9a-f]+|(accepted|current)Epoch)$/.test(name)),
    )
    .map((name) => [name.replace(/[.](gz|snappy)$/, ''), join(folder, name)]);
}
