import type { Service } from '../node/service.ts';
import { ZnodeFrontend } from './frontend.ts';
import type { FrontendOptions } from './options.ts';
import { ZnodeStore } from './store.ts';

/** ZooKeeper's service for one server and incarnation: the tree, its sessions, and the client port. */
export function znodeService(options: FrontendOptions): Service {
  const machine = new ZnodeStore(options);
  return { machine, frontend: (gateway) => new ZnodeFrontend(gateway, machine, options) };
}
