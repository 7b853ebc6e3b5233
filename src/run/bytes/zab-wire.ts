import { ascending } from '../../core/order.ts';
import type { WireFormat } from '../../node/wire-format.ts';
import type { WireMessage } from '../../protocols/zab/messages.ts';
import type { EnsemblePlan } from '../plan.ts';
import { configNodeText, type QuorumConfig } from '../quorum-config.ts';
import { ElectionConversation } from './election-conversation.ts';
import { QuorumConversation } from './quorum-conversation.ts';
import type { ServiceBytes } from './service-bytes.ts';

/** What servers and clients of an ensemble say to each other, in ZooKeeper's own bytes. */
export function zabWire(ensemble: QuorumConfig, service: ServiceBytes): WireFormat<WireMessage> {
  const config = configNodeText(ensemble, 0);
  const addresses = new Map(ensemble.servers.map(({ id, addresses }) => [id, addresses]));
  return {
    converse: (port, _dialler, _acceptor, address) => {
      if (port === 'client') return service.client(address);
      if (port === 'election') {
        const back = new ElectionConversation('dialler', config, addresses);
        return { forth: new ElectionConversation('dialled', config, addresses), back };
      }
      const forth = new QuorumConversation('learner', service, config);
      return { forth, back: new QuorumConversation('leader', service, config) };
    },
  };
}

/**
 * What votes and NEWLEADER carry of an ensemble whose servers are simulated. Source: QuorumVerifier.toString.
 */
export function simulatedConfig({ voters, observers, groups, weights }: EnsemblePlan): QuorumConfig {
  const grouped = groups.length > 0 ? groups : weights.size > 0 ? [voters] : [];
  return {
    servers: [...voters, ...observers].sort(ascending).map((id) => ({
      id,
      addresses: [{ host: `zk${id}`, quorumPort: 2888, electionPort: 3888 }],
      role: observers.includes(id) ? 'observer' : 'participant',
      client: undefined,
    })),
    groups: new Map(grouped.map((ids, i) => [i + 1, ids])),
    weights: new Map(grouped.flat().map((id) => [id, weights.get(id) ?? 1])),
  };
}
