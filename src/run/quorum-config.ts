import { byUnits } from '../core/order.ts';
import { MAX_SID, type NodeId, nodeId } from '../node/ids.ts';

/** Where a server listens for servers. */
export interface QuorumAddress {
  /** A name, an IPv4 address, or an IPv6 address in brackets. */
  readonly host: string;
  readonly quorumPort: number;
  readonly electionPort: number;
}

/** A line `server.N`. Source: QuorumPeer.QuorumServer. */
export interface QuorumServer {
  readonly id: NodeId;
  /** At least one. */
  readonly addresses: readonly QuorumAddress[];
  readonly role: 'participant' | 'observer';
  /** Where it listens for clients, `host:port`; undefined: another key says so. */
  readonly client: string | undefined;
}

/** Who takes part in an ensemble. */
export interface QuorumConfig {
  readonly servers: readonly QuorumServer[];
  /** By number; empty: every participant counts alike. */
  readonly groups: ReadonlyMap<number, readonly NodeId[]>;
  /** Of the servers in groups, 1 where nothing is said. */
  readonly weights: ReadonlyMap<NodeId, number>;
}

const SERVER = 'host:port:port, with :participant or :observer and ;client-port behind it';
const ADDRESS = /^(?<host>\[[^\]]+\]|[^:\s]+):(?<quorum>\d{1,5}):(?<election>\d{1,5})(?::(?<role>\w+))?$/;
const CLIENT = /^(?:(?<host>\[[^\]]+\]|[^:\s]+):)?(?<port>\d{1,5})$/;

/** The server's number in a key such as `server.3`; undefined for what ZooKeeper or we do not take. */
export function serverNumber(text: string): NodeId | undefined {
  const id = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return id >= 1 && id <= MAX_SID ? nodeId(id) : undefined;
}

/**
 * Reads the value of a line `server.N`.
 *
 * @returns what should stand there instead, where it makes no sense
 */
export function parseServer(id: NodeId, value: string): QuorumServer | string {
  const [servers = '', client, ...more] = value.split(';').map((part) => part.trim());
  if (more.length > 0) return SERVER;
  const found = servers.split('|').map((address) => ADDRESS.exec(address.trim())?.groups);
  const addresses: QuorumAddress[] = [];
  const roles = new Set<string>();
  for (const groups of found) {
    if (groups === undefined) return SERVER;
    const quorumPort = Number(groups['quorum']);
    const electionPort = Number(groups['election']);
    if (quorumPort > 65535 || electionPort > 65535) return 'ports up to 65535';
    addresses.push({ host: groups['host'] ?? '', quorumPort, electionPort });
    if (groups['role'] !== undefined) roles.add(groups['role'].toLowerCase());
  }
  const [role = 'participant', ...others] = roles;
  if (others.length > 0) return 'one role for all addresses of a server';
  if (role !== 'participant' && role !== 'observer') return 'the role participant or observer';
  const clientAddress = client === undefined ? undefined : readClient(client);
  if (client !== undefined && clientAddress === undefined) return `${SERVER} (the client port)`;
  return { id, addresses, role, client: clientAddress };
}

function readClient(text: string): string | undefined {
  const groups = CLIENT.exec(text)?.groups;
  if (groups === undefined || Number(groups['port']) > 65535) return undefined;
  return `${groups['host'] ?? '0.0.0.0'}:${Number(groups['port'])}`;
}

/** The value of a line `server.N` as ZooKeeper itself writes it. Source: QuorumServer.toString. */
export function serverText({ addresses, role, client }: QuorumServer): string {
  const sorted = [...addresses].sort((a, b) => (a.host < b.host ? -1 : a.host > b.host ? 1 : 0));
  const places = sorted.map(({ host, quorumPort, electionPort }) => `${host}:${quorumPort}:${electionPort}`);
  return `${places.join('|')}:${role}${client === undefined ? '' : `;${client}`}`;
}

/**
 * What a file `zoo.cfg.dynamic.<version>` holds, byte for byte: lines in the order of their characters, the
 * last without an end of line. Source: QuorumPeerConfig.writeDynamicConfig.
 */
export function dynamicConfigText(config: QuorumConfig): string {
  return configLines(config).sort(byUnits).join('\n');
}

/**
 * The same with its version, as servers send it to each other and keep it in `/zookeeper/config`. Sources:
 * QuorumMaj.toString, QuorumHierarchical.toString.
 */
export function configNodeText(config: QuorumConfig, version: number): string {
  return [...configLines(config), `version=${version.toString(16)}`].join('\n');
}

function configLines({ servers, groups, weights }: QuorumConfig): string[] {
  return [
    ...servers.map((server) => `server.${server.id}=${serverText(server)}`),
    ...[...groups].map(([number, ids]) => `group.${number}=${ids.join(':')}`),
    ...[...weights].map(([id, weight]) => `weight.${id}=${weight}`),
  ];
}
