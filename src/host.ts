/**
 * A node on real sockets and files, instead of in a simulated world. The only entry of the library that needs
 * Node.js. How a server of ZooKeeper's ensemble is put together from it shows `zabsim serve`.
 */
export type { Address } from './host/connections.ts';
export type { FileDiskSetup } from './host/file-disk.ts';
export { type Host, type HostSetup, hostNode } from './host/tcp-host.ts';
export type { FileFormat } from './node/disk-format.ts';
export type { Conversation, Exchange, WireFormat } from './node/wire-format.ts';
export { diskBytes } from './run/bytes/disk-bytes.ts';
export { treeBytes } from './run/bytes/tree-bytes.ts';
export { zabWire } from './run/bytes/zab-wire.ts';
