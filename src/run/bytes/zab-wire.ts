import { ascending } from '../../core/order.ts';
import type { WireMessage } from '../../protocols/zab/messages.ts';
import type { WireFormat } from '../../sim/wire-format.ts';
import type { EnsemblePlan } from '../plan.ts';
import { configNodeText, type QuorumConfig } from '../quorum-config.ts';
import { ElectionConversation } from './election-conversation.ts';
import { QuorumConversation } from './quorum-conversation.ts';
import type { ServiceBytes } from './service-bytes.ts';

/** What servers and clients of an ensemble say to each other, in ZooKeeper's own bytes. */
export function zabWire(ensemble: EnsemblePlan, service: ServiceBytes): WireFormat<WireMessage> {
  const config = configNodeText(configOf(ensemble), 0);
  return {
    converse: (port, dialler) => {
      if (port === 'client') return service.client(dialler);
      if (port === 'election') {
        const back = new ElectionConversation('dialler', config);
        return { forth: new ElectionConversation('dialled', config), back };
      }
      const forth = new QuorumConversation('learner', service, config);
      return { forth, back: new QuorumConversation('leader', service, config) };
    },
  };
}

/** What votes and NEWLEADER carry of the ensemble. Source: QuorumVerifier.toString. */
function configOf({ voters, observers, groups, weights }: EnsemblePlan): QuorumConfig {
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
